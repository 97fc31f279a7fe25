using Portal.Benchmarks;

// dotnet run -c Release --project tests/Portal.Benchmarks -- [start|folder|list|typing|translate|import]
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
return 0;
