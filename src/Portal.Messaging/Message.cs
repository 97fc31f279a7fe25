namespace Portal.Messaging;

/// <summary>One message as it came over the wire, MQTT or Kafka.</summary>
public sealed record Message
{
    /// <summary>MQTT topic or Kafka topic.</summary>
    public required string Topic { get; init; }

    /// <summary>Payload bytes (the Kafka value); empty for a null value.</summary>
    public ReadOnlyMemory<byte> Payload { get; init; }

    /// <summary>The Kafka value is null, which deletes its key from a compacted topic; false for an empty value.</summary>
    public bool HasNoValue { get; init; }

    /// <summary>MQTT: time of receipt. Kafka: the record's timestamp.</summary>
    public DateTimeOffset Timestamp { get; init; }

    /// <summary>MQTT user properties or Kafka headers, in order, duplicates kept. Values are raw bytes; null = a Kafka null value.</summary>
    public IReadOnlyList<MessageProperty> Properties { get; init; } = [];

    /// <summary>Kafka partition.</summary>
    public int? Partition { get; init; }

    /// <summary>Kafka offset.</summary>
    public long? Offset { get; init; }

    /// <summary>Kafka key; null = none.</summary>
    public ReadOnlyMemory<byte>? Key { get; init; }

    /// <summary>MQTT quality of service.</summary>
    public int? Qos { get; init; }

    /// <summary>MQTT retain flag.</summary>
    public bool? Retain { get; init; }

    /// <summary>MQTT topic alias that stood for the topic on the connection; null = none.</summary>
    public int? TopicAlias { get; init; }

    /// <summary>MQTT payload format indicator: 0 bytes, 1 UTF-8; null = not sent.</summary>
    public int? PayloadFormatIndicator { get; init; }

    /// <summary>MQTT content type.</summary>
    public string? ContentType { get; init; }

    /// <summary>MQTT response topic.</summary>
    public string? ResponseTopic { get; init; }

    /// <summary>MQTT correlation data; null = not sent.</summary>
    public ReadOnlyMemory<byte>? CorrelationData { get; init; }

    /// <summary>MQTT message expiry interval in seconds as received; null = never expires.</summary>
    public uint? MessageExpiryInterval { get; init; }
}

/// <summary>One MQTT user property or Kafka header.</summary>
public sealed record MessageProperty(string Name, ReadOnlyMemory<byte>? Value);
