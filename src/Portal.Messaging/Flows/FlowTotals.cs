using System.Collections.Immutable;

namespace Portal.Messaging.Flows;

/// <summary>Counters of a dataflow at one moment. The ledger balances.</summary>
internal sealed record FlowTotals
{
    /// <summary>Since when they count.</summary>
    public DateTimeOffset? Since { get; init; }

    public FlowLedger Ledger { get; init; } = FlowLedger.Empty;

    public long BytesIn { get; init; }

    public long BytesOut { get; init; }

    public long Reconnects { get; init; }

    public DateTimeOffset? LastDelivery { get; init; }

    public ImmutableSortedDictionary<string, long> HeadersDropped { get; init; } = ImmutableSortedDictionary<string, long>.Empty;

    /// <summary>MQTT filters of this run and of earlier ones, as subscribed to, the latest first.</summary>
    public ImmutableArray<string> Subscriptions { get; init; } = [];

    /// <summary>Instances whose sessions an MQTT broker may still keep: those of the latest run, and earlier ones that have not left yet.</summary>
    public int Instances { get; init; }

    /// <summary>These and the counters of an instance.</summary>
    public FlowTotals With(FlowPump pump)
    {
        var last = pump.Counters.LastDelivery;
        // The bytes are read after the ledger: they never miss a message that it has.
        return this with
        {
            Ledger = Ledger + pump.Ledger,
            BytesIn = BytesIn + pump.Window.BytesIn,
            BytesOut = BytesOut + pump.Counters.BytesOut,
            Reconnects = Reconnects + pump.Sides.Reconnects,
            LastDelivery = LastDelivery is null || last > LastDelivery ? last ?? LastDelivery : LastDelivery,
            HeadersDropped = pump.Counters.Headers.Aggregate(HeadersDropped, (sum, one) => sum.SetItem(one.Key, sum.GetValueOrDefault(one.Key) + one.Value)),
        };
    }

    /// <summary>What was in flight is unread again: nobody acknowledged it.</summary>
    public FlowTotals WithoutInFlight() => this with { Ledger = Ledger with { Received = Ledger.Received - Ledger.InFlight, InFlight = 0 } };

    public bool Equals(FlowTotals? other) => other is not null && Since == other.Since && Ledger == other.Ledger && BytesIn == other.BytesIn
        && BytesOut == other.BytesOut && Reconnects == other.Reconnects && LastDelivery == other.LastDelivery
        && HeadersDropped.SequenceEqual(other.HeadersDropped) && Subscriptions.SequenceEqual(other.Subscriptions) && Instances == other.Instances;

    public override int GetHashCode() => HashCode.Combine(Since, Ledger, BytesIn, BytesOut, Reconnects);
}
