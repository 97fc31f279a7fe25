using System.Buffers.Binary;
using System.Text;

namespace Portal.Messaging.Tests.Support.Kafka;

/// <summary>Reads the primitive types of the Kafka protocol (the older, fixed-size form).</summary>
internal sealed class KafkaReader(byte[] bytes, int start = 0)
{
    private int _at = start;

    public short Int16() => BinaryPrimitives.ReadInt16BigEndian(Take(2));

    public int Int32() => BinaryPrimitives.ReadInt32BigEndian(Take(4));

    public string? String() => Int16() is >= 0 and var length ? Encoding.UTF8.GetString(Take(length)) : null;

    public byte[] Bytes() => Take(Int32()).ToArray();

    public byte[] Rest() => bytes[_at..];

    private ReadOnlySpan<byte> Take(int count)
    {
        var taken = bytes.AsSpan(_at, count);
        _at += count;
        return taken;
    }
}

/// <summary>Writes the primitive types of the Kafka protocol (the older, fixed-size form).</summary>
internal sealed class KafkaWriter
{
    private readonly List<byte> _bytes = [];

    public KafkaWriter Int16(short value) => Raw([(byte)(value >> 8), (byte)value]);

    public KafkaWriter Int32(int value) => Raw([(byte)(value >> 24), (byte)(value >> 16), (byte)(value >> 8), (byte)value]);

    public KafkaWriter String(string? value) => value is null ? Int16(-1) : Int16((short)Encoding.UTF8.GetByteCount(value)).Raw(Encoding.UTF8.GetBytes(value));

    public KafkaWriter Bytes(byte[] value) => Int32(value.Length).Raw(value);

    public KafkaWriter Raw(byte[] value)
    {
        _bytes.AddRange(value);
        return this;
    }

    public byte[] ToArray() => [.. _bytes];
}
