using System.Net.Sockets;
using System.Net.WebSockets;
using Portal.Messaging.Connections;

namespace Portal.Messaging.Network;

/// <summary>A stream inside WebSocket frames, or why there is none.</summary>
/// <param name="Status">HTTP status of the server's answer; 0 = no HTTP answer.</param>
/// <param name="SubProtocol">Subprotocol that the server chose.</param>
internal sealed record WebSocketResult(Stream? Stream, int Status, string? SubProtocol, Problem? Problem);

/// <summary>Upgrades a connection to WebSocket with the subprotocol <c>mqtt</c>.</summary>
internal static class WebSocketUpgrade
{
    private const string MqttSubProtocol = "mqtt";

    public static async Task<WebSocketResult> RunAsync(Stream transport, DialTarget target, CancellationToken cancellationToken = default)
    {
        // TLS is done already, so the upgrade itself is always plain HTTP on the stream at hand.
        var address = new Uri($"ws://{target.Written.Authority}{target.WebSocketPath}");
        using var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            ConnectCallback = (_, _) => ValueTask.FromResult(transport),
        };
        using var http = new HttpMessageInvoker(handler);
        var socket = new ClientWebSocket();
        socket.Options.AddSubProtocol(MqttSubProtocol);
        socket.Options.CollectHttpResponseDetails = true;
        socket.Options.KeepAliveInterval = TimeSpan.Zero;
        try
        {
            await socket.ConnectAsync(address, http, cancellationToken);
            var stream = WebSocketStream.Create(socket, WebSocketMessageType.Binary, ownsWebSocket: true);
            return new WebSocketResult(stream, (int)socket.HttpStatusCode, socket.SubProtocol, WarnOf(socket.SubProtocol));
        }
        catch (Exception e) when (e is WebSocketException or HttpRequestException or IOException or SocketException)
        {
            var status = (int)socket.HttpStatusCode;
            socket.Dispose();
            return new WebSocketResult(null, status, null, Explain(status, target, e));
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static Problem? WarnOf(string? subProtocol) => subProtocol == MqttSubProtocol ? null : Problem.Warning(
        "websocket-no-subprotocol", "The server accepted the WebSocket without choosing the subprotocol mqtt.",
        "The connection works with most brokers; if the sign-in hangs, check that the path belongs to an MQTT broker.");

    private static Problem Explain(int status, DialTarget target, Exception failure) => status switch
    {
        0 => new Problem(
            "websocket-no-answer", $"{target.Written.Authority} does not answer as a web server.",
            "Check that the port is the broker's WebSocket listener (often 8080, 9001 or 443), or set Protocol to Mqtt.")
        { Summary = "No HTTP answer" },
        404 => new Problem(
            "websocket-path", $"The server knows no path {target.WebSocketPath} (HTTP 404).",
            $"Write the broker's WebSocket path behind the port, for example {target.Written.Authority}/mqtt.")
        { Summary = $"HTTP 404 for {target.WebSocketPath}" },
        401 or 403 or 407 => new Problem(
            "websocket-forbidden", $"The server or a proxy before it wants a sign-in for the WebSocket (HTTP {status}).",
            "Let the web server in front of the broker pass MQTT WebSockets without a sign-in of its own.")
        { Summary = $"HTTP {status}" },
        >= 300 and < 400 => new Problem(
            "websocket-redirect", $"The server redirects the WebSocket elsewhere (HTTP {status}).",
            "Write the address that it redirects to; often that means TLS enabled and port 443.")
        { Summary = $"HTTP {status}" },
        400 or 426 => new Problem(
            "websocket-refused", $"The server refuses the WebSocket (HTTP {status}): it may not be an MQTT WebSocket listener, or TLS is expected.",
            "Check port and path, and whether the listener wants TLS.")
        { Summary = $"HTTP {status}" },
        >= 500 => new Problem(
            "websocket-server-error", $"The web server cannot pass the WebSocket to the broker (HTTP {status}).",
            "Check that the broker behind the web server or proxy runs.")
        { Summary = $"HTTP {status}" },
        101 => new Problem(
            "websocket-not-mqtt", $"The server upgraded to something else than MQTT: {failure.Message}",
            "Check that the path belongs to the MQTT broker.")
        { Summary = "Not an MQTT WebSocket" },
        _ => new Problem(
            "websocket-not-upgraded", $"The server answered with HTTP {status} instead of a WebSocket.",
            $"Check port and path; an MQTT broker takes WebSockets for example on {target.Written.Host}:9001/mqtt.")
        { Summary = $"HTTP {status}" },
    };
}
