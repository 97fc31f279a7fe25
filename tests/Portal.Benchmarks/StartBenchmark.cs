using Portal.Tests.Shared;

namespace Portal.Benchmarks;

/// <summary>From the start of the process to the first page, published, on an empty data folder and on a used one. Wanted: at most 1.5 s.</summary>
internal static class StartBenchmark
{
    private const int Runs = 5;

    public static async Task RunAsync()
    {
        using var folder = new TemporaryFolder();
        await PublishedPortal.PublishAsync(folder.Combine("app"));
        var empty = new List<TimeSpan>();
        var used = new List<TimeSpan>();
        for (var run = 0; run < Runs; run++)
        {
            var data = folder.Combine("data" + run);
            empty.Add(await OnceAsync(folder.Combine("app"), data));
            used.Add(await OnceAsync(folder.Combine("app"), data));
        }
        Console.WriteLine($"start to first page, empty folder: {Report(empty)}");
        Console.WriteLine($"start to first page, used folder:  {Report(used)}");
    }

    private static async Task<TimeSpan> OnceAsync(string app, string data)
    {
        var (process, _, elapsed) = await PublishedPortal.StartAsync(app, data, "/");
        await process.TerminateAsync();
        await process.DisposeAsync();
        return elapsed;
    }

    internal static string Report(IReadOnlyCollection<TimeSpan> times) =>
        $"median {times.Order().ElementAt(times.Count / 2).TotalMilliseconds:F0} ms, least {times.Min().TotalMilliseconds:F0} ms, most {times.Max().TotalMilliseconds:F0} ms";
}
