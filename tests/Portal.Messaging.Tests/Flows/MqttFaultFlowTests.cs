using Portal.Messaging.Flows;
using Portal.Messaging.Tests.Support;
using Portal.Model.Endpoints;
using Portal.Sandbox.Kafka;
using Portal.Tests.Shared;

namespace Portal.Messaging.Tests.Flows;

/// <summary>An MQTT broker or the network to it fails in the middle: numbered messages, none missing at the end.</summary>
public sealed class MqttFaultFlowTests
{
    private const int Messages = 3000;
    private const int Inflight = 100;

    [Fact]
    public async Task A_source_broker_that_is_killed_and_restarted_loses_nothing()
    {
        await using var broker = await MosquittoBroker.StartAsync(new MosquittoOptions { Persistence = true, Lines = Unlimited });
        using var cluster = MockKafkaCluster.Start();
        cluster.CreateTopic("plant", partitions: 1);
        await FillAsync(broker);
        // Everything is on the broker's disk now; what it is told after this is forgotten by the kill.
        await broker.StopAsync();
        await broker.StartAgainAsync();
        cluster.SetRoundTripTime(TimeSpan.FromMilliseconds(20));
        await using var host = await FlowHost.StartAsync();
        var running = host.RunAsync(Source(broker.Port), "line3/#", Endpoints.Kafka(cluster), "plant");
        await Wait.UntilAsync(() => host.Status.Ledger.Delivered > Messages / 4, "a quarter is delivered", FlowHost.Limit, host.Describe);
        await broker.KillAsync();
        await host.WaitForAsync(FlowState.WaitingForSource);
        Assert.Equal("tcp-refused", (await ProblemAsync(host, "tcp-refused")).Code);
        var before = host.Status.Ledger.Delivered + host.Status.Ledger.InFlight;
        await broker.StartAgainAsync();
        cluster.SetRoundTripTime(TimeSpan.Zero);
        await host.WaitForDeliveredAsync(Messages + before);
        await running;
        var arrived = Numbered.Of(await Endpoints.ConsumeAsync(cluster, "plant"), Messages);
        // The broker forgot which messages were acknowledged and brings all of them again.
        Assert.Equal(new Numbered(0, (int)before, true), arrived);
        Assert.True(host.Status.Ledger.IsBalanced);
        Assert.Equal(1, host.Status.Reconnects);
    }

    [Theory]
    [InlineData(10_007)]
    [InlineData(33_333)]
    public async Task A_source_connection_that_is_cut_in_the_middle_of_a_packet_loses_nothing(int bytes)
    {
        await using var broker = await MosquittoBroker.StartAsync(new MosquittoOptions { Lines = Unlimited });
        await using var proxy = CutProxy.To(broker.Port);
        using var cluster = MockKafkaCluster.Start();
        cluster.CreateTopic("plant", partitions: 1);
        await FillAsync(broker);
        proxy.CutAfterToClient(bytes);
        await using var host = await FlowHost.StartAsync();
        var running = host.RunAsync(Source(proxy.Port), "line3/#", Endpoints.Kafka(cluster), "plant");
        await Wait.UntilAsync(() => proxy.Connections > 1 && host.Status.Ledger.Delivered > Messages / 2, "it has connected again", FlowHost.Limit, host.Describe);
        proxy.CutAfterToServer(bytes / 100);
        await Wait.UntilAsync(() => host.Status.Ledger.Delivered >= Messages && host.Status.Ledger.InFlight == 0, "all is delivered", FlowHost.Limit, host.Describe);
        await running;
        var arrived = Numbered.Of(await Endpoints.ConsumeAsync(cluster, "plant"), Messages);
        Assert.Equal((0, true), (arrived.Missing, arrived.IsOrdered));
        // What was sent and not yet acknowledged at a break comes twice. mosquitto 2.0 sends more than it may after a reconnect.
        Assert.Equal(Messages + arrived.Duplicates, host.Status.Ledger.Delivered);
        Assert.InRange(arrived.Duplicates, 0, Messages);
        Assert.True(host.Status.Reconnects >= 1, host.Describe());
    }

    [Theory]
    [InlineData(20_011)]
    [InlineData(44_444)]
    public async Task A_destination_connection_that_is_cut_half_way_through_a_write_loses_nothing(int bytes)
    {
        await using var broker = await MosquittoBroker.StartAsync(new MosquittoOptions { Lines = Unlimited });
        await using var proxy = CutProxy.To(broker.Port);
        using var cluster = MockKafkaCluster.Start();
        cluster.CreateTopic("plant", partitions: 1);
        await Endpoints.ProduceAsync(cluster, "plant", Enumerable.Range(0, Messages).Select(Endpoints.Text));
        await using var seen = await Endpoints.SubscribeAsync(broker, "from/kafka");
        proxy.CutAfterToServer(bytes);
        await using var host = await FlowHost.StartAsync();
        await host.RunAsync(Endpoints.Kafka(cluster), "plant", Endpoints.Mqtt(proxy.Port).With((MqttSettings settings) => settings with { MaxInflightMessages = Inflight }), "from/kafka");
        await host.WaitForDeliveredAsync(Messages);
        await seen.WaitForOutputAsync($"\n{Messages - 1}\n");
        var arrived = Numbered.Of(seen.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries), Messages);
        Assert.Equal((0, true), (arrived.Missing, arrived.IsOrdered));
        Assert.InRange(arrived.Duplicates, 0, Inflight);
        Assert.Equal(new FlowLedger(Messages, Messages, 0, 0, 0, 0, 0), host.Status.Ledger);
        Assert.Equal(2, proxy.Connections);
    }

    [Fact]
    public async Task A_destination_broker_that_is_down_holds_the_flow_and_bounds_its_window()
    {
        await using var broker = await MosquittoBroker.StartAsync(new MosquittoOptions { Lines = Unlimited });
        await using var destination = await MosquittoBroker.StartAsync(new MosquittoOptions { Lines = Unlimited });
        await FillAsync(broker);
        await destination.StopAsync();
        await using var host = await FlowHost.StartAsync();
        var running = host.RunAsync(Source(broker.Port), "line3/#", Endpoints.Mqtt(destination.Port), "copied");
        await Wait.UntilAsync(() => host.Status.Ledger.InFlight >= Inflight, "the window is full", FlowHost.Limit, host.Describe);
        await host.WaitForAsync(FlowState.WaitingForDestination);
        Assert.Equal(FlowSide.Destination, host.Status.Problem!.Side);
        Assert.Equal(0, host.Status.Ledger.Delivered);
        Assert.InRange(host.Status.Ledger.InFlight, Inflight, Inflight + 1);
        await destination.StartAgainAsync();
        await using var seen = await Endpoints.SubscribeAsync(destination, "copied");
        await host.WaitForDeliveredAsync(Messages);
        await running;
        Assert.Equal(Messages, host.Status.Ledger.Received);
    }

    private static string[] Unlimited { get; } = ["max_queued_messages 0", "max_queued_bytes 0"];

    private static DataflowEndpoint Source(int port) => Endpoints.Mqtt(port).With((MqttSettings settings) => settings with { MaxInflightMessages = Inflight });

    private static async Task<FlowError> ProblemAsync(FlowHost host, string code)
    {
        await Wait.UntilAsync(() => host.Status.LastErrors.Any(error => error.Code == code), $"the problem {code} shows", FlowHost.Limit, host.Describe);
        return host.Status.LastErrors.First(error => error.Code == code);
    }

    /// <summary>Puts all messages into the session that the flow will find.</summary>
    private static async Task FillAsync(MosquittoBroker broker)
    {
        (await ProcessRunner.RunAsync(
            "mosquitto_sub", "-V", "5", "-h", "127.0.0.1", "-p", Endpoints.Text(broker.Port), "-i", $"{FlowHost.Name}-0", "-c", "-q", "1", "-t", "line3/#", "-x", "3600", "-E")).MustSucceed();
        await Endpoints.PublishNumbersAsync(broker.Port, "line3/press", 0, Messages);
    }
}
