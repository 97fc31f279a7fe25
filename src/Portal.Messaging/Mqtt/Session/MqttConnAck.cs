namespace Portal.Messaging.Mqtt.Session;

/// <summary>The broker's answer to a sign-in, yes or no, with all that it says of itself (MQTT 5, section 3.2).</summary>
internal sealed record MqttConnAck
{
    public MqttReasonCode Reason { get; init; }

    /// <summary>
    /// The code of a broker without MQTT 5, which answers in the form of MQTT 3.1.1 (section 3.2.2.3 there); null when the
    /// answer is one of MQTT 5. Then there are no properties, and no session, whatever the code.
    /// </summary>
    public byte? OldCode { get; init; }

    /// <summary>True when the broker let the client in.</summary>
    public bool IsAccepted => Reason is MqttReasonCode.Success && OldCode is null;

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

    /// <summary>The client identifier that the broker chose; null = ours holds.</summary>
    public string? AssignedClientIdentifier { get; init; }

    /// <summary>Topic aliases that the broker takes; 0 = none.</summary>
    public ushort TopicAliasMaximum { get; init; }

    /// <summary>The broker's words for its reason.</summary>
    public string? ReasonString { get; init; }

    public bool WildcardSubscriptionAvailable { get; init; } = true;

    public bool SubscriptionIdentifierAvailable { get; init; } = true;

    public bool SharedSubscriptionAvailable { get; init; } = true;

    /// <summary>Keep alive that the broker insists on, in seconds; null = as asked for.</summary>
    public ushort? ServerKeepAlive { get; init; }

    /// <summary>Beginning of topics for answers, given when it was asked for.</summary>
    public string? ResponseInformation { get; init; }

    /// <summary>Another server that the client is to use.</summary>
    public string? ServerReference { get; init; }

    public string? AuthenticationMethod { get; init; }

    /// <summary>The last words of an enhanced sign-in, by which the broker shows who it is.</summary>
    public ReadOnlyMemory<byte>? AuthenticationData { get; init; }

    public IReadOnlyList<MessageProperty> UserProperties { get; init; } = [];

    public static MqttConnAck Read(ReadOnlySpan<byte> body)
    {
        var reader = new MqttPacketReader(body);
        var flags = reader.Byte();
        if (flags > 1)
            throw new MqttProtocolException(MqttReasonCode.MalformedPacket, "reserved flags of CONNACK are set");
        var answer = new MqttConnAck { SessionPresent = flags == 1, Reason = (MqttReasonCode)reader.Byte() };
        if (reader.IsAtEnd)
            return answer with { OldCode = (byte)answer.Reason };
        var properties = reader.Properties();
        if (!reader.IsAtEnd)
            throw new MqttProtocolException(MqttReasonCode.MalformedPacket, "CONNACK is longer than its properties");
        var seen = 0UL;
        while (!properties.IsAtEnd)
        {
            var id = (MqttPropertyId)properties.Byte();
            answer = With(answer, id, ref properties);
            if (id is not MqttPropertyId.UserProperty && (seen & (1UL << (byte)id)) != 0)
                throw new MqttProtocolException(MqttReasonCode.ProtocolError, $"CONNACK holds the property 0x{(byte)id:X2} twice");
            seen |= 1UL << (byte)id;
        }

        return answer;
    }

    private static MqttConnAck With(MqttConnAck answer, MqttPropertyId id, ref MqttPacketReader properties) => id switch
    {
        MqttPropertyId.SessionExpiryInterval => answer with { SessionExpiryInterval = properties.UInt32() },
        MqttPropertyId.ReceiveMaximum => answer with { ReceiveMaximum = NotZero(properties.UInt16()) },
        MqttPropertyId.MaximumQoS => answer with { MaximumQoS = properties.Flag() ? 1 : 0 },
        MqttPropertyId.RetainAvailable => answer with { RetainAvailable = properties.Flag() },
        MqttPropertyId.MaximumPacketSize => answer with { MaximumPacketSize = NotZero(properties.UInt32()) },
        MqttPropertyId.AssignedClientIdentifier => answer with { AssignedClientIdentifier = properties.Text() },
        MqttPropertyId.TopicAliasMaximum => answer with { TopicAliasMaximum = properties.UInt16() },
        MqttPropertyId.ReasonString => answer with { ReasonString = properties.Text() },
        MqttPropertyId.WildcardSubscriptionAvailable => answer with { WildcardSubscriptionAvailable = properties.Flag() },
        MqttPropertyId.SubscriptionIdentifierAvailable => answer with { SubscriptionIdentifierAvailable = properties.Flag() },
        MqttPropertyId.SharedSubscriptionAvailable => answer with { SharedSubscriptionAvailable = properties.Flag() },
        MqttPropertyId.ServerKeepAlive => answer with { ServerKeepAlive = properties.UInt16() },
        MqttPropertyId.ResponseInformation => answer with { ResponseInformation = properties.Text() },
        MqttPropertyId.ServerReference => answer with { ServerReference = properties.Text() },
        MqttPropertyId.AuthenticationMethod => answer with { AuthenticationMethod = properties.Text() },
        MqttPropertyId.AuthenticationData => answer with { AuthenticationData = properties.Binary().ToArray() },
        MqttPropertyId.UserProperty => answer with { UserProperties = [.. answer.UserProperties, new MessageProperty(properties.Text(), properties.Utf8().ToArray())] },
        var unknown => throw new MqttProtocolException(MqttReasonCode.MalformedPacket, $"CONNACK holds the property 0x{(byte)unknown:X2}"),
    };

    private static ushort NotZero(ushort value) => value > 0 ? value : throw ZeroLimit();

    private static uint NotZero(uint value) => value > 0 ? value : throw ZeroLimit();

    private static MqttProtocolException ZeroLimit() => new(MqttReasonCode.ProtocolError, "CONNACK holds a limit of 0");
}
