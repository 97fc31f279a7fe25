using System.Text.Json;
using System.Text.Json.Nodes;
using Portal.Model.Validation;

namespace Portal.Model.Documents;

/// <summary>Takes members out of a document and notes each one whose JSON type is wrong.</summary>
internal sealed class ShapeReader(JsonObject root, List<Finding> findings)
{
    public JsonObject Root => root;

    public void Add(Finding finding) => findings.Add(finding);

    /// <summary>The member at a path; null when it is missing or null. An object on the way that is none is noted, once.</summary>
    public JsonNode? Find(string path)
    {
        JsonNode? node = root;
        var at = 0;
        foreach (var name in path.Split('.'))
        {
            if (node is null)
                return null;
            if (node is not JsonObject parent)
            {
                NoteOnce(path[..(at - 1)]);
                return null;
            }
            node = parent[name];
            at += name.Length + 1;
        }
        return node;
    }

    /// <summary>The text at a path; null when it is missing, null or no text.</summary>
    public string? Text(string path)
    {
        var node = Find(path);
        if (node is null || node.GetValueKind() is JsonValueKind.String)
            return node?.GetValue<string>();
        findings.Add(Finding.Error("not-a-text", path, $"{path} must be a text, but a JSON {KindOf(node)} stands there.", "Put the value in quotes."));
        return null;
    }

    /// <summary>The list at a path; null when it is missing, null or no list.</summary>
    public JsonArray? List(string path)
    {
        var node = Find(path);
        if (node is null or JsonArray)
            return node as JsonArray;
        findings.Add(Finding.Error("not-a-list", path, $"{path} must be a list, but a JSON {KindOf(node)} stands there.", "Write the items below it, each with a hyphen."));
        return null;
    }

    /// <summary>Notes members that differ from a known one only in case.</summary>
    public void CheckNames(MemberNames names) => CheckNames(root, "", names);

    private void CheckNames(JsonObject parent, string path, MemberNames names)
    {
        foreach (var (name, value) in parent)
        {
            var below = path.Length == 0 ? name : path + "." + name;
            if (names.Misspelt(path, name) is { } right)
                findings.Add(Finding.Error("member-case", below, $"The member '{name}' is not known; '{right}' is.", $"Write {right}.") with { Before = name, After = right });
            else if (value is JsonObject child)
                CheckNames(child, below, names);
        }
    }

    public static string KindOf(JsonNode node) => node.GetValueKind() switch
    {
        JsonValueKind.True or JsonValueKind.False => "boolean",
        JsonValueKind.Array => "list",
        var kind => kind.ToString().ToLowerInvariant(),
    };

    private void NoteOnce(string path)
    {
        if (!findings.Exists(finding => finding.Code == "not-an-object" && finding.Path == path))
            findings.Add(Finding.Error("not-an-object", path, $"{path} must be an object with members.", "Write its members below it, indented."));
    }
}
