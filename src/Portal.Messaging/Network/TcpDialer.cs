using System.Net;
using System.Net.Sockets;
using Portal.Messaging.Connections;

namespace Portal.Messaging.Network;

/// <summary>What became of one address.</summary>
/// <param name="Result">In words: connected, refused, no answer, not allowed, not tried.</param>
internal sealed record DialAttempt(IPEndPoint Address, string Result, double? Milliseconds);

/// <summary>A connected socket, or why there is none, with what became of each address.</summary>
internal sealed record TcpResult(Socket? Socket, IPEndPoint? Remote, IReadOnlyList<DialAttempt> Attempts, Problem? Problem)
{
    /// <summary>Why the policy allows the address that answered.</summary>
    public string? Policy { get; init; }

    /// <summary>Why other addresses did not answer.</summary>
    public IReadOnlyList<Problem> Failures { get; init; } = [];
}

/// <summary>Connects to the first address that answers and that the policy allows, in the order given.</summary>
internal sealed class TcpDialer(NetworkPolicy policy, TimeProvider clock)
{
    /// <summary>An address that does not answer must not use up the time of the next one.</summary>
    private static readonly TimeSpan _limitWhileOthersWait = TimeSpan.FromSeconds(3);

    /// <summary>Longest wait for the last address; a connection request is repeated by the system within it.</summary>
    private static readonly TimeSpan _limit = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan _momentForOthers = TimeSpan.FromMilliseconds(500);
    private const string Connected = "connected";
    private const string NotAllowed = "not allowed: ";

    /// <summary>Until one address answers, one after the other.</summary>
    public async Task<TcpResult> ConnectAsync(IReadOnlyList<IPAddress> addresses, int port, CancellationToken cancellationToken = default)
    {
        var (attempts, allowed) = Judge(addresses, port);
        if (allowed.Count == 0)
            return new TcpResult(null, null, attempts, Refused(attempts));
        var failures = new List<Problem>();
        while (allowed.TryDequeue(out var next))
        {
            var started = clock.GetTimestamp();
            var (socket, failure) = await TryAsync(next.Address, allowed.Count > 0 ? _limitWhileOthersWait : _limit, cancellationToken);
            var elapsed = clock.GetElapsedTime(started).TotalMilliseconds;
            attempts.Add(new DialAttempt(next.Address, failure?.Summary ?? Connected, elapsed));
            if (socket is not null)
            {
                attempts.AddRange(allowed.Select(rest => new DialAttempt(rest.Address, "not tried, another address answered", null)));
                return new TcpResult(socket, next.Address, attempts, null) { Policy = next.Reason };
            }
            failures.Add(failure!);
        }
        return new TcpResult(null, null, attempts, Worst(failures));
    }

    /// <summary>
    /// All addresses at once, so that a test shows each. The first in order that answers is kept; once one has answered the
    /// others have a moment left.
    /// </summary>
    public async Task<TcpResult> ConnectToAllAsync(IReadOnlyList<IPAddress> addresses, int port, CancellationToken cancellationToken = default)
    {
        var (attempts, allowed) = Judge(addresses, port);
        if (allowed.Count == 0)
            return new TcpResult(null, null, attempts, Refused(attempts));
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var tries = allowed.Select(next => TryTimedAsync(next.Address, next.Reason, stop.Token)).ToList();
        var waiting = tries.ToList();
        var hasAnswered = false;
        while (waiting.Count > 0)
        {
            var ended = await Task.WhenAny(waiting);
            waiting.Remove(ended);
            if ((await ended).Socket is not null && !hasAnswered)
                stop.CancelAfter(_momentForOthers);
            hasAnswered |= (await ended).Socket is not null;
        }
        var results = await Task.WhenAll(tries);
        var kept = Array.Find(results, one => one.Socket is not null);
        foreach (var other in results.Where(other => other != kept))
            other.Socket?.Dispose();
        if (cancellationToken.IsCancellationRequested)
            kept?.Socket?.Dispose();
        cancellationToken.ThrowIfCancellationRequested();
        attempts.AddRange(results.Select(one => new DialAttempt(one.Address, one.Failure?.Summary ?? Connected, one.Milliseconds)));
        var failures = results.Select(one => one.Failure).OfType<Problem>().ToList();
        return kept is null
            ? new TcpResult(null, null, attempts, Worst(failures))
            : new TcpResult(kept.Socket, kept.Address, attempts, null) { Policy = kept.Reason, Failures = failures };
    }

    private (List<DialAttempt> Refused, Queue<(IPEndPoint Address, string Reason)> Allowed) Judge(IReadOnlyList<IPAddress> addresses, int port)
    {
        var attempts = new List<DialAttempt>();
        var allowed = new Queue<(IPEndPoint Address, string Reason)>();
        foreach (var address in addresses)
        {
            var verdict = policy.Judge(address, port);
            var endpoint = new IPEndPoint(address, port);
            if (verdict.IsAllowed)
                allowed.Enqueue((endpoint, verdict.Reason));
            else
                attempts.Add(new DialAttempt(endpoint, NotAllowed + verdict.Reason, null));
        }
        return (attempts, allowed);
    }

    private async Task<Try> TryTimedAsync(IPEndPoint address, string reason, CancellationToken cancellationToken)
    {
        var started = clock.GetTimestamp();
        try
        {
            var (socket, failure) = await TryAsync(address, _limit, cancellationToken);
            return new Try(address, reason, socket, failure, clock.GetElapsedTime(started).TotalMilliseconds);
        }
        catch (OperationCanceledException)
        {
            return new Try(address, reason, null, NoAnswer(address), clock.GetElapsedTime(started).TotalMilliseconds);
        }
    }

    private async Task<(Socket? Socket, Problem? Failure)> TryAsync(IPEndPoint address, TimeSpan limit, CancellationToken cancellationToken)
    {
        using var timer = new CancellationTokenSource(limit, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timer.Token);
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(address, either.Token);
            return (socket, null);
        }
        catch (SocketException e)
        {
            socket.Dispose();
            return (null, Explain(e, address));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            socket.Dispose();
            return (null, NoAnswer(address));
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static Problem Explain(SocketException failure, IPEndPoint address) => failure.SocketErrorCode switch
    {
        SocketError.ConnectionRefused => new Problem(
            "tcp-refused", $"Nothing listens on {address}: the machine answers and refuses the connection.",
            "Check the port, for example 8883 for MQTT with TLS, 1883 without, 9092 or 9093 for Kafka, and that the broker runs.")
        { Summary = "refused" },
        SocketError.TimedOut => NoAnswer(address),
        SocketError.HostUnreachable or SocketError.NetworkUnreachable or SocketError.HostDown or SocketError.NetworkDown or SocketError.AddressNotAvailable or SocketError.AddressFamilyNotSupported => new Problem(
            "tcp-unreachable", $"There is no way to {address} from here: the network or the machine is not reachable.",
            "Check the address, the routes and VPN of the machine that the portal runs on, and that the broker's machine is on.")
        { Summary = "unreachable" },
        SocketError.ConnectionReset or SocketError.ConnectionAborted => new Problem(
            "tcp-reset", $"{address} cut the connection while it was being made.",
            "A firewall or a full broker may do that: check both, then test again.")
        { Summary = "cut" },
        SocketError.AccessDenied => new Problem(
            "tcp-blocked", $"This machine does not let the portal connect to {address}.",
            "Let its firewall allow outgoing connections of the portal to this address and port.")
        { Summary = "blocked here" },
        _ => new Problem(
            "tcp-failed", $"The connection to {address} failed: {failure.Message}.",
            "Check the host and port and the network between the portal and the broker.")
        { Summary = failure.SocketErrorCode.ToString() },
    };

    private static Problem NoAnswer(IPEndPoint address) => new(
        "tcp-timeout", $"{address} does not answer: connection requests are dropped on the way.",
        "Check host and port, and that firewalls between the portal and the broker let this port through.")
    { Summary = "no answer" };

    private static Problem Refused(List<DialAttempt> attempts) => new(
        "address-not-allowed",
        $"The network policy does not allow {string.Join(", ", attempts.Select(attempt => $"{attempt.Address} ({attempt.Result[NotAllowed.Length..]})"))}.",
        $"If the portal shall reach it, add its range to {NetworkOptions.Section}:Allow, for example 10.20.0.0/16:8883. Link-local and metadata addresses are never dialled.")
    { Summary = $"{attempts[0].Address} is not allowed" };

    // The most telling one: a refusal proves that the machine is there.
    private static Problem Worst(List<Problem> failures) => failures.Find(failure => failure.Cause == "tcp-refused") ?? failures[0];

    private sealed record Try(IPEndPoint Address, string Reason, Socket? Socket, Problem? Failure, double Milliseconds);
}
