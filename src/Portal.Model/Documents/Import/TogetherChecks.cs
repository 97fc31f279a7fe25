using Portal.Model.Dataflows;
using Portal.Model.Endpoints;
using Portal.Model.Validation;

namespace Portal.Model.Documents.Import;

/// <summary>What the documents of one text say of each other.</summary>
internal static class TogetherChecks
{
    public static IReadOnlyList<ImportedDocument> Check(List<ImportedDocument> documents)
    {
        var seen = new Dictionary<(string, string), ImportedDocument>();
        for (var at = 0; at < documents.Count; at++)
        {
            var document = documents[at];
            if (document.Name.Length > 0 && document.Outcome is not ImportOutcome.Refused && !seen.TryAdd((document.Kind, document.Name), document))
                documents[at] = With(document, Twice(seen[(document.Kind, document.Name)], document));
        }
        var endpoints = Of<DataflowEndpoint>(documents);
        var profiles = Of<DataflowProfile>(documents);
        for (var at = 0; at < documents.Count; at++)
            if (documents[at].Resource is Dataflow dataflow && SharedEventGrid(dataflow, endpoints, profiles) is { } finding)
                documents[at] = With(documents[at], finding);
        return documents;
    }

    private static Dictionary<string, T> Of<T>(List<ImportedDocument> documents)
        where T : Resource => documents.Select(document => document.Resource).OfType<T>().Where(resource => resource.Name.Length > 0).GroupBy(resource => resource.Name).ToDictionary(group => group.Key, group => group.First());

    private static Finding Twice(ImportedDocument first, ImportedDocument second)
    {
        var same = first.Resource is not null && Equals(first.Resource, second.Resource);
        return same
            ? Finding.Warning("document-twice", "metadata.name", $"The {second.Kind} '{second.Name}' already stands in line {first.Line}, with the same content.", "Remove one of them.")
            : Finding.Error("document-twice", "metadata.name", $"Another {second.Kind} '{second.Name}' already stands in line {first.Line}.", "Remove one of them, or give it another name.");
    }

    /// <summary>Several instances read with a shared subscription, which Event Grid does not have.</summary>
    private static Finding? SharedEventGrid(Dataflow dataflow, Dictionary<string, DataflowEndpoint> endpoints, Dictionary<string, DataflowProfile> profiles) =>
        profiles.TryGetValue(dataflow.ProfileRef ?? "default", out var profile) && profile.InstanceCount > 1
        && dataflow.Uses.FirstOrDefault(use => use.IsSource && endpoints.TryGetValue(use.Endpoint, out var endpoint) && EndpointKind.Of(endpoint) == EndpointKind.EventGrid) is { } source
            ? Finding.Error("event-grid-instances", "spec.operations", $"The source '{source.Endpoint}' is Event Grid, which has no shared subscriptions, and the profile '{profile.Name}' has {profile.InstanceCount} instances: the dataflow would fail to start.", "Run it in a profile with instanceCount 1.") with
            { Source = Facts.MqttPage, AsOf = Facts.SchemaDate }
            : null;

    private static ImportedDocument With(ImportedDocument document, Finding finding) => document with
    {
        Findings = [.. document.Findings, finding with { Line = document.Line, Column = document.Column }],
        Outcome = finding.Severity is Severity.Error ? ImportOutcome.Refused : document.Outcome,
    };
}
