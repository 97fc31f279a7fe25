namespace Portal.Messaging.Flows;

/// <summary>How source and destination of one instance stand. Safe for threads.</summary>
internal sealed class FlowSides(TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly Side _source = new();
    private readonly Side _destination = new();
    private bool _wasWhole;

    /// <summary>Raised when anything changes. Handlers return at once.</summary>
    public event Action? Changed;

    public bool IsStopping { get; set; }

    /// <summary>Connections made anew after one was lost, both sides together.</summary>
    public long Reconnects
    {
        get
        {
            lock (_gate)
                return Math.Max(0, _source.Connections - 1) + Math.Max(0, _destination.Connections - 1);
        }
    }

    /// <summary>A side is connected (null) or has a problem.</summary>
    public void Set(FlowSide which, FlowError? problem)
    {
        lock (_gate)
        {
            var side = Of(which);
            var isUp = problem is null;
            if (isUp && !side.IsUp)
                (side.Connections, side.UpAt) = (side.Connections + 1, time.GetTimestamp());
            else if (!isUp && side.IsUp)
                side.Held = time.GetElapsedTime(side.UpAt);
            else if (!isUp)
                side.Held = TimeSpan.Zero;
            (side.IsUp, side.Problem) = (isUp, problem);
            _wasWhole |= _source.IsUp && _destination.IsUp;
        }

        Changed?.Invoke();
    }

    /// <summary>How long the connection at hand or the last one held.</summary>
    public TimeSpan HeldFor(FlowSide which)
    {
        lock (_gate)
            return Of(which) is { IsUp: true } side ? time.GetElapsedTime(side.UpAt) : Of(which).Held;
    }

    /// <summary>The state, and the problem that it comes from.</summary>
    /// <param name="oldest">When the oldest message in flight came; null = none is.</param>
    /// <param name="delivered">When a message was delivered last; null = none yet.</param>
    public (FlowState State, FlowError? Problem) State(long? oldest, DateTimeOffset? delivered, TimeSpan silence)
    {
        lock (_gate)
        {
            if (IsStopping)
                return (FlowState.Stopping, null);
            if (!_destination.IsUp)
                return (_wasWhole || _destination.Problem is not null ? FlowState.WaitingForDestination : FlowState.Starting, _destination.Problem ?? _source.Problem);
            if (!_source.IsUp)
                return (_wasWhole || _source.Problem is not null ? FlowState.WaitingForSource : FlowState.Starting, _source.Problem);
            var isSilent = delivered is null || time.GetUtcNow() - delivered > silence;
            if (oldest is { } at && isSilent && time.GetElapsedTime(at) > silence)
                return (FlowState.WaitingForDestination, Unconfirmed(time.GetElapsedTime(at)));
            return (isSilent ? FlowState.Idle : FlowState.Healthy, null);
        }
    }

    private FlowError Unconfirmed(TimeSpan since) => new(
        time.GetUtcNow(), FlowSide.Destination, "destination-silent", $"The destination has confirmed nothing for {since.TotalSeconds:0} s although messages were sent to it.",
        "Look at the destination's brokers: they are connected, but too slow or stuck. Nothing is lost; the flow goes on when they answer.", 1);

    private Side Of(FlowSide which) => which is FlowSide.Source ? _source : _destination;

    private sealed class Side
    {
        public bool IsUp { get; set; }

        public long UpAt { get; set; }

        public TimeSpan Held { get; set; }

        public long Connections { get; set; }

        public FlowError? Problem { get; set; }
    }
}
