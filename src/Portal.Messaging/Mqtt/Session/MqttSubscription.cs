namespace Portal.Messaging.Mqtt.Session;

/// <summary>When a broker sends the retained messages of a subscription (MQTT 5, section 3.8.3.1).</summary>
internal enum MqttRetainHandling : byte
{
    /// <summary>At every SUBSCRIBE.</summary>
    EachTime = 0,

    /// <summary>Only when the subscription was not there yet.</summary>
    NewSubscription = 1,

    /// <summary>Never.</summary>
    Never = 2,
}

/// <summary>One topic filter of SUBSCRIBE with its options. Tests, previews and flows use the defaults, so that they see the same.</summary>
/// <param name="Qos">Most quality of service that is asked for.</param>
internal sealed record MqttSubscription(string Filter, int Qos)
{
    private const int NoLocalBit = 0x04;
    private const int RetainAsPublishedBit = 0x08;
    private const int RetainHandlingShift = 4;

    /// <summary>What this client publishes itself does not come back.</summary>
    public bool NoLocal { get; init; }

    /// <summary>Messages keep the retain flag that they were sent with, live ones too.</summary>
    public bool RetainAsPublished { get; init; } = true;

    /// <summary>Once by default, not after every reconnect.</summary>
    public MqttRetainHandling RetainHandling { get; init; } = MqttRetainHandling.NewSubscription;

    /// <summary>The options as they are on the wire.</summary>
    public byte Options => (byte)(Qos | (NoLocal ? NoLocalBit : 0) | (RetainAsPublished ? RetainAsPublishedBit : 0) | ((int)RetainHandling << RetainHandlingShift));
}
