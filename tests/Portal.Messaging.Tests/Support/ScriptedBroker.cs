using System.Net.Sockets;

namespace Portal.Messaging.Tests.Support;

/// <summary>What a scripted broker answers; null = nothing.</summary>
internal sealed record BrokerScript
{
    /// <summary>Reason code of CONNACK.</summary>
    public byte Connect { get; init; }

    /// <summary>Properties of CONNACK as on the wire, without their length.</summary>
    public byte[] Properties { get; init; } = [];

    /// <summary>Reason code of SUBACK.</summary>
    public byte? Subscribe { get; init; } = 1;

    /// <summary>Reason code of PUBACK.</summary>
    public byte? Publish { get; init; } = 0;

    /// <summary>Gets the body of every CONNECT and AUTH; AUTH is answered with success.</summary>
    public Action<byte[]>? OnSignIn { get; init; }

    /// <summary>Closes at SUBSCRIBE or PUBLISH instead of answering.</summary>
    public bool Closes { get; init; }
}

/// <summary>An MQTT 5 broker that says what no real one can be made to say.</summary>
internal static class ScriptedBroker
{
    private const int Connect = 1, Publish = 3, Subscribe = 8, Ping = 12, Disconnect = 14, Auth = 15;

    public static RawServer Start(BrokerScript script) => RawServer.Start(async (stream, token) =>
    {
        while (await ReadAsync(stream, token) is { } packet)
        {
            if ((packet.Kind >> 4) is Connect or Auth)
                script.OnSignIn?.Invoke(packet.Body);
            byte[] answer = (packet.Kind >> 4) switch
            {
                Connect => [0x20, (byte)(3 + script.Properties.Length), 0, script.Connect, (byte)script.Properties.Length, .. script.Properties],
                Publish when script is { Publish: { } code, Closes: false } => [0x40, 4, .. PublishId(packet.Body), code, 0],
                Subscribe when script is { Subscribe: { } code, Closes: false } => [0x90, 4, .. packet.Body.AsSpan(0, 2), 0, code],
                Ping => [0xD0, 0],
                Auth => [0xF0, 12, 0, 10, 0x15, 0, 7, .. "K8S-SAT"u8],
                _ => [],
            };
            await stream.WriteAsync(answer, token);
            if ((packet.Kind >> 4) == Disconnect || (script.Closes && (packet.Kind >> 4) is Publish or Subscribe))
                return;
        }
    });

    private static ReadOnlySpan<byte> PublishId(byte[] body) => body.AsSpan(2 + ((body[0] << 8) | body[1]), 2);

    private static async Task<(byte Kind, byte[] Body)?> ReadAsync(NetworkStream stream, CancellationToken token)
    {
        var one = new byte[1];
        if (await stream.ReadAsync(one, token) == 0)
            return null;
        var kind = one[0];
        var (length, shift) = (0, 0);
        do
        {
            await stream.ReadExactlyAsync(one, token);
            length |= (one[0] & 0x7F) << shift;
            shift += 7;
        }
        while ((one[0] & 0x80) != 0);
        var body = new byte[length];
        await stream.ReadExactlyAsync(body, token);
        return (kind, body);
    }
}
