using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Portal.Messaging.Connections;
using Portal.Messaging.Kafka;
using Portal.Messaging.Network;

namespace Portal.Messaging.Probes;

/// <summary>Does an address accept a connection, and may it be dialled at all?</summary>
internal sealed class TcpStage(TcpDialer dialer, NetworkPolicy policy) : ProbeStage
{
    private const string LocalName = "localhost";

    public override TestStage Stage => TestStage.Tcp;

    public override string Awaited(ProbeContext context) => $"{context.Target!.Dialled.Authority} accepted a connection";

    public override string? SkipReason(ProbeContext context) => context.IsGood(TestStage.Name) ? null : "Skipped, needs an address";

    public override async Task<StageFinding> RunAsync(ProbeContext context, CancellationToken cancellationToken)
    {
        var target = context.Target!.Dialled;
        if (!context.IsMqtt)
        {
            context.KafkaAddresses = new KafkaAddressPolicy(policy);
            if (context.KafkaAddresses.Add(target, context.Addresses) is { } refused)
                return StageFinding.Of(refused, Evidence(context.Addresses.Select(address => (new IPEndPoint(address, target.Port), "not dialled", (double?)null))));
        }
        var result = await dialer.ConnectToAllAsync(context.Addresses, target.Port, cancellationToken);
        var evidence = Evidence(result.Attempts.Select(attempt => (attempt.Address, attempt.Result, attempt.Milliseconds)));
        if (result.Socket is null)
            return StageFinding.Of(result.Problem!, evidence);
        context.Stream = new NetworkStream(result.Socket, ownsSocket: true);
        context.Remote = result.Remote;
        evidence["policy"] = result.Policy;
        return Partly(target.Host, result) is { } warning ? StageFinding.Of(warning, evidence) : StageFinding.Passed(result.Remote!.ToString(), evidence);
    }

    /// <summary>A machine without IPv6, or a service on one of the loopback addresses, is nothing to warn of.</summary>
    private static Problem? Partly(string host, TcpResult result)
    {
        var dead = result.Failures.Where(failure => failure.Cause is not "tcp-unreachable").ToList();
        var tried = result.Failures.Count + 1;
        return dead.Count == 0 || host == LocalName ? null : Problem.Warning(
            "tcp-partly", $"{dead.Count} of the {tried} addresses behind '{host}' do not answer: {string.Join(" ", dead.Select(failure => failure.Explanation))} Clients that try such an address first connect late or not at all.",
            $"Take the dead addresses of '{host}' out of the name server, or bring the brokers behind them back.") with
        { Summary = $"{result.Remote}; {dead.Count} of {tried} addresses do not answer" };
    }

    private static JsonObject Evidence(IEnumerable<(IPEndPoint Address, string Result, double? Milliseconds)> attempts) => new()
    {
        ["attempts"] = new JsonArray([.. attempts.Select(JsonNode? (attempt) => new JsonObject
        {
            ["address"] = attempt.Address.ToString(),
            ["result"] = attempt.Result,
            ["milliseconds"] = attempt.Milliseconds is { } milliseconds ? Math.Round(milliseconds, 1) : null,
        })]),
    };
}
