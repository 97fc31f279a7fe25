using System.Collections.Immutable;
using System.Globalization;
using Portal.Messaging.Flows;

namespace Portal.FlowHosts;

/// <summary>
/// One status of a dataflow from those of its flow hosts. The ledger is the sum of the last answers: a host that does not
/// answer keeps the figures of its last one, with their age beside them, and is never counted as nothing.
/// </summary>
internal static class FlowSum
{
    private const int MostErrors = 20;
    private static readonly TimeSpan Slot = TimeSpan.FromSeconds(5);

    /// <param name="name">Name of the dataflow.</param>
    /// <param name="instances">Instances that its profile asks for.</param>
    /// <param name="hosts">All flow hosts, by ordinal.</param>
    public static FlowStatus Of(string name, int instances, IReadOnlyList<FlowHostView> hosts)
    {
        var parts = hosts.Select(host => new Part(host, [.. new FlowShare(host.Ordinal, hosts.Count).Of(instances)], host.Answer?.Find(name)))
            .Where(part => part.Instances.Length > 0 || part.Status?.Since is not null).ToList();
        var known = parts.Select(part => part.Status).OfType<FlowStatus>().ToList();
        var now = parts.Where(part => part.Host.Answers).Select(part => part.Status).OfType<FlowStatus>().ToList();
        var silent = parts.Where(part => !part.Host.Answers && part.Instances.Length > 0).ToList();
        IEnumerable<(FlowState State, FlowError? Problem)> states =
            [.. parts.Where(part => part.Host.Answers && part.Status is not null).Select(part => (part.Status!.State, part.Status.Problem)), .. silent.Select(part => (FlowState.Unknown, part.Host.Problem))];
        var worst = states.DefaultIfEmpty((FlowState.Stopped, null)).MaxBy(one => one.State.Severity());
        return new FlowStatus
        {
            Name = name,
            State = worst.State,
            Problem = worst.Problem,
            Instances = [.. parts.SelectMany(InstancesOf).OrderBy(one => int.TryParse(one.Id, CultureInfo.InvariantCulture, out var id) ? id : int.MaxValue)],
            Hosts = [.. parts.Select(HostOf)],
            Ledger = known.Aggregate(FlowLedger.Empty, (sum, one) => sum + one.Ledger),
            Since = known.Min(one => one.Since),
            HeadersDropped = known.SelectMany(one => one.HeadersDropped).GroupBy(one => one.Key).ToImmutableSortedDictionary(group => group.Key, group => group.Sum(one => one.Value)),
            Reconnects = known.Sum(one => one.Reconnects),
            // Percentiles of several hosts have no sum; the slowest host is the one to look at.
            Latency = new FlowLatency(now.Max(one => one.Latency.P50), now.Max(one => one.Latency.P95), now.Max(one => one.Latency.P99)),
            LastDelivery = known.Max(one => one.LastDelivery),
            LastErrors = [.. silent.Select(part => part.Host.Problem).OfType<FlowError>().Concat(known.SelectMany(one => one.LastErrors)).OrderByDescending(error => error.At).Take(MostErrors)],
            InPerSecond = now.Sum(one => one.InPerSecond),
            OutPerSecond = now.Sum(one => one.OutPerSecond),
            BytesIn = known.Sum(one => one.BytesIn),
            BytesOut = known.Sum(one => one.BytesOut),
        };
    }

    /// <summary>Points of the charts: rates add up; of latencies the slowest host's is shown.</summary>
    public static IReadOnlyList<FlowPoint> Points(string name, IReadOnlyList<FlowHostView> hosts) =>
    [
        .. hosts.SelectMany(host => host.Points.GetValueOrDefault(name, []).GroupBy(point => point.At.UtcTicks / Slot.Ticks).Select(group => (group.Key, Point: group.Last())))
            .GroupBy(one => one.Key, one => one.Point).OrderBy(group => group.Key)
            .Select(group => new FlowPoint(
                group.Max(point => point.At), group.Sum(point => point.InPerSecond), group.Sum(point => point.OutPerSecond),
                group.Max(point => point.P50), group.Max(point => point.P95), group.Max(point => point.P99)) { State = group.Select(point => point.State).MaxBy(state => state.Severity()) }),
    ];

    private static FlowHostStatus HostOf(Part part) =>
        new(part.Host.Ordinal, part.Host.Address, part.Host.Answers, part.Host.LastAnswer, [.. part.Instances], part.Host.Answer is null ? null : part.Status?.Ledger ?? FlowLedger.Empty, part.Host.Problem);

    // Of a host that does not answer the instances are shown as not known, with the last figures that do not move.
    private static IEnumerable<FlowInstanceStatus> InstancesOf(Part part) => part.Host.Answers
        ? part.Status?.Instances ?? []
        : part.Instances.Select(number => number.ToString(CultureInfo.InvariantCulture)).Select(id =>
            (part.Status?.Instances.FirstOrDefault(one => one.Id == id) ?? new FlowInstanceStatus(id, FlowState.Unknown, 0, 0, 0, 0)) with { State = FlowState.Unknown, InPerSecond = 0, OutPerSecond = 0 });

    private sealed record Part(FlowHostView Host, int[] Instances, FlowStatus? Status);
}
