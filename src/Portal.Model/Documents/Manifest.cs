using System.Globalization;
using System.Text.Json.Nodes;
using Portal.Model.Documents.Editing;
using Portal.Model.Validation;

namespace Portal.Model.Documents;

/// <summary>The text of a resource as a folder stores it and the preview shows it: one custom resource as YAML.</summary>
public static class Manifest
{
    private const string Blank = "\ufeff \t\r\n";

    /// <summary>The text, with a newline at its end.</summary>
    public static string Write(Resource resource) => Yaml.Write(ResourceJson.Write(resource));

    /// <summary>
    /// The text of a resource in place of another text of it: comments, quotes and order stay, but for the lines of members
    /// that differ. Without a text, or over one that cannot be edited in place, the resource as <see cref="Write(Resource)"/>
    /// gives it; over JSON as JSON. What is shown before a change is made by this, as is what a store writes.
    /// </summary>
    /// <param name="resource">The resource.</param>
    /// <param name="over">The text that is replaced; null = there is none.</param>
    public static string Write(Resource resource, string? over) => Write(ResourceJson.Write(resource), over);

    /// <summary>The same for any document: a config map is kept like a resource.</summary>
    /// <param name="now">The document.</param>
    /// <param name="over">The text that is replaced; null = there is none.</param>
    public static string Write(JsonObject now, string? over)
    {
        if (over is null)
            return Yaml.Write(now);
        var isJson = IsJson(over);
        var fresh = Fresh(now, isJson);
        if (ReadText(over) is not { Findings.Count: 0, Documents: [var document] } || Fresh(document.Root, isJson) == over)
            return fresh;
        if (JsonNode.DeepEquals(document.Root, now))
            return over;
        var edited = ManifestEditor.Apply(over, isJson, document.Root, now);
        return edited is not null && ReadText(edited) is { Findings.Count: 0, Documents: [var back] } && JsonNode.DeepEquals(back.Root, now) ? edited : fresh;
    }

    /// <summary>True for a text that is read and edited as JSON: a brace with a quote behind it. A brace alone may also start YAML in flow style.</summary>
    public static bool IsJson(string text)
    {
        var start = text.AsSpan().TrimStart(Blank);
        return start.StartsWith("{") && start[1..].TrimStart(Blank) is ['"' or '}', ..];
    }

    /// <summary>Reads exactly one resource from YAML or JSON; every finding has line and column.</summary>
    public static ReadResult Read(string yamlOrJson)
    {
        var text = ReadText(yamlOrJson);
        if (text.Findings.Count > 0)
            return new ReadResult(null, text.Findings);
        if (text.Documents.Count != 1)
            return new ReadResult(null, [WrongCount(text.Documents)]);
        var document = text.Documents[0];
        var read = ResourceJson.Read(document.Root);
        return read with { Findings = [.. read.Findings.Select(document.Positions.Place)] };
    }

    private static TextReadResult ReadText(string text) => IsJson(text) ? JsonTextReader.Read(text) : Yaml.Read(text);

    private static string Fresh(JsonObject root, bool asJson) => asJson ? JsonText.Indented(root) + "\n" : Yaml.Write(root);

    private static Finding WrongCount(IReadOnlyList<TextDocument> documents)
    {
        if (documents.Count == 0)
            return Finding.Error("empty", "", "The text holds no resource.", $"Write apiVersion: {Resource.ApiVersion}, kind, metadata and spec.") with { Line = 1, Column = 1 };
        var (line, column) = documents[1].Positions.Find("");
        return Finding.Error(
            "several-documents", "", string.Create(CultureInfo.InvariantCulture, $"The text holds {documents.Count} documents; one is expected."),
            "Write each resource into a file of its own.") with
        { Line = line, Column = column };
    }
}
