using System.Text.Json.Nodes;

namespace Portal.Model.Documents;

/// <summary>One value of a document that holds no members: text, number, boolean, null, list or empty object.</summary>
/// <param name="Path">Dotted path; names that hold a dot make it ambiguous, so <paramref name="Names"/> counts.</param>
/// <param name="Names">Names from the root on.</param>
/// <param name="Value">The value.</param>
internal sealed record JsonLeaf(string Path, IReadOnlyList<string> Names, JsonNode? Value)
{
    /// <summary>True for an object without members.</summary>
    public bool IsEmpty => Value is JsonObject;

    public string Text => Value is null ? "null" : JsonText.Compact(Value);
}

/// <summary>A document as the list of its leaves, in their order.</summary>
internal static class JsonLeaves
{
    public static IEnumerable<JsonLeaf> Of(JsonObject root) => Below(root, "", []);

    private static IEnumerable<JsonLeaf> Below(JsonObject parent, string path, IReadOnlyList<string> names) =>
        parent.SelectMany(member =>
        {
            var below = path.Length == 0 ? member.Key : path + "." + member.Key;
            string[] all = [.. names, member.Key];
            return member.Value is JsonObject { Count: > 0 } child ? Below(child, below, all) : [new JsonLeaf(below, all, member.Value)];
        });
}
