using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Portal.Messaging.Connections;
using Portal.Messaging.Flows;
using Portal.Messaging.Mqtt;
using Portal.Messaging.Mqtt.Session;
using Portal.Messaging.Tests.Support;
using Portal.Model.Endpoints;
using Portal.Sandbox.Kafka;
using Portal.Tests.Shared;

namespace Portal.Messaging.Tests.Flows;

/// <summary>What a flow does on the wire when the broker behaves unusually.</summary>
public sealed class SessionTests
{
    private const byte NotAuthorized = 0x87;

    /// <summary>Sent with the next connection, the acknowledgement of an earlier message would acknowledge another one, which is then lost.</summary>
    [Fact]
    public async Task A_message_of_an_earlier_connection_is_not_acknowledged_on_the_next()
    {
        await using var broker = new ScriptedBroker();
        using var cluster = MockKafkaCluster.Start();
        cluster.CreateTopic("plant");
        await using var host = await FlowHost.StartAsync();
        await host.RunAsync(Endpoints.Mqtt(broker.Port), "line3/#", Endpoints.Kafka(cluster), "plant");
        cluster.TakeDown();
        await host.WaitForAsync(FlowState.WaitingForDestination);
        await broker.PublishAsync("line3/press", "first", packetId: 7);
        await Wait.UntilAsync(() => host.Status.Ledger.InFlight == 1, "the first message is in flight", lastSeen: host.Describe);
        broker.Cut();
        await Wait.UntilAsync(() => broker.Of(2, MqttPacketType.Subscribe).Any(), "it is connected again", FlowHost.Limit, host.Describe);
        cluster.BringUp();
        await host.WaitForDeliveredAsync(1);
        await broker.PublishAsync("line3/press", "second", packetId: 7);
        await Wait.UntilAsync(() => broker.Of(2, MqttPacketType.PubAck).Any(), "the second message is acknowledged", FlowHost.Limit, host.Describe);
        await host.WaitForDeliveredAsync(2);
        Assert.Empty(broker.Of(1, MqttPacketType.PubAck));
        Assert.Single(broker.Of(2, MqttPacketType.PubAck));
        Assert.Equal(["first", "second"], await Endpoints.ConsumeAsync(cluster, "plant"));
    }

    /// <summary>The broker kept the session and sends what waits in it together with its answer. What a filter drops is done with before anybody else has read that answer.</summary>
    [Fact]
    public async Task What_comes_with_the_answer_to_the_sign_in_is_acknowledged()
    {
        var ids = Enumerable.Range(1, 100);
        await using var broker = new ScriptedBroker { Answer = [0x20, 3, 1, 0, 0, .. ids.SelectMany(id => ScriptedBroker.Publish("line3/press", "cold", (ushort)id))] };
        await using var parts = new ProbeFixture();
        var source = new MqttFlowSource(Endpoints.Mqtt(broker.Port), "line3", 0, 1, ["line3/#"], [], parts.Services.GetRequiredService<MqttConnector>(), TimeProvider.System);
        using var stop = new CancellationTokenSource();
        var running = source.RunAsync(new DroppingIntake(source), stop.Token);
        await Wait.UntilAsync(() => Acknowledged().Count() == 100, "all are acknowledged", lastSeen: () => string.Join(' ', Acknowledged()));
        Assert.Equal(ids, Acknowledged());
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);

        IEnumerable<int> Acknowledged() => broker.Of(1, MqttPacketType.PubAck).Select(packet => (packet.Body[0] << 8) | packet.Body[1]);
    }

    [Fact]
    public async Task The_sign_in_is_renewed_with_a_new_token_before_the_old_one_expires()
    {
        await using var broker = new ScriptedBroker();
        using var cluster = MockKafkaCluster.Start();
        cluster.CreateTopic("plant");
        await using var host = await FlowHost.StartAsync();
        using var folder = new TemporaryFolder();
        var first = TestTokens.Create("aio-internal", TimeSpan.FromSeconds(5));
        var second = TestTokens.Create("aio-internal", TimeSpan.FromHours(1));
        var file = folder.Write("token", first);
        host.Parts.Tokens.Add("aio-internal", file);
        var source = Endpoints.Mqtt(broker.Port).With((MqttSettings settings) => settings with { Authentication = new Authentication.ServiceAccountToken("aio-internal") });
        await host.RunAsync(source, "line3/#", Endpoints.Kafka(cluster), "plant");
        Assert.Contains("K8S-SAT", Body(broker.Of(1, MqttPacketType.Connect).Single()), StringComparison.Ordinal);
        Assert.Contains(first, Body(broker.Of(1, MqttPacketType.Connect).Single()), StringComparison.Ordinal);
        await File.WriteAllTextAsync(file, second);
        await Wait.UntilAsync(() => broker.Of(1, MqttPacketType.Auth).Any(), "it renews its sign-in", FlowHost.Limit, host.Describe);
        var renewal = broker.Of(1, MqttPacketType.Auth).Single();
        Assert.Equal(0x19, renewal.Body[0]);
        Assert.Contains(second, Body(renewal), StringComparison.Ordinal);
        await broker.SendAsync(0xF0, 0);
        await broker.PublishAsync("line3/press", "after", packetId: 1);
        await host.WaitForDeliveredAsync(1);
        Assert.Equal((1, 0L), (broker.Connections, host.Status.Reconnects));
        Assert.DoesNotContain(second, host.Parts.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_expired_sign_in_is_shown_and_made_anew_with_the_next_token()
    {
        await using var broker = new ScriptedBroker();
        using var cluster = MockKafkaCluster.Start();
        cluster.CreateTopic("plant");
        await using var host = await FlowHost.StartAsync();
        await host.RunAsync(Endpoints.Mqtt(broker.Port), "line3/#", Endpoints.Kafka(cluster), "plant");
        await broker.SendAsync(0xE0, 1, NotAuthorized);
        await Wait.UntilAsync(() => host.Status.LastErrors.Any(error => error.Code == "connection-not-authorized"), "the reason shows", FlowHost.Limit, host.Describe);
        await Wait.UntilAsync(() => broker.Of(2, MqttPacketType.Subscribe).Any(), "it is connected again", FlowHost.Limit, host.Describe);
        await host.WaitForAsync(FlowState.Idle);
        Assert.Equal(1, host.Status.Reconnects);
    }

    [Fact]
    public async Task A_broker_that_breaks_the_protocol_is_named_told_and_left()
    {
        await using var broker = new ScriptedBroker();
        using var cluster = MockKafkaCluster.Start();
        cluster.CreateTopic("plant");
        await using var host = await FlowHost.StartAsync();
        await host.RunAsync(Endpoints.Mqtt(broker.Port), "line3/#", Endpoints.Kafka(cluster), "plant");
        await broker.SendAsync(0x36, 3, 0, 1, 0x61);
        await Wait.UntilAsync(() => host.Status.LastErrors.Any(error => error.Code == "connection-protocol"), "the reason shows", FlowHost.Limit, host.Describe);
        await Wait.UntilAsync(() => broker.Of(1, MqttPacketType.Disconnect).Any(), "the broker is told", FlowHost.Limit, host.Describe);
        Assert.Equal(0x81, broker.Of(1, MqttPacketType.Disconnect).Single().Body[0]);
    }

    [Fact]
    public async Task A_silent_broker_is_noticed_by_the_keep_alive()
    {
        await using var broker = new ScriptedBroker();
        using var cluster = MockKafkaCluster.Start();
        cluster.CreateTopic("plant");
        await using var host = await FlowHost.StartAsync();
        var source = Endpoints.Mqtt(broker.Port).With((MqttSettings settings) => settings with { KeepAliveSeconds = 1 });
        await host.RunAsync(source, "line3/#", Endpoints.Kafka(cluster), "plant");
        await Wait.UntilAsync(() => host.Status.LastErrors.Any(error => error.Code == "connection-silent"), "the silence shows", FlowHost.Limit, host.Describe);
        Assert.NotEmpty(broker.Of(1, MqttPacketType.PingReq));
    }

    [Fact]
    public async Task The_settings_of_the_endpoint_are_in_the_sign_in()
    {
        await using var broker = new ScriptedBroker();
        using var cluster = MockKafkaCluster.Start();
        cluster.CreateTopic("plant");
        await using var host = await FlowHost.StartAsync();
        var source = Endpoints.Mqtt(broker.Port).With((MqttSettings settings) => settings with
        {
            ClientIdPrefix = "line3",
            KeepAliveSeconds = 77,
            SessionExpirySeconds = 4711,
            MaxInflightMessages = 321,
        });
        await host.RunAsync(source, "line3/#", Endpoints.Kafka(cluster), "plant");
        var connect = broker.Of(1, MqttPacketType.Connect).Single().Body;
        Assert.Equal("00044D5154540500004D", Convert.ToHexString(connect[..10])); // MQTT 5, no clean start, 77 s
        Assert.Contains("11" + "00001267" + "21" + "0141", Convert.ToHexString(connect), StringComparison.Ordinal);
        Assert.EndsWith($"line3-{FlowHost.Name}-0", Body(broker.Of(1, MqttPacketType.Connect).Single()), StringComparison.Ordinal);
    }

    /// <summary>Is done with each message as soon as it comes.</summary>
    private sealed class DroppingIntake(MqttFlowSource source) : IFlowIntake
    {
        private readonly FlowSlot _slot = new();

        public bool IsFull => false;

        public bool IsEmpty => true;

        public Task RoomAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public void Add(Message message, ushort packetId, int generation)
        {
            _slot.Use(0, message, packetId, generation, 0, null);
            source.Acknowledge(_slot);
        }

        public void SourceIs(Problem? problem)
        {
            // Nobody looks at it here.
        }
    }

    private static string Body(ScriptedBroker.Packet packet) => Encoding.Latin1.GetString(packet.Body);
}
