using Portal.Model.Validation;

namespace Portal.Model.Documents;

/// <summary>What reading a document gave.</summary>
/// <param name="Resource">The resource; null when a finding is an error.</param>
/// <param name="Findings">Everything found, never only the first.</param>
public sealed record ReadResult(Resource? Resource, IReadOnlyList<Finding> Findings)
{
    /// <summary>The resource as an endpoint; null when there is none or it is another kind.</summary>
    public Endpoints.DataflowEndpoint? Endpoint => Resource as Endpoints.DataflowEndpoint;

    /// <summary>What could be read although a finding is an error: for judging the rest of the document too, never to be stored. Null otherwise.</summary>
    public Resource? Partial { get; private init; }

    internal static ReadResult Of(Resource resource, IReadOnlyList<Finding> findings) =>
        findings.Any(finding => finding.Severity is Severity.Error) ? new(null, findings) { Partial = resource } : new(resource, findings);
}
