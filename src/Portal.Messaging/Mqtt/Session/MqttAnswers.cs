namespace Portal.Messaging.Mqtt.Session;

/// <summary>PUBACK (section 3.4).</summary>
internal readonly record struct MqttPubAck(ushort PacketId, byte Reason, string? Words)
{
    public static MqttPubAck Read(ReadOnlySpan<byte> body)
    {
        var reader = new MqttPacketReader(body);
        var id = reader.UInt16();
        if (reader.IsAtEnd)
            return new MqttPubAck(id, 0, null);
        var reason = reader.Byte();
        return new MqttPubAck(id, reason, reader.IsAtEnd ? null : MqttAnswer.Words(ref reader));
    }
}

/// <summary>SUBACK and UNSUBACK (sections 3.9, 3.11): one reason code for each filter.</summary>
internal sealed record MqttSubAck(ushort PacketId, byte[] Reasons, string? Words)
{
    public static MqttSubAck Read(ReadOnlySpan<byte> body)
    {
        var reader = new MqttPacketReader(body);
        var id = reader.UInt16();
        var words = MqttAnswer.Words(ref reader);
        return new MqttSubAck(id, reader.Rest().ToArray(), words);
    }
}

/// <summary>DISCONNECT from the broker (section 3.14).</summary>
internal sealed record MqttDisconnect(byte Reason, string? Words)
{
    public static MqttDisconnect Read(ReadOnlySpan<byte> body)
    {
        var reader = new MqttPacketReader(body);
        if (reader.IsAtEnd)
            return new MqttDisconnect(0, null);
        var reason = reader.Byte();
        return new MqttDisconnect(reason, reader.IsAtEnd ? null : MqttAnswer.Words(ref reader));
    }
}

/// <summary>AUTH (section 3.15).</summary>
internal sealed record MqttAuth(byte Reason, string? Method, string? Words)
{
    public const byte Success = 0x00;
    public const byte Continue = 0x18;
    public const byte ReAuthenticate = 0x19;

    public static MqttAuth Read(ReadOnlySpan<byte> body)
    {
        var reader = new MqttPacketReader(body);
        if (reader.IsAtEnd)
            return new MqttAuth(Success, null, null);
        var reason = reader.Byte();
        string? method = null, words = null;
        var properties = reader.IsAtEnd ? default : reader.Properties();
        while (!properties.IsAtEnd)
        {
            var id = (MqttPropertyId)properties.Byte();
            if (id is MqttPropertyId.AuthenticationMethod)
                method = properties.Text();
            else if (id is MqttPropertyId.ReasonString)
                words = properties.Text();
            else
                MqttAnswer.Skip(id, ref properties);
        }

        return new MqttAuth(reason, method, words);
    }
}

/// <summary>What the short answers of a broker have in common.</summary>
internal static class MqttAnswer
{
    /// <summary>The reason string among the properties that follow; null when there is none.</summary>
    public static string? Words(ref MqttPacketReader reader)
    {
        var properties = reader.Properties();
        string? words = null;
        while (!properties.IsAtEnd)
        {
            var id = (MqttPropertyId)properties.Byte();
            if (id is MqttPropertyId.ReasonString)
                words = properties.Text();
            else
                Skip(id, ref properties);
        }

        return words;
    }

    public static void Skip(MqttPropertyId id, ref MqttPacketReader properties)
    {
        switch (id)
        {
            case MqttPropertyId.UserProperty:
                properties.Utf8();
                properties.Utf8();
                break;
            case MqttPropertyId.ServerReference:
                properties.Utf8();
                break;
            case MqttPropertyId.AuthenticationData:
                properties.Binary();
                break;
            case MqttPropertyId.SessionExpiryInterval:
                properties.UInt32();
                break;
            default:
                throw new MqttProtocolException(MqttProtocolException.Malformed, $"an answer holds the property 0x{(byte)id:X2}");
        }
    }
}
