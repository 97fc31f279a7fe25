using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Portal.KubernetesServer;

/// <summary>labelSelector and fieldSelector of a request.</summary>
internal sealed partial class Selectors(IReadOnlyList<Func<JsonObject, bool>> rules)
{
    private static readonly string[] EventFields =
        ["involvedObject.kind", "involvedObject.namespace", "involvedObject.name", "involvedObject.uid", "involvedObject.apiVersion", "involvedObject.resourceVersion", "involvedObject.fieldPath", "reason", "reportingComponent", "source", "type"];

    public bool IsEmpty => rules.Count == 0;

    public static Selectors Read(ResourceType type, string? labels, string? fields)
        => new([.. ReadLabels(labels ?? ""), .. ReadFields(type, fields ?? "")]);

    public bool Match(JsonObject document) => rules.All(rule => rule(document));

    [GeneratedRegex(@"^\s*([\w./-]+)\s+(in|notin)\s*\(([^)]*)\)\s*$")]
    private static partial Regex SetTerm();

    [GeneratedRegex(@"^\s*([\w./-]+)\s*(==|=|!=)\s*([\w.-]*)\s*$")]
    private static partial Regex EqualTerm();

    [GeneratedRegex(@"^\s*(!?)\s*([\w./-]+)\s*$")]
    private static partial Regex ExistsTerm();

    [GeneratedRegex(@",(?![^(]*\))")]
    private static partial Regex Comma();

    private static IEnumerable<Func<JsonObject, bool>> ReadLabels(string text)
    {
        foreach (var term in Comma().Split(text).Where(term => term.Length > 0))
        {
            if (SetTerm().Match(term) is { Success: true } set)
            {
                var values = set.Groups[3].Value.Split(',', StringSplitOptions.TrimEntries);
                yield return document => values.Contains(Label(document, set.Groups[1].Value)) == (set.Groups[2].Value == "in");
            }
            else if (EqualTerm().Match(term) is { Success: true } equal)
            {
                yield return document => (Label(document, equal.Groups[1].Value) == equal.Groups[3].Value) == (equal.Groups[2].Value != "!=");
            }
            else if (ExistsTerm().Match(term) is { Success: true } exists)
            {
                yield return document => Label(document, exists.Groups[2].Value) is null == (exists.Groups[1].Value == "!");
            }
            else
            {
                throw ApiFault.BadRequest("unable to parse requirement: found '=', expected: identifier");
            }
        }
    }

    private static IEnumerable<Func<JsonObject, bool>> ReadFields(ResourceType type, string text)
    {
        foreach (var term in text.Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            if (EqualTermOfFields().Match(term) is not { Success: true } match)
                throw ApiFault.BadRequest($"invalid selector: '{term}'; can't understand '{term}'");
            var (path, value) = (match.Groups[1].Value, match.Groups[3].Value);
            if (path is not ("metadata.name" or "metadata.namespace") && !(type is { Group: "", Plural: "events" } && EventFields.Contains(path)) && !(type.Plural == "secrets" && path == "type"))
                throw ApiFault.BadRequest($"field label not supported: {path}");
            yield return document => (((JsonNode)document).At(path.Split('.')) == value) == (match.Groups[2].Value != "!=");
        }
    }

    [GeneratedRegex(@"^([\w.]+)(==|=|!=)(.*)$")]
    private static partial Regex EqualTermOfFields();

    private static string? Label(JsonObject document, string name) => document["metadata"]?["labels"].At(name);
}
