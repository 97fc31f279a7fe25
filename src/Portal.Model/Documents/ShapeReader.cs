using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Portal.Model.Validation;

namespace Portal.Model.Documents;

/// <summary>Takes members out of a document and notes each one whose JSON type is wrong.</summary>
/// <param name="root">The object whose members are taken.</param>
/// <param name="findings">Where problems go.</param>
/// <param name="at">Path of the object when it stands in a list, with a dot at its end; paths of members are below it.</param>
internal sealed class ShapeReader(JsonObject root, List<Finding> findings, string at = "")
{
    public JsonObject Root => root;

    /// <summary>Path of a member in the whole document.</summary>
    public string PathOf(string path) => at + path;

    public void Add(Finding finding) => findings.Add(finding);

    /// <summary>The member at a path; null when it is missing or null. An object on the way that is none is noted, once.</summary>
    public JsonNode? Find(string path)
    {
        JsonNode? node = root;
        var length = 0;
        foreach (var name in path.Split('.'))
        {
            if (node is null)
                return null;
            if (node is not JsonObject parent)
            {
                NoteOnce(PathOf(path[..(length - 1)]));
                return null;
            }
            node = parent[name];
            length += name.Length + 1;
        }
        return node;
    }

    /// <summary>The text at a path; null when it is missing, null or no text.</summary>
    public string? Text(string path)
    {
        var node = Find(path);
        if (node is null || node.GetValueKind() is JsonValueKind.String)
            return node?.GetValue<string>();
        findings.Add(Finding.Error("not-a-text", PathOf(path), $"{PathOf(path)} must be a text, but a JSON {KindOf(node)} stands there.", "Put the value in quotes."));
        return null;
    }

    /// <summary>The whole number at a path; null when it is missing, null or no whole number.</summary>
    public long? Number(string path)
    {
        var node = Find(path);
        if (node is null)
            return null;
        if (node.GetValueKind() is JsonValueKind.Number && long.TryParse(node.ToJsonString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
            return number;
        findings.Add(Finding.Error("not-a-number", PathOf(path), $"{PathOf(path)} must be a whole number.", "Write digits only, without quotes."));
        return null;
    }

    /// <summary>The member of an enumeration at a path; null when it is missing, null or no such text.</summary>
    public T? Choice<T>(string path)
        where T : struct, Enum
    {
        var text = Text(path);
        if (text is null)
            return null;
        if (Enum.GetNames<T>().Contains(text))
            return Enum.Parse<T>(text);
        findings.Add(Finding.Error("unknown-value", PathOf(path), $"'{text}' is no value of {PathOf(path)}.", $"Write one of {string.Join(", ", Enum.GetNames<T>())}."));
        return null;
    }

    /// <summary>The texts of the list at a path; items of another type are noted and left out.</summary>
    public ValueList<string> Texts(string path)
    {
        var texts = new List<string>();
        var items = List(path) ?? [];
        for (var index = 0; index < items.Count; index++)
            if (items[index]?.GetValueKind() is JsonValueKind.String)
                texts.Add(items[index]!.GetValue<string>());
            else
                findings.Add(Finding.Error("not-a-text", Item(path, index), $"{Item(path, index)} must be a text.", "Put the value in quotes."));
        return [.. texts];
    }

    /// <summary>A reader for each object of the list at a path; items that are none are noted and left out.</summary>
    public IEnumerable<ShapeReader> Objects(string path)
    {
        var items = List(path) ?? [];
        for (var index = 0; index < items.Count; index++)
            if (items[index] is JsonObject item)
                yield return new ShapeReader(item, findings, Item(path, index) + ".");
            else
                findings.Add(Finding.Error("not-an-object", Item(path, index), $"{Item(path, index)} must be an object with members.", "Write its members below the hyphen, indented."));
    }

    private string Item(string path, int index) => string.Create(CultureInfo.InvariantCulture, $"{PathOf(path)}[{index}]");

    /// <summary>The list at a path; null when it is missing, null or no list.</summary>
    public JsonArray? List(string path)
    {
        var node = Find(path);
        if (node is null or JsonArray)
            return node as JsonArray;
        findings.Add(Finding.Error("not-a-list", PathOf(path), $"{PathOf(path)} must be a list, but a JSON {KindOf(node)} stands there.", "Write the items below it, each with a hyphen."));
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
                findings.Add(Finding.Error("member-case", PathOf(below), $"The member '{name}' is not known; '{right}' is.", $"Write {right}.") with { Before = name, After = right });
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
