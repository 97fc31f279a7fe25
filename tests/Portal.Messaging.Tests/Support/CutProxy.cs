using System.Net;
using System.Net.Sockets;

namespace Portal.Messaging.Tests.Support;

/// <summary>Passes connections on to a port of loopback and cuts them where a test says, also in the middle of a packet.</summary>
internal sealed class CutProxy : IAsyncDisposable
{
    private readonly Func<int> _target;
    private readonly RawServer _server;
    private long _toClientLeft = long.MaxValue;
    private long _toServerLeft = long.MaxValue;

    private CutProxy(Func<int> target)
    {
        _target = target;
        _server = RawServer.Start(ServeAsync);
    }

    public int Port => _server.Port;

    public int Connections => _server.Count;

    public static CutProxy To(int port) => new(() => port);

    /// <param name="port">Asked at each connection.</param>
    public static CutProxy To(Func<int> port) => new(port);

    /// <summary>Cuts the connection at hand when so many more bytes have passed to the client.</summary>
    public void CutAfterToClient(long bytes) => Volatile.Write(ref _toClientLeft, bytes);

    /// <summary>Cuts the connection at hand when so many more bytes have passed to the server.</summary>
    public void CutAfterToServer(long bytes) => Volatile.Write(ref _toServerLeft, bytes);

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private async Task ServeAsync(NetworkStream client, CancellationToken token)
    {
        using var upstream = new TcpClient { NoDelay = true };
        await upstream.ConnectAsync(IPAddress.Loopback, _target(), token);
        await using var server = upstream.GetStream();
        using var over = CancellationTokenSource.CreateLinkedTokenSource(token);
        var first = await Task.WhenAny(PassAsync(client, server, isToServer: true, over.Token), PassAsync(server, client, isToServer: false, over.Token));
        await over.CancelAsync();
        client.Socket.LingerState = new LingerOption(true, 0);
        client.Socket.Close();
        await first;
    }

    private async Task PassAsync(NetworkStream from, NetworkStream to, bool isToServer, CancellationToken token)
    {
        var buffer = new byte[16 * 1024];
        int count;
        while ((count = await from.ReadAsync(buffer, token)) > 0)
        {
            var (pass, isCut) = Use(isToServer, count);
            await to.WriteAsync(buffer.AsMemory(0, pass), token);
            if (isCut)
                return;
        }
    }

    /// <returns>How many may pass, and whether the connection is cut after them.</returns>
    private (int Pass, bool IsCut) Use(bool isToServer, int count)
    {
        ref var left = ref isToServer ? ref _toServerLeft : ref _toClientLeft;
        var before = Volatile.Read(ref left);
        if (before == long.MaxValue)
            return (count, false);
        Volatile.Write(ref left, before <= count ? long.MaxValue : before - count);
        return before <= count ? ((int)before, true) : (count, false);
    }
}
