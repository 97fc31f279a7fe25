using System.Net.Sockets;

namespace Portal.Messaging.Tests.Support;

/// <summary>
/// Passes bytes on to a loopback port and counts round trips: how often the client spoke again after the server had answered,
/// and one for each connection that was made.
/// </summary>
internal sealed class CountingProxy : IAsyncDisposable
{
    private readonly RawServer _server;
    private readonly int _port;
    private int _turns;

    private CountingProxy(int port)
    {
        _port = port;
        _server = RawServer.Start(ServeAsync);
    }

    public int Port => _server.Port;

    public int Connections => _server.Count;

    public int RoundTrips => Volatile.Read(ref _turns) + Connections;

    public static CountingProxy To(int port) => new(port);

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private async Task ServeAsync(NetworkStream client, CancellationToken token)
    {
        using var upstream = new TcpClient { NoDelay = true };
        await upstream.ConnectAsync("127.0.0.1", _port, token);
        var server = upstream.GetStream();
        var awaitsAnswer = false;
        using var either = CancellationTokenSource.CreateLinkedTokenSource(token);
        var up = PassAsync(client, server, () => Volatile.Write(ref awaitsAnswer, true), either.Token);
        var down = PassAsync(server, client, () =>
        {
            // The first answer after the client has spoken ends a round trip; more of the same answer ends none.
            if (Interlocked.Exchange(ref awaitsAnswer, false))
                Interlocked.Increment(ref _turns);
        }, either.Token);
        await Task.WhenAny(up, down);
        await either.CancelAsync();
        await Task.WhenAll(up, down);
    }

    private static async Task PassAsync(NetworkStream from, NetworkStream to, Action passed, CancellationToken token)
    {
        var buffer = new byte[32_768];
        try
        {
            while (await from.ReadAsync(buffer, token) is > 0 and var count)
            {
                passed();
                await to.WriteAsync(buffer.AsMemory(0, count), token);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            // One side is gone.
        }
    }
}
