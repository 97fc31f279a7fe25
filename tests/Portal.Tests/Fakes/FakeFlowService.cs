using Portal.Messaging.Flows;

namespace Portal.Tests.Fakes;

/// <summary>Dataflows that stand as the test says.</summary>
public sealed class FakeFlowService : IFlowService
{
    private readonly Dictionary<string, FlowStatus> _statuses = [];

    public Dictionary<string, IReadOnlyList<FlowPoint>> Histories { get; } = [];

    /// <summary>How often a status was asked for.</summary>
    public int Asked { get; private set; }

    public event Action<string>? Changed;

    public void Put(FlowStatus status)
    {
        _statuses[status.Name] = status;
        Changed?.Invoke(status.Name);
    }

    public FlowStatus StatusOf(string dataflow)
    {
        Asked++;
        return _statuses.GetValueOrDefault(dataflow) ?? new FlowStatus { Name = dataflow, State = FlowState.Stopped };
    }

    public IReadOnlyList<FlowStatus> All() => [.. _statuses.Values];

    public IReadOnlyList<FlowPoint> HistoryOf(string dataflow) => Histories.GetValueOrDefault(dataflow, []);
}
