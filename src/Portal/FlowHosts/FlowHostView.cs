using System.Collections.Immutable;
using Portal.Messaging.Flows;

namespace Portal.FlowHosts;

/// <summary>What this portal knows of a flow host: its last answer, when that was, and why there was none since.</summary>
internal sealed record FlowHostView(int Ordinal, string Address)
{
    /// <summary>An hour of points.</summary>
    private const int MostPoints = 720;

    public FlowHostAnswer? Answer { get; init; }

    public DateTimeOffset? LastAnswer { get; init; }

    /// <summary>Null while it answers; before the first question it is neither.</summary>
    public FlowError? Problem { get; init; }

    public bool Answers => Answer is not null && Problem is null;

    /// <summary>Points of the charts, by dataflow.</summary>
    public ImmutableDictionary<string, ImmutableList<FlowPoint>> Points { get; init; } = ImmutableDictionary<string, ImmutableList<FlowPoint>>.Empty;

    /// <summary>The newest point that is known.</summary>
    public DateTimeOffset Newest => Points.Values.Where(points => points.Count > 0).Select(points => points[^1].At).DefaultIfEmpty(DateTimeOffset.UnixEpoch).Max();

    public FlowHostView With(FlowHostAnswer answer, DateTimeOffset now)
    {
        // Dataflows that are gone take their points along.
        var points = ImmutableDictionary.CreateBuilder<string, ImmutableList<FlowPoint>>();
        foreach (var item in answer.Items)
        {
            var all = Points.GetValueOrDefault(item.Status.Name, []).AddRange(item.Points);
            points[item.Status.Name] = all.Count > MostPoints ? all.RemoveRange(0, all.Count - MostPoints) : all;
        }
        return this with { Answer = answer, LastAnswer = now, Problem = null, Points = points.ToImmutable() };
    }
}
