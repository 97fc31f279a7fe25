using System.Collections.Immutable;

namespace Portal.Messaging.Flows;

/// <summary>Rates of a dataflow: the last second, and a point for each five seconds of the last hour.</summary>
internal sealed class FlowHistory(TimeProvider time)
{
    private const int MostPoints = 720;
    private const int SecondsOfPoint = 5;

    private readonly Lock _gate = new();
    private readonly Queue<FlowPoint> _points = new();
    private readonly Dictionary<int, (FlowLedger Ledger, double In, double Out)> _instances = [];
    private FlowLedger? _last;
    private long _lastAt;
    private FlowLedger? _pointStart;
    private long _pointAt;
    private FlowState _worst;
    private (double In, double Out) _rates;

    /// <summary>Messages a second, in and out, in the last second.</summary>
    public (double In, double Out) Rates
    {
        get
        {
            lock (_gate)
                return _rates;
        }
    }

    public IReadOnlyList<FlowPoint> Points
    {
        get
        {
            lock (_gate)
                return [.. _points];
        }
    }

    public (double In, double Out) RatesOf(int instance)
    {
        lock (_gate)
            return _instances.TryGetValue(instance, out var one) ? (one.In, one.Out) : (0, 0);
    }

    /// <summary>To be called about once a second.</summary>
    /// <returns>True when something moved since the last call, or came to rest.</returns>
    public bool Add(FlowLedger ledger, FlowState state, ImmutableArray<FlowPump> pumps)
    {
        var now = time.GetTimestamp();
        lock (_gate)
        {
            var seconds = _last is null ? 1 : Math.Max(0.001, time.GetElapsedTime(_lastAt, now).TotalSeconds);
            var before = _rates;
            _rates = Rate(_last ?? ledger, ledger, seconds);
            AddInstances(pumps, seconds);
            _worst = state.Severity() > _worst.Severity() ? state : _worst;
            AddPoint(ledger, state, pumps, now);
            var moved = ledger != _last || before != _rates;
            (_last, _lastAt) = (ledger, now);
            return moved;
        }
    }

    private void AddInstances(ImmutableArray<FlowPump> pumps, double seconds)
    {
        foreach (var gone in _instances.Keys.Where(id => pumps.All(pump => pump.Id != id)).ToList())
            _instances.Remove(gone);
        foreach (var pump in pumps)
        {
            var ledger = pump.Ledger;
            var (inRate, outRate) = Rate(_instances.TryGetValue(pump.Id, out var known) ? known.Ledger : FlowLedger.Empty, ledger, seconds);
            _instances[pump.Id] = (ledger, inRate, outRate);
        }
    }

    private void AddPoint(FlowLedger ledger, FlowState state, ImmutableArray<FlowPump> pumps, long now)
    {
        if (_pointStart is null)
        {
            (_pointStart, _pointAt) = (ledger, now);
            return;
        }

        var seconds = time.GetElapsedTime(_pointAt, now).TotalSeconds;
        if (seconds < SecondsOfPoint - 0.1)
            return;
        var (inRate, outRate) = Rate(_pointStart, ledger, seconds);
        var latency = LatencyHistogram.Of(pumps.SelectMany(pump => pump.Counters.Latency(lastPartOnly: true)));
        if (_points.Count == MostPoints)
            _points.Dequeue();
        _points.Enqueue(new FlowPoint(time.GetUtcNow(), inRate, outRate, latency.P50, latency.P95, latency.P99) { State = _worst });
        (_pointStart, _pointAt, _worst) = (ledger, now, state);
    }

    // An instance that stopped gives back what was in flight, which is no rate.
    private static (double In, double Out) Rate(FlowLedger from, FlowLedger to, double seconds) =>
        (Math.Round(Math.Max(0, to.Received - from.Received) / seconds, 1), Math.Round(Math.Max(0, to.Delivered - from.Delivered) / seconds, 1));
}
