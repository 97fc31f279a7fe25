using System.Text.Json.Nodes;
using Portal.Model.Validation;

namespace Portal.Model.Documents.Import;

/// <summary>Takes lists and templates apart into their resources.</summary>
internal static class SourceLists
{
    private const string Deployments = "Microsoft.Resources/deployments";
    private const int MostDepth = 8;

    public static IEnumerable<ImportSource> Unfold(ImportSource source, ReadingBudget budget, int depth = 0)
    {
        var root = source.Root;
        if (depth > MostDepth)
            return [source];
        if (ImportSource.Text(root, "kind")?.EndsWith("List", StringComparison.Ordinal) is true && root["items"] is JsonArray items)
            return Items(source, "items", items).SelectMany(item => Unfold(item, budget, depth + 1));
        if (root["value"] is JsonArray values && !root.ContainsKey("kind") && !root.ContainsKey("properties"))
            return Items(source, "value", values).SelectMany(item => Unfold(item, budget, depth + 1));
        if (root["resources"] is JsonArray or JsonObject && !root.ContainsKey("type") && !root.ContainsKey("kind"))
            return Template(source, budget, depth);
        return [source];
    }

    /// <summary>Resources of a template. Language version 2 names them; before, they are a list.</summary>
    private static IEnumerable<ImportSource> Template(ImportSource template, ReadingBudget budget, int depth)
    {
        var expressions = new ArmExpressions(template.Root, budget);
        return Resources(template, template.Root["resources"]!)
            .SelectMany(resource => Nested(resource with { Format = ImportFormat.ArmTemplate, Expressions = expressions }, budget, depth + 1));
    }

    private static IEnumerable<ImportSource> Resources(ImportSource parent, JsonNode resources) => resources is JsonArray list
        ? Items(parent, "resources", list)
        : ((JsonObject)resources).Where(member => member.Value is JsonObject)
            .Select(member => parent with { Root = (JsonObject)member.Value!, Position = parent.Position.Member("resources")?.Member(member.Key) ?? parent.Position, Findings = [] });

    private static IEnumerable<ImportSource> Nested(ImportSource resource, ReadingBudget budget, int depth)
    {
        var root = resource.Root;
        // A reference to what is there already, as the compiler of Bicep writes it.
        if (root["existing"] is JsonValue existing && existing.ToJsonString() == "true")
            yield break;
        var type = ImportSource.Text(root, "type");
        if (type?.Equals(Deployments, StringComparison.OrdinalIgnoreCase) is true && JsonPaths.Find(root, "properties.template") is JsonObject inner && depth <= MostDepth)
        {
            var position = resource.Position.Member("properties")?.Member("template") ?? resource.Position;
            foreach (var one in Unfold(new ImportSource(inner, position, ImportFormat.ArmTemplate), budget, depth + 1))
                yield return one;
            yield break;
        }
        if (resource.ParentName is not null && type is not null && !type.Contains('.', StringComparison.Ordinal) && resource.ParentType is { } parentType)
            root["type"] = type = parentType + "/" + type;
        var children = root["resources"];
        root.Remove("resources");
        yield return resource;
        if (children is not (JsonArray or JsonObject) || depth > MostDepth)
            yield break;
        JsonNode? name = null;
        resource.Expressions?.TryEvaluate(ImportSource.Text(root, "name") ?? "", out name);
        foreach (var child in Resources(resource, children))
            foreach (var one in Nested(child with { ParentName = ImportSource.TextOf(name) ?? "", ParentType = type, Expressions = resource.Expressions }, budget, depth + 1))
                yield return one;
    }

    private static IEnumerable<ImportSource> Items(ImportSource source, string member, JsonArray items)
    {
        var all = items.ToArray();
        items.Clear();
        var positions = source.Position.Member(member);
        for (var at = 0; at < all.Length; at++)
        {
            var position = positions?.Item(at) ?? source.Position;
            yield return all[at] is JsonObject item
                ? source with { Root = item, Position = position, Findings = at == 0 ? source.Findings : [] }
                : new ImportSource([], position, source.Format) { Findings = [Finding.Error("not-an-object", $"{member}[{at}]", "The item must be an object with members.", "Remove it, or write a resource.") with { Line = position.Line, Column = position.Column }] };
        }
    }
}
