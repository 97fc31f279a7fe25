namespace Portal.Model.Endpoints;

/// <summary>What a Kafka and an MQTT endpoint have in common. A member that is null is not set: the service default applies.</summary>
public abstract record BrokerSettings
{
    /// <summary>Host name or address with port as written, for example <c>broker.example:8883</c>.</summary>
    public string? Host { get; init; }

    /// <summary>How the endpoint signs in; null = no method chosen yet.</summary>
    public Authentication? Authentication { get; init; }

    /// <summary>TLS of the connection.</summary>
    public TlsSettings Tls { get; init; } = new();

    /// <summary>CloudEvents handling; not set = Propagate.</summary>
    public CloudEventAttributes? CloudEventAttributes { get; init; }

    /// <summary>The protocol family.</summary>
    public abstract Wire Wire { get; }

    /// <summary>Member of <c>spec</c> that holds these settings.</summary>
    public string Member => MemberOf(Wire);

    /// <summary>Whether the connection uses TLS; not set = Enabled.</summary>
    public bool UsesTls => Tls.Mode is not OperationalMode.Disabled;

    /// <summary>Member of <c>spec</c> that holds the settings of a family.</summary>
    public static string MemberOf(Wire wire) => wire is Wire.Kafka ? "kafkaSettings" : "mqttSettings";
}

/// <summary>TLS of a connection.</summary>
public sealed record TlsSettings
{
    /// <summary>TLS on or off; not set = Enabled.</summary>
    public OperationalMode? Mode { get; init; }

    /// <summary>Config map with the PEM bundle of trusted CAs, in the same namespace; not set = the system's roots.</summary>
    public string? TrustedCaCertificateConfigMapRef { get; init; }
}

/// <summary>Settings of a Kafka endpoint (<c>kafkaSettings</c>).</summary>
public sealed record KafkaSettings : BrokerSettings
{
    public override Wire Wire => Wire.Kafka;

    /// <summary>Consumer group; required when a dataflow reads from the endpoint.</summary>
    public string? ConsumerGroupId { get; init; }

    /// <summary>Compression of batches sent; not set = None.</summary>
    public KafkaCompression? Compression { get; init; }

    /// <summary>Batching of messages sent.</summary>
    public BatchingSettings Batching { get; init; } = new();

    /// <summary>Partition strategy of messages sent; not set = Default.</summary>
    public PartitionStrategy? PartitionStrategy { get; init; }

    /// <summary>User property whose value is the key with strategy Property. An extension: no API version of Azure has it.</summary>
    public string? PartitionKeyProperty { get; init; }

    /// <summary>Acknowledgements awaited; not set = All.</summary>
    public KafkaAcks? KafkaAcks { get; init; }

    /// <summary>Whether MQTT properties become Kafka headers; not set = Enabled.</summary>
    public OperationalMode? CopyMqttProperties { get; init; }
}

/// <summary>Batching of a Kafka destination.</summary>
public sealed record BatchingSettings
{
    /// <summary>On, or one message a batch; not set = Enabled.</summary>
    public OperationalMode? Mode { get; init; }

    /// <summary>Longest time in milliseconds that a message waits for its batch, 0 to 65535; not set = 5.</summary>
    public long? LatencyMs { get; init; }

    /// <summary>Most bytes a batch, 0 to 4294967295 (Azure: 2147483647); not set = 1000000.</summary>
    public long? MaxBytes { get; init; }

    /// <summary>Most messages a batch, 0 to 4294967295 (Azure: 2147483647); not set = 100000.</summary>
    public long? MaxMessages { get; init; }
}

/// <summary>Settings of an MQTT endpoint (<c>mqttSettings</c>).</summary>
public sealed record MqttSettings : BrokerSettings
{
    public override Wire Wire => Wire.Mqtt;

    /// <summary>Start of the client id; the dataflow's name and instance follow.</summary>
    public string? ClientIdPrefix { get; init; }

    /// <summary>Quality of service, 0 or 1; not set = 1.</summary>
    public long? Qos { get; init; }

    /// <summary>Retain flag from MQTT to MQTT; not set = Keep.</summary>
    public RetainPolicy? Retain { get; init; }

    /// <summary>Session expiry interval in seconds, 0 to 4294967295; not set = the service default.</summary>
    public long? SessionExpirySeconds { get; init; }

    /// <summary>Transport; not set = Mqtt.</summary>
    public MqttProtocol? Protocol { get; init; }

    /// <summary>Receive maximum as a source, unacknowledged messages as a destination, 0 to 65535; not set = 100.</summary>
    public long? MaxInflightMessages { get; init; }

    /// <summary>Keep alive in seconds, 0 to 65535; not set = 60.</summary>
    public long? KeepAliveSeconds { get; init; }
}
