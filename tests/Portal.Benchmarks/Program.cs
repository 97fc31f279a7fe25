using Portal.Benchmarks;

// dotnet run -c Release --project tests/Portal.Benchmarks -- [start|folder|list|typing|translate|import|importer [inputs]|flow|faults|tests]
var which = args.FirstOrDefault();
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
    await FlowBenchmark.RunAsync();
if (which is null or "faults")
    await FaultBenchmark.RunAsync();
// Processes that the measurements start.
if (args is ["kafka", var partitions, var commands])
    await FlowCluster.ServeAsync(Number(partitions), Number(commands));
if (args is ["flow-process", var data, var mqtt, var kafka])
    await FaultBenchmark.ServeFlowAsync(data, Number(mqtt), Number(kafka));
if (which is null or "tests")
    await TestsBenchmark.RunAsync();
return 0;

static int Number(string text) => int.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
