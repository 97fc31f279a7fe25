using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using MQTTnet;
using Portal.Messaging.Connections;
using Portal.Messaging.Flows;
using Portal.Messaging.Mqtt;
using Portal.Messaging.Mqtt.Session;
using Portal.Messaging.Tests.Support;
using Portal.Model.Dataflows;
using Portal.Model.Endpoints;
using Portal.Sandbox.Kafka;
using Portal.Tests.Shared;

namespace Portal.Messaging.Tests.Flows;

/// <summary>A lowered instance count: what the broker keeps for the instances that go is delivered, and nothing is kept for them any more.</summary>
public sealed class LeavingTests
{
    private const int Messages = 300;
    private static readonly byte[] _late = ScriptedBroker.Publish("line3/press", "late", 5);

    [Fact]
    public async Task Instances_that_go_while_messages_come_take_none_with_them()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        using var cluster = MockKafkaCluster.Start();
        cluster.CreateTopic("plant");
        await using var host = await FlowHost.StartAsync();
        await host.RunAsync(Endpoints.Mqtt(broker.Port), "line3/#", Endpoints.Kafka(cluster), "plant", instances: 3);
        await Endpoints.PublishNumbersAsync(broker.Port, "line3/press", 0, Messages);
        var publishing = Endpoints.PublishNumbersAsync(broker.Port, "line3/press", Messages, Messages);
        host.Store.Set(new DataflowProfile { Name = "default", InstanceCount = 1 });
        await publishing;
        await LeftAsync(host);
        await Endpoints.PublishNumbersAsync(broker.Port, "line3/press", 2 * Messages, Messages);
        await AllArrivedAsync(host, cluster, 3 * Messages);
        await NoSessionAsync(broker.Port, 1, 2);
        Assert.True(host.Status.Ledger.IsBalanced);
    }

    [Fact]
    public async Task What_waits_for_an_instance_that_went_while_the_flow_was_stopped_is_delivered()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        using var cluster = MockKafkaCluster.Start();
        cluster.CreateTopic("plant");
        using var data = new TemporaryFolder();
        await using (var host = await FlowHost.StartInAsync(data.Path))
        {
            await host.RunAsync(Endpoints.Mqtt(broker.Port), "line3/#", Endpoints.Kafka(cluster), "plant", instances: 2);
            await host.StopAsync();
        }

        // Both sessions get their share of these.
        await Endpoints.PublishNumbersAsync(broker.Port, "line3/press", 0, Messages);
        await using var again = await FlowHost.StartInAsync(data.Path);
        await again.RunAsync(Endpoints.Mqtt(broker.Port), "line3/#", Endpoints.Kafka(cluster), "plant", instances: 1);
        await LeftAsync(again);
        await AllArrivedAsync(again, cluster, Messages);
        await NoSessionAsync(broker.Port, 1);
    }

    /// <summary>Nothing is given up because the destination is away: the instance stays until it has delivered.</summary>
    [Fact]
    public async Task An_instance_that_goes_waits_for_its_destination()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        using var cluster = MockKafkaCluster.Start();
        cluster.CreateTopic("plant");
        await using var host = await FlowHost.StartAsync();
        await host.RunAsync(Endpoints.Mqtt(broker.Port), "line3/#", Endpoints.Kafka(cluster), "plant", instances: 2);
        cluster.TakeDown();
        await host.WaitForAsync(FlowState.WaitingForDestination);
        await Endpoints.PublishNumbersAsync(broker.Port, "line3/press", 0, Messages);
        host.Store.Set(new DataflowProfile { Name = "default", InstanceCount = 1 });
        await Wait.UntilAsync(() => host.Status is { Instances.Length: 2, Ledger.InFlight: > 100 }, "both instances hold messages", FlowHost.Limit, host.Describe);
        cluster.BringUp();
        await LeftAsync(host);
        await AllArrivedAsync(host, cluster, Messages);
        await NoSessionAsync(broker.Port, 1);
    }

    /// <summary>A silence alone may be the network's: what comes late is delivered too.</summary>
    [Fact]
    public async Task A_session_ends_when_a_ping_brought_nothing_more()
    {
        await using var broker = new ScriptedBroker();
        using var cluster = MockKafkaCluster.Start();
        cluster.CreateTopic("plant");
        await using var host = await FlowHost.StartAsync();
        await host.RunAsync(Endpoints.Mqtt(broker.Port), "line3/#", Endpoints.Kafka(cluster), "plant", instances: 2);
        var leaving = 0;
        broker.Reply = packet =>
        {
            if (IsConnectOf(packet, 1))
                leaving = packet.Connection;
            return (MqttPacketType)(packet.Header >> 4) switch
            {
                MqttPacketType.Connect when packet.Connection == leaving => [0x20, 3, 1, 0, 0],
                MqttPacketType.PingReq when packet.Connection == leaving && !broker.Of(leaving, MqttPacketType.PingReq).Any() => [.. _late, 0xD0, 0],
                MqttPacketType.PingReq => [0xD0, 0],
                _ => null,
            };
        };
        host.Store.Set(new DataflowProfile { Name = "default", InstanceCount = 1 });
        await LeftAsync(host);
        Assert.Equal(["late"], await Endpoints.ConsumeAsync(cluster, "plant"));
        Assert.Equal(
            [MqttPacketType.Connect, MqttPacketType.Unsubscribe, MqttPacketType.PingReq, MqttPacketType.PubAck, MqttPacketType.PingReq, MqttPacketType.Disconnect],
            broker.Packets.Where(packet => packet.Connection == leaving).Select(packet => (MqttPacketType)(packet.Header >> 4)));
        Assert.Equal("00051100000000", Convert.ToHexString(broker.Of(leaving, MqttPacketType.Disconnect).Single().Body)); // session expiry 0
    }

    [Fact]
    public async Task An_instance_that_may_not_come_any_more_is_given_up_when_its_session_has_expired()
    {
        await using var broker = new ScriptedBroker();
        using var cluster = MockKafkaCluster.Start();
        cluster.CreateTopic("plant");
        await using var host = await FlowHost.StartAsync();
        var source = Endpoints.Mqtt(broker.Port).With((MqttSettings settings) => settings with { SessionExpirySeconds = 2 });
        await host.RunAsync(source, "line3/#", Endpoints.Kafka(cluster), "plant", instances: 3);
        broker.Reply = packet => IsConnectOf(packet, 1) ? [0x20, 3, 0, 0x87, 0] : null;
        host.Store.Set(new DataflowProfile { Name = "default", InstanceCount = 1 });
        await Wait.UntilAsync(() => host.Status.LastErrors.Any(error => error.Code.StartsWith("signin-", StringComparison.Ordinal)), "the refusal shows", FlowHost.Limit, host.Describe);
        await LeftAsync(host);
        await host.WaitForAsync(FlowState.Idle);
    }

    /// <summary>The broker has forgotten the session: what the instance holds is nowhere else any more.</summary>
    [Fact]
    public async Task An_instance_whose_session_is_gone_stays_until_it_has_delivered()
    {
        await using var broker = new ScriptedBroker();
        await using var parts = new ProbeFixture();
        var intake = new HeldIntake();
        var running = Leaving(broker, parts).RunAsync(intake, TestContext.Current.CancellationToken);
        await Wait.UntilAsync(() => intake.Asked > 2, "the source looks whether all is delivered");
        Assert.False(running.IsCompleted);
        intake.IsHeld = false;
        Assert.Null(await Wait.ForAsync(running, "the source has left"));
    }

    [Fact]
    public async Task An_instance_that_may_not_come_any_more_is_not_given_up_while_it_holds_messages()
    {
        await using var broker = new ScriptedBroker { Answer = [0x20, 3, 0, 0x87, 0] };
        await using var parts = new ProbeFixture();
        var intake = new HeldIntake();
        var source = Leaving(broker, parts);
        await Assert.ThrowsAsync<ConnectionException>(() => source.RunAsync(intake, TestContext.Current.CancellationToken));
        intake.IsHeld = false;
        Assert.Null(await source.RunAsync(intake, TestContext.Current.CancellationToken));
    }

    /// <summary>The source of an instance beyond the number of instances, whose session expires at once.</summary>
    private static MqttFlowSource Leaving(ScriptedBroker broker, ProbeFixture parts)
    {
        var endpoint = Endpoints.Mqtt(broker.Port).With((MqttSettings settings) => settings with { SessionExpirySeconds = 0 });
        return new MqttFlowSource(endpoint, "line3", 1, 1, ["line3/#"], [], parts.Services.GetRequiredService<MqttConnector>(), TimeProvider.System);
    }

    /// <summary>Holds a message until it is told that it is delivered.</summary>
    private sealed class HeldIntake : IFlowIntake
    {
        private int _asked;

        public volatile bool IsHeld = true;

        public int Asked => Volatile.Read(ref _asked);

        public bool IsFull => false;

        public bool IsEmpty => Interlocked.Increment(ref _asked) > 0 && !IsHeld;

        public Task RoomAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public void Add(Message message, ushort packetId, int generation) => throw new InvalidOperationException("Nothing was sent.");

        public void SourceIs(Problem? problem)
        {
            // Nobody looks at it here.
        }
    }

    private static bool IsConnectOf(ScriptedBroker.Packet packet, int instance) =>
        packet.Header >> 4 == (int)MqttPacketType.Connect && packet.Body.AsSpan().EndsWith(System.Text.Encoding.ASCII.GetBytes(ClientId(instance)));

    private static Task LeftAsync(FlowHost host) =>
        Wait.UntilAsync(() => host.Status.Instances is [{ Id: "0" }] && host.Status.State is not FlowState.Starting, "only the first instance is left", FlowHost.Limit, host.Describe);

    private static async Task AllArrivedAsync(FlowHost host, MockKafkaCluster cluster, int count)
    {
        await host.WaitForDeliveredAsync(count);
        var arrived = await Endpoints.ConsumeAsync(cluster, "plant");
        Assert.Equal(Enumerable.Range(0, count), arrived.Select(text => int.Parse(text, CultureInfo.InvariantCulture)).Distinct().Order());
    }

    private static async Task NoSessionAsync(int port, params int[] instances)
    {
        foreach (var instance in instances)
        {
            using var client = new MqttClientFactory().CreateMqttClient();
            var answer = await client.ConnectAsync(new MqttClientOptionsBuilder()
                .WithProtocolVersion(MQTTnet.Formatter.MqttProtocolVersion.V500).WithTcpServer("127.0.0.1", port).WithCleanStart(false).WithClientId(ClientId(instance)).Build());
            Assert.False(answer.IsSessionPresent, $"The broker keeps a session of instance {instance}.");
            await client.DisconnectAsync();
        }
    }

    private static string ClientId(int instance) => $"{FlowHost.Name}-{Endpoints.Text(instance)}";
}
