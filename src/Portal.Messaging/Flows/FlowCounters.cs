using System.Collections.Concurrent;

namespace Portal.Messaging.Flows;

/// <summary>Counts what leaves the window of one instance. Outcomes are counted under the window's lock, one after the other.</summary>
internal sealed class FlowCounters(TimeProvider time)
{
    /// <summary>Latency is told over the last minute, in parts of five seconds.</summary>
    private const int Parts = 12;
    private const long Never = long.MinValue;
    private static readonly TimeSpan _part = TimeSpan.FromSeconds(5);

    private readonly long[] _outcomes = new long[Enum.GetValues<FlowOutcome>().Length];
    private readonly LatencyHistogram[] _latency = [.. Enumerable.Range(0, Parts).Select(_ => new LatencyHistogram())];
    private readonly ConcurrentDictionary<string, long> _headers = new();
    private readonly long _start = time.GetTimestamp();
    private long _current;
    private long _bytesOut;
    private long _deliveredAt = Never; // ticks, UTC
    private bool _delivered;

    public long BytesOut => Volatile.Read(ref _bytesOut);

    /// <summary>Dropped properties and headers by reason.</summary>
    public IReadOnlyDictionary<string, long> Headers => _headers;

    /// <summary>When the last message was delivered; null = none yet.</summary>
    public DateTimeOffset? LastDelivery => Volatile.Read(ref _deliveredAt) is var at and not Never ? new DateTimeOffset(at, TimeSpan.Zero) : null;

    public void DropHeaders(string reason, long count = 1) => _headers.AddOrUpdate(reason, count, (_, old) => old + count);

    public void Count(FlowSlot slot, long now)
    {
        Volatile.Write(ref _outcomes[(int)slot.Outcome], _outcomes[(int)slot.Outcome] + 1);
        if (slot.Outcome is not FlowOutcome.Delivered)
            return;
        _delivered = true;
        Volatile.Write(ref _bytesOut, _bytesOut + slot.SentBytes);
        PartAt(now).Add((long)time.GetElapsedTime(slot.ReceivedAt, now).TotalMicroseconds);
    }

    /// <summary>To be called after a run of messages left.</summary>
    public void EndRun()
    {
        if (_delivered)
            Volatile.Write(ref _deliveredAt, time.GetUtcNow().UtcTicks);
        _delivered = false;
    }

    /// <summary>The ledger: outcomes are read before <paramref name="received"/>, so that what is in flight is never negative.</summary>
    public FlowLedger Ledger(Func<long> received)
    {
        Span<long> outcomes = stackalloc long[_outcomes.Length];
        for (var i = 0; i < outcomes.Length; i++)
            outcomes[i] = Volatile.Read(ref _outcomes[i]);
        Interlocked.MemoryBarrier();
        var total = received();
        var inFlight = total;
        foreach (var outcome in outcomes)
            inFlight -= outcome;
        return new FlowLedger(total, outcomes[0], inFlight, outcomes[1], outcomes[2], outcomes[3], outcomes[4]);
    }

    /// <summary>Histograms of the last minute, or of the last whole five seconds.</summary>
    public IEnumerable<LatencyHistogram> Latency(bool lastPartOnly)
    {
        var now = PartNumber(time.GetTimestamp());
        var last = Volatile.Read(ref _current);
        for (var part = Math.Max(0, now - Parts + 1); part <= now; part++)
            if (part <= last && part > last - Parts && (!lastPartOnly || part == now - 1))
                yield return _latency[part % Parts];
    }

    private LatencyHistogram PartAt(long timestamp)
    {
        var number = PartNumber(timestamp);
        while (_current < number)
        {
            if (number - _current > Parts)
                Volatile.Write(ref _current, number - Parts);
            _latency[(_current + 1) % Parts].Clear();
            Volatile.Write(ref _current, _current + 1);
        }

        return _latency[_current % Parts];
    }

    private long PartNumber(long timestamp) => time.GetElapsedTime(_start, timestamp).Ticks / _part.Ticks;
}
