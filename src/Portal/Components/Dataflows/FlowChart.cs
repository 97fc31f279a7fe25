using System.Globalization;
using System.Text;
using Portal.Messaging.Flows;

namespace Portal.Components.Dataflows;

/// <summary>Points of a dataflow in even steps over a span of time that ends now: what the charts draw.</summary>
/// <param name="From">Left edge.</param>
/// <param name="To">Right edge.</param>
/// <param name="In">Messages received a second; null where nothing is known. All lists have the same length.</param>
/// <param name="Out">Messages delivered a second.</param>
/// <param name="P50">Median latency in milliseconds. The latencies show the worst of a step.</param>
public sealed record FlowChart(
    DateTimeOffset From, DateTimeOffset To, IReadOnlyList<double?> In, IReadOnlyList<double?> Out,
    IReadOnlyList<double?> P50, IReadOnlyList<double?> P95, IReadOnlyList<double?> P99)
{
    private const int MostSteps = 120;
    private static readonly TimeSpan PointSpan = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan[] Spans = [TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(15), TimeSpan.FromMinutes(30), TimeSpan.FromHours(1)];

    /// <summary>Spans in which it did not do what it shall, from 0 left to 1 right, the oldest first.</summary>
    public IReadOnlyList<Band> Bands { get; private init; } = [];

    public bool IsEmpty => In.All(value => value is null);

    public static FlowChart Of(IReadOnlyList<FlowPoint> points, DateTimeOffset now)
    {
        var age = points.Count == 0 ? TimeSpan.Zero : now - points[0].At;
        var span = Spans.FirstOrDefault(one => one >= age, Spans[^1]);
        var step = TimeSpan.FromTicks(Math.Max(PointSpan.Ticks, span.Ticks / MostSteps));
        // On whole steps, so that a point stays in its step while time goes on.
        var to = new DateTimeOffset(((now.UtcTicks / step.Ticks) + 1) * step.Ticks, TimeSpan.Zero);
        var from = to - span;
        var steps = (int)(span.Ticks / step.Ticks);
        var inside = points.Where(point => point.At > from && point.At <= to).ToLookup(point => Math.Min(steps - 1, (int)((point.At - from).Ticks / step.Ticks)));

        IReadOnlyList<double?> Of(Func<IEnumerable<FlowPoint>, double?> value) => [.. Enumerable.Range(0, steps).Select(at => inside.Contains(at) ? value(inside[at]) : null)];

        return new FlowChart(
            from, to,
            Of(some => some.Average(point => point.InPerSecond)), Of(some => some.Average(point => point.OutPerSecond)),
            Of(some => some.Max(point => point.P50)), Of(some => some.Max(point => point.P95)), Of(some => some.Max(point => point.P99)))
        {
            Bands = BandsOf([.. Enumerable.Range(0, steps).Select(at => inside[at].Select(point => (FlowState?)point.State).Where(NeedsAttention).MaxBy(state => state!.Value.Severity()))]),
        };
    }

    private static bool NeedsAttention(FlowState? state) => state is FlowState.WaitingForSource or FlowState.WaitingForDestination or FlowState.Failed or FlowState.Unknown;

    private static List<Band> BandsOf(FlowState?[] states)
    {
        var bands = new List<Band>();
        for (var from = 0; from < states.Length; from++)
        {
            if (states[from] is not { } state)
                continue;
            var to = from;
            while (to + 1 < states.Length && states[to + 1] == state)
                to++;
            bands.Add(new Band((double)from / states.Length, (to + 1.0) / states.Length, state));
            from = to;
        }
        return bands;
    }

    /// <summary>A span of time in one state.</summary>
    public sealed record Band(double From, double To, FlowState State);

    /// <summary>Where a moment stands, 0 left to 1 right; null when it is outside.</summary>
    public double? PlaceOf(DateTimeOffset at) => at < From || at > To ? null : (at - From) / (To - From);
}

/// <summary>Lines of a chart 480 wide and 104 high, drawn below a head room for words.</summary>
internal static class ChartPath
{
    public const int Width = 480, Height = 104, Head = 20;

    /// <summary>The smallest round number that is not below any value; the axis ends there.</summary>
    public static double Ceiling(IEnumerable<double?> values)
    {
        var most = values.Max() ?? 0;
        if (most <= 0)
            return 1;
        var power = Math.Pow(10, Math.Floor(Math.Log10(most)));
        return new[] { 1, 2, 3, 4, 5, 6, 8, 10 }.Select(factor => factor * power).First(round => round >= most * 0.999999);
    }

    /// <summary>"1.5 k", "200", "0.5".</summary>
    public static string Tick(double value) => value >= 1000
        ? (value / 1000).ToString("#,0.##", CultureInfo.InvariantCulture) + " k"
        : value.ToString("0.##", CultureInfo.InvariantCulture);

    public static double Y(double value, double ceiling) => Height - ((Height - Head) * Math.Clamp(value / ceiling, 0, 1));

    /// <summary>The line; it breaks where nothing is known.</summary>
    public static string Line(IReadOnlyList<double?> values, double ceiling)
    {
        var path = new StringBuilder();
        foreach (var (from, to) in Runs(values))
        {
            path.Append(from == to ? $"M{Number(X(from, values.Count) - 0.5)} {Number(Y(values[from]!.Value, ceiling))}h1" : "");
            for (var at = from; from != to && at <= to; at++)
                path.Append(at == from ? 'M' : 'L').Append(Number(X(at, values.Count))).Append(' ').Append(Number(Y(values[at]!.Value, ceiling)));
        }
        return path.ToString();
    }

    /// <summary>The ground under the line.</summary>
    public static string Area(IReadOnlyList<double?> values, double ceiling)
    {
        var path = new StringBuilder();
        foreach (var (from, to) in Runs(values).Where(run => run.From != run.To))
        {
            path.Append('M').Append(Number(X(from, values.Count))).Append(' ').Append(Height);
            for (var at = from; at <= to; at++)
                path.Append('L').Append(Number(X(at, values.Count))).Append(' ').Append(Number(Y(values[at]!.Value, ceiling)));
            path.Append('L').Append(Number(X(to, values.Count))).Append(' ').Append(Height).Append('Z');
        }
        return path.ToString();
    }

    public static string Number(double value) => value.ToString("0.#", CultureInfo.InvariantCulture);

    private static double X(int at, int count) => count < 2 ? Width : (double)Width * at / (count - 1);

    private static IEnumerable<(int From, int To)> Runs(IReadOnlyList<double?> values)
    {
        for (var from = 0; from < values.Count; from++)
        {
            if (values[from] is null)
                continue;
            var to = from;
            while (to + 1 < values.Count && values[to + 1] is not null)
                to++;
            yield return (from, to);
            from = to;
        }
    }
}
