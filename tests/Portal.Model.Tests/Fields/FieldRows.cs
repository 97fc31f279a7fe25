using Portal.Model.Endpoints;
using Portal.Model.Fields;
using Portal.Tests.Shared;

namespace Portal.Model.Tests.Fields;

/// <summary>Values of one field: those that are right, and those that are wrong with the code of the finding that says so.</summary>
internal sealed record FieldRow(string Path, EndpointCase Case, string[] Valid, (string Text, string Code)[] Invalid)
{
    public EndpointField Field => EndpointFields.Find(Case.Kind.Wire, Path) ?? throw new InvalidOperationException("No field " + Path);
}

/// <summary>The table of valid and invalid values.</summary>
internal static class FieldRows
{
    private static readonly (string, string)[] NotAnySwitch = [("enabled", "unknown-value"), ("true", "unknown-value"), ("1", "unknown-value")];

    private static readonly (string, string)[] NotAnyText = [("<PLACEHOLDER>", "placeholder"), ("${VALUE}", "placeholder"), ("two\nlines", "control-character"), ("bell\a", "control-character")];

    private static readonly (string, string)[] NotAnyGuid = [("my-identity", "not-a-guid"), ("6e2d4c1a-0f3b-4d5e-8a7c", "not-a-guid"), ("<CLIENT_ID>", "placeholder")];

    private static readonly (string, string)[] NotAnyReference =
        [("Upper", "reference-name"), ("under_score", "reference-name"), ("-ends-", "reference-name"), ("two words", "reference-name"), ("<SECRET>", "placeholder"), (new string('a', 254), "reference-name")];

    private static readonly EndpointCase EventHubs = new(EndpointKind.EventHubs, AuthenticationMethod.SystemAssignedManagedIdentity);
    private static readonly EndpointCase Kafka = new(EndpointKind.CustomKafka, AuthenticationMethod.Sasl);
    private static readonly EndpointCase Local = new(EndpointKind.LocalMqtt, AuthenticationMethod.ServiceAccountToken);
    private static readonly EndpointCase EventGrid = new(EndpointKind.EventGrid, AuthenticationMethod.SystemAssignedManagedIdentity);
    private static readonly EndpointCase Mqtt = new(EndpointKind.CustomMqtt, AuthenticationMethod.Anonymous);

    public static IReadOnlyList<FieldRow> All { get; } = [.. KafkaRows(), .. MqttRows(), .. Both("kafkaSettings", Kafka), .. Both("mqttSettings", Mqtt)];

    private static IEnumerable<FieldRow> Both(string root, EndpointCase any)
    {
        var identity = any with { Method = AuthenticationMethod.SystemAssignedManagedIdentity };
        var assigned = any with { Method = AuthenticationMethod.UserAssignedManagedIdentity };
        var authentication = root + ".authentication.";
        yield return new(
            root + ".host", any,
            ["broker.example:8883", "10.0.0.5:1883", "[fd00::1]:8883", "localhost:1", "broker:65535", "my_broker:9092", "broker.example.:8883", "xn--bcher-kva.example:443"],
            [
                ("", "host-missing"), ("broker.example", "host-port-missing"), ("broker.example:0", "host-malformed"), ("broker.example:65536", "host-malformed"),
                ("broker.example:x", "host-malformed"), ("broker.example:", "host-malformed"), (":8883", "host-malformed"), ("broker.example.8883", "host-port-dot"),
                ("mqtts://broker.example:8883", "host-scheme"), ("fd00::1:8883", "host-ipv6"), ("a.example:9092,b.example:9092", "host-list"), ("bro ker:8883", "host-blank"),
                ("<HOSTNAME>:<PORT>", "placeholder"), ("${HOST}:8883", "placeholder"), ("-broker.example:8883", "host-malformed"), ("broker..example:8883", "host-malformed"),
                ("999.1.1.1:8883", "host-malformed"), ("broker.example..:8883", "host-malformed"), ("broker.example:8883/mqtt", "host-path"), ("bücher.example:8883", "host-malformed"),
            ]);
        yield return new(
            authentication + "method", any, [.. any.Kind.AllMethods.Select(method => method.ToString())],
            [("", "method-missing"), ("sasl", "unknown-value"), ("AccessToken", "unknown-value"), ("None", "unknown-value"), (any.Kind == EndpointKind.CustomKafka ? "ServiceAccountToken" : "Sasl", "method-not-allowed")]);
        yield return new(authentication + "systemAssignedManagedIdentitySettings.audience", identity, ["", "https://eventgrid.azure.net"], NotAnyText);
        yield return new(authentication + "userAssignedManagedIdentitySettings.clientId", assigned, [ValidEndpoint.ClientId, ValidEndpoint.ClientId.ToUpperInvariant()], [("", "required"), .. NotAnyGuid]);
        yield return new(authentication + "userAssignedManagedIdentitySettings.tenantId", assigned, [ValidEndpoint.TenantId], [("", "required"), .. NotAnyGuid]);
        yield return new(authentication + "userAssignedManagedIdentitySettings.scope", assigned, ["", "https://eventgrid.azure.net/.default"], NotAnyText);
        yield return new(
            authentication + "x509CertificateSettings.secretRef", any with { Method = AuthenticationMethod.X509Certificate },
            ["client-certificate", "a", "line3.certificate", new string('a', 253)], [("", "required"), .. NotAnyReference]);
        yield return new(root + ".tls.mode", any, ["", "Enabled", "Disabled"], NotAnySwitch);
        yield return new(root + ".tls.trustedCaCertificateConfigMapRef", any, ["", "client-ca-configmap", "kube-root-ca.crt"], NotAnyReference);
        yield return new(root + ".cloudEventAttributes", any, ["", "Propagate", "CreateOrRemap"], [("propagate", "unknown-value"), ("Create", "unknown-value")]);
    }

    private static IEnumerable<FieldRow> KafkaRows()
    {
        const string root = "kafkaSettings.";
        yield return new(
            root + "host", EventHubs,
            ["my-namespace.servicebus.windows.net:9093", "my-namespace.servicebus.usgovcloudapi.net:9093", "MY-NAMESPACE.SERVICEBUS.WINDOWS.NET:9093"],
            [
                ("my-namespace.servicebus.windows.net:9092", "event-hubs-port"), ("kafka.example:9093", "host-suffix"), ("servicebus.windows.net:9093", "host-suffix"),
                ("Endpoint=sb://my-namespace.servicebus.windows.net/;SharedAccessKeyName=a", "host-connection-string"),
            ]);
        yield return new(root + "authentication.saslSettings.saslType", Kafka, ["Plain", "ScramSha256", "ScramSha512"], [("", "required"), ("PLAIN", "unknown-value"), ("ScramSha1", "unknown-value")]);
        yield return new(root + "authentication.saslSettings.secretRef", Kafka, ["sasl-secret", "s"], [("", "required"), .. NotAnyReference]);
        yield return new(root + "tls.mode", EventHubs, ["", "Enabled"], [("Disabled", "tls-required"), .. NotAnySwitch]);
        yield return new(root + "consumerGroupId", Kafka, ["", "portal-line3", "$Default", "group with blanks"], NotAnyText);
        yield return new(root + "compression", Kafka, ["", "None", "Gzip", "Snappy", "Lz4"], [("gzip", "unknown-value"), ("Zstd", "unknown-value")]);
        yield return new(root + "compression", EventHubs, ["", "None", "Gzip"], [("Snappy", "event-hubs-compression"), ("Lz4", "event-hubs-compression")]);
        yield return new(root + "batching.mode", Kafka, ["", "Enabled", "Disabled"], NotAnySwitch);
        yield return new(root + "batching.latencyMs", Kafka, ["", "0", "5", "65535"], Number(65536));
        yield return new(root + "batching.maxBytes", Kafka, ["", "0", "1000000", "2147483647", "4294967295"], Number(4294967296));
        yield return new(root + "batching.maxMessages", Kafka, ["", "0", "100000", "2147483647", "4294967295"], Number(4294967296));
        yield return new(root + "partitionStrategy", Kafka, ["", "Default", "Static", "Topic", "Property"], [("Random", "unknown-value"), ("topic", "unknown-value")]);
        yield return new(root + "partitionKeyProperty", Kafka, ["", "device-id", "Gerät"], NotAnyText);
        yield return new(root + "kafkaAcks", Kafka, ["", "Zero", "One", "All"], [("None", "unknown-value"), ("-1", "unknown-value"), ("all", "unknown-value")]);
        yield return new(root + "copyMqttProperties", Kafka, ["", "Enabled", "Disabled"], NotAnySwitch);
    }

    private static IEnumerable<FieldRow> MqttRows()
    {
        const string root = "mqttSettings.";
        yield return new(
            root + "host", EventGrid,
            ["my-namespace.westeurope-1.ts.eventgrid.azure.net:8883"],
            [("my-namespace.westeurope-1.ts.eventgrid.azure.net:1883", "event-grid-port"), ("broker.example:8883", "host-suffix"), ("my-namespace.westeurope-1.ts.eventgrid.azure.net:443/mqtt", "host-path")]);
        yield return new(root + "host", Local, ["aio-broker:18883", "aio-broker.azure-iot-operations:18883", "aio-broker-insecure:1883"], [("aio-broker", "host-port-missing")]);
        yield return new(root + "authentication.serviceAccountTokenSettings.audience", Local, ["aio-internal", "https://audience.example"], [("", "required"), .. NotAnyText]);
        yield return new(root + "tls.mode", EventGrid, ["", "Enabled"], [("Disabled", "tls-required"), .. NotAnySwitch]);
        yield return new(root + "tls.mode", Mqtt with { Method = AuthenticationMethod.X509Certificate }, ["", "Enabled"], [("Disabled", "tls-required-for-certificate")]);
        yield return new(root + "clientIdPrefix", Mqtt, ["", "line3", "ÄÖ 3", new string('a', 200)], NotAnyText);
        yield return new(root + "qos", Mqtt, ["", "0", "1"], [("2", "out-of-range"), ("-1", "out-of-range"), ("one", "not-a-number")]);
        yield return new(root + "retain", Mqtt, ["", "Keep", "Never"], [("keep", "unknown-value"), ("Always", "unknown-value")]);
        yield return new(root + "sessionExpirySeconds", Mqtt, ["", "0", "3600", "4294967295"], Number(4294967296));
        yield return new(root + "protocol", Mqtt, ["", "Mqtt", "WebSockets"], [("Websockets", "unknown-value"), ("TCP", "unknown-value")]);
        yield return new(root + "maxInflightMessages", Mqtt, ["", "1", "100", "65535"], [("0", "inflight-zero"), .. Number(65536)]);
        yield return new(root + "keepAliveSeconds", Mqtt, ["", "0", "60", "65535"], Number(65536));
        yield return new(root + "keepAliveSeconds", EventGrid, ["", "60", "1160"], [("1161", "event-grid-keep-alive"), ("65535", "event-grid-keep-alive"), ("65536", "out-of-range")]);
    }

    private static (string, string)[] Number(long tooLarge) =>
    [
        (tooLarge.ToString(System.Globalization.CultureInfo.InvariantCulture), "out-of-range"), ("-1", "out-of-range"), ("5.5", "not-a-number"), ("1e3", "not-a-number"),
        ("five", "not-a-number"), ("0x10", "not-a-number"), ("1 000", "not-a-number"), ("9223372036854775808", "not-a-number"),
    ];
}
