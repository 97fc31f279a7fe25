using System.Net;
using System.Net.Sockets;
using Portal.Messaging.Connections;
using Portal.Model.Endpoints;

namespace Portal.Messaging.Network;

/// <summary>The addresses behind a name, or why there are none.</summary>
internal sealed record LookupResult(IReadOnlyList<IPAddress> Addresses, Problem? Problem = null);

/// <summary>Finds the addresses behind a host name.</summary>
internal interface IHostLookup
{
    Task<LookupResult> ResolveAsync(HostAddress address, CancellationToken cancellationToken = default);
}

/// <summary>Asks the system: its hosts file and its name server.</summary>
internal sealed class SystemHostLookup : IHostLookup
{
    public async Task<LookupResult> ResolveAsync(HostAddress address, CancellationToken cancellationToken = default)
    {
        if (IPAddress.TryParse(address.Host, out var literal))
            return new LookupResult([literal]);
        try
        {
            var addresses = await Dns.GetHostAddressesAsync(address.Host, cancellationToken);
            return addresses.Length > 0 ? new LookupResult(addresses) : Nothing(address.Host);
        }
        catch (SocketException e)
        {
            return e.SocketErrorCode switch
            {
                SocketError.TryAgain => new LookupResult([], new Problem(
                    "name-server-unavailable", $"The name server did not answer for '{address.Host}'.",
                    "Check the DNS settings and the network of the machine that the portal runs on, then test again.")),
                SocketError.NoData => Nothing(address.Host),
                _ => new LookupResult([], new Problem(
                    "name-not-found", $"The name '{address.Host}' is not known to the name server.",
                    $"Check the spelling of the host. A name inside a cluster is known only there: from outside write the full name or an address, for example 10.0.0.5:{address.Port}.")
                {
                    Summary = $"'{address.Host}' is not known",
                }),
            };
        }
        catch (ArgumentException)
        {
            return new LookupResult([], new Problem(
                "name-invalid", $"'{address.Host}' cannot be a host name.", "Write host and port, for example broker.example:8883."));
        }
    }

    private static LookupResult Nothing(string host) => new([], new Problem(
        "name-no-address", $"The name '{host}' is known, but it has no address.",
        "Let the name server give it an A or AAAA record, or write an address instead of the name."));
}
