using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Portal.Messaging.Network;

/// <summary>A rule of the network policy: addresses by CIDR and, optionally, ports.</summary>
/// <param name="Text">The rule as written.</param>
internal sealed record AddressRange(string Text, IPAddress Network, int PrefixLength, int FirstPort, int LastPort)
{
    public const int LastOfAllPorts = 65535;

    /// <summary>What a rule looks like, for messages.</summary>
    public const string Allowed = "a CIDR or CIDR:port or CIDR:port-port, for example 10.20.0.0/16, 10.20.0.0/16:8883, 10.20.0.0/16:9092-9094 or [fd00:20::/32]:8883";

    /// <summary>Reads <c>CIDR</c>, <c>CIDR:port</c> or <c>CIDR:port-port</c>; an address alone is a range of one; IPv6 with a port stands in brackets or has its prefix length.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out AddressRange? range)
    {
        range = null;
        if (string.IsNullOrWhiteSpace(text))
            return false;
        var (cidr, ports) = Split(text.Trim());
        var slash = cidr.IndexOf('/', StringComparison.Ordinal);
        if (!IPAddress.TryParse(slash < 0 ? cidr : cidr[..slash], out var address) || address.ScopeId() != 0)
            return false;
        var bits = address.AddressFamily is AddressFamily.InterNetwork ? 32 : 128;
        var prefix = bits;
        if (slash >= 0 && (!TryNumber(cidr[(slash + 1)..], 0, bits, out prefix)))
            return false;
        if (!TryPorts(ports, out var first, out var last))
            return false;
        range = new AddressRange(text.Trim(), address, prefix, first, last);
        return true;
    }

    public bool Contains(IPAddress address, int port) => port >= FirstPort && port <= LastPort && Contains(address);

    public bool Contains(IPAddress address)
    {
        if (address.AddressFamily != Network.AddressFamily)
            return false;
        var one = address.GetAddressBytes();
        var other = Network.GetAddressBytes();
        var whole = PrefixLength / 8;
        if (!one.AsSpan(0, whole).SequenceEqual(other.AsSpan(0, whole)))
            return false;
        var rest = PrefixLength % 8;
        return rest == 0 || (one[whole] ^ other[whole]) >> (8 - rest) == 0;
    }

    private static (string Cidr, string? Ports) Split(string text)
    {
        if (text.StartsWith('[') && text.IndexOf(']', StringComparison.Ordinal) is > 0 and var close)
        {
            var rest = text[(close + 1)..];
            return (text[1..close], rest.Length == 0 ? null : rest.StartsWith(':') ? rest[1..] : "?");
        }
        // Without brackets a colon means a port only where it cannot belong to the address.
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        var colon = slash >= 0 ? text.IndexOf(':', slash) : text.Count(c => c == ':') == 1 ? text.IndexOf(':', StringComparison.Ordinal) : -1;
        return colon < 0 ? (text, null) : (text[..colon], text[(colon + 1)..]);
    }

    private static bool TryPorts(string? ports, out int first, out int last)
    {
        (first, last) = (0, LastOfAllPorts);
        if (ports is null)
            return true;
        var dash = ports.IndexOf('-', StringComparison.Ordinal);
        return TryNumber(dash < 0 ? ports : ports[..dash], 1, LastOfAllPorts, out first)
            && TryNumber(dash < 0 ? ports : ports[(dash + 1)..], 1, LastOfAllPorts, out last)
            && first <= last;
    }

    private static bool TryNumber(string text, int least, int most, out int number) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number >= least && number <= most;
}

internal static class AddressExtensions
{
    /// <summary>The scope of an IPv6 address, 0 for none and for IPv4.</summary>
    public static long ScopeId(this IPAddress address) => address.AddressFamily is AddressFamily.InterNetworkV6 ? address.ScopeId : 0;
}
