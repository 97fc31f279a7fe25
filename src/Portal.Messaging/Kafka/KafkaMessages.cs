using System.Runtime.InteropServices;
using System.Text;
using Confluent.Kafka;

namespace Portal.Messaging.Kafka;

/// <summary>Messages of the portal to and from those of the Kafka client library.</summary>
internal static class KafkaMessages
{
    private const string ContentTypeHeader = "content-type";

    /// <summary>A consumed record; of the value at most so many bytes are kept.</summary>
    public static Message ToMessage(ConsumeResult<byte[], byte[]> record, DateTimeOffset received, int mostPayload = int.MaxValue)
    {
        var content = record.Message;
        return new Message
        {
            Topic = record.Topic,
            Payload = content.Value is null ? default : content.Value.Length <= mostPayload ? content.Value : content.Value[..mostPayload],
            HasNoValue = content.Value is null,
            Timestamp = TimeOf(content.Timestamp, received),
            Properties = content.Headers is { Count: > 0 } headers ? [.. headers.Select(ToProperty)] : [],
            Partition = record.Partition.Value,
            Offset = record.Offset.Value,
            Key = content.Key is { } key ? key : (ReadOnlyMemory<byte>?)null,
        };
    }

    /// <summary>A record to produce. A content type becomes the header <c>content-type</c> unless there is one.</summary>
    public static Message<byte[]?, byte[]?> ToRecord(Message message) => new()
    {
        Key = message.Key is { } key ? ArrayOf(key) : null,
        Value = message.HasNoValue ? null : ArrayOf(message.Payload),
        Headers = message.Properties.Count == 0 && message.ContentType is null ? null : HeadersOf(message),
        Timestamp = message.Timestamp == default ? Timestamp.Default : new Timestamp(message.Timestamp),
    };

    private static Headers HeadersOf(Message message)
    {
        var headers = new Headers();
        var hasContentType = false;
        for (var i = 0; i < message.Properties.Count; i++)
        {
            var (name, value) = message.Properties[i];
            headers.Add(name, value is { } bytes ? ArrayOf(bytes) : null);
            hasContentType |= name == ContentTypeHeader;
        }

        if (message.ContentType is not null && !hasContentType)
            headers.Add(ContentTypeHeader, Encoding.UTF8.GetBytes(message.ContentType));
        return headers;
    }

    // The library copies what it sends, so that bytes which are an array already need no second copy.
    private static byte[] ArrayOf(ReadOnlyMemory<byte> bytes) =>
        MemoryMarshal.TryGetArray(bytes, out var segment) && segment.Offset == 0 && segment.Count == segment.Array!.Length ? segment.Array : bytes.ToArray();

    private static MessageProperty ToProperty(IHeader header) =>
        new(header.Key, header.GetValueBytes() is { } value ? value : (ReadOnlyMemory<byte>?)null);

    // Producers may write any number; one that is no date shows as the time of receipt.
    private static DateTimeOffset TimeOf(Timestamp timestamp, DateTimeOffset received) =>
        timestamp.Type is TimestampType.NotAvailable
        || timestamp.UnixTimestampMs < DateTimeOffset.MinValue.ToUnixTimeMilliseconds()
        || timestamp.UnixTimestampMs > DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()
            ? received
            : DateTimeOffset.FromUnixTimeMilliseconds(timestamp.UnixTimestampMs);
}
