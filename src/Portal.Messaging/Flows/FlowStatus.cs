using System.Collections.Immutable;

namespace Portal.Messaging.Flows;

/// <summary>An error of a dataflow with its cause and what to do.</summary>
/// <param name="At">When it happened last.</param>
/// <param name="Side">What it belongs to.</param>
/// <param name="Code">Stable cause, the same words as in a test of the connection, for example <c>tls-untrusted-root</c>.</param>
/// <param name="Message">What is wrong, in plain words.</param>
/// <param name="Fix">What to do about it; empty when there is nothing to do.</param>
/// <param name="Count">How often it happened since the flow was started, in a row or not.</param>
public sealed record FlowError(DateTimeOffset At, FlowSide Side, string Code, string Message, string Fix, long Count);

/// <summary>One instance of a dataflow in this process.</summary>
/// <param name="Id">Number of the instance, <c>0</c> to instance count - 1.</param>
/// <param name="State">How it stands.</param>
/// <param name="InPerSecond">Messages received in the last whole second.</param>
/// <param name="OutPerSecond">Messages delivered in the last whole second.</param>
/// <param name="InFlight">Messages received, and neither delivered nor dropped.</param>
/// <param name="Reconnects">Connections that were lost and made anew, both sides together, since it was started.</param>
public sealed record FlowInstanceStatus(string Id, FlowState State, double InPerSecond, double OutPerSecond, long InFlight, long Reconnects);

/// <summary>One flow host of a dataflow, as a portal without flows of its own sees it.</summary>
/// <param name="Ordinal">Its ordinal, from 0.</param>
/// <param name="Address">Base address that it is asked at.</param>
/// <param name="Answers">Whether it answered when it was asked last.</param>
/// <param name="LastAnswer">When it answered last: its figures are of then; null = it has not answered since this portal was started.</param>
/// <param name="Instances">Numbers of the dataflow's instances that it shall run.</param>
/// <param name="Ledger">Its part of the ledger, as of the last answer; null when it has not answered yet.</param>
/// <param name="Problem">Why it does not answer, in words, and what to do; null while it answers.</param>
public sealed record FlowHostStatus(
    int Ordinal, string Address, bool Answers, DateTimeOffset? LastAnswer, ImmutableArray<int> Instances, FlowLedger? Ledger, FlowError? Problem);

/// <summary>Time from receiving a message to acknowledging it to the source, in milliseconds, over the last minute; null without a delivery.</summary>
public sealed record FlowLatency(double? P50, double? P95, double? P99);

/// <summary>A point of the charts.</summary>
/// <param name="At">End of the five seconds that it stands for.</param>
/// <param name="InPerSecond">Mean of messages received a second.</param>
/// <param name="OutPerSecond">Mean of messages delivered a second.</param>
/// <param name="P50">Median latency in milliseconds; null without a delivery. P95 and P99 likewise.</param>
public sealed record FlowPoint(DateTimeOffset At, double InPerSecond, double OutPerSecond, double? P50, double? P95, double? P99)
{
    /// <summary>The state in its five seconds that most needs attention.</summary>
    public FlowState State { get; init; } = FlowState.Healthy;
}

/// <summary>Everything that is known of a running or stopped dataflow, at one moment.</summary>
public sealed record FlowStatus
{
    /// <summary>Name of the dataflow.</summary>
    public required string Name { get; init; }

    /// <summary>How it stands: with several instances the one that most needs attention.</summary>
    public required FlowState State { get; init; }

    /// <summary>Its instances in this process, or on the flow hosts; empty when stopped.</summary>
    public ImmutableArray<FlowInstanceStatus> Instances { get; init; } = [];

    /// <summary>The flow hosts that the figures come from; empty when the dataflow runs in this process.</summary>
    public ImmutableArray<FlowHostStatus> Hosts { get; init; } = [];

    /// <summary>Where every received message went. It balances.</summary>
    public FlowLedger Ledger { get; init; } = FlowLedger.Empty;

    /// <summary>Since when the ledger and the other counters count; null when the dataflow never ran here.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Properties or headers that were left out of messages that went on otherwise, by reason, for example <c>not-utf8</c>.</summary>
    public ImmutableSortedDictionary<string, long> HeadersDropped { get; init; } = ImmutableSortedDictionary<string, long>.Empty;

    /// <summary>Connections that were lost and made anew, of all instances and both sides.</summary>
    public long Reconnects { get; init; }

    /// <summary>Latency of the last minute.</summary>
    public FlowLatency Latency { get; init; } = new(null, null, null);

    /// <summary>When the destination confirmed a message last; null = never.</summary>
    public DateTimeOffset? LastDelivery { get; init; }

    /// <summary>The latest errors, one entry a cause, the newest first; at most 20.</summary>
    public ImmutableArray<FlowError> LastErrors { get; init; } = [];

    /// <summary>What it is waiting for or fails at now; null while it runs.</summary>
    public FlowError? Problem { get; init; }

    /// <summary>Messages received in the last whole second.</summary>
    public double InPerSecond { get; init; }

    /// <summary>Messages delivered in the last whole second.</summary>
    public double OutPerSecond { get; init; }

    /// <summary>Payload bytes received.</summary>
    public long BytesIn { get; init; }

    /// <summary>Payload bytes delivered.</summary>
    public long BytesOut { get; init; }
}
