using System.Text.Json.Nodes;
using Confluent.Kafka;
using Portal.Messaging.Connections;
using Portal.Messaging.Kafka;
using Portal.Messaging.Network;
using Portal.Model.Endpoints;

namespace Portal.Messaging.Probes;

/// <summary>
/// The brokers of a cluster and whether each is reachable under the address that it advertises: clients are sent there,
/// so a wrong one is the classic "connects, then times out". At last the client library of previews and flows connects.
/// </summary>
internal sealed class KafkaBrokers(IHostLookup lookup, TcpDialer dialer, HostAliases aliases, TimeProvider clock)
{
    /// <summary>An advertised address that does not answer must not use up the time of the whole test.</summary>
    private static readonly TimeSpan _limit = TimeSpan.FromSeconds(5);

    public async Task<StageFinding> RunAsync(ProbeContext context, CancellationToken cancellationToken)
    {
        var cluster = context.Cluster!;
        var brokers = cluster.Brokers;
        var reached = await Task.WhenAll(brokers.Select(broker => ReachAsync(broker, cancellationToken)));
        var evidence = new JsonObject
        {
            ["clusterId"] = cluster.Id,
            ["controller"] = cluster.Controller,
            ["bootstrap"] = context.Target!.Dialled.Authority,
            ["brokers"] = new JsonArray([.. reached.Select(JsonNode? (one) => one.Evidence)]),
        };
        var problems = reached.Select(one => one.Problem).OfType<Problem>().ToList();
        if (brokers.Count == 0)
            problems.Add(new Problem("kafka-no-brokers", "The cluster names no broker.", "Check that the brokers are registered with the controller and have advertised.listeners for this listener."));
        if (problems.Count == 0 && await ConnectAsync(context, cancellationToken) is { } problem)
            problems.Add(problem);
        var names = string.Join(", ", brokers.Take(3).Select(broker => $"{broker.Host}:{broker.Port}"));
        return StageFinding.Of(problems, $"{brokers.Count} broker{(brokers.Count == 1 ? "" : "s")}, all reached: {names}{(brokers.Count > 3 ? ", ..." : "")}", evidence);
    }

    /// <summary>The client library itself, with the settings of previews and flows.</summary>
    private async Task<Problem?> ConnectAsync(ProbeContext context, CancellationToken cancellationToken)
    {
        var settings = KafkaClientSettings.From(context.Endpoint, context.Role, aliases, context.Material);
        try
        {
            var session = context.Kafka = new KafkaProbeSession(settings, context.Material, clock);
            var (_, problem) = await session.AskAsync((client, limit) => client.GetMetadata(limit), cancellationToken);
            return problem;
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException or KafkaException)
        {
            return new Problem("kafka-client", $"The Kafka client does not start with these settings: {e.Message}", "Check certificate, key and CA of the endpoint.") { Summary = "The Kafka client does not start" };
        }
    }

    private async Task<(JsonObject Evidence, Problem? Problem)> ReachAsync(KafkaNode broker, CancellationToken cancellationToken)
    {
        var advertised = new HostAddress(broker.Host, broker.Port);
        var evidence = new JsonObject { ["id"] = broker.Id, ["address"] = advertised.Authority };
        var started = clock.GetTimestamp();
        var problem = await TryAsync(advertised, evidence, cancellationToken);
        evidence["result"] = problem is null ? "reached" : problem.Summary ?? problem.Explanation;
        evidence["milliseconds"] = Math.Round(clock.GetElapsedTime(started).TotalMilliseconds, 1);
        return (evidence, problem is null ? null : Explain(broker, advertised, problem));
    }

    private async Task<Problem?> TryAsync(HostAddress advertised, JsonObject evidence, CancellationToken cancellationToken)
    {
        using var timer = new CancellationTokenSource(_limit, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timer.Token);
        try
        {
            var found = await lookup.ResolveAsync(advertised, either.Token);
            evidence["addresses"] = new JsonArray([.. found.Addresses.Select(JsonNode? (address) => address.ToString())]);
            if (found.Problem is not null)
                return found.Problem;
            var connected = await dialer.ConnectAsync(found.Addresses, advertised.Port, either.Token);
            connected.Socket?.Dispose();
            return connected.Problem;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new Problem("tcp-timeout", $"{advertised.Authority} does not answer.", "") { Summary = "no answer" };
        }
    }

    private static Problem Explain(KafkaNode broker, HostAddress advertised, Problem problem) => problem.Cause == "address-not-allowed"
        ? new Problem(
            "kafka-listener-not-allowed", $"Broker {broker.Id} advertises {advertised.Authority}, which the network policy does not allow: {problem.Explanation}",
            problem.Fix)
        { Summary = $"{advertised.Authority} is not allowed" }
        : new Problem(
            "kafka-listener-unreachable",
            $"The bootstrap address answers, but broker {broker.Id} sends clients to {advertised.Authority}, which cannot be reached from here: {problem.Explanation} Connections work at first and then time out.",
            $"Set advertised.listeners of broker {broker.Id} to an address that the portal and the dataflows can reach, or let the name '{advertised.Host}' and its port through here.")
        { Summary = $"{advertised.Authority} of broker {broker.Id} cannot be reached" };
}
