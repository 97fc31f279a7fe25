using Portal.Benchmarks;

// dotnet run -c Release --project tests/Portal.Benchmarks -- [start|folder|list|typing|translate|import|importer [inputs]|flow [drain|latency|long]|faults [case...]|tests]
var which = args.FirstOrDefault();
var isGood = true;
if (which is null or "start")
    await StartBenchmark.RunAsync();
if (which is null or "folder")
    await FolderBenchmark.RunAsync();
if (which is null or "list")
    ListBenchmark.Run();
if (which is null or "typing")
    TypingBenchmark.Run();
if (which is null or "translate")
    TranslateBenchmark.Run();
if (which is null or "import")
    await ImportBenchmark.RunAsync();
if (which is null or "importer")
    ImporterBenchmark.Run(args.Length > 1 ? int.Parse(args[1], System.Globalization.CultureInfo.InvariantCulture) : ImporterBenchmark.Inputs);
if (which is null or "flow")
    await FlowBenchmark.RunAsync([.. args.Skip(1)]);
if (which is null or "faults")
    isGood &= await FaultBenchmark.RunAsync([.. args.Skip(1)]);
// Processes that the measurements start.
if (args is ["kafka", var partitions, var commands])
    await FlowCluster.ServeAsync(Number(partitions), Number(commands));
if (args is ["flow-process", var data, var mqtt, var kafka])
    await FaultBenchmark.ServeFlowAsync(data, Number(mqtt), Number(kafka));
if (args is ["flow-meter", var broker, var cluster, var messages, var rate])
    await FlowMeter.RunAsync(Number(broker), Number(cluster), Number(messages), Number(rate));
if (which is null or "tests")
    await TestsBenchmark.RunAsync();
return isGood ? 0 : 1;

static int Number(string text) => int.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
