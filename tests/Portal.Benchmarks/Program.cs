using Portal.Benchmarks;

// dotnet run -c Release --project tests/Portal.Benchmarks -- [start|folder|list|typing|translate|import|importer [inputs]]
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
return 0;
