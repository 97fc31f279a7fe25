using System.Text.Json.Nodes;
using Portal.Messaging.Connections;
using Portal.Messaging.Network;

namespace Portal.Messaging.Probes;

/// <summary>Does the server upgrade the connection to a WebSocket on the path?</summary>
internal sealed class WebSocketStage(SecondLook secondLook) : ProbeStage
{
    public override TestStage Stage => TestStage.WebSocket;

    public override string Awaited(ProbeContext context) => "the server answered the WebSocket upgrade";

    public override string? SkipReason(ProbeContext context) =>
        context.Target is { WebSocketPath: null } ? context.IsMqtt ? "Not used, Protocol is Mqtt" : "Not used with Kafka"
        : context.IsGood(context.Target is { UsesTls: true } ? TestStage.Tls : TestStage.Tcp) ? null
        : $"Skipped, needs {(context.Target is { UsesTls: true } ? "TLS" : "a TCP connection")}";

    private static Problem TlsServer() => new(
        "websocket-tls-server", "The server speaks TLS on this port, and the WebSocket was asked for in plain text (ws): TLS is off in this endpoint.",
        "Switch TLS mode enabled on (wss), or write the port of the broker's plain WebSocket listener, for example 8080 or 9001.")
    { Summary = "The server speaks TLS, and TLS is off" };

    public override async Task<StageFinding> RunAsync(ProbeContext context, CancellationToken cancellationToken)
    {
        var target = context.Target!;
        var result = await secondLook.ForTlsServer(context).BesideAsync(
            token => WebSocketUpgrade.RunAsync(context.Stream!, target, token),
            isUnclear: found => found.Problem?.Cause is "websocket-no-answer" or "websocket-refused",
            otherwise: () => new WebSocketResult(null, 0, null, TlsServer()),
            cancellationToken);
        var evidence = new JsonObject
        {
            ["path"] = target.WebSocketPath,
            ["status"] = result.Status == 0 ? null : result.Status,
            ["subProtocol"] = result.SubProtocol,
        };
        if (result.Stream is null)
            await context.CloseStreamAsync();
        else
            context.Stream = result.Stream;
        return result.Problem is not null ? StageFinding.Of(result.Problem, evidence) : StageFinding.Passed($"{target.WebSocketPath}, subprotocol {result.SubProtocol}", evidence);
    }
}
