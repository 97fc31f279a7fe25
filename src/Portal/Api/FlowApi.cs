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
/// <param name="State">Stopped, Starting, Idle, Healthy, WaitingForSource, WaitingForDestination, Stopping or Failed.</param>
/// <param name="Instances">Instances that run here.</param>
/// <param name="Ledger">Where every received message went.</param>
/// <param name="Since">Since when the ledger counts; null = it never ran here.</param>
/// <param name="HeadersDropped">Headers left out of messages that went on otherwise, by reason.</param>
/// <param name="Reconnects">Connections lost and made anew.</param>
/// <param name="LatencyMilliseconds">From receiving a message to acknowledging it to the source, over the last minute.</param>
/// <param name="LastDelivery">When the destination confirmed a message last; null = never.</param>
/// <param name="LastError">The newest error in words; null = none.</param>
internal sealed record FlowStatusBody(
    string Name, string State, int Instances, FlowLedgerBody Ledger, DateTimeOffset? Since, IReadOnlyDictionary<string, long> HeadersDropped,
    long Reconnects, FlowLatency LatencyMilliseconds, DateTimeOffset? LastDelivery, string? LastError)
{
    public static FlowStatusBody Of(FlowStatus status) => new(
        status.Name, status.State.ToString(), status.Instances.Length, FlowLedgerBody.Of(status.Ledger), status.Since, status.HeadersDropped,
        status.Reconnects, status.Latency, status.LastDelivery, status.Problem?.Message ?? status.LastErrors.FirstOrDefault()?.Message);
}

/// <summary>The ledger of a dataflow: received = delivered + inFlight + the four reasons of dropped.</summary>
internal sealed record FlowLedgerBody(long Received, long Delivered, long InFlight, FlowDropsBody Dropped)
{
    public static FlowLedgerBody Of(FlowLedger ledger) => new(
        ledger.Received, ledger.Delivered, ledger.InFlight, new FlowDropsBody(ledger.Expired, ledger.Filtered, ledger.Untranslatable, ledger.Rejected));
}

/// <summary>Messages dropped by reason.</summary>
internal sealed record FlowDropsBody(long Expired, long Filtered, long Untranslatable, long Rejected);
