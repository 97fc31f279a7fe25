using System.Buffers.Binary;
using System.Text;

namespace Portal.Messaging.Kafka;

/// <summary>Reads the primitive types of the Kafka protocol in the older form with fixed sizes (all that a connection test needs).</summary>
/// <remarks>https://kafka.apache.org/protocol#protocol_types. An answer that is shorter than it says throws <see cref="InvalidDataException"/>.</remarks>
internal sealed class WireReader(byte[] bytes)
{
    private int _at;

    /// <summary>Bytes that were not read yet.</summary>
    public int Left => bytes.Length - _at;

    public bool Boolean() => Take(1)[0] != 0;

    public short Int16() => BinaryPrimitives.ReadInt16BigEndian(Take(2));

    public int Int32() => BinaryPrimitives.ReadInt32BigEndian(Take(4));

    public string? String() => Int16() is >= 0 and var length ? Encoding.UTF8.GetString(Take(length)) : null;

    public byte[] Bytes() => Int32() is > 0 and var length ? Take(length).ToArray() : [];

    /// <summary>The elements of an array; a null array is empty.</summary>
    public List<T> Array<T>(Func<WireReader, T> element)
    {
        var list = new List<T>();
        for (var count = Int32(); count > 0; count--)
            list.Add(element(this));
        return list;
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count < 0 || count > bytes.Length - _at)
            throw new InvalidDataException("The answer ends too soon.");
        var taken = bytes.AsSpan(_at, count);
        _at += count;
        return taken;
    }
}

/// <summary>Writes the primitive types of the Kafka protocol in the older form with fixed sizes.</summary>
internal sealed class WireWriter
{
    private readonly MemoryStream _bytes = new();

    public WireWriter Boolean(bool value) => Raw([value ? (byte)1 : (byte)0]);

    public WireWriter Int16(short value)
    {
        Span<byte> span = stackalloc byte[2];
        BinaryPrimitives.WriteInt16BigEndian(span, value);
        return Raw(span);
    }

    public WireWriter Int32(int value)
    {
        Span<byte> span = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(span, value);
        return Raw(span);
    }

    public WireWriter String(string value)
    {
        var text = Encoding.UTF8.GetBytes(value);
        return Int16((short)text.Length).Raw(text);
    }

    public WireWriter Bytes(ReadOnlySpan<byte> value) => Int32(value.Length).Raw(value);

    public WireWriter Raw(ReadOnlySpan<byte> value)
    {
        _bytes.Write(value);
        return this;
    }

    public byte[] ToArray() => _bytes.ToArray();
}
