namespace Portal.Messaging.Mqtt.Session;

/// <summary>The other side broke the protocol; the connection ends with the reason.</summary>
/// <param name="reason">Reason code for our DISCONNECT.</param>
/// <param name="message">What was wrong, for people.</param>
internal sealed class MqttProtocolException(MqttReasonCode reason, string message) : Exception(message)
{
    /// <summary>Reason code for our DISCONNECT.</summary>
    public MqttReasonCode Reason { get; } = reason;

    public static MqttProtocolException EndsTooSoon() => new(MqttReasonCode.MalformedPacket, "a packet ends too soon");
}
