using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;

namespace Portal.Model.Endpoints;

/// <summary>A broker's address: host name or IP address, port (1 to 65535) and, for WebSockets, a path.</summary>
/// <param name="Host">Host name or address; an IPv6 address without its brackets.</param>
/// <param name="Port">TCP port, 1 to 65535.</param>
/// <param name="Path">Path of a WebSocket address with its leading slash, or empty.</param>
public sealed record HostAddress(string Host, int Port, string Path = "")
{
    /// <summary>True when the host is an IP address, not a name.</summary>
    public bool IsAddress => IPAddress.TryParse(Host, out _);

    /// <summary>Reads <c>host:port</c>, <c>[ipv6]:port</c> or <c>host:port/path</c>.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out HostAddress? address)
    {
        address = null;
        if (string.IsNullOrWhiteSpace(text) || text.Any(char.IsWhiteSpace) || text.Contains("://", StringComparison.Ordinal))
            return false;
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        var path = slash < 0 ? "" : text[slash..];
        var authority = slash < 0 ? text : text[..slash];
        var colon = authority.LastIndexOf(':');
        if (colon <= 0
            || !int.TryParse(authority[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            || port is < 1 or > 65535)
            return false;
        var host = authority[..colon];
        if (host.StartsWith('[') && host.EndsWith(']'))
        {
            host = host[1..^1];
            if (!IPAddress.TryParse(host, out var six) || six.AddressFamily is not System.Net.Sockets.AddressFamily.InterNetworkV6)
                return false;
        }
        else if (!IsHostName(host))
            return false;
        address = new HostAddress(host, port, path);
        return true;
    }

    /// <summary>True for a DNS name or an IPv4 address (RFC 1123 labels, underscore tolerated as Kubernetes and compose files use it).</summary>
    public static bool IsHostName(string host)
    {
        var labels = (host.EndsWith('.') ? host[..^1] : host).Split('.');
        return host.Length is > 0 and <= 253
            && labels.All(label => label.Length is > 0 and <= 63
                && label.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_')
                && label[0] != '-' && label[^1] != '-')
            // No top-level domain is a number, so this can only be an address.
            && (!labels[^1].All(char.IsAsciiDigit) || labels.Length == 1 || (labels.Length == 4 && IPAddress.TryParse(host, out _)));
    }

    /// <summary>Host and port as they are written, without the path.</summary>
    public string Authority => Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]:{Port}" : $"{Host}:{Port}";

    public override string ToString() => Authority + Path;
}
