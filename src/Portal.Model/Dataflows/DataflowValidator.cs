using System.Globalization;
using Portal.Model.Dataflows.Expressions;
using Portal.Model.Endpoints;
using Portal.Model.Validation;

namespace Portal.Model.Dataflows;

/// <summary>Where a dataflow is applied to: it decides who runs it.</summary>
public enum DataflowTarget { Files, Kubernetes, Azure }

/// <summary>Checks a dataflow or a profile. Gives every finding, never only the first; errors block, the rest does not.</summary>
public static class DataflowValidator
{
    /// <summary>What is said of a Kafka source without consumer group, everywhere.</summary>
    public const string ConsumerGroupMissing = "Kafka type source endpoints must have a consumerGroupId defined";

    internal const int MostName = 64, MostDescription = 256;

    /// <summary>All findings of a dataflow, in the order source, transformation, destination.</summary>
    /// <param name="dataflow">The dataflow.</param>
    /// <param name="endpoints">All endpoints that are stored.</param>
    /// <param name="profiles">All profiles that are stored.</param>
    /// <param name="target">Where it is applied to.</param>
    public static IReadOnlyList<Finding> Validate(
        Dataflow dataflow, IEnumerable<DataflowEndpoint> endpoints, IEnumerable<DataflowProfile> profiles, DataflowTarget target = DataflowTarget.Files)
    {
        var findings = new List<Finding>();
        CheckName(dataflow, findings);
        var profile = profiles.FirstOrDefault(profile => profile.Name == dataflow.Profile);
        if (profile is null)
            findings.Add(Finding.Error("profile-missing", "spec.profileRef", $"There is no profile named '{dataflow.Profile}'.", "Write the name of a profile that exists, or create it first."));
        var all = endpoints.ToList();
        var paths = OperationPaths.Of(dataflow);
        var source = Find(dataflow.Source?.EndpointRef, all);
        var destination = Find(dataflow.Destination?.EndpointRef, all);
        var context = new DataflowContext(dataflow, source, destination, profile?.Instances ?? 1, paths, target, findings);
        SourceRules.Check(context);
        if (dataflow.Transformation is { } transformation)
            CheckTransformation(transformation, context);
        DestinationRules.Check(context);
        PairRules.Check(context);
        return findings;
    }

    /// <summary>All findings of a profile.</summary>
    public static IReadOnlyList<Finding> Validate(DataflowProfile profile)
    {
        var findings = new List<Finding>();
        CheckName(profile, findings);
        if (profile.InstanceCount is < DataflowProfile.LeastInstances or > DataflowProfile.MostInstances)
            findings.Add(Finding.Error("out-of-range", "spec.instanceCount", $"The instance count is {profile.InstanceCount}; from 1 to 20 is allowed.", "Write a number from 1 to 20."));
        if (profile.PrometheusPort is < 0 or > 65535)
            findings.Add(Finding.Error("out-of-range", "spec.diagnostics.metrics.prometheusPort", $"The port is {profile.PrometheusPort}; from 0 to 65535 is allowed.", "Write a number from 0 to 65535, for example 9600."));
        return findings;
    }

    private static void CheckName(Resource resource, List<Finding> findings)
    {
        if (NameRules.CheckResourceName(resource.Name) is { } name)
            findings.Add(name);
        if (resource.Namespace is { } @namespace && !NameRules.IsKubernetesName(@namespace))
            findings.Add(Finding.Error("namespace", "metadata.namespace", $"'{@namespace}' cannot be a namespace.", $"Write for example {Resource.DefaultNamespace}."));
    }

    private static void CheckTransformation(Transformation transformation, DataflowContext context)
    {
        var operation = context.Paths.Transformation;
        var path = operation + ".builtInTransformationSettings";
        context.CheckLength(transformation.Name, MostName, operation + ".name");
        if (transformation.SerializationFormat is not null and not SerializationFormat.Json)
            context.Error("format-unsupported", path + ".serializationFormat", $"The format {transformation.SerializationFormat} is not supported.", "Write Json, or remove the member.");
        for (var at = 0; at < transformation.Datasets.Count; at++)
            context.Error(
                "dataset-unsupported", string.Create(CultureInfo.InvariantCulture, $"{path}.datasets[{at}]"), "Datasets, which enrich messages from a state store, are not supported.",
                "Remove the dataset, and add the data where the messages are made.");
        CheckDescriptions("filter", [.. transformation.Filters.Select(filter => filter.Description)], path, context);
        CheckDescriptions("map", [.. transformation.Maps.Select(map => map.Description)], path, context);
        var rules = TransformationRules.Compile(transformation, path, context.Findings);
        if (transformation.Filters.Count > 0)
            context.Add(Finding.Info(
                "filter-meaning", path + ".filter", "A message goes on when every filter is true. A page of March 2026 says the opposite; the pages of 2024 and 2025 say it as this portal does.") with
            {
                AsOf = Facts.SchemaDate,
                Source = Facts.DataflowFilter,
            });
        if (rules.Maps.Count > 0 && rules.Maps.All(map => map.Output is null))
            context.Add(Finding.Warning("map-only-removes", path + ".map", "The rules only remove fields: the payload stays as it is.", "Add a rule that copies the rest, inputs * and output *, before them."));
    }

    private static void CheckDescriptions(string list, IReadOnlyList<string?> descriptions, string path, DataflowContext context)
    {
        for (var at = 0; at < descriptions.Count; at++)
            context.CheckLength(descriptions[at], MostDescription, string.Create(CultureInfo.InvariantCulture, $"{path}.{list}[{at}].description"));
    }

    private static DataflowEndpoint? Find(string? name, List<DataflowEndpoint> endpoints) => endpoints.Find(endpoint => endpoint.Name == name);
}
