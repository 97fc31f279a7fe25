using System.Text;
using Portal.Messaging.Preview;

namespace Portal.Messaging.Tests.Preview;

/// <summary>Messages as readers make them.</summary>
internal static class Messages
{
    public static readonly DateTimeOffset Time = new(2026, 3, 14, 9, 26, 53, 589, TimeSpan.Zero);

    public static Message Mqtt(string topic, string payload = "") => Mqtt(topic, Bytes(payload));

    public static Message Mqtt(string topic, byte[] payload) =>
        new() { Topic = topic, Payload = payload, Timestamp = Time, Qos = 1, Retain = false };

    public static Message Kafka(string topic, string? key, string payload) =>
        new() { Topic = topic, Payload = Bytes(payload), Timestamp = Time, Partition = 2, Offset = 41, Key = key is null ? null : Bytes(key) };

    public static PreviewMessage InPreview(this Message message, long? size = null) =>
        new(1, Time, message) { PayloadSize = size ?? message.Payload.Length };

    public static MessageProperty Property(string name, string? value) => new(name, value is null ? (ReadOnlyMemory<byte>?)null : Bytes(value));

    public static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
}
