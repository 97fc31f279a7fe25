using System.Text;

namespace Portal.Messaging.Mqtt.Session;

/// <summary>Reads PUBLISH (section 3.3) of one connection, which its topic aliases belong to.</summary>
internal sealed class MqttPublishReader
{
    /// <summary>Topic aliases that the broker may set.</summary>
    public const ushort AliasMaximum = 64;

    private readonly MqttTopicCache _topics = new();
    private readonly string?[] _aliases = new string?[AliasMaximum + 1];

    /// <returns>The message and its packet id, 0 at QoS 0.</returns>
    /// <exception cref="MqttProtocolException">The packet is not as the standard wants it.</exception>
    public (Message Message, ushort PacketId) Read(byte header, ReadOnlySpan<byte> body, DateTimeOffset received)
    {
        var qos = (header >> 1) & 3;
        if (qos == 3 || (qos == 0 && (header & 0x08) != 0))
            throw new MqttProtocolException(MqttReasonCode.MalformedPacket, "the flags of a message are not allowed");
        // Subscriptions ask for 1 at most, and what is granted is never more.
        if (qos == 2)
            throw new MqttProtocolException(MqttReasonCode.ProtocolError, "a message comes with QoS 2, which was not subscribed to");
        var reader = new MqttPacketReader(body);
        var topicBytes = reader.Utf8();
        var packetId = qos > 0 ? reader.UInt16() : (ushort)0;
        if (qos > 0 && packetId == 0)
            throw new MqttProtocolException(MqttReasonCode.ProtocolError, "a message has the packet identifier 0");
        var found = new Found();
        var properties = reader.Properties();
        while (!properties.IsAtEnd)
            found.Take(ref properties);
        var message = new Message
        {
            Topic = TopicOf(topicBytes, found.Alias),
            Payload = reader.IsAtEnd ? default : reader.Rest().ToArray(),
            Timestamp = received,
            Qos = qos,
            Retain = (header & 1) != 0,
            Properties = found.UserProperties ?? (IReadOnlyList<MessageProperty>)[],
            TopicAlias = found.Alias,
            PayloadFormatIndicator = found.Format,
            ContentType = found.ContentType,
            ResponseTopic = found.ResponseTopic,
            CorrelationData = found.CorrelationData,
            MessageExpiryInterval = found.Expiry,
        };
        return (message, packetId);
    }

    private string TopicOf(ReadOnlySpan<byte> bytes, ushort? alias)
    {
        if (alias is null)
            return bytes.IsEmpty ? throw new MqttProtocolException(MqttReasonCode.ProtocolError, "a message has no topic") : Checked(bytes);
        if (alias is 0 or > AliasMaximum)
            throw new MqttProtocolException(MqttReasonCode.TopicAliasInvalid, $"a message has the topic alias {alias}");
        if (bytes.IsEmpty)
            return _aliases[alias.Value] ?? throw new MqttProtocolException(MqttReasonCode.ProtocolError, $"the topic alias {alias} was never set");
        return _aliases[alias.Value] = Checked(bytes);
    }

    private string Checked(ReadOnlySpan<byte> topic) => topic.IndexOfAny((byte)'+', (byte)'#') < 0
        ? _topics.Get(topic)
        : throw new MqttProtocolException(MqttReasonCode.MalformedPacket, "the topic of a message holds a wildcard");

    /// <summary>Properties of one message.</summary>
    private struct Found
    {
        public int? Format { get; private set; }

        public uint? Expiry { get; private set; }

        public ushort? Alias { get; private set; }

        public string? ContentType { get; private set; }

        public string? ResponseTopic { get; private set; }

        public ReadOnlyMemory<byte>? CorrelationData { get; private set; }

        public List<MessageProperty>? UserProperties { get; private set; }

        public void Take(ref MqttPacketReader properties)
        {
            var id = (MqttPropertyId)properties.Byte();
            switch (id)
            {
                case MqttPropertyId.UserProperty:
                    var name = properties.Text();
                    (UserProperties ??= []).Add(new MessageProperty(name, properties.Utf8().ToArray()));
                    break;
                case MqttPropertyId.SubscriptionIdentifier:
                    if (properties.VariableInteger() == 0)
                        throw new MqttProtocolException(MqttReasonCode.ProtocolError, "a message has the subscription identifier 0");
                    break;
                case MqttPropertyId.PayloadFormatIndicator:
                    Once(Format is null);
                    Format = properties.Flag() ? 1 : 0;
                    break;
                case MqttPropertyId.MessageExpiryInterval:
                    Once(Expiry is null);
                    Expiry = properties.UInt32();
                    break;
                case MqttPropertyId.TopicAlias:
                    Once(Alias is null);
                    Alias = properties.UInt16();
                    break;
                case MqttPropertyId.ContentType:
                    Once(ContentType is null);
                    ContentType = properties.Text();
                    break;
                case MqttPropertyId.ResponseTopic:
                    Once(ResponseTopic is null);
                    var response = properties.Utf8();
                    if (response.IndexOfAny((byte)'+', (byte)'#') >= 0)
                        throw new MqttProtocolException(MqttReasonCode.ProtocolError, "a response topic holds a wildcard");
                    ResponseTopic = Encoding.UTF8.GetString(response);
                    break;
                case MqttPropertyId.CorrelationData:
                    Once(CorrelationData is null);
                    CorrelationData = properties.Binary().ToArray();
                    break;
                default:
                    throw new MqttProtocolException(MqttReasonCode.MalformedPacket, $"a message holds the property 0x{(byte)id:X2}");
            }
        }

        private static void Once(bool isFirst)
        {
            if (!isFirst)
                throw new MqttProtocolException(MqttReasonCode.ProtocolError, "a message holds a property twice");
        }
    }
}
