using System.Buffers.Binary;
using System.Text;

namespace Portal.Messaging.Mqtt.Session;

/// <summary>Writes the data types of MQTT 5 into a buffer that grows. Not safe for threads: its owner locks.</summary>
internal sealed class MqttPacketWriter(int capacity = 4096)
{
    private byte[] _bytes = new byte[capacity];

    public int Count { get; private set; }

    public ReadOnlyMemory<byte> Written => _bytes.AsMemory(0, Count);

    public int Capacity => _bytes.Length;

    public void Clear() => Count = 0;

    /// <summary>Takes back everything from a position on.</summary>
    public void Truncate(int count) => Count = count;

    public void Byte(byte value)
    {
        Reserve(1)[0] = value;
        Count++;
    }

    public void UInt16(int value)
    {
        BinaryPrimitives.WriteUInt16BigEndian(Reserve(2), (ushort)value);
        Count += 2;
    }

    public void UInt32(uint value)
    {
        BinaryPrimitives.WriteUInt32BigEndian(Reserve(4), value);
        Count += 4;
    }

    public void Raw(ReadOnlySpan<byte> value)
    {
        value.CopyTo(Reserve(value.Length));
        Count += value.Length;
    }

    public void Binary(ReadOnlySpan<byte> value)
    {
        UInt16(value.Length);
        Raw(value);
    }

    public void Text(string value)
    {
        var length = Encoding.UTF8.GetByteCount(value);
        UInt16(length);
        Encoding.UTF8.GetBytes(value, Reserve(length));
        Count += length;
    }

    public void VariableInteger(int value)
    {
        do
        {
            var rest = value >> 7;
            Byte((byte)((value & 0x7F) | (rest > 0 ? 0x80 : 0)));
            value = rest;
        }
        while (value > 0);
    }

    /// <summary>A property of four bytes.</summary>
    public void Property(MqttPropertyId id, uint value)
    {
        Byte((byte)id);
        UInt32(value);
    }

    public void Property(MqttPropertyId id, ushort value)
    {
        Byte((byte)id);
        UInt16(value);
    }

    public void Property(MqttPropertyId id, string value)
    {
        Byte((byte)id);
        Text(value);
    }

    public void Property(MqttPropertyId id, ReadOnlySpan<byte> value)
    {
        Byte((byte)id);
        Binary(value);
    }

    /// <summary>Bytes that a variable byte integer takes.</summary>
    public static int SizeOf(int value) => value < 128 ? 1 : value < 16_384 ? 2 : value < 2_097_152 ? 3 : 4;

    private Span<byte> Reserve(int count)
    {
        if (_bytes.Length - Count < count)
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, Count + count));
        return _bytes.AsSpan(Count);
    }
}
