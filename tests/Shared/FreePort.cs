using System.Net;
using System.Net.Sockets;

namespace Portal.Tests.Shared;

/// <summary>TCP ports of the loopback interface that nobody listens on.</summary>
public static class FreePort
{
    // Below the range from which the system takes ports of outgoing connections, so that none is taken in between.
    private const int First = 20_000;
    private const int Shares = 12;
    private const int Share = 1_000;

    private static readonly Lock Gate = new();
    private static readonly HashSet<int> Given = [];

    // Test processes run side by side: each takes its ports from a share of its own, held by a locked file as long as it lives.
    private static readonly (int First, FileStream Held) Own = TakeShare();

    /// <summary>A port that is free now and was not given in this process lately.</summary>
    public static int Next()
    {
        lock (Gate)
        {
            // Long before all were given, those given first are free again.
            if (Given.Count > Share / 2)
                Given.Clear();
            for (var tried = 0; tried < Share; tried++)
            {
                var port = Random.Shared.Next(Own.First, Own.First + Share);
                if (Given.Add(port) && IsFree(port))
                    return port;
            }
        }

        throw new InvalidOperationException($"No free port between {Own.First} and {Own.First + Share} on this machine.");
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

    private static (int First, FileStream Held) TakeShare()
    {
        for (var number = 0; number < Shares; number++)
        {
            try
            {
                var held = new FileStream(Path.Combine(Path.GetTempPath(), $"portal-test-ports-{number}.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
                return (First + (number * Share), held);
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                // Another test process holds it.
            }
        }
        throw new InvalidOperationException($"{Shares} test processes run already.");
    }
}
