using System.Text;
using Portal.Messaging.Probes;
using Portal.Messaging.Tests.Support;
using Portal.Model.Endpoints;
using Portal.Tests.Shared;

namespace Portal.Messaging.Tests.Probes.Faults;

/// <summary>Sign-in, broker facts and topics with MQTT.</summary>
internal static class MqttFaults
{
    public static IEnumerable<Fault> All => [.. SignIn, .. Facts, .. Topics];

    private static IEnumerable<Fault> SignIn =>
    [
        new("broker with passwords", TestStage.SignIn, "signin-not-authorized", "anonymous", async bench =>
            await bench.MqttAsync((await bench.MosquittoAsync(options: new MosquittoOptions { Users = new Dictionary<string, string> { ["anna"] = "a-password" } })).Port)),
        new("broker without the method", TestStage.SignIn, "signin-method", "BrokerAuthentication", async bench => await TokenAsync(bench, (await bench.MosquittoAsync()).Port)),
        new("TLS broker", TestStage.SignIn, "signin-tls-server", "enabled", async bench => await bench.MqttAsync((await bench.MosquittoAsync(new MosquittoListener { Certificate = bench.Certificates.Server })).Port)),
        new("closes at the sign-in", TestStage.SignIn, "signin-closed", "maximum connections", bench => bench.MqttAsync(bench.Own(RawServer.Closing()).Port)),
        new("web server", TestStage.SignIn, "signin-http-server", "WebSockets", bench => bench.MqttAsync(bench.Own(RawServer.Answering("HTTP/1.1 400 Bad Request\r\n\r\n")).Port)),
        new("mail server", TestStage.SignIn, "signin-not-mqtt", "8883", bench => bench.MqttAsync(bench.Own(RawServer.Answering("220 mail.example ESMTP\r\n")).Port)),
        new("further question", TestStage.SignIn, "signin-challenge", "listener", bench => bench.MqttAsync(bench.Own(RawServer.Answering([0xF0, 2, 0x18, 0])).Port)),
        new("malformed answer", TestStage.SignIn, "signin-malformed", "newer version", bench => bench.MqttAsync(bench.Own(RawServer.Answering([0x20, 3, 2, 0, 0])).Port)),
        new("token for another audience", TestStage.SignIn, "signin-token-audience", "aio-internal", bench =>
            TokenAsync(bench, bench.Own(ScriptedBroker.Start(new BrokerScript { Connect = 0x87 })).Port, "https://kubernetes.default.svc")),
        new("token that the broker calls expired", TestStage.SignIn, "signin-token-expired", "clocks", bench =>
            TokenAsync(bench, bench.Own(ScriptedBroker.Start(new BrokerScript { Connect = 0x87, Properties = [0x1F, 0, 13, .. Encoding.ASCII.GetBytes("token expired")] })).Port)),
        new("token that is refused for no reason", TestStage.SignIn, "signin-not-authorized", "audience 'aio-internal'", bench => TokenAsync(bench, bench.Own(ScriptedBroker.Start(new BrokerScript { Connect = 0x87 })).Port)),
        Code(0x80, "signin-refused", "log"),
        Code(0x81, "signin-protocol", "MQTT 5"),
        Code(0x83, "signin-implementation", "log"),
        Code(0x84, "signin-mqtt-version", "mosquitto 1.6"),
        Code(0x85, "signin-client-id", "prefix"),
        Code(0x88, "signin-server-unavailable", "state"),
        Code(0x89, "signin-server-busy", "in a moment"),
        Code(0x8A, "signin-banned", "administrator"),
        Code(0x95, "signin-packet-too-large", "packet size"),
        Code(0x97, "signin-quota", "Event Grid"),
        Code(0x9C, "signin-moved", "host of the endpoint"),
        Code(0x9F, "signin-rate", "Wait a minute"),
        new("identity that the broker does not know", TestStage.SignIn, "signin-bad-credentials", "TopicSpaces", bench =>
        {
            IdentityEndpoint.EnsureStarted();
            var broker = bench.Own(ScriptedBroker.Start(new BrokerScript { Connect = 0x86 }));
            return bench.MqttAsync(broker.Port, with: settings => settings with { Authentication = new Authentication.SystemAssignedManagedIdentity() });
        }),
    ];

    private static IEnumerable<Fault> Facts =>
    [
        new("no QoS 1", TestStage.Broker, "broker-qos", "Quality of service", async bench => await bench.MqttAsync((await bench.MosquittoAsync(new MosquittoListener { Lines = ["max_qos 0"] })).Port)),
        Fault.Warning("no retained messages", TestStage.Broker, "broker-retain", "Never", async bench => await bench.MqttAsync((await bench.MosquittoAsync(options: new MosquittoOptions { Lines = ["retain_available false"] })).Port)),
        Fault.Warning("few messages in flight", TestStage.Broker, "broker-receive-maximum", "in-flight messages to 7", async bench =>
            await bench.MqttAsync((await bench.MosquittoAsync(options: new MosquittoOptions { Lines = ["max_inflight_messages 7"] })).Port, with: settings => settings with { MaxInflightMessages = 50 })),
        Fault.Warning("another keep alive", TestStage.Broker, "broker-keep-alive", "Keep alive to 30", async bench =>
            await bench.MqttAsync((await bench.MosquittoAsync(options: new MosquittoOptions { Lines = ["max_keepalive 30"] })).Port, with: settings => settings with { KeepAliveSeconds = 120 })),
        Fact("session kept for a minute", "broker-session-expiry", "Session expiry to 60", [0x11, 0, 0, 0, 60]),
        Fact("session not kept", "broker-no-sessions", "persistent", [0x11, 0, 0, 0, 0]),
        Fact("no wildcards", "broker-wildcards", "without + and #", [0x28, 0]),
        Fact("small packets", "broker-packet-size", "packet size", [0x27, 0, 0, 4, 0]),
    ];

    private static IEnumerable<Fault> Topics =>
    [
        new("may not write", TestStage.Topic, "topic-write-not-authorized", "Publisher", async bench =>
            await bench.MqttAsync((await bench.MosquittoAsync(options: new MosquittoOptions { Acl = "topic read readonly/#" })).Port, "readonly/test", write: true)),
        new("message that does not come back", TestStage.Topic, "topic-round-trip-lost", "rights to read", async bench =>
            await bench.MqttAsync((await bench.MosquittoAsync(options: new MosquittoOptions { Acl = "topic write writeonly/#" })).Port, "writeonly/test", roundTrip: true)),
        new("wildcard to write to", TestStage.Topic, "topic-wildcard", "without + and #", async bench => await bench.MqttAsync((await bench.MosquittoAsync()).Port, "both/#", write: true)),
        new("no shared subscriptions", TestStage.Topic, "topic-shared-unsupported", "without $share/", bench =>
            bench.MqttAsync(bench.Own(ScriptedBroker.Start(new BrokerScript { Properties = [0x2A, 0] })).Port, "$share/flow/line3/#")),
        Read(0x80, "topic-read-refused", "log"),
        Read(0x87, "topic-read-not-authorized", "Subscriber"),
        Read(0x8F, "topic-filter-invalid", "line3/+/telemetry"),
        Read(0x97, "topic-quota", "unused subscriptions"),
        Read(0xA2, "topic-wildcards-unsupported", "without + and #"),
        Fault.Warning("QoS lowered", TestStage.Topic, "topic-qos-lowered", "lost", bench => bench.MqttAsync(bench.Own(ScriptedBroker.Start(new BrokerScript { Subscribe = 0 })).Port, "line3/a", read: true)),
        Write(0x80, "topic-write-refused", "log"),
        Write(0x90, "topic-name-invalid", "$"),
        Write(0x97, "topic-write-quota", "Send less"),
        Write(0x99, "topic-payload-refused", "payloads"),
        new("closes at the topic", TestStage.Topic, "topic-closed", "rights on the topic", bench => bench.MqttAsync(bench.Own(ScriptedBroker.Start(new BrokerScript { Closes = true })).Port, "line3/a", read: true)),
    ];

    private static async Task<TestReport> TokenAsync(FaultBench bench, int port, string audience = "aio-internal")
    {
        var folder = bench.Own(new TemporaryFolder());
        bench.Fixture.Tokens.Add("aio-internal", folder.Write("token", TestTokens.Create(audience, TimeSpan.FromHours(1))));
        return await bench.MqttAsync(port, with: settings => settings with { Authentication = new Authentication.ServiceAccountToken("aio-internal") });
    }

    private static Fault Code(byte code, string cause, string fix) => new($"CONNACK 0x{code:X2}", TestStage.SignIn, cause, fix, bench => bench.MqttAsync(bench.Own(ScriptedBroker.Start(new BrokerScript { Connect = code })).Port));

    private static Fault Fact(string title, string cause, string fix, byte[] properties) => Fault.Warning(title, TestStage.Broker, cause, fix, bench =>
        bench.MqttAsync(bench.Own(ScriptedBroker.Start(new BrokerScript { Properties = properties })).Port));

    private static Fault Read(byte code, string cause, string fix) => new($"SUBACK 0x{code:X2}", TestStage.Topic, cause, fix, bench =>
        bench.MqttAsync(bench.Own(ScriptedBroker.Start(new BrokerScript { Subscribe = code })).Port, "line3/a", read: true));

    private static Fault Write(byte code, string cause, string fix) => new($"PUBACK 0x{code:X2}", TestStage.Topic, cause, fix, bench =>
        bench.MqttAsync(bench.Own(ScriptedBroker.Start(new BrokerScript { Publish = code })).Port, "line3/a", write: true));
}
