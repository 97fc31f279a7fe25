using System.Text.Json.Serialization;
using Portal.Messaging.Flows;
using Portal.Model;
using Portal.Model.Ports;

namespace Portal.Api;

/// <summary><c>GET /api/v1/dataflows/{name}/status</c>: state, ledger, latency and the last error of a dataflow.</summary>
internal static class FlowApi
{
    public static void Map(RouteGroupBuilder api) =>
        api.MapGet("/dataflows/{name}/status", StatusAsync).WithTags("Dataflows").WithName("GetDataflowStatus")
            .WithSummary("How a dataflow stands: state, running instances, ledger (received = delivered + in flight + dropped), latency, last error.")
            .Produces<FlowStatusBody>().ProducesProblem(404);

    private static async Task<IResult> StatusAsync(string name, IResourceStore store, IFlowService flows, CancellationToken cancellation) =>
        await store.FindAsync(ResourceKind.Dataflow, name, cancellation) is null
            ? ApiProblem.NotFound(nameof(ResourceKind.Dataflow), name)
            : Results.Json(FlowStatusBody.Of(flows.StatusOf(name)));
}

/// <summary>The status of a dataflow.</summary>
/// <param name="Name">Name of the dataflow.</param>
/// <param name="State">Stopped, Starting, Idle, Healthy, WaitingForSource, WaitingForDestination, Stopping or Failed; Unknown when a flow host that shall run instances does not answer.</param>
/// <param name="Instances">Instances that run here, or on the flow hosts that answer.</param>
/// <param name="Ledger">Where every received message went.</param>
/// <param name="Since">Since when the ledger counts; null = it never ran here.</param>
/// <param name="HeadersDropped">Headers left out of messages that went on otherwise, by reason.</param>
/// <param name="Reconnects">Connections lost and made anew.</param>
/// <param name="LatencyMilliseconds">From receiving a message to acknowledging it to the source, over the last minute.</param>
/// <param name="LastDelivery">When the destination confirmed a message last; null = never.</param>
/// <param name="LastError">The newest error in words; null = none.</param>
/// <param name="BytesIn">Payload bytes received.</param>
/// <param name="BytesOut">Payload bytes delivered.</param>
internal sealed record FlowStatusBody(
    string Name, string State, int Instances, FlowLedgerBody Ledger, DateTimeOffset? Since, IReadOnlyDictionary<string, long> HeadersDropped,
    long Reconnects, FlowLatency LatencyMilliseconds, DateTimeOffset? LastDelivery, string? LastError, long BytesIn, long BytesOut)
{
    /// <summary>The flow hosts that the figures come from; absent when the dataflow runs in this process.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<FlowHostBody>? Hosts { get; init; }

    public static FlowStatusBody Of(FlowStatus status) => new(
        status.Name, status.State.ToString(), status.Instances.Count(one => one.State is not FlowState.Unknown), FlowLedgerBody.Of(status.Ledger), status.Since, status.HeadersDropped,
        status.Reconnects, status.Latency, status.LastDelivery, status.Problem?.Message ?? status.LastErrors.FirstOrDefault()?.Message, status.BytesIn, status.BytesOut)
    {
        Hosts = status.Hosts.IsEmpty ? null : [.. status.Hosts.Select(FlowHostBody.Of)],
    };
}

/// <summary>A flow host of a dataflow.</summary>
/// <param name="FlowHost">Its ordinal.</param>
/// <param name="Address">Where it is asked.</param>
/// <param name="Answers">Whether it answered when it was asked last.</param>
/// <param name="LastAnswer">When it answered last: its ledger is of then; null = not since this portal was started.</param>
/// <param name="Instances">Numbers of the instances that it shall run.</param>
/// <param name="Ledger">Its part of the ledger; null = not known.</param>
/// <param name="Problem">Why it does not answer; null while it does.</param>
internal sealed record FlowHostBody(int FlowHost, string Address, bool Answers, DateTimeOffset? LastAnswer, IReadOnlyList<int> Instances, FlowLedgerBody? Ledger, string? Problem)
{
    public static FlowHostBody Of(FlowHostStatus host) => new(
        host.Ordinal, host.Address, host.Answers, host.LastAnswer, host.Instances, host.Ledger is null ? null : FlowLedgerBody.Of(host.Ledger), host.Problem?.Message);
}

/// <summary>The ledger of a dataflow: received = delivered + inFlight + the four reasons of dropped.</summary>
internal sealed record FlowLedgerBody(long Received, long Delivered, long InFlight, FlowDropsBody Dropped)
{
    public static FlowLedgerBody Of(FlowLedger ledger) => new(
        ledger.Received, ledger.Delivered, ledger.InFlight, new FlowDropsBody(ledger.Expired, ledger.Filtered, ledger.Untranslatable, ledger.Rejected));
}

/// <summary>Messages dropped by reason.</summary>
internal sealed record FlowDropsBody(long Expired, long Filtered, long Untranslatable, long Rejected);
