using System.Net.Security;
using Portal.Messaging.Mqtt.Session;
using Portal.Messaging.Probes;
using Portal.Messaging.Tests.Support;
using Portal.Model.Endpoints;
using Portal.Tests.Shared;

namespace Portal.Messaging.Tests.Probes;

/// <summary>The stages WebSocket, sign-in, broker and topic with MQTT.</summary>
public sealed class MqttFaultTests
{
    [Fact]
    public async Task A_broker_that_wants_credentials_refuses_anonymous_clients()
    {
        await using var fixture = new ProbeFixture();
        await using var broker = await MosquittoBroker.StartAsync(new MosquittoOptions { Users = new Dictionary<string, string> { ["anna"] = "a-password" } });

        var failed = ReportAssert.Failed(await fixture.RunAsync(Plain(broker.Port)), TestStage.SignIn, "signin-not-authorized");

        Assert.Equal("0x87 NotAuthorized", (string)failed.Evidence["reasonCode"]!);
    }

    [Fact]
    public async Task A_broker_without_the_method_says_so()
    {
        await using var fixture = new ProbeFixture();
        using var folder = new TemporaryFolder();
        fixture.Tokens.Add("aio-internal", folder.Write("token", TestTokens.Create("aio-internal", TimeSpan.FromHours(1))));
        await using var broker = await MosquittoBroker.StartAsync();

        ReportAssert.Failed(
            await fixture.RunAsync(ProbeFixture.Mqtt($"127.0.0.1:{broker.Port}", tls: false, authentication: new Authentication.ServiceAccountToken("aio-internal"))),
            TestStage.SignIn, "signin-method");
    }

    [Theory]
    [InlineData(0x80, "signin-refused")]
    [InlineData(0x81, "signin-protocol")]
    [InlineData(0x82, "signin-protocol")]
    [InlineData(0x83, "signin-implementation")]
    [InlineData(0x84, "signin-mqtt-version")]
    [InlineData(0x85, "signin-client-id")]
    [InlineData(0x86, "signin-bad-credentials")]
    [InlineData(0x87, "signin-not-authorized")]
    [InlineData(0x88, "signin-server-unavailable")]
    [InlineData(0x89, "signin-server-busy")]
    [InlineData(0x8A, "signin-banned")]
    [InlineData(0x8C, "signin-method")]
    [InlineData(0x95, "signin-packet-too-large")]
    [InlineData(0x97, "signin-quota")]
    [InlineData(0x9C, "signin-moved")]
    [InlineData(0x9D, "signin-moved")]
    [InlineData(0x9F, "signin-rate")]
    public async Task Every_reason_code_of_a_broker_has_its_words(int code, string cause)
    {
        await using var fixture = new ProbeFixture();
        await using var server = RawServer.Answering([0x20, 3, 0, (byte)code, 0]);

        ReportAssert.Failed(await fixture.RunAsync(Plain(server.Port)), TestStage.SignIn, cause);
    }

    [Theory]
    [InlineData(1, "signin-mqtt-version")]
    [InlineData(2, "signin-client-id")]
    [InlineData(3, "signin-server-unavailable")]
    [InlineData(4, "signin-bad-credentials")]
    [InlineData(5, "signin-not-authorized")]
    [InlineData(0, "signin-mqtt-version")]
    [InlineData(0x84, "signin-mqtt-version")]
    [InlineData(0x87, "signin-not-authorized")]
    public async Task A_broker_that_answers_in_MQTT_3_is_understood(int code, string cause)
    {
        await using var fixture = new ProbeFixture();
        await using var server = RawServer.Answering([0x20, 2, 0, (byte)code]);

        ReportAssert.Failed(await fixture.RunAsync(Plain(server.Port)), TestStage.SignIn, cause);
    }

    [Fact]
    public async Task The_code_of_an_old_broker_is_shown_as_what_it_is()
    {
        await using var fixture = new ProbeFixture();
        await using var server = RawServer.Answering([0x20, 2, 0, 1]);

        var failed = ReportAssert.Failed(await fixture.RunAsync(Plain(server.Port)), TestStage.SignIn, "signin-mqtt-version");

        Assert.Equal("0x01 (MQTT 3.1.1)", (string)failed.Evidence["reasonCode"]!);
    }

    [Theory]
    [InlineData("20 05 00 00 02 24 07", "0 or 1")]
    [InlineData("20 03 02 00 00", "reserved flags")]
    [InlineData("20 FF FF FF FF", "more than four bytes")]
    public async Task An_answer_that_is_malformed_is_told_with_what_is_wrong(string answer, string words)
    {
        await using var fixture = new ProbeFixture();
        await using var server = RawServer.Answering(Convert.FromHexString(answer.Replace(" ", "", StringComparison.Ordinal)));

        var failed = ReportAssert.Failed(await fixture.RunAsync(Plain(server.Port)), TestStage.SignIn, "signin-malformed");

        Assert.Contains(words, failed.Explanation, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_goodbye_in_place_of_an_answer_is_told_with_its_reason()
    {
        await using var fixture = new ProbeFixture();
        await using var server = RawServer.Answering([0xE0, 11, 0x8B, 9, 0x1F, 0, 6, .. "update"u8]);

        var failed = ReportAssert.Failed(await fixture.RunAsync(Plain(server.Port)), TestStage.SignIn, "connection-server-stopping");

        Assert.EndsWith("The broker says: update", failed.Explanation, StringComparison.Ordinal);
    }

    /// <summary>A server that says something else and waits for more: nobody waits for the time limit.</summary>
    [Fact]
    public async Task A_web_server_that_keeps_the_connection_is_told_at_once()
    {
        await using var fixture = new ProbeFixture();
        await using var web = RawServer.Start(async (stream, token) =>
        {
            await stream.WriteAsync("HTTP/1.1 400 Bad Request\r\n"u8.ToArray(), token);
            await Task.Delay(Timeout.Infinite, token);
        });

        var report = await fixture.RunAsync(new TestRequest(Plain(web.Port)) { TimeLimit = TimeSpan.FromSeconds(60) });

        ReportAssert.Failed(report, TestStage.SignIn, "signin-http-server");
        Assert.InRange(report.Milliseconds, 0, 30_000);
    }

    [Fact]
    public async Task A_broker_that_asks_once_more_gets_the_token_and_passes()
    {
        await using var fixture = new ProbeFixture();
        using var folder = new TemporaryFolder();
        fixture.Tokens.Add("aio-internal", folder.Write("token", TestTokens.Create("aio-internal", TimeSpan.FromHours(1))));
        await using var server = RawServer.Start(async (stream, token) =>
        {
            _ = await stream.ReadAsync(new byte[4096], token);
            await stream.WriteAsync(new byte[] { 0xF0, 2, 0x18, 0 }, token);
            _ = await stream.ReadAsync(new byte[4096], token);
            await stream.WriteAsync(new byte[] { 0x20, 3, 0, 0, 0 }, token);
            _ = await stream.ReadAsync(new byte[4096], token);
        });

        var report = await fixture.RunAsync(ProbeFixture.Mqtt($"localhost:{server.Port}", tls: false, authentication: new Authentication.ServiceAccountToken("aio-internal")));

        Assert.True(report.Outcome is TestOutcome.Passed, ReportAssert.Text(report));
    }

    [Theory]
    [InlineData(false, "topic-read-not-authorized")]
    [InlineData(true, "topic-write-not-authorized")]
    public async Task The_brokers_words_about_a_topic_are_passed_on(bool writing, string cause)
    {
        await using var fixture = new ProbeFixture();
        await using var broker = Refusing(writing ? MqttPacketType.Publish : MqttPacketType.Subscribe, end: false);

        var failed = ReportAssert.Failed(await fixture.RunAsync(new TestRequest(Plain(broker.Port)) { Topic = "line3/a", Read = !writing, Write = writing }), TestStage.Topic, cause);

        Assert.EndsWith("The broker says: nope", failed.Explanation, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_broker_that_ends_the_connection_at_a_topic_is_heard(bool writing)
    {
        await using var fixture = new ProbeFixture();
        await using var broker = Refusing(writing ? MqttPacketType.Publish : MqttPacketType.Subscribe, end: true);

        var failed = ReportAssert.Failed(
            await fixture.RunAsync(new TestRequest(Plain(broker.Port)) { Topic = "line3/a", Read = !writing, Write = writing }), TestStage.Topic, "connection-not-authorized");

        Assert.EndsWith("The broker says: nope", failed.Explanation, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_brokers_own_words_are_passed_on()
    {
        await using var fixture = new ProbeFixture();
        await using var server = RawServer.Answering([0x20, 10, 0, 0x87, 7, 0x1F, 0, 4, .. "nope"u8]);

        var failed = ReportAssert.Failed(await fixture.RunAsync(Plain(server.Port)), TestStage.SignIn, "signin-not-authorized");

        Assert.EndsWith("The broker says: nope", failed.Explanation, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_closes_or_cuts_instead_of_answering_is_told()
    {
        await using var fixture = new ProbeFixture();
        await using var closing = RawServer.Closing();
        await using var cutting = RawServer.Resetting();

        ReportAssert.Failed(await fixture.RunAsync(Plain(closing.Port)), TestStage.SignIn, "signin-closed");
        ReportAssert.Failed(await fixture.RunAsync(Plain(cutting.Port)), TestStage.SignIn, "signin-closed");
    }

    [Fact]
    public async Task Something_else_than_a_broker_is_told()
    {
        await using var fixture = new ProbeFixture();
        await using var web = RawServer.Answering("HTTP/1.1 400 Bad Request\r\n\r\n");
        await using var mail = RawServer.Answering("220 mail.example ESMTP\r\n");

        ReportAssert.Failed(await fixture.RunAsync(Plain(web.Port)), TestStage.SignIn, "signin-http-server");
        ReportAssert.Failed(await fixture.RunAsync(Plain(mail.Port)), TestStage.SignIn, "signin-not-mqtt");
    }

    [Fact]
    public async Task A_TLS_broker_behind_an_endpoint_without_TLS_fails_at_sign_in()
    {
        await using var fixture = new ProbeFixture();
        await using var broker = await MosquittoBroker.StartAsync(new MosquittoOptions { Listeners = [new MosquittoListener { Certificate = fixture.Certificates.Server }] });

        var report = await fixture.RunAsync(Plain(broker.Port));

        ReportAssert.Failed(report, TestStage.SignIn, "signin-tls-server");
        Assert.Equal("Not used, TLS is off", report.Stage(TestStage.Tls).Summary);
    }

    [Fact]
    public async Task A_full_broker_closes()
    {
        await using var fixture = new ProbeFixture();
        await using var broker = await MosquittoBroker.StartAsync(new MosquittoOptions { Listeners = [new MosquittoListener { MaxConnections = 1 }] });
        await using var first = RunningProcess.Start("mosquitto_sub", ["-h", "127.0.0.1", "-p", $"{broker.Port}", "-t", "t/a", "-i", "first"]);
        await broker.WaitForLogAsync("as first");

        ReportAssert.Failed(await fixture.RunAsync(Plain(broker.Port)), TestStage.SignIn, "signin-closed");
    }

    [Fact]
    public async Task A_client_certificate_that_is_refused_late_is_still_named()
    {
        await using var fixture = new ProbeFixture();
        fixture.ConfigMaps.Add(ProbeFixture.CaName, fixture.Certificates.Root.CertificatePem);
        await using var server = RawServer.Start(async (stream, token) =>
        {
            await using var tls = new SslStream(stream);
            await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = fixture.Certificates.Server.Certificate }, token);
            _ = await tls.ReadAsync(new byte[100], token);
        });

        ReportAssert.Failed(await fixture.RunAsync(ProbeFixture.Mqtt($"localhost:{server.Port}")), TestStage.SignIn, "signin-closed");
    }

    [Theory]
    [InlineData("HTTP/1.1 404 Not Found", "websocket-path")]
    [InlineData("HTTP/1.1 403 Forbidden", "websocket-forbidden")]
    [InlineData("HTTP/1.1 302 Found", "websocket-redirect")]
    [InlineData("HTTP/1.1 400 Bad Request", "websocket-refused")]
    [InlineData("HTTP/1.1 502 Bad Gateway", "websocket-server-error")]
    [InlineData("HTTP/1.1 200 OK", "websocket-not-upgraded")]
    [InlineData("220 mail.example", "websocket-no-answer")]
    public async Task A_refused_WebSocket_is_explained_by_its_status(string status, string cause)
    {
        await using var fixture = new ProbeFixture();
        await using var server = RawServer.Answering(status + "\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");

        ReportAssert.Failed(await fixture.RunAsync(WebSocket($"127.0.0.1:{server.Port}/mqtt")), TestStage.WebSocket, cause);
    }

    [Fact]
    public async Task WebSockets_at_a_plain_MQTT_listener_get_no_answer()
    {
        await using var fixture = new ProbeFixture();
        await using var broker = await MosquittoBroker.StartAsync();

        ReportAssert.Failed(await fixture.RunAsync(WebSocket($"127.0.0.1:{broker.Port}/mqtt")), TestStage.WebSocket, "websocket-no-answer");
    }

    [Fact]
    public async Task WebSockets_without_TLS_at_a_TLS_listener_are_told()
    {
        await using var fixture = new ProbeFixture();
        await using var broker = await MosquittoBroker.StartAsync(new MosquittoOptions { Listeners = [new MosquittoListener { Certificate = fixture.Certificates.Server }] });

        ReportAssert.Failed(await fixture.RunAsync(WebSocket($"127.0.0.1:{broker.Port}/mqtt")), TestStage.WebSocket, "websocket-tls-server");
    }

    [Fact]
    public async Task A_broker_without_QoS_1_fails_an_endpoint_that_wants_it()
    {
        await using var fixture = new ProbeFixture();
        await using var broker = await MosquittoBroker.StartAsync(new MosquittoOptions { Listeners = [new MosquittoListener { Lines = ["max_qos 0"] }] });

        ReportAssert.Failed(await fixture.RunAsync(Plain(broker.Port)), TestStage.Broker, "broker-qos");
        var endpoint = Plain(broker.Port);
        ReportAssert.Green(await fixture.RunAsync(endpoint with { Settings = endpoint.Mqtt! with { Qos = 0 } }));
    }

    [Fact]
    public async Task A_broker_without_retained_messages_warns()
    {
        await using var fixture = new ProbeFixture();
        await using var broker = await MosquittoBroker.StartAsync(new MosquittoOptions { Lines = ["retain_available false"] });

        ReportAssert.Warned(await fixture.RunAsync(Plain(broker.Port)), TestStage.Broker, "broker-retain");
    }

    [Fact]
    public async Task A_session_that_is_kept_for_a_shorter_time_warns()
    {
        await using var fixture = new ProbeFixture();
        await using var server = RawServer.Start(async (stream, token) =>
        {
            _ = await stream.ReadAsync(new byte[1000], token);
            await stream.WriteAsync(new byte[] { 0x20, 8, 0, 0, 5, 0x11, 0, 0, 0, 60 }, token);
            _ = await stream.ReadAsync(new byte[1000], token);
        });

        var warned = ReportAssert.Warned(await fixture.RunAsync(Plain(server.Port)), TestStage.Broker, "broker-session-expiry");

        Assert.Equal("Session kept for 60 s only", warned.Summary);
    }

    [Fact]
    public async Task Rights_to_read_and_write_a_topic_are_told_apart()
    {
        await using var fixture = new ProbeFixture();
        await using var broker = await MosquittoBroker.StartAsync(new MosquittoOptions { Acl = "topic read readonly/#\ntopic write writeonly/#\ntopic readwrite both/#" });
        var endpoint = Plain(broker.Port);

        ReportAssert.Green(await fixture.RunAsync(new TestRequest(endpoint) { Topic = "both/test", RoundTrip = true }));
        ReportAssert.Green(await fixture.RunAsync(new TestRequest(endpoint) { Topic = "writeonly/test", Write = true }));
        ReportAssert.Failed(await fixture.RunAsync(new TestRequest(endpoint) { Topic = "readonly/test", Write = true }), TestStage.Topic, "topic-write-not-authorized");
        ReportAssert.Failed(await fixture.RunAsync(new TestRequest(endpoint) { Topic = "writeonly/test", RoundTrip = true }), TestStage.Topic, "topic-round-trip-lost");
        ReportAssert.Failed(await fixture.RunAsync(new TestRequest(endpoint) { Topic = "both/#", Write = true }), TestStage.Topic, "topic-wildcard");
    }

    [Fact]
    public async Task A_topic_alone_is_subscribed_and_nothing_is_written()
    {
        await using var fixture = new ProbeFixture();
        await using var broker = await MosquittoBroker.StartAsync(new MosquittoOptions { Verbose = true });

        var report = await fixture.RunAsync(new TestRequest(Plain(broker.Port)) { Topic = "line3/#" });

        ReportAssert.Green(report);
        Assert.Equal("may subscribe (QoS 1)", report.Stage(TestStage.Topic).Summary);
        Assert.DoesNotContain("Received PUBLISH", broker.Log, StringComparison.Ordinal);
    }

    /// <summary>A broker that refuses a packet with words, by its answer or by the end of the connection.</summary>
    internal static Flows.ScriptedBroker Refusing(MqttPacketType at, bool end) => new()
    {
        Reply = packet => packet.Header >> 4 != (int)at ? null
            : end ? [0xE0, 9, 0x87, 7, 0x1F, 0, 4, .. "nope"u8]
            : at is MqttPacketType.Subscribe ? [0x90, 11, packet.Body[0], packet.Body[1], 7, 0x1F, 0, 4, .. "nope"u8, 0x87]
            : [0x40, 11, .. packet.Body.AsSpan(2 + packet.Body[1], 2), 0x87, 7, 0x1F, 0, 4, .. "nope"u8],
    };

    private static DataflowEndpoint Plain(int port) => ProbeFixture.Mqtt($"127.0.0.1:{port}", tls: false);

    private static DataflowEndpoint WebSocket(string host)
    {
        var endpoint = ProbeFixture.Mqtt(host, tls: false);
        return endpoint with { Settings = endpoint.Mqtt! with { Protocol = MqttProtocol.WebSockets } };
    }
}
