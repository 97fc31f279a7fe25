namespace Portal.Messaging.Flows;

/// <summary>How a dataflow, or one instance of it, stands. The state of a dataflow with several instances is its worst one.</summary>
public enum FlowState
{
    /// <summary>Not meant to run (mode Disabled, or nothing runs it here).</summary>
    Stopped,

    /// <summary>Connecting for the first time since it was started.</summary>
    Starting,

    /// <summary>Connected on both sides, and no delivery in the last 30 seconds.</summary>
    Idle,

    /// <summary>Connected on both sides, with a delivery in the last 30 seconds.</summary>
    Healthy,

    /// <summary>The source is not connected; the flow tries again by itself.</summary>
    WaitingForSource,

    /// <summary>The destination is not connected or does not take messages now; what is in flight is held and nothing more is read.</summary>
    WaitingForDestination,

    /// <summary>Finishing what is in flight.</summary>
    Stopping,

    /// <summary>It cannot run as it is configured; only a change of the configuration helps.</summary>
    Failed,

    /// <summary>A flow host that shall run instances of it does not answer, so that nobody here knows.</summary>
    Unknown,
}

/// <summary>The part of a dataflow that an error belongs to.</summary>
public enum FlowSide
{
    /// <summary>The connection that messages are read from.</summary>
    Source,

    /// <summary>The connection that messages are written to.</summary>
    Destination,

    /// <summary>One message, not a connection.</summary>
    Message,

    /// <summary>The dataflow itself: its document or what it refers to.</summary>
    Flow,
}

/// <summary>Orders states.</summary>
public static class FlowStates
{
    /// <summary>How much a state needs attention; of several instances the one with the highest is shown.</summary>
    public static int Severity(this FlowState state) => state switch
    {
        FlowState.Failed => 8,
        FlowState.WaitingForDestination => 7,
        FlowState.WaitingForSource => 6,
        FlowState.Unknown => 5,
        FlowState.Stopping => 4,
        FlowState.Starting => 3,
        FlowState.Healthy => 2,
        FlowState.Idle => 1,
        _ => 0,
    };
}
