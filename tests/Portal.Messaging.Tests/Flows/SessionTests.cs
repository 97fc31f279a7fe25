using System.Text;
using Portal.Messaging.Flows;
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

    private static string Body(ScriptedBroker.Packet packet) => Encoding.Latin1.GetString(packet.Body);
}
