using System.Net;
using System.Net.Sockets;

namespace Portal.Messaging.Network;

/// <summary>What the policy says about one address.</summary>
/// <param name="IsAllowed">Whether it may be dialled.</param>
/// <param name="Reason">Why, as the rest of a sentence: "10.20.0.0/16 is allowed".</param>
public sealed record NetworkVerdict(bool IsAllowed, string Reason);

/// <summary>
/// Decides which addresses the portal may dial, so that it cannot be used to reach what only this machine can reach.
/// Judges resolved addresses; the address that is judged is the one that is dialled.
/// </summary>
public sealed class NetworkPolicy(NetworkOptions options)
{
    private static readonly (AddressRange Range, string What)[] _never =
    [
        (Range("169.254.169.254"), "cloud metadata"),
        (Range("100.100.100.200"), "cloud metadata"),
        (Range("168.63.129.16"), "cloud metadata"),
        (Range("192.0.0.192"), "cloud metadata"),
        (Range("fd00:ec2::254"), "cloud metadata"),
        (Range("fd20:ce::254"), "cloud metadata"),
        (Range("169.254.0.0/16"), "link-local"),
        (Range("fe80::/10"), "link-local"),
        (Range("0.0.0.0/8"), "unspecified"),
        (Range("::/128"), "unspecified"),
        (Range("255.255.255.255/32"), "broadcast"),
        (Range("224.0.0.0/4"), "multicast"),
        (Range("ff00::/8"), "multicast"),
        (Range("240.0.0.0/4"), "reserved"),
    ];

    private readonly AddressRange[] _allow = Parse(options.Allow);
    private readonly AddressRange[] _deny = Parse(options.Deny);
    private volatile bool _isSandboxOn;

    /// <summary>While the sandbox is on, loopback counts as allowed.</summary>
    public bool IsSandboxOn
    {
        get => _isSandboxOn;
        set => _isSandboxOn = value;
    }

    public NetworkVerdict Judge(IPAddress address, int port)
    {
        var judged = Unwrap(address);
        foreach (var (range, what) in _never)
        {
            if (range.Contains(judged))
                return new NetworkVerdict(false, $"{what} addresses are never dialled");
        }
        if (_deny.FirstOrDefault(rule => rule.Contains(judged, port)) is { } denied)
            return new NetworkVerdict(false, $"{denied.Text} is denied by {NetworkOptions.Section}:Deny");
        if (_allow.FirstOrDefault(rule => rule.Contains(judged, port)) is { } allowed)
            return new NetworkVerdict(true, $"{allowed.Text} is allowed");
        if (IPAddress.IsLoopback(judged))
            return IsSandboxOn
                ? new NetworkVerdict(true, "loopback is allowed while the sandbox is on")
                : new NetworkVerdict(false, "loopback addresses are dialled only while the sandbox is on or a rule allows them");
        return _allow.Length == 0
            ? new NetworkVerdict(true, "private and public addresses are allowed")
            : new NetworkVerdict(false, $"no rule in {NetworkOptions.Section}:Allow holds it");
    }

    /// <summary>IPv4 in the clothes of IPv6 (mapped, compatible, NAT64, 6to4) is judged as the IPv4 address that it reaches.</summary>
    private static IPAddress Unwrap(IPAddress address)
    {
        if (address.AddressFamily is not AddressFamily.InterNetworkV6)
            return address;
        if (address.IsIPv4MappedToIPv6)
            return address.MapToIPv4();
        var bytes = address.GetAddressBytes();
        if (bytes is [0x20, 0x02, ..])
            return new IPAddress(bytes.AsSpan(2, 4));
        if (bytes is [0x00, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0, ..])
            return new IPAddress(bytes.AsSpan(12, 4));
        var isCompatible = bytes.AsSpan(0, 12).IndexOfAnyExcept((byte)0) < 0 && !IPAddress.IsLoopback(address) && !address.Equals(IPAddress.IPv6Any);
        return isCompatible ? new IPAddress(bytes.AsSpan(12, 4)) : address;
    }

    private static AddressRange[] Parse(IEnumerable<string> rules) =>
        [.. rules.Select(rule => AddressRange.TryParse(rule, out var range) ? range : throw new ArgumentException($"'{rule}' is not {AddressRange.Allowed}.", nameof(rules)))];

    private static AddressRange Range(string text) =>
        AddressRange.TryParse(text, out var range) ? range : throw new ArgumentException(text, nameof(text));
}
