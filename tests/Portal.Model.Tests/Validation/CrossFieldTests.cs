using Portal.Model.Dataflows;
using Portal.Model.Endpoints;
using Portal.Model.Validation;
using Portal.Tests.Shared;

namespace Portal.Model.Tests.Validation;

/// <summary>Rules that look at more than one field: each starts from a valid endpoint and breaks one thing.</summary>
public sealed class CrossFieldTests
{
    private static readonly DataflowEndpoint EventHubs = ValidEndpoint.Of(EndpointKind.EventHubs);
    private static readonly DataflowEndpoint Kafka = ValidEndpoint.Of(EndpointKind.CustomKafka);
    private static readonly DataflowEndpoint EventGrid = ValidEndpoint.Of(EndpointKind.EventGrid);
    private static readonly DataflowEndpoint Mqtt = ValidEndpoint.Of(EndpointKind.CustomMqtt, AuthenticationMethod.Anonymous);

    public static TheoryData<string, string, Severity> Rules { get; } = new(
        ("event hubs without tls", "tls-required", Severity.Error),
        ("event grid without tls", "tls-required", Severity.Error),
        ("certificate without tls", "tls-required-for-certificate", Severity.Error),
        ("plain without tls", "tls-off-credentials", Severity.Warning),
        ("scram without tls", "tls-off", Severity.Warning),
        ("strategy without key", "partition-key-missing", Severity.Warning),
        ("key property", "partition-key-extension", Severity.Info),
        ("event hubs snappy", "event-hubs-compression", Severity.Error),
        ("event hubs gzip", "event-hubs-gzip", Severity.Warning),
        ("event hubs scram", "event-hubs-sasl-type", Severity.Warning),
        ("acks zero", "acks-zero", Severity.Warning),
        ("large batch", "above-int32", Severity.Warning),
        ("event grid keep alive", "event-grid-keep-alive", Severity.Error),
        ("event grid session 2 h", "event-grid-session-expiry", Severity.Info),
        ("event grid session 9 h", "event-grid-session-expiry", Severity.Info),
        ("event grid retain", "event-grid-retain", Severity.Warning),
        ("event grid as source", "event-grid-one-instance", Severity.Warning),
        ("event grid web sockets", "event-grid-path", Severity.Error),
        ("event grid web sockets port", "event-grid-port", Severity.Error),
        ("path without web sockets", "host-path", Severity.Error),
        ("session ends at once", "session-expiry-zero", Severity.Warning),
        ("pings off", "keep-alive-off", Severity.Warning),
        ("scope", "scope-default-suffix", Severity.Warning),
        ("audience", "audience-default-suffix", Severity.Warning),
        ("sasl on mqtt", "method-not-allowed", Severity.Error),
        ("token on event grid", "method-not-allowed", Severity.Error),
        ("x509 on kafka", "method-schema-only", Severity.Info),
        ("no host", "host-missing", Severity.Error),
        ("name", "name-characters", Severity.Error),
        ("name length", "name-length", Severity.Error),
        ("name placeholder", "placeholder", Severity.Error),
        ("namespace", "namespace", Severity.Error));

    [Theory]
    [MemberData(nameof(Rules))]
    public void ABrokenRuleIsFound(string what, string code, Severity severity)
    {
        var (endpoint, kind) = Break(what);
        var finding = Assert.Single(EndpointValidator.Validate(endpoint, kind), finding => finding.Code == code);
        Assert.Equal(severity, finding.Severity);
        Assert.True(finding.Severity is Severity.Info || !string.IsNullOrWhiteSpace(finding.Fix), finding.ToString());
    }

    /// <summary>Advice on what a cloud does grows old: it says when it was true and where that is written.</summary>
    [Fact]
    public void AdviceOnACloudHasADateAndASource() => Assert.All(Rules.Select(row => row.Data).Where(row => row.Item3 is not Severity.Error && row.Item1.StartsWith("event", StringComparison.Ordinal)), row =>
    {
        var (endpoint, kind) = Break(row.Item1);
        var finding = EndpointValidator.Validate(endpoint, kind).Single(finding => finding.Code == row.Item2);
        Assert.NotNull(finding.AsOf);
        Assert.StartsWith("https://learn.microsoft.com/", finding.Source?.ToString(), StringComparison.Ordinal);
    });

    [Fact]
    public void EveryProblemIsFoundAtOnce()
    {
        var endpoint = new DataflowEndpoint { Name = "", Settings = new KafkaSettings { Batching = new BatchingSettings { LatencyMs = 70000 }, Tls = new TlsSettings { Mode = OperationalMode.Disabled } } };
        Assert.Equal(
            ["name-missing", "host-missing", "method-missing", "tls-required", "out-of-range"],
            EndpointValidator.Validate(endpoint, EndpointKind.EventHubs).Select(finding => finding.Code));
    }

    [Fact]
    public void TheBuiltInBrokerNeedsNoHost() =>
        Assert.DoesNotContain(EndpointValidator.Validate(EndpointKind.LocalMqtt.New("default") with { Settings = EndpointKind.LocalMqtt.Preset with { Host = null } }), finding => finding.Severity is Severity.Error);

    [Fact]
    public void WebSocketsOfEventGridAreFineAsDocumented() =>
        Assert.DoesNotContain(
            EndpointValidator.Validate(With(EventGrid, (MqttSettings mqtt) => mqtt with { Protocol = MqttProtocol.WebSockets, Host = "my-namespace.westeurope-1.ts.eventgrid.azure.net:443/mqtt" })), finding => finding.Severity is Severity.Error);

    [Fact]
    public void ASourceNeedsAConsumerGroup()
    {
        Dataflow[] flows = [new Dataflow { Name = "read", Source = new DataflowSource { EndpointRef = Kafka.Name } }];
        Dataflow[] writes = [new Dataflow { Name = "write", Destination = new DataflowDestination { EndpointRef = Kafka.Name } }];
        var finding = Assert.Single(EndpointValidator.Validate(Kafka, dataflows: flows), finding => finding.Severity is Severity.Error);
        Assert.Equal(("consumer-group-missing", "spec.kafkaSettings.consumerGroupId"), (finding.Code, finding.Path));
        Assert.Contains("'read'", finding.Fix!);
        Assert.Empty(EndpointValidator.Validate(Kafka, dataflows: writes));
        Assert.Empty(EndpointValidator.Validate(With(Kafka, (KafkaSettings kafka) => kafka with { ConsumerGroupId = "group" }), dataflows: flows));
        Assert.DoesNotContain(EndpointValidator.Validate(Mqtt, dataflows: [new Dataflow { Name = "read", Source = new DataflowSource { EndpointRef = Mqtt.Name } }]), finding => finding.Severity is Severity.Error);
    }

    private static (DataflowEndpoint Endpoint, EndpointKind? Kind) Break(string what) => what switch
    {
        "event hubs without tls" => (Plain(EventHubs), null),
        "event grid without tls" => (Plain(EventGrid), null),
        "certificate without tls" => (Plain(ValidEndpoint.Of(EndpointKind.CustomMqtt, AuthenticationMethod.X509Certificate)), null),
        "plain without tls" => (Plain(With(Kafka, (KafkaSettings kafka) => kafka with { Authentication = new Authentication.Sasl(SaslType.Plain, "s") })), null),
        "scram without tls" => (Plain(Kafka), null),
        "strategy without key" => (With(Kafka, (KafkaSettings kafka) => kafka with { PartitionStrategy = PartitionStrategy.Property }), null),
        "key property" => (With(Kafka, (KafkaSettings kafka) => kafka with { PartitionStrategy = PartitionStrategy.Property, PartitionKeyProperty = "device-id" }), null),
        "event hubs snappy" => (With(EventHubs, (KafkaSettings kafka) => kafka with { Compression = KafkaCompression.Snappy }), null),
        "event hubs gzip" => (With(EventHubs, (KafkaSettings kafka) => kafka with { Compression = KafkaCompression.Gzip }), null),
        "event hubs scram" => (With(EventHubs, (KafkaSettings kafka) => kafka with { Authentication = new Authentication.Sasl(SaslType.ScramSha256, "s") }), null),
        "acks zero" => (With(Kafka, (KafkaSettings kafka) => kafka with { KafkaAcks = KafkaAcks.Zero }), null),
        "large batch" => (With(Kafka, (KafkaSettings kafka) => kafka with { Batching = new BatchingSettings { MaxBytes = 1L << 31 } }), null),
        "event grid keep alive" => (With(EventGrid, (MqttSettings mqtt) => mqtt with { KeepAliveSeconds = 1161 }), null),
        "event grid session 2 h" => (With(EventGrid, (MqttSettings mqtt) => mqtt with { SessionExpirySeconds = 7200 }), null),
        "event grid session 9 h" => (With(EventGrid, (MqttSettings mqtt) => mqtt with { SessionExpirySeconds = 32400 }), null),
        "event grid retain" or "event grid as source" => (EventGrid, null),
        "event grid web sockets" => (With(EventGrid, (MqttSettings mqtt) => mqtt with { Protocol = MqttProtocol.WebSockets, Host = "my-namespace.westeurope-1.ts.eventgrid.azure.net:443" }), null),
        "event grid web sockets port" => (With(EventGrid, (MqttSettings mqtt) => mqtt with { Protocol = MqttProtocol.WebSockets, Host = "my-namespace.westeurope-1.ts.eventgrid.azure.net:8883/mqtt" }), null),
        "path without web sockets" => (With(Mqtt, (MqttSettings mqtt) => mqtt with { Host = "broker.example:443/mqtt" }), null),
        "session ends at once" => (With(Mqtt, (MqttSettings mqtt) => mqtt with { SessionExpirySeconds = 0 }), null),
        "pings off" => (With(Mqtt, (MqttSettings mqtt) => mqtt with { KeepAliveSeconds = 0 }), null),
        "scope" => (With(Kafka, (KafkaSettings kafka) => kafka with { Authentication = new Authentication.UserAssignedManagedIdentity(ValidEndpoint.ClientId, ValidEndpoint.TenantId, "https://audience.example") }), null),
        "audience" => (With(Kafka, (KafkaSettings kafka) => kafka with { Authentication = new Authentication.SystemAssignedManagedIdentity("https://audience.example/.default") }), null),
        "sasl on mqtt" => (With(Mqtt, (MqttSettings mqtt) => mqtt with { Authentication = new Authentication.Sasl() }), null),
        "token on event grid" => (With(EventGrid, (MqttSettings mqtt) => mqtt with { Authentication = new Authentication.ServiceAccountToken("a") }), null),
        "x509 on kafka" => (ValidEndpoint.Of(EndpointKind.CustomKafka, AuthenticationMethod.X509Certificate), null),
        "no host" => (EndpointKind.CustomMqtt.New("line3"), EndpointKind.CustomMqtt),
        "name" => (Mqtt with { Name = "Line_3" }, null),
        "name length" => (Mqtt with { Name = "ab" }, null),
        "name placeholder" => (Mqtt with { Name = "<ENDPOINT_NAME>" }, null),
        "namespace" => (Mqtt with { Namespace = "Not A Namespace" }, null),
        _ => throw new ArgumentOutOfRangeException(nameof(what), what, null),
    };

    private static DataflowEndpoint Plain(DataflowEndpoint endpoint) => endpoint with { Settings = endpoint.Settings! with { Tls = new TlsSettings { Mode = OperationalMode.Disabled } } };

    private static DataflowEndpoint With(DataflowEndpoint endpoint, Func<KafkaSettings, KafkaSettings> change) => endpoint with { Settings = change(endpoint.Kafka!) };

    private static DataflowEndpoint With(DataflowEndpoint endpoint, Func<MqttSettings, MqttSettings> change) => endpoint with { Settings = change(endpoint.Mqtt!) };
}
