using System.Net.Sockets;
using System.Text.Json.Nodes;
using Portal.Messaging.Network;

namespace Portal.Messaging.Probes;

/// <summary>Does an address accept a connection, and may it be dialled at all?</summary>
internal sealed class TcpStage(TcpDialer dialer) : ProbeStage
{
    public override TestStage Stage => TestStage.Tcp;

    public override string Awaited(ProbeContext context) => $"{context.Target!.Dialled.Authority} accepted a connection";

    public override string? SkipReason(ProbeContext context) => context.IsGood(TestStage.Name) ? null : "Skipped, needs an address";

    public override async Task<StageFinding> RunAsync(ProbeContext context, CancellationToken cancellationToken)
    {
        var result = await dialer.ConnectAsync(context.Addresses, context.Target!.Dialled.Port, cancellationToken);
        var evidence = new JsonObject
        {
            ["attempts"] = new JsonArray([.. result.Attempts.Select(JsonNode? (attempt) => new JsonObject
            {
                ["address"] = attempt.Address.ToString(),
                ["result"] = attempt.Result,
                ["milliseconds"] = attempt.Milliseconds is { } milliseconds ? Math.Round(milliseconds, 1) : null,
            })]),
        };
        if (result.Socket is null)
            return StageFinding.Of(result.Problem!, evidence);
        context.Stream = new NetworkStream(result.Socket, ownsSocket: true);
        context.Remote = result.Remote;
        evidence["policy"] = result.Policy;
        return StageFinding.Passed(result.Remote!.ToString(), evidence);
    }
}
