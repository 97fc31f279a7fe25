using System.Diagnostics;
using System.Globalization;
using Portal.Tests.Shared;

namespace Portal.Benchmarks;

/// <summary>
/// A dataflow from mosquitto to a Kafka topic of 64 partitions beside <c>mosquitto_sub | kcat</c> on the same brokers, 256
/// bytes at QoS 1: draining 200,000 that wait (wanted: 1.5 times its rate, aim twice, at no more CPU), the time of each
/// at 5,000 a second (wanted: no more than its), and 2,000,000 in rounds with memory flat.
/// </summary>
internal static class FlowBenchmark
{
    private const int Messages = 200_000;
    private const int Bytes = 256;
    private const int Partitions = 64;
    private const int Rounds = 3;
    private const int LongRounds = 10;
    private const int LiveRate = 5000;
    private const int LiveMessages = 75_000;
    private const int Most = 65_535;
    private const int Default = 100;
    private const string Session = BenchmarkFlow.Name + "-0";

    /// <param name="which">drain, latency, long; none = all.</param>
    public static async Task RunAsync(IReadOnlyCollection<string> which)
    {
        if (which.Count == 0 || which.Contains("drain"))
            await DrainAsync();
        if (which.Count == 0 || which.Contains("latency"))
            await LatencyAsync();
        if (which.Count == 0 || which.Contains("long"))
            await LongAsync();
    }

    private static async Task DrainAsync()
    {
        var rates = new Dictionary<int, List<double>> { [0] = [], [Most] = [], [Default] = [] };
        for (var round = 0; round < Rounds; round++)
        {
            rates[0].Add(await DrainPipeAsync());
            foreach (var inflight in new[] { Most, Default })
                rates[inflight].Add(await DrainFlowAsync(inflight));
        }

        Console.WriteLine();
        foreach (var (inflight, values) in rates)
            Console.WriteLine($"{Name(inflight)}: median {Median(values),10:N0}/s, {Median(values) / Median(rates[0]):F2} times");
        Console.WriteLine();
    }

    private static async Task LatencyAsync()
    {
        for (var round = 0; round < Rounds; round++)
            foreach (var inflight in new[] { 0, Most, Default })
                Console.WriteLine($"{Name(inflight)}: {await LiveAsync(inflight)}");
        Console.WriteLine();
    }

    /// <summary>The time from publishing to reading at the other end, which takes the same share of both.</summary>
    private static async Task<string> LiveAsync(int inflight)
    {
        await using var cluster = await FlowCluster.StartAsync(Partitions);
        await using var broker = await FlowCluster.BrokerAsync();
        using var data = new TemporaryFolder();
        await using var pipe = inflight == 0 ? RunningProcess.Start("bash", ["-c", "exec 2>/dev/null; " + Pipe(broker.Port, cluster.Port, count: null)]) : null;
        await using var flow = inflight == 0 ? null : await BenchmarkFlow.CreateAsync(BenchmarkFlow.Mqtt(broker.Port, inflight), BenchmarkFlow.Kafka(cluster.Port), data.Path);
        if (flow is not null)
            await flow.StartAsync();
        await broker.WaitForLogAsync(flow is null ? "as pipe " : $"as {Session} ");
        var meter = await ProcessRunner.RunAsync(
            "dotnet", [typeof(FlowMeter).Assembly.Location, "flow-meter", Text(broker.Port), Text(cluster.Port), Text(LiveMessages), Text(LiveRate)], limit: TimeSpan.FromMinutes(2));
        // A shell that is killed leaves its pipe running; both ends go with the broker.
        await broker.KillAsync();
        return meter.MustSucceed().Output.Trim();
    }

    private static async Task LongAsync()
    {
        await using var cluster = await FlowCluster.StartAsync(Partitions);
        await using var broker = await FlowCluster.BrokerAsync();
        using var data = new TemporaryFolder();
        await using var flow = await BenchmarkFlow.CreateAsync(BenchmarkFlow.Mqtt(broker.Port, Most), BenchmarkFlow.Kafka(cluster.Port), data.Path);
        await FlowCluster.FillAsync(broker.Port, Session, 0, Bytes);
        await flow.StartAsync();
        var most = new List<long>();
        for (var round = 1; round <= LongRounds; round++)
        {
            var memory = new MemoryWatch();
            var publishing = FlowCluster.PublishAsync(broker.Port, Messages, Bytes);
            while (flow.Status.Ledger.Delivered < (long)Messages * round)
            {
                memory.Look();
                await Task.Delay(20);
            }

            await publishing;
            most.Add(memory.Resident);
            Console.WriteLine($"{Messages * round,10:N0} delivered: most resident {memory.Resident} MiB; heap after collection {GC.GetTotalMemory(forceFullCollection: true) / 1024 / 1024} MiB, most {memory.Heap}");
        }

        Console.WriteLine($"most resident memory from round 2 to round {LongRounds}: {most[1]} to {most[^1]} MiB; {flow.Status.Ledger}");
    }

    private static async Task<double> DrainFlowAsync(int inflight)
    {
        await using var cluster = await FlowCluster.StartAsync(Partitions);
        await using var broker = await FlowCluster.BrokerAsync();
        await FlowCluster.FillAsync(broker.Port, Session, Messages, Bytes);
        using var data = new TemporaryFolder();
        await using var flow = await BenchmarkFlow.CreateAsync(BenchmarkFlow.Mqtt(broker.Port, inflight), BenchmarkFlow.Kafka(cluster.Port), data.Path);
        var cpu = Process.GetCurrentProcess().TotalProcessorTime;
        var clock = Stopwatch.StartNew();
        await flow.StartAsync();
        await flow.DeliveredAsync(Messages);
        var rate = Messages / clock.Elapsed.TotalSeconds;
        var used = (Process.GetCurrentProcess().TotalProcessorTime - cpu).TotalSeconds;
        Console.WriteLine($"{Name(inflight)}: {rate,10:N0}/s, CPU {used * 100_000 / Messages:F2} s per 100k, {flow.Status.Ledger}");
        return rate;
    }

    private static async Task<double> DrainPipeAsync()
    {
        await using var cluster = await FlowCluster.StartAsync(Partitions);
        await using var broker = await FlowCluster.BrokerAsync();
        await FlowCluster.FillAsync(broker.Port, "pipe", Messages, Bytes);
        var clock = Stopwatch.StartNew();
        var result = await ProcessRunner.RunAsync("bash", ["-c", "TIMEFORMAT='%U %S'; time { " + Pipe(broker.Port, cluster.Port, Messages) + "; }"], limit: TimeSpan.FromMinutes(2));
        var rate = Messages / clock.Elapsed.TotalSeconds;
        var used = result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1].Split(' ').Sum(seconds => double.Parse(seconds, CultureInfo.InvariantCulture));
        Console.WriteLine($"{Name(0)}: {rate,10:N0}/s, CPU {used * 100_000 / Messages:F2} s per 100k");
        return rate;
    }

    private static string Pipe(int mqtt, int kafka, int? count) =>
        $"mosquitto_sub -V 5 -h 127.0.0.1 -p {mqtt} -i pipe -c -q 1 -t 'line3/#' {(count is null ? "" : $"-C {count}")} -x 3600 -D CONNECT receive-maximum 65535"
        + $" | kcat -P -b 127.0.0.1:{kafka} -t {BenchmarkFlow.To} -X linger.ms=5 -X partitioner=murmur2_random";

    private static string Name(int inflight) => (inflight == 0 ? "mosquitto_sub | kcat" : $"flow, maxInflightMessages {inflight}").PadRight(32);

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
