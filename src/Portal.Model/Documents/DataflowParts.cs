using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Portal.Model.Dataflows;

namespace Portal.Model.Documents;

/// <summary>One part of a dataflow that people change as a whole: an endpoint, the topics, the filters.</summary>
/// <param name="Label">Label of the form.</param>
/// <param name="Path">Path below the resource without the number of the operation, for example <c>sourceSettings.endpointRef</c>.</param>
/// <param name="Text">Its text; null = not set.</param>
/// <param name="Take">The first dataflow with the part of the second.</param>
public sealed record DataflowPart(string Label, string Path, Func<Dataflow, string?> Text, Func<Dataflow, Dataflow, Dataflow> Take);

/// <summary>The parts of a dataflow, and comparing and merging by them.</summary>
public static partial class DataflowParts
{
    /// <summary>All parts, in the order of the form.</summary>
    public static ImmutableArray<DataflowPart> All { get; } =
    [
        new("Name", "metadata.name", flow => flow.Name, (mine, theirs) => mine with { Name = theirs.Name }),
        new("Namespace", "metadata.namespace", flow => flow.Namespace, (mine, theirs) => mine with { Namespace = theirs.Namespace }),
        new("Source endpoint", "sourceSettings.endpointRef", flow => flow.Source?.EndpointRef, (mine, theirs) => Source(mine, source => source with { EndpointRef = theirs.Source?.EndpointRef })),
        new("Topics", "sourceSettings.dataSources", flow => List(flow.Source?.DataSources), (mine, theirs) => Source(mine, source => source with { DataSources = theirs.Source?.DataSources ?? [] })),
        new("Source schema", "sourceSettings.schemaRef", flow => flow.Source?.SchemaRef, (mine, theirs) => Source(mine, source => source with { SchemaRef = theirs.Source?.SchemaRef })),
        new("Source format", "sourceSettings.serializationFormat", flow => flow.Source?.SerializationFormat?.ToString(), (mine, theirs) => Source(mine, source => source with { SerializationFormat = theirs.Source?.SerializationFormat })),
        new("Asset", "sourceSettings.assetRef", flow => flow.Source?.AssetRef, (mine, theirs) => Source(mine, source => source with { AssetRef = theirs.Source?.AssetRef })),
        new("Filter rules", "builtInTransformationSettings.filter", flow => Lines(flow.Transformation?.Filters.Select(FilterText)), (mine, theirs) => Rules(mine, rules => rules with { Filters = theirs.Transformation?.Filters ?? [] })),
        new("Map rules", "builtInTransformationSettings.map", flow => Lines(flow.Transformation?.Maps.Select(MapText)), (mine, theirs) => Rules(mine, rules => rules with { Maps = theirs.Transformation?.Maps ?? [] })),
        new("Datasets", "builtInTransformationSettings.datasets", flow => Lines(flow.Transformation?.Datasets.Select(data => $"{data.Key}: {data.Expression}")), (mine, theirs) => Rules(mine, rules => rules with { Datasets = theirs.Transformation?.Datasets ?? [] })),
        new("Output schema", "builtInTransformationSettings.schemaRef", flow => flow.Transformation?.SchemaRef, (mine, theirs) => Rules(mine, rules => rules with { SchemaRef = theirs.Transformation?.SchemaRef })),
        new("Output format", "builtInTransformationSettings.serializationFormat", flow => flow.Transformation?.SerializationFormat?.ToString(), (mine, theirs) => Rules(mine, rules => rules with { SerializationFormat = theirs.Transformation?.SerializationFormat })),
        new("Destination endpoint", "destinationSettings.endpointRef", flow => flow.Destination?.EndpointRef, (mine, theirs) => Destination(mine, end => end with { EndpointRef = theirs.Destination?.EndpointRef })),
        new("Destination topic", "destinationSettings.dataDestination", flow => flow.Destination?.DataDestination, (mine, theirs) => Destination(mine, end => end with { DataDestination = theirs.Destination?.DataDestination })),
        new("Headers", "destinationSettings.headers", flow => Lines(flow.Destination?.Headers.Select(header => $"{header.Action} {header.Key} {header.Value}".Trim())), (mine, theirs) => Destination(mine, end => end with { Headers = theirs.Destination?.Headers ?? [] })),
        new("Profile", "profileRef", flow => flow.ProfileRef, (mine, theirs) => mine with { ProfileRef = theirs.ProfileRef }),
        new("Mode", "mode", flow => flow.Mode?.ToString(), (mine, theirs) => mine with { Mode = theirs.Mode }),
        new("Disk persistence", "requestDiskPersistence", flow => flow.RequestDiskPersistence?.ToString(), (mine, theirs) => mine with { RequestDiskPersistence = theirs.RequestDiskPersistence }),
    ];

    /// <summary>The path of a finding as parts and forms write it: <c>spec</c> and the number of the operation are left out.</summary>
    public static string PathOf(string findingPath) => OperationPrefix().Replace(findingPath, "");

    /// <summary>The parts that differ, in the order of the form.</summary>
    /// <param name="before">What is stored; null when nothing is.</param>
    /// <param name="after">What would be stored.</param>
    public static IReadOnlyList<FieldChange> Compare(Dataflow? before, Dataflow after) =>
    [
        .. All.Select(part => new FieldChange(part.Label, part.Path, before is null ? null : part.Text(before), part.Text(after)))
            .Where(change => change.Before != change.After),
    ];

    /// <summary>Brings two changes of one dataflow together, so that neither is lost unseen.</summary>
    /// <param name="base">What both started from; null when both created it.</param>
    /// <param name="mine">What the form holds.</param>
    /// <param name="theirs">What is stored now.</param>
    public static MergeResult<Dataflow> Merge(Dataflow? @base, Dataflow mine, Dataflow theirs)
    {
        var (merged, conflicts) = (theirs, new List<FieldConflict>());
        foreach (var part in All)
        {
            var (was, my, their) = (@base is null ? null : part.Text(@base), part.Text(mine), part.Text(theirs));
            if (my == was)
                continue;
            merged = part.Take(merged, mine);
            if (their != was && their != my)
                conflicts.Add(new FieldConflict(part.Label, part.Path, was, my, their));
        }
        return new MergeResult<Dataflow>(merged, conflicts, Compare(mine, merged));
    }

    private static string FilterText(TransformationFilter filter) => $"{filter.Expression} ({List(filter.Inputs)})";

    private static string MapText(TransformationMap map) => $"{List(map.Inputs)} -> {map.Output}{(map.Expression is null ? "" : $": {map.Expression}")}";

    private static string? List(IReadOnlyList<string>? items) => items is null or { Count: 0 } ? null : string.Join(", ", items);

    private static string? Lines(IEnumerable<string>? items) => items is not null && string.Join("; ", items) is { Length: > 0 } text ? text : null;

    private static Dataflow Source(Dataflow flow, Func<DataflowSource, DataflowSource> change) => flow with { Source = change(flow.Source ?? new DataflowSource()) };

    private static Dataflow Destination(Dataflow flow, Func<DataflowDestination, DataflowDestination> change) => flow with { Destination = change(flow.Destination ?? new DataflowDestination()) };

    // A transformation that does nothing is none.
    private static Dataflow Rules(Dataflow flow, Func<Transformation, Transformation> change)
    {
        var changed = change(flow.Transformation ?? new Transformation());
        return flow with { Transformation = changed == new Transformation() ? null : changed };
    }

    [GeneratedRegex(@"^spec\.(operations\[\d+\]\.)?")]
    private static partial Regex OperationPrefix();
}
