using System.Buffers.Binary;

namespace Portal.Messaging.Probes;

/// <summary>What a CONNACK of MQTT 5 says and the client library does not tell from absent. Pure.</summary>
/// <remarks>MQTT 5.0, section 3.2.2.3: a broker that grants the session expiry that was asked for leaves it out.</remarks>
internal static class Connack
{
    private const byte SessionExpiryInterval = 0x11;

    /// <summary>The session expiry in seconds; null when the packet has none or is no whole CONNACK.</summary>
    public static uint? SessionExpiry(ReadOnlySpan<byte> packet)
    {
        if (packet is not [0x20, ..] || !TryNumber(packet[1..], out _, out var start) || packet.Length < start + 3)
            return null;
        var rest = packet[(start + 3)..];
        if (!TryNumber(rest, out var length, out var head) || rest.Length < head + length)
            return null;
        rest = rest.Slice(head, length);
        while (rest.Length > 1)
        {
            if (rest[0] == SessionExpiryInterval)
                return rest.Length >= 5 ? BinaryPrimitives.ReadUInt32BigEndian(rest[1..]) : null;
            var size = SizeOf(rest);
            if (size <= 0 || size > rest.Length)
                return null;
            rest = rest[size..];
        }
        return null;
    }

    private static int SizeOf(ReadOnlySpan<byte> property) => property[0] switch
    {
        0x24 or 0x25 or 0x28 or 0x29 or 0x2A => 2,
        0x13 or 0x21 or 0x22 => 3,
        0x27 => 5,
        0x12 or 0x15 or 0x16 or 0x1A or 0x1C or 0x1F => 1 + Text(property[1..]),
        0x26 when Text(property[1..]) is var name && property.Length > 1 + name => 1 + name + Text(property[(1 + name)..]),
        _ => 0,
    };

    private static int Text(ReadOnlySpan<byte> text) => text.Length < 2 ? int.MaxValue / 4 : 2 + BinaryPrimitives.ReadUInt16BigEndian(text);

    private static bool TryNumber(ReadOnlySpan<byte> bytes, out int number, out int size)
    {
        (number, size) = (0, 0);
        while (size < 4 && size < bytes.Length)
        {
            number |= (bytes[size] & 0x7F) << (7 * size);
            if ((bytes[size++] & 0x80) == 0)
                return true;
        }
        return false;
    }
}
