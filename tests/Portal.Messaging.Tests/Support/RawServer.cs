using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Portal.Messaging.Tests.Support;

/// <summary>A TCP server on loopback that treats every connection as the test says: hangs, cuts, talks nonsense.</summary>
internal sealed class RawServer : IAsyncDisposable
{
    private readonly TcpListener _listener;
    private readonly CancellationTokenSource _stop = new();
    private readonly List<Task> _connections = [];
    private readonly Task _accepting;
    private readonly Func<NetworkStream, CancellationToken, Task> _serve;
    private int _count;

    private RawServer(Func<NetworkStream, CancellationToken, Task> serve, IPAddress? address = null)
    {
        _serve = serve;
        _listener = new TcpListener(address ?? IPAddress.Loopback, 0);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Connections accepted so far.</summary>
    public int Count => Volatile.Read(ref _count);

    public static RawServer Start(Func<NetworkStream, CancellationToken, Task> serve, IPAddress? address = null) => new(serve, address);

    /// <summary>Accepts and never says a word.</summary>
    public static RawServer Hanging() => new((_, token) => Task.Delay(Timeout.Infinite, token));

    /// <summary>Reads something and closes.</summary>
    public static RawServer Closing() => Answering([]);

    /// <summary>Reads something, sends the bytes, closes.</summary>
    public static RawServer Answering(byte[] answer) => new(async (stream, token) =>
    {
        await ReadSomethingAsync(stream, token);
        await stream.WriteAsync(answer, token);
    });

    public static RawServer Answering(string text) => Answering(Encoding.ASCII.GetBytes(text));

    /// <summary>Reads something and resets the connection.</summary>
    public static RawServer Resetting() => new(async (stream, token) =>
    {
        await ReadSomethingAsync(stream, token);
        stream.Socket.LingerState = new LingerOption(true, 0);
        stream.Socket.Close();
    });

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        await Task.WhenAll(_connections);
        _stop.Dispose();
    }

    private static async Task ReadSomethingAsync(NetworkStream stream, CancellationToken token) => _ = await stream.ReadAsync(new byte[4096], token);

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var socket = await _listener.AcceptSocketAsync(_stop.Token);
                Interlocked.Increment(ref _count);
                _connections.Add(ServeAsync(socket));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or InvalidOperationException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        await using var stream = new NetworkStream(socket, ownsSocket: true);
        try
        {
            await _serve(stream, _stop.Token);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or ObjectDisposedException or System.Security.Authentication.AuthenticationException)
        {
            // The client left, or the test is over.
        }
    }
}
