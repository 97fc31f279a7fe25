using Portal.Benchmarks;

// dotnet run -c Release --project tests/Portal.Benchmarks -- [start|folder|typing]
var which = args.FirstOrDefault();
if (which is null or "start")
    await StartBenchmark.RunAsync();
if (which is null or "folder")
    await FolderBenchmark.RunAsync();
if (which is null or "typing")
    TypingBenchmark.Run();
return 0;
