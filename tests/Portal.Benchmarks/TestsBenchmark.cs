using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Portal.Tests.Shared;

namespace Portal.Benchmarks;

/// <summary>
/// How long a page takes while 100 connection tests run: half of them against a server that hangs, half green ones against the
/// sandbox broker over TLS. Wanted: the page answers in less than 200 ms all the same.
/// </summary>
internal static class TestsBenchmark
{
    private const int AtOnce = 100;
    private const int Pages = 100;

    public static async Task RunAsync()
    {
        using var folder = new TemporaryFolder();
        await PublishedPortal.PublishAsync(folder.Combine("app"));
        var (process, address, _) = await PublishedPortal.StartAsync(
            folder.Combine("app"), folder.Combine("data"), "/", "--Portal:Test:Concurrent", $"{AtOnce}", "--Portal:Test:PerMinute", "10000");
        await using var portal = process;
        using var client = new HttpClient { BaseAddress = address };
        using var hanging = new TcpListener(IPAddress.Loopback, 0);
        hanging.Start(AtOnce);

        await LoadAsync(client);
        Console.WriteLine($"page with no test:   {StartBenchmark.Report(await LoadAsync(client))}");
        var clock = Stopwatch.StartNew();
        var tests = Enumerable.Range(0, AtOnce).Select(i => i % 2 == 0 ? HangAsync(client, ((IPEndPoint)hanging.LocalEndpoint).Port) : GreenAsync(client)).ToList();
        Console.WriteLine($"page with {AtOnce} tests: {StartBenchmark.Report(await LoadAsync(client))}");
        var outcomes = await Task.WhenAll(tests);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{outcomes.Count(passed => passed)} green and {outcomes.Count(passed => !passed)} hanging tests ended in {clock.Elapsed.TotalSeconds:F1} s"));
        await portal.TerminateAsync();
    }

    private static async Task<IReadOnlyCollection<TimeSpan>> LoadAsync(HttpClient client)
    {
        var times = new List<TimeSpan>();
        for (var i = 0; i < Pages; i++)
        {
            var clock = Stopwatch.StartNew();
            await client.GetByteArrayAsync("/endpoints");
            times.Add(clock.Elapsed);
        }
        return times;
    }

    private static async Task<bool> GreenAsync(HttpClient client) => await PassedAsync(await client.PostAsync("/api/v1/endpoints/default/test", null));

    private static async Task<bool> HangAsync(HttpClient client, int port)
    {
        using var body = new StringContent($$"""
            { "apiVersion": "connectivity.iotoperations.azure.com/v1", "kind": "DataflowEndpoint", "metadata": { "name": "hanging" },
              "spec": { "endpointType": "Mqtt", "mqttSettings": { "host": "127.0.0.1:{{port}}", "authentication": { "method": "Anonymous" }, "tls": { "mode": "Disabled" } } } }
            """, Encoding.UTF8, "application/json");
        return await PassedAsync(await client.PostAsync("/api/v1/test?timeLimitSeconds=10", body));
    }

    private static async Task<bool> PassedAsync(HttpResponseMessage answer)
    {
        using (answer)
        {
            var text = await answer.Content.ReadAsStringAsync();
            return answer.IsSuccessStatusCode
                ? text.Contains("\"passed\"", StringComparison.Ordinal) && text.Contains("\"outcome\": \"passed\"", StringComparison.Ordinal)
                : throw new InvalidOperationException($"{(int)answer.StatusCode}: {text}");
        }
    }
}
