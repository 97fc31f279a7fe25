using System.Security.Cryptography;
using System.Text;
using Portal.Messaging.Probes;
using Portal.Messaging.Tests.Support;
using Portal.Model.Endpoints;
using Portal.Tests.Shared;

namespace Portal.Messaging.Tests.Probes.Faults;

/// <summary>The WebSocket upgrade.</summary>
internal static class WebSocketFaults
{
    public static IEnumerable<Fault> All =>
    [
        Status("HTTP/1.1 404 Not Found", "websocket-path", "/mqtt"),
        Status("HTTP/1.1 403 Forbidden", "websocket-forbidden", "without a sign-in"),
        Status("HTTP/1.1 302 Found", "websocket-redirect", "443"),
        Status("HTTP/1.1 400 Bad Request", "websocket-refused", "TLS"),
        Status("HTTP/1.1 502 Bad Gateway", "websocket-server-error", "behind"),
        Status("HTTP/1.1 200 OK", "websocket-not-upgraded", "9001"),
        Answer("HTTP/1.1 101 Switching Protocols", "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: wrong\r\n\r\n", "websocket-not-mqtt", "path"),
        new("WebSockets at a plain MQTT listener", TestStage.WebSocket, "websocket-no-answer", "Mqtt", async bench =>
            await bench.Fixture.RunAsync(Endpoint($"127.0.0.1:{(await bench.MosquittoAsync()).Port}/mqtt"))),
        new("plain WebSockets at a TLS listener", TestStage.WebSocket, "websocket-tls-server", "enabled", async bench =>
            await bench.Fixture.RunAsync(Endpoint($"127.0.0.1:{(await bench.MosquittoAsync(new MosquittoListener { Certificate = bench.Certificates.Server })).Port}/mqtt"))),
        Fault.Warning("no subprotocol", TestStage.WebSocket, "websocket-no-subprotocol", "path", bench => bench.Fixture.RunAsync(Endpoint($"127.0.0.1:{bench.Own(RawServer.Start(UpgradeAsync)).Port}/mqtt"))),
    ];

    public static DataflowEndpoint Endpoint(string host)
    {
        var endpoint = ProbeFixture.Mqtt(host, tls: false);
        return endpoint with { Settings = endpoint.Mqtt! with { Protocol = MqttProtocol.WebSockets } };
    }

    private static Fault Status(string status, string cause, string fix) => Answer(status, "\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", cause, fix);

    private static Fault Answer(string status, string headers, string cause, string fix) => new(status, TestStage.WebSocket, cause, fix, bench =>
        bench.Fixture.RunAsync(Endpoint($"127.0.0.1:{bench.Own(RawServer.Answering(status + headers)).Port}/mqtt")));

    /// <summary>A proper upgrade (RFC 6455) without a subprotocol; the connection then ends.</summary>
    private static async Task UpgradeAsync(System.Net.Sockets.NetworkStream stream, CancellationToken token)
    {
        var received = new byte[4096];
        var request = Encoding.ASCII.GetString(received, 0, await stream.ReadAsync(received, token));
        // A second look asks in TLS.
        if (request.Split("Sec-WebSocket-Key: ") is not [_, var rest])
            return;
        var key = rest.Split('\r')[0];
#pragma warning disable CA5350 // The protocol demands SHA-1.
        var accept = Convert.ToBase64String(SHA1.HashData(Encoding.ASCII.GetBytes(key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11")));
#pragma warning restore CA5350
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: {accept}\r\n\r\n"), token);
        _ = await stream.ReadAsync(received, token);
    }
}
