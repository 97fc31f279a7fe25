using System.Net.Sockets;
using Portal.Messaging.Connections;

namespace Portal.Messaging.Network;

/// <summary>Makes the connection below a protocol: name, policy, TCP, TLS, WebSocket. Tests go through the same steps one by one.</summary>
internal sealed class BrokerDialer(IHostLookup lookup, TcpDialer tcp, TlsHandshake tls)
{
    /// <summary>A stream that is ready for the protocol; closing it closes everything below.</summary>
    /// <exception cref="ConnectionException">A step failed.</exception>
    public async Task<Stream> ConnectAsync(DialTarget target, ConnectionMaterial material, CancellationToken cancellationToken = default)
    {
        var found = await lookup.ResolveAsync(target.Dialled, cancellationToken);
        if (found.Problem is not null)
            throw new ConnectionException(found.Problem);
        var connected = await tcp.ConnectAsync(found.Addresses, target.Dialled.Port, cancellationToken);
        if (connected.Socket is null)
            throw new ConnectionException(connected.Problem!);
        Stream stream = new NetworkStream(connected.Socket, ownsSocket: true);
        try
        {
            if (target.UsesTls)
            {
                var secured = await tls.RunAsync(stream, target.Written.Host, material, cancellationToken);
                if (secured.Problem is { IsWarning: false } problem)
                {
                    stream = secured.Stream ?? stream;
                    throw new ConnectionException(problem);
                }
                // Never on without TLS: what follows may carry a token.
                stream = secured.Stream ?? throw new ConnectionException(secured.Problem!);
            }
            if (target.WebSocketPath is not null)
            {
                var upgraded = await WebSocketUpgrade.RunAsync(stream, target, cancellationToken);
                if (upgraded.Stream is null)
                    throw new ConnectionException(upgraded.Problem!);
                stream = upgraded.Stream;
            }
            return stream;
        }
        catch
        {
            await stream.DisposeAsync();
            throw;
        }
    }
}
