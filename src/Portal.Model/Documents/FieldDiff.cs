using Portal.Model.Endpoints;
using Portal.Model.Fields;

namespace Portal.Model.Documents;

/// <summary>One member that differs.</summary>
/// <param name="Label">Label of the form; the path for a member that the form does not have.</param>
/// <param name="Path">Path below the resource, for example <c>spec.mqttSettings.host</c>.</param>
/// <param name="Before">Text before; null = not set.</param>
/// <param name="After">Text after; null = not set.</param>
public sealed record FieldChange(string Label, string Path, string? Before, string? After);

/// <summary>What differs between two endpoints, member by member: what Apply would change.</summary>
public static class FieldDiff
{
    /// <summary>The members that differ, those of the new endpoint first, in document order.</summary>
    /// <param name="before">What is stored; null when nothing is.</param>
    /// <param name="after">What would be stored.</param>
    public static IReadOnlyList<FieldChange> Compute(DataflowEndpoint? before, DataflowEndpoint after) => Between(before, after, path => LabelOf(after, before, path));

    /// <summary>The members of two documents that differ.</summary>
    /// <param name="labelOf">Label of the member at a path.</param>
    internal static IReadOnlyList<FieldChange> Between(Resource? before, Resource after, Func<string, string> labelOf)
    {
        var old = before is null ? [] : Texts(before);
        var now = Texts(after);
        return
        [
            .. now.Concat(old.Where(member => !now.ContainsKey(member.Key)))
                .Select(member => new FieldChange(labelOf(member.Key), member.Key, old.GetValueOrDefault(member.Key), now.GetValueOrDefault(member.Key)))
                .Where(change => change.Before != change.After),
        ];
    }

    /// <summary>Label of a member.</summary>
    internal static string LabelOf(DataflowEndpoint endpoint, DataflowEndpoint? other, string path) => path switch
    {
        "apiVersion" => "API version",
        "kind" => "Kind",
        "metadata.name" => "Name",
        "metadata.namespace" => "Namespace",
        "spec.endpointType" => "Endpoint type",
        "spec.hostType" => "Host type",
        _ => EndpointFields.For(endpoint).Concat(other is null ? [] : EndpointFields.For(other)).FirstOrDefault(field => field.FullPath == path)?.Label ?? path,
    };

    /// <summary>Objects without members say nothing here: they come and go with what is in them.</summary>
    private static OrderedDictionary<string, string?> Texts(Resource resource)
    {
        var texts = new OrderedDictionary<string, string?>();
        foreach (var leaf in JsonLeaves.Of(ResourceJson.Write(resource)).Where(leaf => !leaf.IsEmpty))
            texts.TryAdd(leaf.Path, JsonText.Plain(leaf.Value));
        return texts;
    }
}
