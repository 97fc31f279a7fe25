namespace Portal.Messaging.Mqtt.Session;

/// <summary>PUBACK (section 3.4).</summary>
internal readonly record struct MqttPubAck(ushort PacketId, MqttReasonCode Reason, string? Words)
{
    public static MqttPubAck Read(ReadOnlySpan<byte> body)
    {
        var reader = new MqttPacketReader(body);
        var id = reader.UInt16();
        if (reader.IsAtEnd)
            return new MqttPubAck(id, MqttReasonCode.Success, null);
        var reason = (MqttReasonCode)reader.Byte();
        return new MqttPubAck(id, reason, reader.IsAtEnd ? null : new MqttAnswer(ref reader).Words);
    }
}

/// <summary>SUBACK and UNSUBACK (sections 3.9, 3.11): one reason code for each filter.</summary>
internal sealed record MqttSubAck(ushort PacketId, MqttReasonCode[] Reasons, string? Words)
{
    public static MqttSubAck Read(ReadOnlySpan<byte> body)
    {
        var reader = new MqttPacketReader(body);
        var id = reader.UInt16();
        var words = new MqttAnswer(ref reader).Words;
        if (reader.IsAtEnd)
            throw new MqttProtocolException(MqttReasonCode.ProtocolError, "a subscription is answered without a reason code");
        var reasons = new MqttReasonCode[reader.Left];
        for (var i = 0; i < reasons.Length; i++)
            reasons[i] = (MqttReasonCode)reader.Byte();
        return new MqttSubAck(id, reasons, words);
    }
}

/// <summary>DISCONNECT from the broker (section 3.14).</summary>
internal sealed record MqttDisconnect(MqttReasonCode Reason, string? Words, string? ServerReference = null)
{
    public static MqttDisconnect Read(ReadOnlySpan<byte> body)
    {
        var reader = new MqttPacketReader(body);
        if (reader.IsAtEnd)
            return new MqttDisconnect(MqttReasonCode.Success, null);
        var reason = (MqttReasonCode)reader.Byte();
        if (reader.IsAtEnd)
            return new MqttDisconnect(reason, null);
        var answer = new MqttAnswer(ref reader);
        return new MqttDisconnect(reason, answer.Words, answer.ServerReference);
    }
}

/// <summary>AUTH (section 3.15).</summary>
internal sealed record MqttAuth(MqttReasonCode Reason, string? Method, string? Words)
{
    public static MqttAuth Read(ReadOnlySpan<byte> body)
    {
        var reader = new MqttPacketReader(body);
        if (reader.IsAtEnd)
            return new MqttAuth(MqttReasonCode.Success, null, null);
        var reason = (MqttReasonCode)reader.Byte();
        if (reader.IsAtEnd)
            return new MqttAuth(reason, null, null);
        var answer = new MqttAnswer(ref reader);
        return new MqttAuth(reason, answer.Method, answer.Words);
    }
}

/// <summary>The properties that the short answers of a broker have; a later one of a kind wins.</summary>
internal readonly ref struct MqttAnswer
{
    public MqttAnswer(ref MqttPacketReader reader)
    {
        var properties = reader.Properties();
        while (!properties.IsAtEnd)
        {
            var id = (MqttPropertyId)properties.Byte();
            switch (id)
            {
                case MqttPropertyId.ReasonString:
                    Words = properties.Text();
                    break;
                case MqttPropertyId.ServerReference:
                    ServerReference = properties.Text();
                    break;
                case MqttPropertyId.AuthenticationMethod:
                    Method = properties.Text();
                    break;
                case MqttPropertyId.AuthenticationData:
                    properties.Binary();
                    break;
                case MqttPropertyId.SessionExpiryInterval:
                    properties.UInt32();
                    break;
                case MqttPropertyId.UserProperty:
                    properties.Utf8();
                    properties.Utf8();
                    break;
                default:
                    throw new MqttProtocolException(MqttReasonCode.MalformedPacket, $"an answer holds the property 0x{(byte)id:X2}");
            }
        }
    }

    /// <summary>The reason string; null when there is none.</summary>
    public string? Words { get; }

    public string? ServerReference { get; }

    public string? Method { get; }
}
