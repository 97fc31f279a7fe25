using System.Collections.Immutable;

namespace Portal.Model.Endpoints;

/// <summary>One of the five tiles: what a new endpoint starts with, what its host looks like and how it may sign in.</summary>
public sealed class EndpointKind
{
    private EndpointKind(string id, string displayName, Wire wire, string hostType)
    {
        Id = id;
        DisplayName = displayName;
        Wire = wire;
        HostType = hostType;
    }

    /// <summary>Name in addresses and in the Azure CLI, for example <c>custom-mqtt</c>.</summary>
    public string Id { get; }

    /// <summary>Title of the tile.</summary>
    public string DisplayName { get; }

    /// <summary>Protocol family.</summary>
    public Wire Wire { get; }

    /// <summary>Wire value of <c>hostType</c> (API 2025-07-01-preview and later).</summary>
    public string HostType { get; }

    /// <summary>One sentence for the tile.</summary>
    public required string Summary { get; init; }

    /// <summary>Methods that the documentation offers, in the order of the form (schema 3.1).</summary>
    public required ImmutableArray<AuthenticationMethod> Methods { get; init; }

    /// <summary>Methods that only the schema knows; offered with a note.</summary>
    public ImmutableArray<AuthenticationMethod> SchemaOnlyMethods { get; init; } = [];

    /// <summary>Example of a host, with port.</summary>
    public required string HostExample { get; init; }

    /// <summary>Port that the kind's service always uses; null when any may be.</summary>
    public int? UsualPort { get; init; }

    /// <summary>Suffixes of the kind's hosts; empty when any host may be.</summary>
    public ImmutableArray<string> HostSuffixes { get; init; } = [];

    /// <summary>True when the service accepts TLS connections only.</summary>
    public bool RequiresTls { get; init; }

    /// <summary>What a new endpoint of this kind starts with, without a name.</summary>
    public required BrokerSettings Preset { get; init; }

    /// <summary>Everything that may be chosen as method.</summary>
    public IEnumerable<AuthenticationMethod> AllMethods => Methods.Concat(SchemaOnlyMethods);

    public static EndpointKind EventHubs { get; } = new("eventhub", "Azure Event Hubs", Wire.Kafka, "Eventhub")
    {
        Summary = "Kafka wire on port 9093. Managed identity or connection string.",
        Methods = [AuthenticationMethod.SystemAssignedManagedIdentity, AuthenticationMethod.UserAssignedManagedIdentity, AuthenticationMethod.Sasl],
        SchemaOnlyMethods = [AuthenticationMethod.X509Certificate],
        HostExample = "my-namespace.servicebus.windows.net:9093",
        UsualPort = 9093,
        HostSuffixes = [".servicebus.windows.net", ".servicebus.usgovcloudapi.net", ".servicebus.chinacloudapi.cn"],
        RequiresTls = true,
        Preset = new KafkaSettings
        {
            Authentication = new Authentication.SystemAssignedManagedIdentity(),
            Tls = new TlsSettings { Mode = OperationalMode.Enabled },
        },
    };

    public static EndpointKind CustomKafka { get; } = new("custom-kafka", "Custom Kafka Broker", Wire.Kafka, "CustomKafka")
    {
        Summary = "Any Kafka cluster. SASL, managed identity or none.",
        Methods =
        [
            AuthenticationMethod.Sasl, AuthenticationMethod.SystemAssignedManagedIdentity,
            AuthenticationMethod.UserAssignedManagedIdentity, AuthenticationMethod.Anonymous,
        ],
        SchemaOnlyMethods = [AuthenticationMethod.X509Certificate],
        HostExample = "kafka.example:9092",
        Preset = new KafkaSettings { Tls = new TlsSettings { Mode = OperationalMode.Enabled } },
    };

    public static EndpointKind LocalMqtt { get; } = new("local-mqtt", "Azure IoT Operations Local MQTT", Wire.Mqtt, "LocalBroker")
    {
        Summary = "The broker of this cluster. Service account token.",
        Methods = [AuthenticationMethod.ServiceAccountToken, AuthenticationMethod.X509Certificate, AuthenticationMethod.Anonymous],
        HostExample = "aio-broker:18883",
        Preset = new MqttSettings
        {
            Host = "aio-broker:18883",
            Authentication = new Authentication.ServiceAccountToken("aio-internal"),
            Tls = new TlsSettings { Mode = OperationalMode.Enabled, TrustedCaCertificateConfigMapRef = "azure-iot-operations-aio-ca-trust-bundle" },
        },
    };

    public static EndpointKind EventGrid { get; } = new("eventgrid", "Azure Event Grid MQTT", Wire.Mqtt, "EventGrid")
    {
        Summary = "Namespace MQTT broker. Managed identity or X.509.",
        Methods =
        [
            AuthenticationMethod.SystemAssignedManagedIdentity, AuthenticationMethod.UserAssignedManagedIdentity,
            AuthenticationMethod.X509Certificate,
        ],
        HostExample = "my-namespace.westeurope-1.ts.eventgrid.azure.net:8883",
        UsualPort = 8883,
        HostSuffixes = [".ts.eventgrid.azure.net"],
        RequiresTls = true,
        Preset = new MqttSettings
        {
            Authentication = new Authentication.SystemAssignedManagedIdentity(),
            Tls = new TlsSettings { Mode = OperationalMode.Enabled },
        },
    };

    public static EndpointKind CustomMqtt { get; } = new("custom-mqtt", "Custom MQTT Broker", Wire.Mqtt, "CustomMqtt")
    {
        Summary = "Any MQTT 5 broker. TCP or WebSockets.",
        Methods =
        [
            AuthenticationMethod.SystemAssignedManagedIdentity, AuthenticationMethod.UserAssignedManagedIdentity,
            AuthenticationMethod.ServiceAccountToken, AuthenticationMethod.X509Certificate, AuthenticationMethod.Anonymous,
        ],
        HostExample = "broker.example:8883",
        Preset = new MqttSettings { Tls = new TlsSettings { Mode = OperationalMode.Enabled } },
    };

    /// <summary>The five kinds in the order of the tiles.</summary>
    public static ImmutableArray<EndpointKind> All { get; } = [EventHubs, CustomKafka, LocalMqtt, EventGrid, CustomMqtt];

    /// <summary>The kind with an id, null when there is none. Also takes the <c>hostType</c> values, in any case.</summary>
    public static EndpointKind? Find(string? id) =>
        All.FirstOrDefault(kind => string.Equals(kind.Id, id, StringComparison.OrdinalIgnoreCase)
            || string.Equals(kind.HostType, id, StringComparison.OrdinalIgnoreCase));

    /// <summary>A new endpoint of this kind.</summary>
    public DataflowEndpoint New(string name = "") => new() { Name = name, Namespace = Resource.DefaultNamespace, Settings = Preset };

    /// <summary>
    /// The kind of an endpoint: by <c>hostType</c>, then by family and host (schema 3.5); null for a type that is not edited.
    /// A host that says nothing gives the custom kind of the family.
    /// </summary>
    public static EndpointKind? Of(DataflowEndpoint endpoint) =>
        endpoint.Settings is null ? null : OfHostType(endpoint) ?? OfHost(endpoint.Settings);

    private static EndpointKind? OfHostType(DataflowEndpoint endpoint) =>
        All.FirstOrDefault(kind => kind.Wire == endpoint.Settings!.Wire
            && string.Equals(kind.HostType, endpoint.HostType, StringComparison.OrdinalIgnoreCase));

    private static EndpointKind OfHost(BrokerSettings settings)
    {
        var host = settings.Host is null ? "" : settings.Host.Split(':', '/')[0];
        if (settings is KafkaSettings)
            return EventHubs.HasSuffix(host) ? EventHubs : CustomKafka;
        if (settings.Host is null || host.Split('.')[0].Equals("aio-broker", StringComparison.OrdinalIgnoreCase)
            || host.Split('.')[0].Equals("aio-broker-insecure", StringComparison.OrdinalIgnoreCase))
            return LocalMqtt;
        return EventGrid.HasSuffix(host) ? EventGrid : CustomMqtt;
    }

    /// <summary>True when a host name (without port) is one of this kind's service.</summary>
    public bool HasSuffix(string host) => HostSuffixes.Any(suffix => host.EndsWith(suffix, StringComparison.OrdinalIgnoreCase));

    public override string ToString() => Id;
}
