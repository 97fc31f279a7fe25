using Portal.Model.Dataflows;
using Portal.Model.Endpoints;

namespace Portal.Model.Documents;

/// <summary>What differs between two resources of one kind: by the labels of their forms, then members that no form has.</summary>
public static class ResourceDiff
{
    private static readonly Dictionary<string, string> ProfileLabels = new(StringComparer.Ordinal)
    {
        ["spec.instanceCount"] = "Instances",
        ["spec.diagnostics.logs.level"] = "Log level",
        ["spec.diagnostics.metrics.prometheusPort"] = "Metrics port",
        ["metadata.annotations.portal/runtime"] = "Run by",
    };

    /// <summary>The members that differ.</summary>
    /// <exception cref="ArgumentException">The resources are of two kinds.</exception>
    public static IReadOnlyList<FieldChange> Compute(Resource before, Resource after) => (before, after) switch
    {
        (DataflowEndpoint was, DataflowEndpoint now) => FieldDiff.Compute(was, now),
        (Dataflow was, Dataflow now) => [.. DataflowParts.Compare(was, now), .. FieldDiff.Between(was, DataflowParts.All.Aggregate(now, (flow, part) => part.Take(flow, was)), path => path)],
        (DataflowProfile was, DataflowProfile now) => FieldDiff.Between(was, now, path => ProfileLabels.GetValueOrDefault(path, path)),
        _ => throw new ArgumentException($"{before.Kind} and {after.Kind} cannot be compared.", nameof(after)),
    };
}
