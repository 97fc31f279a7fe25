using System.Diagnostics;
using System.Globalization;
using Portal.Tests.Shared;

namespace Portal.Benchmarks;

/// <summary>Every fault with 100,000 numbered messages from mosquitto to Kafka, and a count at the end. Wanted: none missing.</summary>
internal static class FaultBenchmark
{
    private const int Messages = 100_000;
    private const int Bytes = 64;
    private const int Partitions = 16;
    private const int Inflight = 1000;
    private const int Kills = 10;
    private static readonly TimeSpan _outage = TimeSpan.FromSeconds(20);

    public static async Task RunAsync()
    {
        await CaseAsync("no fault", (_, _, _) => Task.CompletedTask);
        await CaseAsync("mosquitto killed and restarted", async (broker, _, _) =>
        {
            await broker.KillAsync();
            await broker.StartAgainAsync();
        });
        await CaseAsync("Kafka brokers stopped for 20 s", async (_, cluster, _) =>
        {
            await cluster.TellAsync("down");
            await Task.Delay(_outage);
            await cluster.TellAsync("up");
        });
        await CaseAsync("slow destination, 50 ms", (_, cluster, _) => cluster.TellAsync("slow"));
        await CaseAsync("disk of the counters not writable", (_, _, data) =>
        {
            var folder = Path.Combine(data, "history", "dataflows");
            Directory.Delete(folder, recursive: true);
            File.WriteAllText(folder, "");
            return Task.CompletedTask;
        });
        await KilledAsync();
    }

    /// <summary>What a process that is to be killed does.</summary>
    public static async Task ServeFlowAsync(string data, int mqttPort, int kafkaPort)
    {
        await using var flow = await BenchmarkFlow.CreateAsync(mqttPort, kafkaPort, Inflight, data);
        await flow.StartAsync();
        await Task.Delay(Timeout.Infinite);
    }

    private static async Task CaseAsync(string name, Func<MosquittoBroker, FlowCluster, string, Task> fault)
    {
        await using var cluster = await FlowCluster.StartAsync(Partitions);
        await using var broker = await FlowCluster.BrokerAsync(persistent: true);
        await FlowCluster.FillAsync(broker.Port, "line3-flow-0", Messages, Bytes);
        // On the broker's disk from here on: a kill brings back what was acknowledged after this.
        await broker.StopAsync();
        await broker.StartAgainAsync();
        await cluster.TellAsync("delay");
        using var data = new TemporaryFolder();
        await using var flow = await BenchmarkFlow.CreateAsync(broker.Port, cluster.Port, Inflight, data.Path);
        var clock = Stopwatch.StartNew();
        await flow.StartAsync();
        while (flow.Status.Ledger.Delivered < Messages / 4)
            await Task.Delay(20);
        await fault(broker, cluster, data.Path);
        if (!name.StartsWith("slow", StringComparison.Ordinal))
            await cluster.TellAsync("fast");
        var seen = new int[Messages];
        var most = 0L;
        while (!await CountAsync(cluster, seen) || flow.Status.Ledger.InFlight > 0)
            most = Math.Max(most, GC.GetTotalMemory(forceFullCollection: false));
        Report(name, seen, clock.Elapsed, $"reconnects {flow.Status.Reconnects}, most managed memory {most / 1024 / 1024} MB, {flow.Status.Ledger}, errors {string.Join(' ', flow.Status.LastErrors.Select(error => $"{error.Code} x{error.Count}"))}");
    }

    private static async Task KilledAsync()
    {
        await using var cluster = await FlowCluster.StartAsync(Partitions);
        await using var broker = await FlowCluster.BrokerAsync();
        await FlowCluster.FillAsync(broker.Port, "line3-flow-0", Messages, Bytes);
        await cluster.TellAsync("delay");
        using var data = new TemporaryFolder();
        var clock = Stopwatch.StartNew();
        var seen = new int[Messages];
        for (var kill = 0; kill <= Kills; kill++)
        {
            await using var process = RunningProcess.Start(
                "dotnet", [typeof(FaultBenchmark).Assembly.Location, "flow-process", data.Path, Text(broker.Port), Text(cluster.Port)]);
            if (kill == Kills)
            {
                await cluster.TellAsync("fast");
                while (!await CountAsync(cluster, seen))
                    await Task.Delay(100);
            }
            else
            {
                await Task.Delay(TimeSpan.FromSeconds(1.5 + (3 * Random.Shared.NextDouble())));
            }

            await process.KillAsync();
        }

        Report($"kill -9 of the process, {Kills} times", seen, clock.Elapsed, "");
    }

    /// <returns>True when no number is missing.</returns>
    private static async Task<bool> CountAsync(FlowCluster cluster, int[] seen)
    {
        Array.Clear(seen);
        var result = await ProcessRunner.RunAsync(
            "kcat", ["-C", "-b", $"127.0.0.1:{Text(cluster.Port)}", "-t", "plant", "-e", "-q", "-o", "beginning"], limit: TimeSpan.FromMinutes(2));
        foreach (var line in result.Lines)
            seen[int.Parse(line.Trim('.'), CultureInfo.InvariantCulture)]++;
        return seen.All(times => times > 0);
    }

    private static void Report(string name, int[] seen, TimeSpan elapsed, string more) => Console.WriteLine(
        $"{name}: missing {seen.Count(times => times == 0)} of {Messages}, duplicates {seen.Sum(times => Math.Max(0, times - 1))}, {elapsed.TotalSeconds:F0} s; {more}");

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
