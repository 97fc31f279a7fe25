using System.Buffers.Binary;
using Confluent.Kafka;
using Portal.Messaging.Kafka;
using Portal.Messaging.Probes;
using Portal.Messaging.Tests.Support;
using Portal.Messaging.Tests.Support.Kafka;
using Portal.Model.Endpoints;
using Portal.Tests.Shared;

namespace Portal.Messaging.Tests.Probes.Faults;

/// <summary>Sign-in, listeners and topics with Kafka: the gateway in front of the mock cluster.</summary>
internal static class KafkaFaults
{
    private const short Produce = 0, Fetch = 1, Metadata = 3, OffsetFetch = 9;

    public static IEnumerable<Fault> All => [.. SignIn, .. Identities, .. Brokers, .. Topics];

    private static IEnumerable<Fault> SignIn =>
    [
        Password(SaslType.Plain, "PLAIN"),
        Password(SaslType.ScramSha256, "SCRAM-SHA-256"),
        Password(SaslType.ScramSha512, "SCRAM-SHA-512"),
        Sasl("mechanism that is not offered", "signin-mechanism", "SCRAM-SHA-512, OAUTHBEARER", new GatewayOptions { Mechanisms = ["SCRAM-SHA-512", "OAUTHBEARER"] }),
        Sasl("cuts off a refused sign-in", "signin-sasl-closed", "SASL type", new GatewayOptions { Mechanisms = ["PLAIN"], CutsRefused = true, SignIn = (_, _) => "no" }),
        Sasl("server that does not prove itself", "signin-server-unproven", "TLS mode", new GatewayOptions { Mechanisms = ["SCRAM-SHA-256"], ScramPassword = FaultBench.Password, LacksProof = true }, SaslType.ScramSha256),
        new("listener without SASL", TestStage.SignIn, "signin-no-sasl", "Anonymous", bench => bench.KafkaAsync(bench.Cluster().Ports[0], bench.Sasl())),
        new("listener with SASL", TestStage.SignIn, "signin-sasl-required", "Sasl", bench => bench.KafkaAsync(bench.Gateway(new GatewayOptions { Mechanisms = ["PLAIN"] }).Port)),
        new("closes at the first request", TestStage.SignIn, "signin-closed", "9092", bench => bench.KafkaAsync(bench.Own(RawServer.Closing()).Port)),
        new("web server", TestStage.SignIn, "signin-not-kafka", "9093", bench => bench.KafkaAsync(bench.Own(RawServer.Answering("HTTP/1.1 400 Bad Request\r\n\r\n")).Port)),
    ];

    private static IEnumerable<Fault> Identities =>
    [
        Token("token for another audience", "signin-token-audience", "audience or scope", "https://wrong-audience.example", "invalid audience"),
        Token("token that the broker calls expired", "signin-token-expired", "clocks", null, "The token is expired"),
        Token("token without rights", "signin-token-refused", "Data Sender", null, "Access denied for the principal"),
        Token("service that is unknown", "identity-audience", ".default", "https://unknown-service.example"),
        Token("identity that is unknown", "identity-unknown", "client ID", "https://unknown-identity.example"),
        Token("tenant that is unknown", "identity-tenant", "tenant ID", "https://unknown-tenant.example"),
        Token("no federated credential", "identity-federation", "federated credential", "https://untrusted.example"),
        Token("failure without a reason", "identity-failed", "assigned", "https://odd.example"),
    ];

    private static IEnumerable<Fault> Brokers =>
    [
        Broker("advertised name that is unknown", "kafka-listener-unreachable", "advertised.listeners", new GatewayOptions { Advertised = ("kafka.nowhere.invalid", 9092) }),
        Broker("advertised port that is closed", "kafka-listener-unreachable", "advertised.listeners", new GatewayOptions { Advertised = ("127.0.0.1", FreePort.Next()) }),
        Broker("advertised metadata address", "kafka-listener-not-allowed", "Portal:Network:Allow", new GatewayOptions { Advertised = ("169.254.169.254", 80) }),
        Broker("no brokers", "kafka-no-brokers", "controller", new GatewayOptions { Rewrite = (key, body) => key == Metadata ? WithoutBrokers(body) : body }),
        Broker("old broker", "kafka-version", "1.0 or newer", new GatewayOptions { MostRecords = 2 }),
    ];

    private static IEnumerable<Fault> Topics =>
    [
        Topic("unknown topic", ErrorCode.UnknownTopicOrPart, "topic-unknown", "spelling"),
        Topic("topic that may not be seen", ErrorCode.TopicAuthorizationFailed, "topic-not-authorized", "Read and Describe"),
        Topic("name that is not allowed", ErrorCode.TopicException, "topic-invalid", "249"),
        Topic("no leader", ErrorCode.LeaderNotAvailable, "topic-no-leader", "all brokers run"),
        new("may not read", TestStage.Topic, "topic-read-not-authorized", "operation", bench =>
        {
            var cluster = bench.Cluster("plant");
            var gateway = bench.Gateway(new GatewayOptions { Rewrite = (key, body) => key == Fetch ? WithError(body, ErrorCode.TopicAuthorizationFailed) : body }, cluster);
            return bench.KafkaAsync(gateway.Port, topic: "plant", read: true);
        }),
        Failing("may not use the group", OffsetFetch, ErrorCode.GroupAuthorizationFailed, "kafka-group-not-authorized", "Consumer group ID", read: true, group: "line3"),
        Failing("may not write", Produce, ErrorCode.TopicAuthorizationFailed, "topic-write-not-authorized", "operation Write", write: true),
        Failing("message too large", Produce, ErrorCode.MsgSizeTooLarge, "kafka-message-too-large", "max.message.bytes", write: true),
        Failing("quota", Produce, ErrorCode.PolicyViolation, "kafka-quota", "quota", write: true),
        Failing("may not use the cluster", Produce, ErrorCode.ClusterAuthorizationFailed, "kafka-cluster-not-authorized", "IdempotentWrite", write: true),
    ];

    private static Fault Password(SaslType type, string mechanism) => Sasl($"wrong password with {mechanism}", "signin-bad-credentials", "username and password",
        new GatewayOptions { Mechanisms = [mechanism], ScramPassword = "another", SignIn = (_, _) => "Invalid username or password" }, type);

    private static Fault Sasl(string title, string cause, string fix, GatewayOptions options, SaslType type = SaslType.Plain) => new(title, TestStage.SignIn, cause, fix, bench =>
        bench.KafkaAsync(bench.Gateway(options).Port, bench.Sasl(type)));

    private static Fault Token(string title, string cause, string fix, string? audience, string? words = null) => new(title, TestStage.SignIn, cause, fix, bench =>
    {
        IdentityEndpoint.EnsureStarted();
        var gateway = bench.Gateway(new GatewayOptions { Mechanisms = ["OAUTHBEARER"], SignIn = (_, _) => words });
        return bench.KafkaAsync(gateway.Port, new Authentication.SystemAssignedManagedIdentity(audience));
    });

    private static Fault Broker(string title, string cause, string fix, GatewayOptions options) => new(title, TestStage.Broker, cause, fix, bench => bench.KafkaAsync(bench.Gateway(options).Port));

    private static Fault Topic(string title, ErrorCode error, string cause, string fix) => new(title, TestStage.Topic, cause, fix, bench =>
    {
        var cluster = bench.Cluster("plant");
        cluster.SetTopicError("plant", error);
        return bench.KafkaAsync(cluster.Ports[0], topic: "plant");
    });

    private static Fault Failing(string title, short api, ErrorCode error, string cause, string fix, bool read = false, bool write = false, string? group = null) => new(title, TestStage.Topic, cause, fix, bench =>
    {
        var cluster = bench.Cluster("plant");
        cluster.FailNext(api, [.. Enumerable.Repeat(error, 5)]);
        return bench.KafkaAsync(cluster.Ports[0], topic: "plant", read: read, write: write, group: group);
    });

    // Fetch of version 7 to 10: throttle time, error, session, topics (name, partitions (number, error, ...)).
    private static byte[] WithError(byte[] body, ErrorCode error)
    {
        var reader = new WireReader(body);
        var (_, _, _, topics) = (reader.Int32(), reader.Int16(), reader.Int32(), reader.Int32());
        if (topics == 0)
            return body;
        reader.String();
        _ = (reader.Int32(), reader.Int32());
        var partition = body.AsSpan(body.Length - reader.Left);
        BinaryPrimitives.WriteInt16BigEndian(partition, (short)error);
        // A broker tells whom it refuses neither where the records end nor what is stable.
        BinaryPrimitives.WriteInt64BigEndian(partition[2..], -1);
        BinaryPrimitives.WriteInt64BigEndian(partition[10..], -1);
        return body;
    }

    // Metadata of version 4: throttle time, brokers (id, host, port, rack), cluster id, controller, topics.
    private static byte[] WithoutBrokers(byte[] body)
    {
        var reader = new WireReader(body);
        var writer = new WireWriter().Int32(reader.Int32()).Int32(0);
        reader.Array(broker => (broker.Int32(), broker.String(), broker.Int32(), broker.String()));
        return writer.Raw(body.AsSpan(body.Length - reader.Left)).ToArray();
    }
}
