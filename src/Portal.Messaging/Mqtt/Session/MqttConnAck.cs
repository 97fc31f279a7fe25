namespace Portal.Messaging.Mqtt.Session;

/// <summary>The broker's answer to a sign-in, with its limits (MQTT 5, section 3.2).</summary>
internal sealed record MqttConnAck
{
    public byte Reason { get; init; }

    /// <summary>True when the broker kept the session: subscriptions are there and unacknowledged messages come again.</summary>
    public bool SessionPresent { get; init; }

    /// <summary>Seconds; null = as asked for.</summary>
    public uint? SessionExpiryInterval { get; init; }

    /// <summary>Most messages that wait for their acknowledgement at the broker.</summary>
    public ushort ReceiveMaximum { get; init; } = ushort.MaxValue;

    public int MaximumQoS { get; init; } = 2;

    public bool RetainAvailable { get; init; } = true;

    /// <summary>Largest packet that the broker takes, in bytes; null = no limit.</summary>
    public uint? MaximumPacketSize { get; init; }

    public string? AssignedClientIdentifier { get; init; }

    public string? ReasonString { get; init; }

    public bool WildcardSubscriptionAvailable { get; init; } = true;

    public bool SharedSubscriptionAvailable { get; init; } = true;

    /// <summary>Keep alive that the broker insists on, in seconds.</summary>
    public ushort? ServerKeepAlive { get; init; }

    public string? ServerReference { get; init; }

    public static MqttConnAck Read(ReadOnlySpan<byte> body)
    {
        var reader = new MqttPacketReader(body);
        var flags = reader.Byte();
        if (flags > 1)
            throw new MqttProtocolException(MqttProtocolException.Malformed, "reserved flags of CONNACK are set");
        var answer = new MqttConnAck { SessionPresent = flags == 1, Reason = reader.Byte() };
        // Brokers without MQTT 5 answer without properties; the sign-in's words explain that.
        if (reader.IsAtEnd)
            return answer.Reason == 0 ? throw MqttProtocolException.EndsTooSoon() : answer;
        var properties = reader.Properties();
        if (!reader.IsAtEnd)
            throw new MqttProtocolException(MqttProtocolException.Malformed, "CONNACK is longer than its properties");
        while (!properties.IsAtEnd)
            answer = With(answer, ref properties);
        return answer;
    }

    private static MqttConnAck With(MqttConnAck answer, ref MqttPacketReader properties) => (MqttPropertyId)properties.Byte() switch
    {
        MqttPropertyId.SessionExpiryInterval => answer with { SessionExpiryInterval = properties.UInt32() },
        MqttPropertyId.ReceiveMaximum => answer with { ReceiveMaximum = NotZero(properties.UInt16()) },
        MqttPropertyId.MaximumQoS => answer with { MaximumQoS = properties.Flag() ? 1 : 0 },
        MqttPropertyId.RetainAvailable => answer with { RetainAvailable = properties.Flag() },
        MqttPropertyId.MaximumPacketSize => answer with { MaximumPacketSize = NotZero(properties.UInt32()) },
        MqttPropertyId.AssignedClientIdentifier => answer with { AssignedClientIdentifier = properties.Text() },
        MqttPropertyId.ReasonString => answer with { ReasonString = properties.Text() },
        MqttPropertyId.WildcardSubscriptionAvailable => answer with { WildcardSubscriptionAvailable = properties.Flag() },
        MqttPropertyId.SharedSubscriptionAvailable => answer with { SharedSubscriptionAvailable = properties.Flag() },
        MqttPropertyId.ServerKeepAlive => answer with { ServerKeepAlive = properties.UInt16() },
        MqttPropertyId.ServerReference => answer with { ServerReference = properties.Text() },
        MqttPropertyId.TopicAliasMaximum => Ignore(answer, properties.UInt16()),
        MqttPropertyId.SubscriptionIdentifierAvailable => Ignore(answer, properties.Flag() ? 1 : 0),
        MqttPropertyId.ResponseInformation or MqttPropertyId.AuthenticationMethod => Ignore(answer, properties.Text().Length),
        MqttPropertyId.AuthenticationData => Ignore(answer, properties.Binary().Length),
        MqttPropertyId.UserProperty => Ignore(answer, properties.Text().Length + properties.Text().Length),
        var unknown => throw new MqttProtocolException(MqttProtocolException.Malformed, $"CONNACK holds the property 0x{(byte)unknown:X2}"),
    };

    private static MqttConnAck Ignore(MqttConnAck answer, int read) => read < 0 ? throw new InvalidOperationException() : answer;

    private static ushort NotZero(ushort value) => value > 0 ? value : throw ZeroLimit();

    private static uint NotZero(uint value) => value > 0 ? value : throw ZeroLimit();

    private static MqttProtocolException ZeroLimit() => new(MqttProtocolException.Protocol, "CONNACK holds a limit of 0");
}
