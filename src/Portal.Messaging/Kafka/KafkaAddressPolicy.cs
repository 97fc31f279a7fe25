using System.Net;
using System.Net.Sockets;
using Confluent.Kafka;
using Portal.Messaging.Connections;
using Portal.Messaging.Network;
using Portal.Model.Endpoints;

namespace Portal.Messaging.Kafka;

/// <summary>
/// The client library looks names up and dials by itself, so every address behind a name must be one that it may dial. Where
/// a name has refused addresses beside good ones, the library is kept to the other family (IPv4 or IPv6); where that does not
/// help, the name is refused.
/// </summary>
internal sealed class KafkaAddressPolicy(NetworkPolicy policy)
{
    private readonly List<(HostAddress Name, IReadOnlyList<AddressFamily> Families)> _names = [];
    private readonly HashSet<AddressFamily> _leftOut = [];

    /// <summary>The family that the library is kept to.</summary>
    public BrokerAddressFamily Family => _leftOut.Count == 0 ? BrokerAddressFamily.Any
        : _leftOut.Contains(AddressFamily.InterNetworkV6) ? BrokerAddressFamily.V4 : BrokerAddressFamily.V6;

    /// <summary>Judges the addresses behind a name; the problem when the library would dial one that is refused.</summary>
    public Problem? Add(HostAddress name, IReadOnlyList<IPAddress> addresses)
    {
        var refused = addresses.Select(address => (Address: address, Verdict: policy.Judge(address, name.Port))).Where(one => !one.Verdict.IsAllowed).ToList();
        _names.Add((name, [.. addresses.Select(address => address.AddressFamily).Distinct()]));
        _leftOut.UnionWith(refused.Select(one => one.Address.AddressFamily));
        if (_leftOut.Count == 0 || _names.TrueForAll(one => one.Families.Any(family => !_leftOut.Contains(family))))
            return null;
        var which = refused.Count == 0
            ? $"Only addresses of another family are left for {name.Authority}"
            : $"The network policy does not allow {string.Join(", ", refused.Select(one => $"{new IPEndPoint(one.Address, name.Port)} ({one.Verdict.Reason})"))}";
        var others = refused.Count < addresses.Count ? ", and the Kafka client could take it instead of the others behind the name" : "";
        return new Problem(
            "address-not-allowed", $"{which}{others}.",
            $"If the portal shall reach it, add its range to {NetworkOptions.Section}:Allow, for example 10.20.0.0/16:{name.Port}. Link-local and metadata addresses are never dialled.")
        { Summary = $"{name.Authority} is not allowed" };
    }
}
