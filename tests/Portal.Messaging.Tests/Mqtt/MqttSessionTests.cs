using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Time.Testing;
using Portal.Messaging.Connections;
using Portal.Messaging.Identity;
using Portal.Messaging.Mqtt;
using Portal.Messaging.Mqtt.Session;
using Portal.Messaging.Network;
using Portal.Messaging.Tests.Flows;
using Portal.Tests.Shared;

namespace Portal.Messaging.Tests.Mqtt;

/// <summary>What the session does with the words of a broker that no real one can be made to say.</summary>
public sealed class MqttSessionTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_refusal_is_an_answer_with_all_that_the_broker_says()
    {
        await using var broker = new ScriptedBroker { Answer = [0x20, 18, 0, 0x9C, 15, 0x1F, 0, 4, .. "full"u8, 0x1C, 0, 5, .. "other"u8] };
        await using var connection = await DialAsync(broker);

        var answer = await connection.Session.ConnectAsync(Cancelled);

        Assert.False(answer.IsAccepted);
        Assert.Equal((MqttReasonCode.UseAnotherServer, "full", "other"), (answer.Reason, answer.ReasonString, answer.ServerReference));
        await connection.DisposeAsync();
        Assert.Empty(broker.Of(1, MqttPacketType.Disconnect));
    }

    [Fact]
    public async Task A_broker_of_MQTT_3_1_1_that_says_yes_is_no_session()
    {
        await using var broker = new ScriptedBroker { Answer = [0x20, 2, 0, 0] };
        await using var connection = await DialAsync(broker);

        var answer = await connection.Session.ConnectAsync(Cancelled);

        Assert.Equal((false, (byte?)0), (answer.IsAccepted, answer.OldCode));
    }

    /// <summary>Section 4.12: the broker may ask once more before it answers.</summary>
    [Fact]
    public async Task A_challenge_is_answered_with_the_token()
    {
        await using var broker = new ScriptedBroker();
        broker.Reply = packet => (packet.Header >> 4) switch
        {
            (int)MqttPacketType.Connect => [0xF0, 12, 0x18, 10, 0x15, 0, 7, .. "K8S-SAT"u8],
            (int)MqttPacketType.Auth => broker.Answer,
            _ => null,
        };
        await using var connection = await DialAsync(broker, new FixedToken("a-token"));

        var answer = await connection.Session.ConnectAsync(Cancelled);

        Assert.True(answer.IsAccepted);
        Assert.Equal([0x18, .. Auth("K8S-SAT", "a-token")], (await AuthAsync(broker)).Body);
    }

    [Fact]
    public async Task A_broker_that_wants_more_than_the_token_asks_in_vain()
    {
        await using var broker = new ScriptedBroker { Reply = packet => packet.Header >> 4 is (int)MqttPacketType.Connect or (int)MqttPacketType.Auth ? [0xF0, 2, 0x18, 0] : null };
        await using var connection = await DialAsync(broker, new FixedToken("a-token"));

        var failure = await Assert.ThrowsAsync<MqttProtocolException>(() => connection.Session.ConnectAsync(Cancelled));

        Assert.Contains("more than the token", failure.Message, StringComparison.Ordinal);
        await AuthAsync(broker);
    }

    [Fact]
    public async Task A_renewal_that_is_refused_ends_the_connection_with_the_brokers_words()
    {
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var broker = new ScriptedBroker { Reply = packet => packet.Header >> 4 == (int)MqttPacketType.Auth ? [0xE0, 9, 0x87, 7, 0x1F, 0, 4, .. "nope"u8] : null };
        var tokens = new FixedToken("first", clock.GetUtcNow().AddHours(1));
        await using var connection = await DialAsync(broker, tokens, clock);
        Assert.True((await connection.Session.ConnectAsync(Cancelled)).IsAccepted);

        tokens.Value = new BearerToken("second", clock.GetUtcNow().AddHours(2));
        clock.Advance(TimeSpan.FromMinutes(41));

        var lost = await Wait.ForAsync(connection.Lost, "the broker ends it");
        Assert.Equal([0x19, .. Auth("K8S-SAT", "second")], (await AuthAsync(broker)).Body);
        Assert.Equal("connection-not-authorized", lost.Cause);
        Assert.EndsWith("The broker says: nope", lost.Explanation, StringComparison.Ordinal);
        Assert.Equal(0, connection.Renewal!.Renewed);
    }

    /// <summary>Who has no token left asks for one now and then, and lets the broker decide.</summary>
    [Fact]
    public async Task A_token_that_nobody_renews_is_asked_for_ever_more_rarely_and_is_not_sent_again()
    {
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var broker = new ScriptedBroker { Reply = packet => packet.Header >> 4 == (int)MqttPacketType.PingReq ? [0xD0, 0] : null };
        var tokens = new FixedToken("first", clock.GetUtcNow().AddMinutes(3));
        await using var connection = await DialAsync(broker, tokens, clock);
        await connection.Session.ConnectAsync(Cancelled);
        tokens.Problem = new Problem("token-missing", "There is none.", "Make one.");

        for (var i = 0; i < 10; i++)
        {
            clock.Advance(TimeSpan.FromSeconds(60));
            await PassAsync(broker, connection);
        }

        Assert.InRange(tokens.Asked, 2, 12);
        Assert.Empty(broker.Of(1, MqttPacketType.Auth));
        Assert.False(connection.Lost.IsCompleted);
    }

    [Fact]
    public async Task Subscriptions_and_publications_are_answered_with_code_and_words()
    {
        await using var broker = new ScriptedBroker();
        broker.Reply = packet => (packet.Header >> 4) switch
        {
            (int)MqttPacketType.Subscribe => [0x90, 11, packet.Body[0], packet.Body[1], 7, 0x1F, 0, 4, .. "nope"u8, 0x87],
            (int)MqttPacketType.Publish => [0x40, 11, packet.Body[3], packet.Body[4], 0x97, 7, 0x1F, 0, 4, .. "full"u8],
            _ => null,
        };
        await using var connection = await DialAsync(broker);
        await connection.Session.ConnectAsync(Cancelled);

        Assert.Equal((MqttReasonCode.NotAuthorized, "nope"), await connection.SubscribeAsync("t", Cancelled));
        foreach (var _ in "12")
        {
            var answer = await connection.PublishAsync(new Message { Topic = "t" }, Cancelled);
            Assert.Equal((MqttReasonCode.QuotaExceeded, "full"), (answer.Reason, answer.Words));
        }
    }

    [Fact]
    public async Task A_message_is_handed_on_and_acknowledged_before_anything_was_subscribed_to()
    {
        var came = new List<string>();
        await using var broker = new ScriptedBroker();
        await using var connection = await DialAsync(broker, received: message => came.Add(Encoding.UTF8.GetString(message.Payload.Span)));
        await connection.Session.ConnectAsync(Cancelled);

        await broker.PublishAsync("t", "unasked", packetId: 77);

        await Wait.UntilAsync(() => broker.Of(1, MqttPacketType.PubAck).Any(), "it is acknowledged");
        Assert.Equal([0, 77], broker.Of(1, MqttPacketType.PubAck).Single().Body);
        Assert.Equal(["unasked"], came);
    }

    [Fact]
    public async Task An_acknowledgement_of_nothing_is_named_and_told()
    {
        await using var broker = new ScriptedBroker();
        await using var connection = await DialAsync(broker);
        await connection.Session.ConnectAsync(Cancelled);

        await broker.SendAsync(0x40, 2, 0, 9);

        Assert.Equal("connection-protocol", (await Wait.ForAsync(connection.Lost, "the session ends")).Cause);
        await Wait.UntilAsync(() => broker.Of(1, MqttPacketType.Disconnect).Any(), "the broker is told");
        Assert.Equal((byte)MqttReasonCode.ProtocolError, broker.Of(1, MqttPacketType.Disconnect).Single().Body[0]);
    }

    [Fact]
    public async Task What_is_asked_on_a_connection_that_is_over_says_why_it_ended()
    {
        await using var broker = new ScriptedBroker();
        await using var connection = await DialAsync(broker, qos: 0);
        await connection.Session.ConnectAsync(Cancelled);
        await broker.SendAsync(0xE0, 1, (byte)MqttReasonCode.ServerShuttingDown);
        await Wait.ForAsync(connection.Lost, "the session ends");

        Assert.Equal("connection-server-stopping", (await Assert.ThrowsAsync<ConnectionException>(() => connection.PublishAsync(new Message { Topic = "t" }, Cancelled))).Problem.Cause);
        Assert.Equal("connection-server-stopping", (await Assert.ThrowsAsync<ConnectionException>(() => connection.SubscribeAsync("t", Cancelled))).Problem.Cause);
    }

    /// <summary>A client that writes all the time at QoS 0 hears nothing, unless it asks.</summary>
    [Fact]
    public async Task A_client_that_only_writes_still_asks_whether_the_broker_is_there()
    {
        await using var broker = new ScriptedBroker { Reply = packet => packet.Header >> 4 == (int)MqttPacketType.PingReq ? [0xD0, 0] : null };
        await using var connection = await DialAsync(broker, keepAlive: 1, qos: 0);
        await connection.Session.ConnectAsync(Cancelled);

        await Wait.UntilAsync(
            async () =>
            {
                await connection.PublishAsync(new Message { Topic = "t" }, Cancelled);
                return broker.Of(1, MqttPacketType.PingReq).Count() >= 4;
            },
            "it asked several times");

        Assert.False(connection.Lost.IsCompleted);
    }

    /// <summary>A machine that slept heard nothing meanwhile, which says nothing of the broker.</summary>
    [Fact]
    public async Task Time_in_which_nobody_listened_is_not_the_brokers_silence()
    {
        var clock = new FakeTimeProvider();
        await using var broker = new ScriptedBroker { Reply = packet => packet.Header >> 4 == (int)MqttPacketType.PingReq ? [0xD0, 0] : null };
        await using var connection = await DialAsync(broker, clock: clock);
        await connection.Session.ConnectAsync(Cancelled);

        clock.Advance(TimeSpan.FromHours(1));

        await Wait.UntilAsync(() => broker.Of(1, MqttPacketType.PingReq).Any(), "it asks whether the broker is there");
        await PassAsync(broker, connection);
        Assert.False(connection.Lost.IsCompleted);
    }

    /// <summary>Through the session and back: what was sent before has been looked at.</summary>
    private static async Task PassAsync(ScriptedBroker broker, MqttConnection connection)
    {
        var before = broker.Packets.Count;
        await connection.SubscribeAsync("t", Cancelled);
        await Wait.UntilAsync(() => broker.Packets.Count > before, "the subscription came");
    }

    private static async Task<ScriptedBroker.Packet> AuthAsync(ScriptedBroker broker)
    {
        await Wait.UntilAsync(() => broker.Of(1, MqttPacketType.Auth).Any(), "AUTH comes");
        return broker.Of(1, MqttPacketType.Auth).Single();
    }

    private static byte[] Auth(string method, string token) =>
        [(byte)(6 + method.Length + token.Length), 0x15, 0, (byte)method.Length, .. Encoding.UTF8.GetBytes(method), 0x16, 0, (byte)token.Length, .. Encoding.UTF8.GetBytes(token)];

    private static async Task<MqttConnection> DialAsync(
        ScriptedBroker broker, FixedToken? tokens = null, TimeProvider? clock = null, Action<Message>? received = null, int keepAlive = 60, int qos = 1)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync("127.0.0.1", broker.Port, Cancelled);
        var endpoint = Endpoints.Mqtt(broker.Port);
        var settings = MqttClientSettings.From(endpoint with { Settings = endpoint.Mqtt! with { KeepAliveSeconds = keepAlive, Qos = qos } }, ClientRole.Test(), new HostAliases());
        settings = settings with { EnhancedMethod = tokens is null ? null : "K8S-SAT" };
        return new MqttConnection(settings, new NetworkStream(socket, ownsSocket: true), tokens, tokens?.Value, received, clock ?? TimeProvider.System);
    }

    private sealed class FixedToken(string value, DateTimeOffset? expires = null) : ITokenSource
    {
        private int _asked;

        public BearerToken Value { get; set; } = new(value, expires);

        public Problem? Problem { get; set; }

        public int Asked => Volatile.Read(ref _asked);

        public Task<BearerToken> GetAsync(CancellationToken cancellationToken = default)
        {
            Interlocked.Increment(ref _asked);
            return Problem is null ? Task.FromResult(Value) : throw new ConnectionException(Problem);
        }
    }
}
