namespace Portal.Messaging.Mqtt.Session;

/// <summary>The other side broke the protocol; the connection ends with the reason.</summary>
/// <param name="reason">Reason code for our DISCONNECT (MQTT 5, section 2.4).</param>
/// <param name="message">What was wrong, for people.</param>
internal sealed class MqttProtocolException(byte reason, string message) : Exception(message)
{
    public const byte Malformed = 0x81;
    public const byte Protocol = 0x82;
    public const byte AliasInvalid = 0x94;
    public const byte TooLarge = 0x95;

    /// <summary>Reason code for our DISCONNECT.</summary>
    public byte Reason { get; } = reason;

    public static MqttProtocolException EndsTooSoon() => new(Malformed, "a packet ends too soon");
}
