using System.Text.Json.Nodes;
using Portal.Model.Validation;

namespace Portal.Model.Documents.Import;

/// <summary>One resource, or part of one, as a text holds it, before anything is repaired.</summary>
/// <param name="Root">Its members.</param>
/// <param name="Position">Where they stand.</param>
/// <param name="Format">How it was written.</param>
internal sealed record ImportSource(JsonObject Root, TextPosition Position, ImportFormat Format)
{
    /// <summary>What the reader of the text already found in it.</summary>
    public IReadOnlyList<Finding> Findings { get; init; } = [];

    /// <summary>Name of the resource around it, where the text nests them or names a parent; null otherwise.</summary>
    public string? ParentName { get; init; }

    /// <summary>Type of the resource around it; null when it stands in none.</summary>
    public string? ParentType { get; init; }

    /// <summary>Expressions of the template that it stands in; null when it stands in none.</summary>
    public ArmExpressions? Expressions { get; init; }

    /// <summary>The member whose name matches in any case; null when there is none.</summary>
    public static string? Key(JsonObject root, string name) =>
        root.ContainsKey(name) ? name : root.Select(member => member.Key).FirstOrDefault(key => key.Equals(name, StringComparison.OrdinalIgnoreCase));

    /// <summary>A member in any case; null when there is none.</summary>
    public static JsonNode? Member(JsonObject root, string name) => Key(root, name) is { } key ? root[key] : null;

    /// <summary>The text of a member in any case; null when it is missing or no text.</summary>
    public static string? Text(JsonObject root, string name) => TextOf(Member(root, name));

    public static string? TextOf(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;
}

/// <summary>A document while it is repaired: what is moved or renamed keeps its place in the text, and every change leaves a finding.</summary>
internal sealed class ImportTree(JsonObject root, TextPosition position, List<Finding> findings)
{
    public JsonObject Root => root;

    public TextPosition Position => position;

    public List<Finding> Findings => findings;

    /// <summary>Where the facts behind the repairs are documented.</summary>
    public Uri? Source { get; set; }

    public JsonNode? Find(string path) => JsonPaths.Find(root, path);

    public string? Text(string path) => ImportSource.TextOf(Find(path));

    public void Warn(string code, string path, string message, string? before = null, string? after = null, string? fix = null) =>
        Add(Finding.Warning(code, path, message, fix) with { Before = before, After = after, Source = Source, AsOf = Source is null ? null : Facts.SchemaDate });

    public void Error(string code, string path, string message, string fix, string? before = null) => Add(Finding.Error(code, path, message, fix) with { Before = before });

    public void Info(string code, string path, string message) => Add(Finding.Info(code, path, message));

    /// <summary>Adds a finding at the place that its path has now.</summary>
    public void Add(Finding finding)
    {
        if (findings.Count >= ReadingBudget.MostFindings)
            return;
        var at = finding.Path.Length == 0 ? position : position.Nearest(finding.Path);
        findings.Add(finding.Line is null ? finding with { Line = at.Line, Column = at.Column } : finding);
    }

    /// <summary>Gives a member another name; it stays where it is among the others.</summary>
    public static void Rename(JsonObject parent, TextPosition? at, string from, string to)
    {
        var index = parent.IndexOf(from);
        var value = parent[from];
        parent.RemoveAt(index);
        parent.Insert(index, to, value);
        at?.Put(to, at.Take(from));
    }

    /// <summary>Puts a member of one object into another, below a path of the document.</summary>
    public void Move(string fromParent, string name, string toParent, string newName)
    {
        var source = (JsonObject)Find(fromParent)!;
        var value = source[name];
        source.Remove(name);
        JsonPaths.Ensure(root, toParent);
        ((JsonObject)Find(toParent)!)[newName] = value;
        var place = position.Nearest(fromParent).Take(name);
        PositionOf(toParent, place).Put(newName, place);
    }

    /// <summary>The position of an object, made where the text has none.</summary>
    private TextPosition PositionOf(string path, TextPosition? made)
    {
        var at = position;
        foreach (var name in path.Split('.'))
            at = at.Member(name) ?? at.Add(name, made?.Line ?? at.Line, made?.Column ?? at.Column);
        return at;
    }
}
