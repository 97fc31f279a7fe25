using System.Diagnostics;
using Portal.Components.Lists;
using Portal.Model.Ports;

namespace Portal.Benchmarks;

/// <summary>What the list page of 10,000 endpoints costs on the server apart from rendering the few rows that are seen. Wanted: list and search under 200 ms.</summary>
internal static class ListBenchmark
{
    private const int Runs = 20;

    public static void Run()
    {
        var listing = new StoreListing(
            [.. Enumerable.Range(0, FolderBenchmark.Endpoints).Select(FolderBenchmark.Endpoint).Select(endpoint => new StoredResource(endpoint, "1", DateTimeOffset.UnixEpoch, endpoint.Name + ".yaml"))], []);
        var rows = Rows(listing);
        Console.WriteLine($"list page of {rows.Count} endpoints, rows in order: {StartBenchmark.Report(Measure(() => new EndpointFilter().Apply(Rows(listing)).Count))}");
        foreach (var search in new[] { "line-09999", "servicebus", "nothing of that name" })
            Console.WriteLine($"search for '{search}': {StartBenchmark.Report(Measure(() => new EndpointFilter { Search = search }.Apply(rows).Count))}");
    }

    private static List<EndpointRow> Rows(StoreListing listing) => [.. EndpointRow.From(listing, _ => null)];

    private static List<TimeSpan> Measure(Func<int> work)
    {
        var times = new List<TimeSpan>(Runs);
        for (var run = 0; run < Runs; run++)
        {
            var clock = Stopwatch.GetTimestamp();
            work();
            times.Add(Stopwatch.GetElapsedTime(clock));
        }
        return times;
    }
}
