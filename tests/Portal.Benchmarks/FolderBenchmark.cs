using System.Diagnostics;
using Portal.Model.Documents;
using Portal.Model.Endpoints;
using Portal.Tests.Shared;

namespace Portal.Benchmarks;

/// <summary>10,000 endpoints in the folder. Wanted: start under 5 s, list under 200 ms.</summary>
internal static class FolderBenchmark
{
    internal const int Endpoints = 10_000;
    private const int Runs = 5;

    public static async Task RunAsync()
    {
        using var folder = new TemporaryFolder();
        await PublishedPortal.PublishAsync(folder.Combine("app"));
        var data = folder.Combine("data");
        Fill(Path.Combine(data, "manifests", "dataflowendpoints"));
        var (process, address, elapsed) = await PublishedPortal.StartAsync(folder.Combine("app"), data, "/healthz/ready");
        Console.WriteLine($"start with {Endpoints} endpoints, until ready: {elapsed.TotalMilliseconds:F0} ms");
        using var client = new HttpClient { BaseAddress = address };
        var lists = new List<TimeSpan>();
        for (var run = 0; run < Runs; run++)
        {
            var clock = Stopwatch.StartNew();
            var body = await client.GetByteArrayAsync("/api/v1/endpoints");
            lists.Add(clock.Elapsed);
            if (body.Length < Endpoints * 100)
                throw new InvalidOperationException("The list is not whole.");
        }
        Console.WriteLine($"list of {Endpoints} endpoints by the API, whole documents: {StartBenchmark.Report(lists)}");
        await process.TerminateAsync();
        await process.DisposeAsync();
    }

    internal static DataflowEndpoint Endpoint(int number)
    {
        var kind = EndpointKind.All[number % EndpointKind.All.Length];
        var endpoint = kind.New($"line-{number:D5}");
        var host = kind.HostExample.Replace("my-namespace", $"plant-{number:D5}", StringComparison.Ordinal).Replace("example", $"example-{number:D5}.test", StringComparison.Ordinal);
        return endpoint with { Settings = endpoint.Settings! with { Host = host, Authentication = endpoint.Settings.Authentication ?? new Authentication.Anonymous() } };
    }

    private static void Fill(string folder)
    {
        Directory.CreateDirectory(folder);
        for (var number = 0; number < Endpoints; number++)
        {
            var endpoint = Endpoint(number);
            File.WriteAllText(Path.Combine(folder, endpoint.Name + ".yaml"), Manifest.Write(endpoint));
        }
    }
}
