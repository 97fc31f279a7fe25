using System.Text.Json.Nodes;

namespace Portal.Sandbox.Devices;

/// <summary>What a simulated device says: a CloudEvent for a topic, not yet bound to a protocol.</summary>
/// <param name="Device">Client id of the device, and the key of a record.</param>
/// <param name="Topic">MQTT topic or Kafka topic.</param>
internal sealed record DeviceMessage(string Device, string Topic, string Type, string Subject, JsonObject Data, DateTimeOffset Time)
{
    /// <summary>How long the message is worth delivering; null for as long as it takes.</summary>
    public TimeSpan? Expiry { get; init; }

    public bool Retain { get; init; }

    public string Source => $"urn:plant:{Device}";
}
