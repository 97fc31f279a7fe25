using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Portal.Messaging.Connections;

namespace Portal.Messaging.Flows;

/// <summary>One dataflow: makes it what it is wanted to be, one change after the other, and tells how it stands.</summary>
internal sealed class FlowRunner
{
    // Of filters that are long gone some are kept: a session that could not be reached meanwhile may still hold them.
    private const int MostSubscriptions = 100;

    private readonly FlowFactory _factory;
    private readonly FlowLimits _limits;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Action<string> _changed;
    private readonly FlowErrors _errors;
    private readonly Lock _gate = new();
    private FlowTotals _base;
    private ImmutableArray<FlowPump> _pumps = [];
    private (FlowSpec? Spec, Problem? Problem) _wanted;
    private (FlowSpec? Spec, Problem? Problem) _current;
    private FlowError? _failure;
    private Task _working = Task.CompletedTask;
    private bool _isWorking;

    /// <param name="totals">Counters of an earlier run.</param>
    public FlowRunner(string name, FlowTotals? totals, FlowFactory factory, FlowLimits limits, TimeProvider time, ILogger logger, Action<string> changed)
    {
        (Name, _base, _factory, _limits, _time, _logger, _changed) = (name, totals ?? new FlowTotals(), factory, limits, time, logger, changed);
        _errors = new FlowErrors(time);
        History = new FlowHistory(time);
    }

    public string Name { get; }

    public FlowHistory History { get; }

    /// <summary>The change under way; completes when the dataflow is as it was last wanted.</summary>
    public Task Working
    {
        get
        {
            lock (_gate)
                return _working;
        }
    }

    /// <summary>Says what it shall be: running (a spec), failed (a problem), or stopped (neither).</summary>
    public void Want(FlowSpec? spec, Problem? problem)
    {
        lock (_gate)
        {
            _wanted = (spec, problem);
            if (_isWorking || _wanted == _current)
                return;
            _isWorking = true;
            _working = Task.Run(WorkAsync);
        }
    }

    /// <summary>Counters of all runs, balanced.</summary>
    public FlowTotals Totals()
    {
        lock (_gate)
            return _pumps.Aggregate(_base, (sum, pump) => sum.With(pump));
    }

    public FlowStatus Status() => Status(out _);

    /// <summary>How it stands, with the counters that it was made from.</summary>
    public FlowStatus Status(out FlowTotals totals)
    {
        ImmutableArray<FlowPump> pumps;
        FlowError? failure;
        lock (_gate)
        {
            totals = Totals();
            (pumps, failure) = (_pumps, _failure);
        }

        var states = pumps.Select(pump => (Pump: pump, How: pump.Sides.State(pump.Window.OldestAt, pump.Counters.LastDelivery, _limits.Silence))).ToList();
        var worst = states.Select(one => one.How).DefaultIfEmpty((failure is null ? FlowState.Stopped : FlowState.Failed, failure)).MaxBy(how => how.Item1.Severity());
        var rates = History.Rates;
        return new FlowStatus
        {
            Name = Name,
            State = worst.Item1,
            Problem = worst.Item2,
            Instances = [.. states.Select(one => InstanceOf(one.Pump, one.How.State))],
            Ledger = totals.Ledger,
            Since = totals.Since,
            HeadersDropped = totals.HeadersDropped,
            Reconnects = totals.Reconnects,
            Latency = LatencyHistogram.Of(pumps.SelectMany(pump => pump.Counters.Latency(lastPartOnly: false))),
            LastDelivery = totals.LastDelivery,
            LastErrors = _errors.Latest,
            InPerSecond = rates.In,
            OutPerSecond = rates.Out,
            BytesIn = totals.BytesIn,
            BytesOut = totals.BytesOut,
        };
    }

    /// <summary>To be called once a second.</summary>
    /// <returns>True when the counters moved.</returns>
    public bool Tick()
    {
        var totals = Totals();
        ImmutableArray<FlowPump> pumps;
        lock (_gate)
            pumps = _pumps;
        return History.Add(totals.Ledger, Status().State, pumps);
    }

    /// <summary>Notes an error of the dataflow itself.</summary>
    public void Note(Problem problem) => _errors.Note(FlowSide.Flow, problem);

    private FlowInstanceStatus InstanceOf(FlowPump pump, FlowState state)
    {
        var (inPerSecond, outPerSecond) = History.RatesOf(pump.Id);
        return new FlowInstanceStatus(pump.Id.ToString(System.Globalization.CultureInfo.InvariantCulture), state, inPerSecond, outPerSecond, pump.Ledger.InFlight, pump.Sides.Reconnects);
    }

    private async Task WorkAsync()
    {
        while (true)
        {
            (FlowSpec? Spec, Problem? Problem) next;
            lock (_gate)
            {
                next = _wanted;
                if (next == _current)
                {
                    _isWorking = false;
                    break;
                }
            }

            var problem = await ChangeAsync(next.Spec) ?? next.Problem;
            lock (_gate)
            {
                _current = next;
                if (problem is not null)
                    _failure = _errors.Note(FlowSide.Flow, problem);
            }

            _changed(Name);
        }
    }

    /// <returns>Why it does not run; null when it runs or shall not.</returns>
    private async Task<Problem?> ChangeAsync(FlowSpec? spec)
    {
        try
        {
            await StopAsync();
            if (spec is not null)
                Start(spec);
            return null;
        }
        catch (Exception e)
        {
            // Nobody foresaw this one: the next change must find a dataflow that can be changed, and the log must tell.
            Log.FlowNotChanged(_logger, e, Name);
            return new Problem("flow-failed", $"The flow failed unexpectedly: {e.Message}", "Look into the log of the portal; stop the flow and start it again.");
        }
    }

    private async Task StopAsync()
    {
        var pumps = _pumps;
        lock (_gate)
            _failure = null;
        if (pumps.IsEmpty)
            return;
        var stopping = pumps.Select(pump => pump.DisposeAsync().AsTask()).ToList();
        _changed(Name);
        await Task.WhenAll(stopping);
        lock (_gate)
        {
            _base = Totals().WithoutInFlight();
            _pumps = [];
        }

        Log.FlowStopped(_logger, Name);
    }

    private async Task LeaveAsync(FlowPump gone, int instances)
    {
        await gone.Exhausted;
        while (true)
        {
            Task change;
            lock (_gate)
            {
                // A change ended it before: it goes on leaving with the next start.
                if (!_pumps.Contains(gone))
                    return;
                if (!_isWorking)
                {
                    _isWorking = true;
                    _working = Task.Run(() => RemoveAsync(gone, instances));
                    return;
                }

                change = _working;
            }

            await change;
        }
    }

    private async Task RemoveAsync(FlowPump gone, int instances)
    {
        await gone.DisposeAsync();
        lock (_gate)
        {
            _pumps = _pumps.Remove(gone);
            _base = _base.With(gone) with { Instances = Math.Max(instances, _pumps.Select(pump => pump.Id + 1).DefaultIfEmpty(0).Max()) };
        }

        Log.InstanceLeft(_logger, Name, gone.Id);
        _changed(Name);
        await WorkAsync();
    }

    private void Start(FlowSpec spec)
    {
        // Instances beyond their number read what their sessions still hold, and leave.
        var known = spec.Source.Mqtt is null ? spec.Instances : Math.Max(spec.Instances, _base.Instances);
        int[] here = [.. _factory.Share.Of(known)];
        if (here.Length == 0)
            return;
        Log.FlowStarts(_logger, Name, here.Length);
        var earlier = _base.Subscriptions;
        var pumps = here.Select(instance => _factory.Create(spec, instance, earlier, _errors)).ToImmutableArray();
        foreach (var pump in pumps)
            pump.Sides.Changed += () => _changed(Name);
        lock (_gate)
        {
            _base = _base with
            {
                Since = _base.Since ?? _time.GetUtcNow(),
                Instances = known,
                Subscriptions = spec.Source.Mqtt is null ? [] : [.. MqttFlowSource.Subscriptions(Name, spec.Instances, [.. spec.Dataflow.Source!.DataSources]).Concat(earlier).Distinct().Take(MostSubscriptions)],
            };
            _pumps = pumps;
        }

        foreach (var pump in pumps)
            pump.Start();
        foreach (var pump in pumps.Where(pump => pump.Id >= spec.Instances))
            _ = LeaveAsync(pump, spec.Instances);
    }
}
