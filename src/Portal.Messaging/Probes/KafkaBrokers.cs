using System.Net;
using System.Text.Json.Nodes;
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
        var listeners = await Task.WhenAll(cluster.Brokers.Select(broker => LookUpAsync(broker, cancellationToken)));
        var problems = listeners.Select(listener => Judge(context.KafkaAddresses!, listener)).OfType<Problem>().ToList();
        if (KafkaVersions.Check(context.KafkaVersions) is { } old)
            problems.Add(old);
        if (cluster.Brokers.Count == 0)
            problems.Add(new Problem("kafka-no-brokers", "The cluster names no broker.", "Check that the brokers are registered with the controller and have advertised.listeners for this listener."));
        if (problems.Count == 0)
            problems.AddRange(await ReachAllAsync(context, listeners, cancellationToken));
        var evidence = new JsonObject
        {
            ["clusterId"] = cluster.Id,
            ["controller"] = cluster.Controller,
            ["bootstrap"] = context.Target!.Dialled.Authority,
            ["brokers"] = new JsonArray([.. listeners.Select(JsonNode? (listener) => listener.Evidence())]),
            ["apiVersions"] = KafkaVersions.Evidence(context.KafkaVersions),
        };
        var names = string.Join(", ", cluster.Brokers.Take(3).Select(broker => $"{broker.Host}:{broker.Port}"));
        return StageFinding.Of(problems, $"{listeners.Length} broker{(listeners.Length == 1 ? "" : "s")}, all reached: {names}{(listeners.Length > 3 ? ", ..." : "")}", evidence);
    }

    private static Problem? Judge(KafkaAddressPolicy addresses, Listener listener)
    {
        var problem = listener.Problem ?? addresses.Add(listener.Advertised, listener.Addresses);
        listener.Result = problem?.Summary ?? problem?.Explanation ?? "not tried";
        return problem is null ? null : Explain(listener.Broker, listener.Advertised, problem);
    }

    /// <summary>Every listener and the client library at the same time: all addresses have been judged by now.</summary>
    private async Task<IReadOnlyList<Problem>> ReachAllAsync(ProbeContext context, Listener[] listeners, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var library = ConnectAsync(context, stop.Token);
        var unreached = (await Task.WhenAll(listeners.Select(listener => ReachAsync(listener, cancellationToken)))).OfType<Problem>().ToList();
        if (unreached.Count > 0)
            await stop.CancelAsync();
        try
        {
            return await library is { } problem && unreached.Count == 0 ? [problem] : unreached;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return unreached;
        }
    }

    /// <summary>The client library itself, with the settings of previews and flows.</summary>
    private async Task<Problem?> ConnectAsync(ProbeContext context, CancellationToken cancellationToken)
    {
        var settings = KafkaClientSettings.From(context.Endpoint, context.Role, aliases, context.Material) with { AddressFamily = context.KafkaAddresses!.Family };
        try
        {
            var session = context.Kafka = new KafkaProbeSession(settings, context.Material, clock);
            var (_, problem) = await session.AskAsync((client, limit) => client.GetMetadata(limit), cancellationToken).WaitAsync(cancellationToken);
            return problem;
        }
        catch (Exception e) when (KafkaProblems.IsOfStart(e))
        {
            return KafkaProblems.CannotStart(e);
        }
    }

    private async Task<Listener> LookUpAsync(KafkaNode broker, CancellationToken cancellationToken)
    {
        var listener = new Listener(broker);
        using var timer = new CancellationTokenSource(_limit, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timer.Token);
        try
        {
            var found = await lookup.ResolveAsync(listener.Advertised, either.Token);
            (listener.Addresses, listener.Problem) = (found.Addresses, found.Problem);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            listener.Problem = new Problem("name-server-unavailable", $"The name server did not answer for '{broker.Host}'.", "") { Summary = "name server does not answer" };
        }
        return listener;
    }

    private async Task<Problem?> ReachAsync(Listener listener, CancellationToken cancellationToken)
    {
        using var timer = new CancellationTokenSource(_limit, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timer.Token);
        var started = clock.GetTimestamp();
        Problem? problem;
        try
        {
            var connected = await dialer.ConnectAsync(listener.Addresses, listener.Advertised.Port, either.Token);
            connected.Socket?.Dispose();
            problem = connected.Problem;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            problem = new Problem("tcp-timeout", $"{listener.Advertised.Authority} does not answer.", "") { Summary = "no answer" };
        }
        listener.Result = problem is null ? "reached" : problem.Summary ?? problem.Explanation;
        listener.Milliseconds = clock.GetElapsedTime(started).TotalMilliseconds;
        return problem is null ? null : Explain(listener.Broker, listener.Advertised, problem);
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

    /// <summary>One advertised address and what became of it.</summary>
    private sealed class Listener(KafkaNode broker)
    {
        public KafkaNode Broker => broker;

        public HostAddress Advertised { get; } = new(broker.Host, broker.Port);

        public IReadOnlyList<IPAddress> Addresses { get; set; } = [];

        public Problem? Problem { get; set; }

        public string Result { get; set; } = "";

        public double? Milliseconds { get; set; }

        public JsonObject Evidence() => new()
        {
            ["id"] = broker.Id,
            ["address"] = Advertised.Authority,
            ["addresses"] = new JsonArray([.. Addresses.Select(JsonNode? (address) => address.ToString())]),
            ["result"] = Result,
            ["milliseconds"] = Milliseconds is { } milliseconds ? Math.Round(milliseconds, 1) : null,
        };
    }
}
