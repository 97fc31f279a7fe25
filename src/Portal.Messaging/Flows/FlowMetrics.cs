using System.Diagnostics.Metrics;

namespace Portal.Messaging.Flows;

/// <summary>
/// The figures of page and API as instruments of the meter <c>Portal.Flows</c>. One reading of all instruments works on one
/// look at the dataflows, so that the ledger balances there too.
/// </summary>
internal sealed class FlowMetrics
{
    public const string Name = "Portal.Flows";

    private static readonly TimeSpan _sameReading = TimeSpan.FromMilliseconds(250);

    private readonly IFlowService _flows;
    private readonly TimeProvider _time;
    private readonly Lock _gate = new();
    private IReadOnlyList<FlowStatus> _statuses = [];
    private long _readAt;

    private FlowMetrics(IFlowService flows, TimeProvider time) => (_flows, _time) = (flows, time);

    public static void Create(IMeterFactory factory, IFlowService flows, TimeProvider time)
    {
        var metrics = new FlowMetrics(flows, time);
        var meter = factory.Create(Name);
        meter.CreateObservableCounter("portal.flow.received", () => metrics.Each(flow => flow.Ledger.Received), "{message}", "Messages taken from the source.");
        meter.CreateObservableCounter("portal.flow.delivered", () => metrics.Each(flow => flow.Ledger.Delivered), "{message}", "Messages that the destination confirmed.");
        meter.CreateObservableUpDownCounter("portal.flow.in_flight", () => metrics.Each(flow => flow.Ledger.InFlight), "{message}", "Messages received, and neither delivered nor dropped.");
        meter.CreateObservableCounter("portal.flow.dropped", metrics.Dropped, "{message}", "Messages that did not go on, by reason.");
        meter.CreateObservableCounter("portal.flow.headers_dropped", metrics.HeadersDropped, "{header}", "Properties or headers left out of messages that went on, by reason.");
        meter.CreateObservableCounter("portal.flow.reconnects", () => metrics.Each(flow => flow.Reconnects), "{connection}", "Connections that were lost and made anew.");
        meter.CreateObservableCounter("portal.flow.bytes_in", () => metrics.Each(flow => flow.BytesIn), null, "Payload bytes received.");
        meter.CreateObservableCounter("portal.flow.bytes_out", () => metrics.Each(flow => flow.BytesOut), null, "Payload bytes delivered.");
        meter.CreateObservableGauge("portal.flow.latency", metrics.Latency, "ms", "Time from receiving a message to acknowledging it, over the last minute.");
        meter.CreateObservableGauge("portal.flow.last_delivery_age", metrics.Ages, "s", "Time since the last delivery.");
        meter.CreateObservableGauge("portal.flow.state", metrics.States, null, "1 for the state that the dataflow is in, 0 for the others.");
    }

    private IEnumerable<Measurement<long>> Each(Func<FlowStatus, long> value) => Read().Select(flow => new Measurement<long>(value(flow), Dataflow(flow)));

    private IEnumerable<Measurement<long>> Dropped() => Read().SelectMany(flow => new[]
    {
        new Measurement<long>(flow.Ledger.Expired, Dataflow(flow), new("reason", "expired")),
        new Measurement<long>(flow.Ledger.Filtered, Dataflow(flow), new("reason", "filtered")),
        new Measurement<long>(flow.Ledger.Untranslatable, Dataflow(flow), new("reason", "untranslatable")),
        new Measurement<long>(flow.Ledger.Rejected, Dataflow(flow), new("reason", "rejected")),
    });

    private IEnumerable<Measurement<long>> HeadersDropped() =>
        Read().SelectMany(flow => flow.HeadersDropped.Select(one => new Measurement<long>(one.Value, Dataflow(flow), new("reason", one.Key))));

    private IEnumerable<Measurement<double>> Latency() => Read().SelectMany(flow =>
        new[] { ("0.5", flow.Latency.P50), ("0.95", flow.Latency.P95), ("0.99", flow.Latency.P99) }
            .Where(one => one.Item2 is not null)
            .Select(one => new Measurement<double>(one.Item2!.Value, Dataflow(flow), new("quantile", one.Item1))));

    private IEnumerable<Measurement<double>> Ages() =>
        Read().Where(flow => flow.LastDelivery is not null).Select(flow => new Measurement<double>((_time.GetUtcNow() - flow.LastDelivery!.Value).TotalSeconds, Dataflow(flow)));

    private IEnumerable<Measurement<int>> States() => Read().SelectMany(flow =>
        Enum.GetValues<FlowState>().Select(state => new Measurement<int>(flow.State == state ? 1 : 0, Dataflow(flow), new("state", state.ToString()))));

    private IReadOnlyList<FlowStatus> Read()
    {
        lock (_gate)
        {
            if (_readAt == 0 || _time.GetElapsedTime(_readAt) > _sameReading)
            {
                _statuses = _flows.All();
                _readAt = _time.GetTimestamp();
            }

            return _statuses;
        }
    }

    private static KeyValuePair<string, object?> Dataflow(FlowStatus flow) => new("dataflow", flow.Name);
}
