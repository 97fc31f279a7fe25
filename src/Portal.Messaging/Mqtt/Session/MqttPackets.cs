using System.Text;
using System.Text.Unicode;

namespace Portal.Messaging.Mqtt.Session;

/// <summary>What CONNECT asks for.</summary>
internal sealed record MqttConnect(string ClientId, bool CleanStart, ushort KeepAliveSeconds, uint SessionExpirySeconds, ushort ReceiveMaximum, string? Method, byte[]? Data);

/// <summary>Writes the packets of a client.</summary>
internal static class MqttPackets
{
    public const int MostBytesOfPacket = 268_435_455;

    public static void Connect(MqttPacketWriter to, MqttConnect connect)
    {
        var body = new MqttPacketWriter(256);
        body.Text("MQTT");
        body.Byte(5);
        body.Byte(connect.CleanStart ? (byte)2 : (byte)0);
        body.UInt16(connect.KeepAliveSeconds);
        var properties = new MqttPacketWriter(64);
        properties.Property(MqttPropertyId.SessionExpiryInterval, connect.SessionExpirySeconds);
        properties.Property(MqttPropertyId.ReceiveMaximum, connect.ReceiveMaximum);
        properties.Property(MqttPropertyId.TopicAliasMaximum, MqttPublishReader.AliasMaximum);
        if (connect.Method is not null)
        {
            properties.Property(MqttPropertyId.AuthenticationMethod, connect.Method);
            properties.Property(MqttPropertyId.AuthenticationData, connect.Data);
        }

        body.VariableInteger(properties.Count);
        body.Raw(properties.Written.Span);
        body.Text(connect.ClientId);
        Packet(to, 0x10, body);
    }

    public static void Subscribe(MqttPacketWriter to, ushort packetId, IReadOnlyList<MqttSubscription> subscriptions)
    {
        var body = new MqttPacketWriter(256);
        body.UInt16(packetId);
        body.VariableInteger(0);
        foreach (var subscription in subscriptions)
        {
            body.Text(subscription.Filter);
            body.Byte(subscription.Options);
        }

        Packet(to, 0x82, body);
    }

    public static void Unsubscribe(MqttPacketWriter to, ushort packetId, IReadOnlyList<string> filters)
    {
        var body = new MqttPacketWriter(256);
        body.UInt16(packetId);
        body.VariableInteger(0);
        foreach (var filter in filters)
            body.Text(filter);
        Packet(to, 0xA2, body);
    }

    public static void PubAck(MqttPacketWriter to, ushort packetId)
    {
        to.Byte(0x40);
        to.Byte(2);
        to.UInt16(packetId);
    }

    public static void PingReq(MqttPacketWriter to)
    {
        to.Byte(0xC0);
        to.Byte(0);
    }

    public static void Auth(MqttPacketWriter to, MqttReasonCode reason, string method, byte[] data)
    {
        var properties = new MqttPacketWriter(256);
        properties.Property(MqttPropertyId.AuthenticationMethod, method);
        properties.Property(MqttPropertyId.AuthenticationData, data);
        var body = new MqttPacketWriter(256);
        body.Byte((byte)reason);
        body.VariableInteger(properties.Count);
        body.Raw(properties.Written.Span);
        Packet(to, 0xF0, body);
    }

    /// <param name="forgetsSession">The broker is to keep nothing, whatever session expiry was asked for at first.</param>
    public static void Disconnect(MqttPacketWriter to, MqttReasonCode reason, bool forgetsSession)
    {
        var body = new MqttPacketWriter(16);
        if (forgetsSession || reason is not MqttReasonCode.Success)
            body.Byte((byte)reason);
        if (forgetsSession)
        {
            body.VariableInteger(5);
            body.Property(MqttPropertyId.SessionExpiryInterval, 0u);
        }

        Packet(to, 0xE0, body);
    }

    /// <summary>Size of a whole PUBLISH packet; null when MQTT cannot carry the message: a text is too long or not UTF-8.</summary>
    public static int? SizeOfPublish(Message message, int qos)
    {
        if (PropertyBytes(message) is not { } properties || Encoding.UTF8.GetByteCount(message.Topic) is not (> 0 and <= ushort.MaxValue and var topic))
            return null;
        var length = 2L + topic + (qos > 0 ? 2 : 0) + MqttPacketWriter.SizeOf(properties) + properties + message.Payload.Length;
        return length > MostBytesOfPacket ? null : (int)length + 1 + MqttPacketWriter.SizeOf((int)length);
    }

    /// <summary>Writes PUBLISH for a message that <see cref="SizeOfPublish"/> has a size for.</summary>
    public static void Publish(MqttPacketWriter to, Message message, int qos, bool retain, ushort packetId)
    {
        var properties = PropertyBytes(message) ?? throw new ArgumentException("MQTT cannot carry the message.", nameof(message));
        var length = 2 + Encoding.UTF8.GetByteCount(message.Topic) + (qos > 0 ? 2 : 0) + MqttPacketWriter.SizeOf(properties) + properties + message.Payload.Length;
        to.Byte((byte)(0x30 | (qos << 1) | (retain ? 1 : 0)));
        to.VariableInteger(length);
        to.Text(message.Topic);
        if (qos > 0)
            to.UInt16(packetId);
        to.VariableInteger(properties);
        if (message.PayloadFormatIndicator is { } format)
        {
            to.Byte((byte)MqttPropertyId.PayloadFormatIndicator);
            to.Byte((byte)format);
        }

        if (message.MessageExpiryInterval is { } expiry)
            to.Property(MqttPropertyId.MessageExpiryInterval, expiry);
        if (message.ContentType is { } contentType)
            to.Property(MqttPropertyId.ContentType, contentType);
        if (message.ResponseTopic is { } response)
            to.Property(MqttPropertyId.ResponseTopic, response);
        if (message.CorrelationData is { } correlation)
            to.Property(MqttPropertyId.CorrelationData, correlation.Span);
        for (var i = 0; i < message.Properties.Count; i++)
        {
            to.Property(MqttPropertyId.UserProperty, message.Properties[i].Name);
            to.Binary(message.Properties[i].Value is { } value ? value.Span : []);
        }

        to.Raw(message.Payload.Span);
    }

    private static int? PropertyBytes(Message message)
    {
        var bytes = (message.PayloadFormatIndicator is null ? 0L : 2) + (message.MessageExpiryInterval is null ? 0 : 5);
        if (!AddText(message.ContentType, ref bytes) || !AddText(message.ResponseTopic, ref bytes) || message.CorrelationData?.Length > ushort.MaxValue)
            return null;
        bytes += message.CorrelationData is { } correlation ? 3 + correlation.Length : 0;
        for (var i = 0; i < message.Properties.Count; i++)
        {
            var (name, value) = message.Properties[i];
            var length = value?.Length ?? 0;
            if (!AddText(name, ref bytes) || length > ushort.MaxValue || (value is { } text && !Utf8.IsValid(text.Span)))
                return null;
            bytes += 2 + length;
        }

        return bytes <= MostBytesOfPacket ? (int)bytes : null;
    }

    private static bool AddText(string? text, ref long bytes)
    {
        if (text is null)
            return true;
        var length = Encoding.UTF8.GetByteCount(text);
        bytes += 3 + length;
        return length <= ushort.MaxValue;
    }

    private static void Packet(MqttPacketWriter to, byte header, MqttPacketWriter body)
    {
        to.Byte(header);
        to.VariableInteger(body.Count);
        to.Raw(body.Written.Span);
    }
}
