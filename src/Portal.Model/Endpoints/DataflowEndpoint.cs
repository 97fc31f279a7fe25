namespace Portal.Model.Endpoints;

/// <summary>A dataflow endpoint: the connection to one broker, <c>kind: DataflowEndpoint</c>.</summary>
public sealed record DataflowEndpoint : Resource
{
    public override ResourceKind Kind => ResourceKind.DataflowEndpoint;

    /// <summary>Settings of a Kafka or MQTT endpoint; null for a type that the portal lists but does not edit.</summary>
    public BrokerSettings? Settings { get; init; }

    /// <summary>Wire value of <c>endpointType</c> of a type that the portal does not edit (<c>DataExplorer</c>, ...); null otherwise.</summary>
    public string? OtherType { get; init; }

    /// <summary>Wire value of <c>hostType</c> (API 2025-07-01-preview and later): the tile that made the endpoint; null when absent.</summary>
    public string? HostType { get; init; }

    /// <summary>Wire value of <c>endpointType</c>.</summary>
    public string EndpointType => Settings is null ? OtherType ?? "" : Settings.Wire.ToString();

    /// <summary>True for a type that is listed and kept but not edited.</summary>
    public bool IsReadOnly => Settings is null;

    public KafkaSettings? Kafka => Settings as KafkaSettings;

    public MqttSettings? Mqtt => Settings as MqttSettings;
}
