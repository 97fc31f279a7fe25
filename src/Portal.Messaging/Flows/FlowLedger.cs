namespace Portal.Messaging.Flows;

/// <summary>
/// Where every message of a dataflow went, at one moment. It balances at every moment:
/// received = delivered + in flight + expired + filtered + untranslatable + rejected.
/// </summary>
/// <param name="Received">Messages taken from the source; one that comes again after a break counts again.</param>
/// <param name="Delivered">Confirmed by the destination (written, at QoS 0 and acks Zero).</param>
/// <param name="InFlight">Received, and neither delivered nor dropped; not acknowledged to the source.</param>
/// <param name="Expired">Dropped because the message expiry interval was over.</param>
/// <param name="Filtered">Dropped by the filter of the transformation, as intended.</param>
/// <param name="Untranslatable">Dropped because it has no form at the destination, for example no segment for its topic.</param>
/// <param name="Rejected">Refused for good by the destination: this one message, not the connection.</param>
public sealed record FlowLedger(
    long Received, long Delivered, long InFlight, long Expired, long Filtered, long Untranslatable, long Rejected)
{
    /// <summary>Nothing received yet.</summary>
    public static FlowLedger Empty { get; } = new(0, 0, 0, 0, 0, 0, 0);

    /// <summary>Everything that was dropped, of whatever reason.</summary>
    public long Dropped => Expired + Filtered + Untranslatable + Rejected;

    /// <summary>Whether every received message is accounted for.</summary>
    public bool IsBalanced => Received == Delivered + InFlight + Dropped;

    /// <summary>The ledger of several instances together.</summary>
    public static FlowLedger operator +(FlowLedger left, FlowLedger right) => new(
        left.Received + right.Received, left.Delivered + right.Delivered, left.InFlight + right.InFlight, left.Expired + right.Expired,
        left.Filtered + right.Filtered, left.Untranslatable + right.Untranslatable, left.Rejected + right.Rejected);
}
