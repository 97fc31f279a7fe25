using System.Buffers.Binary;
using System.Text;
using System.Text.Unicode;

namespace Portal.Messaging.Mqtt.Session;

/// <summary>Reads the data types of MQTT 5 (section 1.5), strictly: what the standard calls malformed throws.</summary>
internal ref struct MqttPacketReader(ReadOnlySpan<byte> bytes)
{
    /// <summary>Longest variable byte integer.</summary>
    private const int MostIntegerBytes = 4;

    private ReadOnlySpan<byte> _left = bytes;

    public readonly int Left => _left.Length;

    public readonly bool IsAtEnd => _left.IsEmpty;

    public byte Byte() => Take(1)[0];

    public ushort UInt16() => BinaryPrimitives.ReadUInt16BigEndian(Take(2));

    public uint UInt32() => BinaryPrimitives.ReadUInt32BigEndian(Take(4));

    public ReadOnlySpan<byte> Binary() => Take(UInt16());

    public ReadOnlySpan<byte> Rest() => Take(_left.Length);

    public bool Flag() => Byte() switch
    {
        0 => false,
        1 => true,
        _ => throw new MqttProtocolException(MqttReasonCode.ProtocolError, "a property that is 0 or 1 has another value"),
    };

    /// <summary>The bytes of a string that is valid UTF-8 without U+0000.</summary>
    public ReadOnlySpan<byte> Utf8()
    {
        var text = Binary();
        return Utf8Text.IsAllowed(text) ? text : throw new MqttProtocolException(MqttReasonCode.MalformedPacket, "a text is not valid UTF-8");
    }

    public string Text()
    {
        var text = Utf8();
        return text.IsEmpty ? "" : Encoding.UTF8.GetString(text);
    }

    public uint VariableInteger()
    {
        var used = TryVariableInteger(_left, out var value);
        if (used <= 0)
            throw used < 0 ? new MqttProtocolException(MqttReasonCode.MalformedPacket, "a length takes more than four bytes") : MqttProtocolException.EndsTooSoon();
        _left = _left[used..];
        return value;
    }

    /// <summary>A reader of the properties that follow.</summary>
    public MqttPacketReader Properties()
    {
        var length = VariableInteger();
        return length <= _left.Length ? new MqttPacketReader(Take((int)length)) : throw MqttProtocolException.EndsTooSoon();
    }

    /// <summary>Bytes that an integer takes; 0 = more bytes are needed, -1 = malformed.</summary>
    public static int TryVariableInteger(ReadOnlySpan<byte> from, out uint value)
    {
        value = 0;
        for (var i = 0; i < MostIntegerBytes; i++)
        {
            if (i == from.Length)
                return 0;
            value |= (uint)(from[i] & 0x7F) << (7 * i);
            if ((from[i] & 0x80) == 0)
                // The shortest form is the only one.
                return i > 0 && from[i] == 0 ? -1 : i + 1;
        }

        return -1;
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > _left.Length)
            throw MqttProtocolException.EndsTooSoon();
        var taken = _left[..count];
        _left = _left[count..];
        return taken;
    }
}

/// <summary>Texts of MQTT (section 1.5.4).</summary>
internal static class Utf8Text
{
    /// <summary>Valid UTF-8 without U+0000.</summary>
    public static bool IsAllowed(ReadOnlySpan<byte> text) => Utf8.IsValid(text) && !text.Contains((byte)0);
}
