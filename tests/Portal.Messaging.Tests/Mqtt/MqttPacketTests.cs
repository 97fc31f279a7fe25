using System.Text;
using CsCheck;
using Portal.Messaging.Mqtt.Session;

namespace Portal.Messaging.Tests.Mqtt;

/// <summary>The packets of the MQTT 5 session: what is written is read again, and nonsense has a named end.</summary>
public sealed class MqttPacketTests
{
    private static readonly Gen<string> _text = Gen.String[0, 40].Where(text => !text.Contains('\0') && !text.Any(char.IsSurrogate));
    private static readonly Gen<byte[]> _bytes = Gen.Byte.Array[0, 300];

    private static readonly Gen<Message> _messages =
        Gen.Select(
            Gen.String[Gen.Char.AlphaNumeric, 1, 30], _bytes, Gen.Int[0, 1], Gen.Bool,
            Gen.Select(_text, _text).Array[0, 4], Gen.Select(Gen.Int[-1, 1], Gen.UInt, _text, Gen.String[Gen.Char.AlphaNumeric, 0, 20]), _bytes)
        .Select((topic, payload, qos, retain, properties, more, correlation) => new Message
        {
            Topic = topic,
            Payload = payload,
            Qos = qos,
            Retain = retain,
            Properties = [.. properties.Select(one => new MessageProperty(one.Item1, Encoding.UTF8.GetBytes(one.Item2)))],
            PayloadFormatIndicator = more.Item1 < 0 ? null : more.Item1,
            MessageExpiryInterval = more.Item2 % 2 == 0 ? null : more.Item2,
            ContentType = more.Item3.Length == 0 ? null : more.Item3,
            ResponseTopic = more.Item4.Length == 0 ? null : more.Item4,
            CorrelationData = correlation.Length == 0 ? null : (ReadOnlyMemory<byte>)correlation,
        });

    /// <summary>Messages written one after the other and cut anywhere come out whole.</summary>
    [Fact]
    public void Messages_survive_writing_and_reading_in_pieces() =>
        Gen.Select(_messages.Array[1, 8], Gen.Int[1, 700]).Sample((messages, piece) =>
        {
            var writer = new MqttPacketWriter(16);
            ushort id = 0;
            foreach (var message in messages)
            {
                var before = writer.Count;
                MqttPackets.Publish(writer, message, message.Qos!.Value, message.Retain!.Value, ++id);
                Assert.Equal(MqttPackets.SizeOfPublish(message, message.Qos.Value), writer.Count - before);
            }

            var read = Read(writer.Written, piece);
            Assert.Equal(messages.Select(Text), read.Select(Text));
        });

    /// <summary>Whatever bytes come: a packet, a wait for more, or a protocol error; never another exception.</summary>
    [Fact]
    public void Nonsense_ends_with_a_protocol_error_or_waits_for_more() =>
        Gen.Select(Gen.Byte[0x30, 0x3F], Gen.Byte.Array[0, 200]).Sample(
            (header, body) => Only(() => new MqttPublishReader().Read(header, body, default)), iter: 20_000);

    [Fact]
    public void A_message_with_one_bad_byte_is_read_or_refused() =>
        Gen.Select(_messages, Gen.Int[0, 10_000], Gen.Byte).Sample(
            (message, at, value) =>
            {
                var writer = new MqttPacketWriter();
                MqttPackets.Publish(writer, message, 1, false, 7);
                var bytes = writer.Written.ToArray();
                bytes[at % bytes.Length] = value;
                Only(() => Read(bytes, 64));
            },
            iter: 20_000);

    [Fact]
    public void Nonsense_answers_end_with_a_protocol_error() =>
        Gen.Byte.Array[0, 60].Sample(
            body =>
            {
                Only(() => MqttConnAck.Read(body));
                Only(() => MqttPubAck.Read(body));
                Only(() => MqttSubAck.Read(body));
                Only(() => MqttDisconnect.Read(body));
                Only(() => MqttAuth.Read(body));
            },
            iter: 20_000);

    [Theory]
    [InlineData(0x36, "0001610001 00", "flags")] // QoS 3
    [InlineData(0x38, "000161 00", "flags")] // DUP at QoS 0
    [InlineData(0x34, "0001610001 00", "QoS 2")]
    [InlineData(0x32, "0001610000 00", "identifier 0")]
    [InlineData(0x30, "00012B 00", "wildcard")]
    [InlineData(0x30, "0000 00", "no topic")]
    [InlineData(0x30, "0001FF 00", "UTF-8")]
    [InlineData(0x30, "000161 04 01000101", "twice")]
    [InlineData(0x30, "000161 02 0102", "0 or 1")]
    [InlineData(0x30, "000161 03 230000", "alias 0")]
    [InlineData(0x30, "000161 03 230041", "alias 65")]
    [InlineData(0x30, "0000 03 230001", "never set")]
    [InlineData(0x30, "000161 02 0B00", "subscription identifier 0")]
    [InlineData(0x30, "000161 02 2401", "property 0x24")]
    [InlineData(0x30, "000161 09", "too soon")]
    [InlineData(0x30, "000161 8000", "four bytes")]
    public void A_malformed_message_says_what_is_wrong(int header, string hex, string words)
    {
        var e = Assert.Throws<MqttProtocolException>(() => { new MqttPublishReader().Read((byte)header, Convert.FromHexString(hex.Replace(" ", "")), default); });
        Assert.Contains(words, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_topic_alias_stands_for_its_topic_until_it_is_set_anew()
    {
        var reader = new MqttPublishReader();
        Assert.Equal("a", reader.Read(0x30, Convert.FromHexString("00016103230001"), default).Message.Topic);
        Assert.Equal("a", reader.Read(0x30, Convert.FromHexString("000003230001"), default).Message.Topic);
        Assert.Equal("b", reader.Read(0x30, Convert.FromHexString("00016203230001"), default).Message.Topic);
        Assert.Equal("b", reader.Read(0x30, Convert.FromHexString("000003230001"), default).Message.Topic);
    }

    [Fact]
    public void A_length_that_promises_much_takes_no_memory_before_it_comes()
    {
        var inbox = new MqttInbox();
        byte[] header = [0x30, 0xFF, 0xFF, 0xFF, 0x7F];
        header.CopyTo(inbox.Free);
        inbox.Filled(header.Length);
        Assert.False(inbox.TryNext());
        inbox.MakeRoom();
        Assert.InRange(inbox.Free.Length, 1, 1024 * 1024);
    }

    /// <summary>What a dataflow does for every message: its acknowledgements cost no memory, a message its parts alone.</summary>
    [Fact]
    public void Acknowledgements_cost_no_memory_and_a_message_only_its_parts()
    {
        const int times = 1000;
        var packets = new MqttPacketWriter(1024 * 1024);
        MqttPackets.Publish(packets, new Message { Topic = "line3/press", Payload = new byte[100] }, 1, false, 7);
        var publish = packets.Written[2..].ToArray();
        byte[] acknowledged = [0, 7], refused = [0, 7, 0x97, 0];
        var reader = new MqttPublishReader();

        Assert.Equal(0, CostOf(() => MqttPubAck.Read(acknowledged)));
        Assert.Equal(0, CostOf(() => MqttPubAck.Read(refused)));
        Assert.Equal(0, CostOf(() => MqttPackets.PubAck(packets, 7)));
        // The record, its payload, and nothing else: 400 bytes leave room for a field more.
        Assert.InRange(CostOf(() => reader.Read(0x32, publish, default)), 100, 400);

        static double CostOf(Action act)
        {
            act();
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < times; i++)
                act();
            return (double)(GC.GetAllocatedBytesForCurrentThread() - before) / times;
        }
    }

    private static void Only(Action read)
    {
        try
        {
            read();
        }
        catch (MqttProtocolException)
        {
            // Refused by name, as it shall be.
        }
    }

    private static List<Message> Read(ReadOnlyMemory<byte> bytes, int piece)
    {
        var inbox = new MqttInbox();
        var reader = new MqttPublishReader();
        var messages = new List<Message>();
        while (!bytes.IsEmpty)
        {
            var count = Math.Min(Math.Min(piece, bytes.Length), inbox.Free.Length);
            bytes[..count].CopyTo(inbox.Free);
            bytes = bytes[count..];
            inbox.Filled(count);
            while (inbox.TryNext())
                messages.Add(reader.Read(inbox.Header, inbox.Body, default).Message);
            inbox.MakeRoom();
        }

        return messages;
    }

    private static string Text(Message message) => string.Join('|',
        message.Topic, Convert.ToHexString(message.Payload.Span), message.Qos, message.Retain, message.PayloadFormatIndicator, message.MessageExpiryInterval,
        message.ContentType, message.ResponseTopic, message.CorrelationData is { } data ? Convert.ToHexString(data.Span) : "none",
        string.Join(',', message.Properties.Select(one => $"{one.Name}={Convert.ToHexString(one.Value!.Value.Span)}")));
}
