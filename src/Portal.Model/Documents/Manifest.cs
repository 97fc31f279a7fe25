using System.Globalization;
using Portal.Model.Validation;

namespace Portal.Model.Documents;

/// <summary>The text of a resource as a folder stores it and the preview shows it: one custom resource as YAML.</summary>
public static class Manifest
{
    private const string Blank = "\ufeff \t\r\n";

    /// <summary>The text, with a newline at its end.</summary>
    public static string Write(Resource resource) => Yaml.Write(ResourceJson.Write(resource));

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

    /// <summary>A brace with a quote behind it is JSON; a brace alone may also start YAML in flow style.</summary>
    private static TextReadResult ReadText(string text)
    {
        var start = text.AsSpan().TrimStart(Blank);
        return start.StartsWith("{") && start[1..].TrimStart(Blank) is ['"' or '}', ..] ? JsonTextReader.Read(text) : Yaml.Read(text);
    }

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
