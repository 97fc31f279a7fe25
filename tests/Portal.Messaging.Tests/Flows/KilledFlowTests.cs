using System.Text.Json.Nodes;
using Portal.Sandbox.Kafka;
using Portal.Tests.Shared;

namespace Portal.Messaging.Tests.Flows;

/// <summary>A process that runs a dataflow is killed at any moment; what it had not acknowledged comes again.</summary>
public sealed class KilledFlowTests
{
    private const int Messages = 4000;
    private const int Kills = 3;

    [Fact]
    public async Task A_killed_process_loses_nothing_and_its_counters_balance()
    {
        await using var broker = await MosquittoBroker.StartAsync(new MosquittoOptions { Lines = ["max_queued_messages 0", "max_queued_bytes 0"] });
        using var cluster = MockKafkaCluster.Start();
        cluster.CreateTopic("plant", partitions: 1);
        cluster.SetRoundTripTime(TimeSpan.FromMilliseconds(10));
        (await ProcessRunner.RunAsync(
            "mosquitto_sub", "-V", "5", "-h", "127.0.0.1", "-p", Endpoints.Text(broker.Port), "-i", $"{FlowHost.Name}-0", "-c", "-q", "1", "-t", "line3/#", "-x", "3600", "-E")).MustSucceed();
        await Endpoints.PublishNumbersAsync(broker.Port, "line3/press", 0, Messages);
        using var data = new TemporaryFolder();
        for (var kill = 1; kill <= Kills; kill++)
        {
            await using var process = FlowProcess.Start(data.Path, broker.Port, cluster.Ports[0]);
            var wanted = Messages * kill / (Kills + 2);
            await Wait.UntilAsync(async () => (await Endpoints.ConsumeAsync(cluster, "plant")).Count > wanted, $"{wanted} arrived", FlowHost.Limit, () => process.Error);
            await process.KillAsync();
        }

        cluster.SetRoundTripTime(TimeSpan.Zero);
        await using (FlowProcess.Start(data.Path, broker.Port, cluster.Ports[0]))
            await Wait.UntilAsync(
                async () => Numbered.Of(await Endpoints.ConsumeAsync(cluster, "plant"), Messages).Missing == 0, "no number is missing", FlowHost.Limit);
        var arrived = Numbered.Of(await Endpoints.ConsumeAsync(cluster, "plant"), Messages);
        Assert.Equal((0, true), (arrived.Missing, arrived.IsOrdered));
        // A kill repeats what was delivered and not acknowledged, which is what the broker had sent ahead.
        Assert.InRange(arrived.Duplicates, 0, Messages);
        await using var host = await FlowHost.StartInAsync(data.Path);
        host.Store.Set(FlowHost.Flow("line3/#", "plant") with { Mode = Model.Endpoints.OperationalMode.Disabled });
        await Wait.UntilAsync(() => host.Status.Since is not null, "the counters are read", lastSeen: host.Describe);
        var ledger = host.Status.Ledger;
        Assert.True(ledger.IsBalanced && ledger.InFlight == 0, ledger.ToString());
        Assert.InRange(ledger.Delivered, 1, Messages + arrived.Duplicates);
        Assert.NotNull(JsonNode.Parse(await File.ReadAllTextAsync(host.SnapshotFile)));
    }
}
