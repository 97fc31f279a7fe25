namespace Portal.Messaging.Flows;

/// <summary>What the dataflows of this process do. Reading it is cheap and never waits for a broker.</summary>
public interface IFlowService
{
    /// <summary>How a dataflow stands; Stopped with an empty ledger when nothing is known of it.</summary>
    FlowStatus StatusOf(string dataflow);

    /// <summary>Every dataflow that is known here, in the order of the names.</summary>
    IReadOnlyList<FlowStatus> All();

    /// <summary>Points of the charts, one for each five seconds of at most the last hour, the oldest first.</summary>
    IReadOnlyList<FlowPoint> HistoryOf(string dataflow);

    /// <summary>Raised with the dataflow's name when its state or errors change, and once a second while its counters move. Handlers return at once.</summary>
    event Action<string>? Changed;
}
