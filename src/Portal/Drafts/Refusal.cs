using Portal.Model;
using Portal.Model.Dataflows;
using Portal.Model.Documents;
using Portal.Model.Endpoints;
using Portal.Model.Validation;

namespace Portal.Drafts;

/// <summary>What a service refused of a document. Each finding counts until its field is changed.</summary>
/// <param name="Findings">The findings that still count.</param>
/// <param name="Refused">The document; null = nothing was refused.</param>
internal sealed record Refusal(IReadOnlyList<Finding> Findings, Resource? Refused)
{
    public static Refusal None { get; } = new([], null);

    /// <summary>What is left of it when the document has changed. A finding about the whole goes with any change.</summary>
    public Refusal After(Resource now)
    {
        if (Findings.Count == 0)
            return None;
        var changed = (Refused, now) switch
        {
            (DataflowEndpoint refused, DataflowEndpoint endpoint) => FieldDiff.Compute(refused, endpoint),
            (Dataflow refused, Dataflow flow) => DataflowParts.Compare(refused, flow),
            _ => [],
        };
        return changed.Count == 0 ? this : this with { Findings = [.. Findings.Where(finding => finding.Path.Length > 0 && !changed.Any(change => Meets(finding.Path, change.Path)))] };
    }

    private static bool Meets(string one, string other) => one == other || IsBelow(one, other) || IsBelow(other, one);

    private static bool IsBelow(string path, string outer) => path.Length > outer.Length && path.StartsWith(outer, StringComparison.Ordinal) && path[outer.Length] is '.' or '[';
}
