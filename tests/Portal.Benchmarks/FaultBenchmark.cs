using System.Globalization;
using System.Text;
using Portal.Messaging.Flows;
using Portal.Messaging.Tests.Support;
using Portal.Messaging.Tests.Support.Kafka;
using Portal.Model.Endpoints;
using Portal.Tests.Shared;

namespace Portal.Benchmarks;

/// <summary>Every fault with 100,000 numbered messages and a count at the end. Wanted: none missing, memory below its bound.</summary>
internal static class FaultBenchmark
{
    private const int Kills = 10;
    private const int Cuts = 10;
    private const string NotYetTold = "confirmed there and not yet acknowledged at the source when the fault came";

    private static readonly (string Name, Func<Task> Run)[] _cases =
    [
        ("none", () => FromMqttAsync(new FaultCase("no fault", ""), (_, _, _, _) => Task.CompletedTask)),
        ("mosquitto", () => FromMqttAsync(new FaultCase("mosquitto killed and restarted", "the broker forgot what was acknowledged since it wrote its disk last"), KillBrokerAsync)),
        ("kafka", () => FromMqttAsync(new FaultCase("Kafka brokers stopped for 20 s", NotYetTold), StopKafkaAsync)),
        ("slow", () => FromMqttAsync(new FaultCase("slow destination, 50 ms an answer", ""), (_, cluster, _, _) => cluster.TellAsync("slow"))),
        ("disk", () => FromMqttAsync(new FaultCase("disk full", ""), FillDiskAsync)),
        ("stale", StaleAsync),
        ("cut-mqtt", CutMqttDestinationAsync),
        ("cut-kafka", CutKafkaDestinationAsync),
        ("rebalance", RebalanceAsync),
        ("token", TokensAsync),
        ("kill", KilledAsync),
    ];

    /// <param name="which">Names of cases; none = all.</param>
    /// <returns>True when nothing was missing and memory stayed below its bound.</returns>
    public static async Task<bool> RunAsync(IReadOnlyCollection<string> which)
    {
        foreach (var (name, run) in _cases)
            if (which.Count == 0 || which.Contains(name))
                await run();
        return FaultCase.IsGood;
    }

    /// <summary>What a process that is to be killed does.</summary>
    public static async Task ServeFlowAsync(string data, int mqttPort, int kafkaPort)
    {
        await using var flow = await BenchmarkFlow.CreateAsync(BenchmarkFlow.Mqtt(mqttPort, FaultCase.Inflight), BenchmarkFlow.Kafka(kafkaPort), data);
        await flow.StartAsync();
        await Task.Delay(Timeout.Infinite);
    }

    private static async Task FromMqttAsync(FaultCase run, Func<MosquittoBroker, FlowCluster, string, BenchmarkFlow, Task> fault)
    {
        await using var cluster = await FlowCluster.StartAsync(FaultCase.Partitions);
        await using var broker = await FlowCluster.FilledBrokerAsync();
        await cluster.TellAsync("delay");
        using var data = new TemporaryFolder();
        await using var disk = await SmallDisk.MountAsync(data.Combine("history"), run.Name == "disk full");
        await using var flow = await BenchmarkFlow.CreateAsync(BenchmarkFlow.Mqtt(broker.Port, FaultCase.Inflight), BenchmarkFlow.Kafka(cluster.Port), data.Path);
        await flow.StartAsync();
        await run.DeliveredAsync(flow, 0.25);
        await fault(broker, cluster, data.Path, flow);
        await run.FinishAsync(flow, cluster.ArrivedAsync, disk.Words);
    }

    private static async Task KillBrokerAsync(MosquittoBroker broker, FlowCluster cluster, string data, BenchmarkFlow flow)
    {
        await broker.KillAsync();
        await broker.StartAgainAsync();
        await cluster.TellAsync("fast");
    }

    private static async Task StopKafkaAsync(MosquittoBroker broker, FlowCluster cluster, string data, BenchmarkFlow flow)
    {
        await cluster.TellAsync("down");
        await Task.Delay(TimeSpan.FromSeconds(20));
        await cluster.TellAsync("up");
        await cluster.TellAsync("fast");
    }

    private static async Task FillDiskAsync(MosquittoBroker broker, FlowCluster cluster, string data, BenchmarkFlow flow)
    {
        SmallDisk.Fill(Path.Combine(data, "history"));
        while (flow.Status.LastErrors.All(error => error.Code != "counters-not-saved"))
            await Task.Delay(20);
        await cluster.TellAsync("fast");
    }

    /// <summary>Cuts in the middle of packets while confirmations are late: what comes for an earlier connection must not acknowledge on the next.</summary>
    private static async Task StaleAsync()
    {
        var run = new FaultCase($"source connection cut up to {Cuts} times in the middle of a packet, acknowledgements late", "their acknowledgement was late or on its way at a cut");
        await using var cluster = await FlowCluster.StartAsync(FaultCase.Partitions);
        await using var broker = await FlowCluster.FilledBrokerAsync();
        await using var proxy = CutProxy.To(broker.Port);
        await cluster.TellAsync("slow");
        using var data = new TemporaryFolder();
        await using var flow = await BenchmarkFlow.CreateAsync(BenchmarkFlow.Mqtt(proxy.Port, FaultCase.Inflight), BenchmarkFlow.Kafka(cluster.Port), data.Path);
        await flow.StartAsync();
        var cuts = 0;
        do
        {
            await run.DeliveredAsync(flow, 0.08 * (cuts + 1));
            proxy.CutAfterToClient(Random.Shared.Next(1, 50_000));
        }
        while (await IsCutAsync(proxy, flow, cuts) && ++cuts < Cuts);
        await run.FinishAsync(flow, cluster.ArrivedAsync, $"{cuts} cuts; ");
    }

    // False when everything had passed the proxy before: this broker sends more than the receive maximum after a break.
    private static async Task<bool> IsCutAsync(CutProxy proxy, BenchmarkFlow flow, int before)
    {
        var received = -1L;
        for (var quiet = 0; quiet < 200; quiet++)
        {
            if (proxy.Connections > before + 1)
                return true;
            await Task.Delay(10);
            var ledger = flow.Status.Ledger;
            if (ledger.InFlight > 0 || ledger.Received != received)
                (received, quiet) = (ledger.Received, 0);
        }

        return false;
    }

    private static async Task CutMqttDestinationAsync()
    {
        var run = new FaultCase($"MQTT destination cut {Cuts} times half-way through a write", "written and not yet acknowledged at a cut");
        await using var cluster = await FlowCluster.StartAsync(FaultCase.Partitions);
        await cluster.FillAsync();
        await using var broker = await FlowCluster.BrokerAsync();
        await using var proxy = CutProxy.To(broker.Port);
        await using var seen = RunningProcess.Start("mosquitto_sub", ["-V", "5", "-h", "127.0.0.1", "-p", Text(broker.Port), "-i", "seen", "-q", "1", "-t", BenchmarkFlow.To]);
        await broker.WaitForLogAsync("seen");
        using var data = new TemporaryFolder();
        await using var flow = await BenchmarkFlow.CreateAsync(BenchmarkFlow.Kafka(cluster.Port), BenchmarkFlow.Mqtt(proxy.Port, FaultCase.Inflight), data.Path);
        await flow.StartAsync();
        for (var cut = 1; cut <= Cuts; cut++)
        {
            await run.DeliveredAsync(flow, 0.08 * cut);
            proxy.CutAfterToServer(Random.Shared.Next(1, 50_000));
            while (proxy.Connections <= cut)
                await Task.Delay(10);
        }

        await run.FinishAsync(flow, () => Task.FromResult(Lines(seen.Output)));
    }

    private static async Task CutKafkaDestinationAsync()
    {
        var run = new FaultCase($"Kafka destination cut {Cuts} times half-way through a request", NotYetTold);
        await using var cluster = await FlowCluster.StartAsync(FaultCase.Partitions);
        await using var broker = await FlowCluster.FilledBrokerAsync();
        KafkaGateway? gateway = null;
        await using var proxy = CutProxy.To(() => gateway!.Port);
        await using var behind = gateway = KafkaGateway.Start(cluster.Port, new GatewayOptions { Advertised = ("127.0.0.1", proxy.Port) });
        await cluster.TellAsync("delay");
        using var data = new TemporaryFolder();
        await using var flow = await BenchmarkFlow.CreateAsync(BenchmarkFlow.Mqtt(broker.Port, FaultCase.Inflight), BenchmarkFlow.Kafka(proxy.Port), data.Path);
        await flow.StartAsync();
        for (var cut = 1; cut <= Cuts; cut++)
        {
            await run.DeliveredAsync(flow, 0.08 * cut);
            var connections = proxy.Connections;
            proxy.CutAfterToServer(Random.Shared.Next(1, 50_000));
            while (proxy.Connections <= connections)
                await Task.Delay(10);
        }

        await run.FinishAsync(flow, cluster.ArrivedAsync);
    }

    private static async Task RebalanceAsync()
    {
        var run = new FaultCase("three rebalances in the middle: a member comes, reads without committing, and is killed", "finished and not yet committed when their partition went");
        await using var cluster = await FlowCluster.StartAsync(FaultCase.Partitions);
        await cluster.FillAsync();
        await cluster.TellAsync("slow");
        using var data = new TemporaryFolder();
        await using var flow = await BenchmarkFlow.CreateAsync(
            BenchmarkFlow.Kafka(cluster.Port), BenchmarkFlow.Kafka(cluster.Port), data.Path, new FlowLimits { KafkaWindow = FaultCase.Inflight, KafkaSession = TimeSpan.FromMilliseconds(1500) });
        await flow.StartAsync();
        for (var time = 1; time <= 3; time++)
        {
            await run.DeliveredAsync(flow, 0.2 * time);
            await using var member = RunningProcess.Start(
                "kcat",
                ["-b", $"127.0.0.1:{Text(cluster.Port)}", "-G", "line3", "-X", "session.timeout.ms=1500", "-X", "heartbeat.interval.ms=400", "-X", "enable.auto.commit=false", "-X", "auto.offset.reset=earliest", "-u", BenchmarkFlow.From]);
            while (!member.Error.Contains("assigned: " + BenchmarkFlow.From, StringComparison.Ordinal))
                await Task.Delay(10);
            await member.KillAsync();
        }

        await cluster.TellAsync("fast");
        await run.FinishAsync(flow, cluster.ArrivedAsync);
    }

    /// <summary>Tokens of a managed identity that hold for six seconds, at a gateway that closes connections whose sign-in is older.</summary>
    private static async Task TokensAsync()
    {
        IdentityEndpoint.EnsureStarted();
        var tokens = new HashSet<string>();
        var run = new FaultCase("tokens that expire every 6 s", NotYetTold);
        await using var cluster = await FlowCluster.StartAsync(FaultCase.Partitions);
        await using var broker = await FlowCluster.FilledBrokerAsync();
        await using var gateway = KafkaGateway.Start(cluster.Port, new GatewayOptions
        {
            Mechanisms = ["OAUTHBEARER"],
            SessionLifetime = TimeSpan.FromSeconds(6.5),
            SignIn = (_, message) =>
            {
                lock (tokens)
                    tokens.Add(Encoding.UTF8.GetString(message));
                return null;
            },
        });
        await cluster.TellAsync("late");
        using var data = new TemporaryFolder();
        var destination = BenchmarkFlow.Kafka(gateway.Port) with { Authentication = new Authentication.SystemAssignedManagedIdentity($"https://{IdentityEndpoint.ShortLived}.kafka.example") };
        await using var flow = await BenchmarkFlow.CreateAsync(BenchmarkFlow.Mqtt(broker.Port, FaultCase.Inflight), destination, data.Path);
        await flow.StartAsync();
        await run.FinishAsync(flow, cluster.ArrivedAsync, "");
        Console.WriteLine($"    {tokens.Count} different tokens were used, on {gateway.Count} connections");
    }

    private static async Task KilledAsync()
    {
        var run = new FaultCase($"kill -9 of the process, {Kills} times", NotYetTold);
        await using var cluster = await FlowCluster.StartAsync(FaultCase.Partitions);
        await using var broker = await FlowCluster.FilledBrokerAsync();
        await cluster.TellAsync("slow");
        using var data = new TemporaryFolder();
        for (var kill = 0; kill <= Kills; kill++)
        {
            await using var process = RunningProcess.Start(
                "dotnet", [typeof(FaultBenchmark).Assembly.Location, "flow-process", data.Path, Text(broker.Port), Text(cluster.Port)]);
            if (kill == Kills)
            {
                await cluster.TellAsync("fast");
                await run.FinishAsync(null, cluster.ArrivedAsync, await File.ReadAllTextAsync(Path.Combine(data.Path, "history", "dataflows", BenchmarkFlow.Name + ".json")) is { Length: > 0 } ? "the counters are whole" : "the counters are lost");
            }
            else
            {
                // From before its first connection to the middle of its work.
                await Task.Delay(TimeSpan.FromSeconds(1 + (2 * Random.Shared.NextDouble())));
            }

            await process.KillAsync();
        }
    }

    private static IEnumerable<string> Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
