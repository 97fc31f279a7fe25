using System.Diagnostics;
using Portal.Tests.Shared;

namespace Portal.Benchmarks;

/// <summary>
/// Drains 200,000 QoS 1 messages of 256 bytes from a session of mosquitto into a Kafka topic of 64 partitions, beside
/// <c>mosquitto_sub | kcat</c> on the same brokers. Wanted: 1.5 times its rate, aim twice, at no more CPU.
/// </summary>
internal static class FlowBenchmark
{
    private const int Messages = 200_000;
    private const int Bytes = 256;
    private const int Partitions = 64;
    private const int Rounds = 3;

    public static async Task RunAsync()
    {
        var pipe = new List<double>();
        var flows = new Dictionary<int, List<double>>();
        for (var round = 0; round < Rounds; round++)
        {
            pipe.Add(await PipeAsync());
            foreach (var inflight in new[] { 65_535, 100 })
            {
                if (!flows.TryGetValue(inflight, out var rates))
                    flows[inflight] = rates = [];
                rates.Add(await FlowAsync(inflight));
            }
        }

        Console.WriteLine();
        Console.WriteLine($"mosquitto_sub | kcat            : median {Median(pipe):N0}/s");
        foreach (var (inflight, rates) in flows)
            Console.WriteLine($"flow, maxInflightMessages {inflight,6}: median {Median(rates):N0}/s, {Median(rates) / Median(pipe):F2} times");
    }

    private static async Task<double> FlowAsync(int inflight)
    {
        await using var cluster = await FlowCluster.StartAsync(Partitions);
        await using var broker = await FlowCluster.BrokerAsync();
        await FlowCluster.FillAsync(broker.Port, "line3-flow-0", Messages, Bytes);
        using var data = new TemporaryFolder();
        await using var flow = await BenchmarkFlow.CreateAsync(broker.Port, cluster.Port, inflight, data.Path);
        var cpu = Process.GetCurrentProcess().TotalProcessorTime;
        var clock = Stopwatch.StartNew();
        await flow.StartAsync();
        await flow.DeliveredAsync(Messages);
        var rate = Messages / clock.Elapsed.TotalSeconds;
        var used = (Process.GetCurrentProcess().TotalProcessorTime - cpu).TotalSeconds;
        Console.WriteLine($"flow, maxInflightMessages {inflight,6}: {rate,10:N0}/s, CPU {used * 100_000 / Messages:F2} s per 100k, {flow.Status.Ledger}");
        return rate;
    }

    private static async Task<double> PipeAsync()
    {
        await using var cluster = await FlowCluster.StartAsync(Partitions);
        await using var broker = await FlowCluster.BrokerAsync();
        await FlowCluster.FillAsync(broker.Port, "pipe", Messages, Bytes);
        var clock = Stopwatch.StartNew();
        var command = $"mosquitto_sub -V 5 -h 127.0.0.1 -p {broker.Port} -i pipe -c -q 1 -t 'line3/#' -C {Messages} -x 3600 -D CONNECT receive-maximum 65535"
            + $" | kcat -P -b 127.0.0.1:{cluster.Port} -t plant -X linger.ms=5 -X partitioner=murmur2_random";
        var result = await ProcessRunner.RunAsync("bash", ["-c", "time " + "{ " + command + "; }"], limit: TimeSpan.FromMinutes(2));
        var rate = Messages / clock.Elapsed.TotalSeconds;
        var cpu = string.Join(' ', result.Error.Split('\n').Where(line => line.StartsWith("user", StringComparison.Ordinal) || line.StartsWith("sys", StringComparison.Ordinal)).Select(line => line.Replace('\t', ' ')));
        Console.WriteLine($"mosquitto_sub | kcat            : {rate,10:N0}/s, CPU of both {cpu}");
        return rate;
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
