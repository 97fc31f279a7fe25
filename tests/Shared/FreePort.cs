using System.Net;
using System.Net.Sockets;

namespace Portal.Tests.Shared;

/// <summary>TCP ports of the loopback interface that nobody listens on.</summary>
public static class FreePort
{
    // Below the range from which the system takes ports of outgoing connections, so that none is taken in between.
    private const int First = 20_000;
    private const int Last = 32_000;

    private static readonly Lock Gate = new();
    private static readonly HashSet<int> Given = [];

    /// <summary>A port that is free now and was not given before in this process.</summary>
    public static int Next()
    {
        lock (Gate)
        {
            while (Given.Count < Last - First)
            {
                var port = Random.Shared.Next(First, Last);
                if (Given.Add(port) && IsFree(port))
                    return port;
            }
        }

        throw new InvalidOperationException($"No free port between {First} and {Last} on this machine.");
    }

    /// <summary>True when nothing listens on the port on any IPv4 address.</summary>
    public static bool IsFree(int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            socket.Listen(1);
            return true;
        }
        catch (SocketException failure) when (failure.SocketErrorCode is SocketError.AddressAlreadyInUse or SocketError.AccessDenied)
        {
            return false;
        }
    }
}
