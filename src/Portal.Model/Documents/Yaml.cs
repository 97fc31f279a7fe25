using System.Text.Json.Nodes;

namespace Portal.Model.Documents;

/// <summary>YAML text and JSON: what a manifest is written in. Types are those of the YAML 1.2 core schema.</summary>
public static class Yaml
{
    /// <summary>Longest text that is read, in characters.</summary>
    public const int MostCharacters = 1_000_000;

    /// <summary>
    /// Block style, two spaces a level, member order as given, a newline at the end. A text is quoted only when it would read
    /// as another type (also to readers of YAML 1.1, as Kubernetes has) or would not read as itself.
    /// </summary>
    public static string Write(JsonObject root) => new YamlWriter().Write(root);

    /// <summary>
    /// Reads every document of a text. Strict: duplicate members, tabs in the indentation, anchors, aliases, merge keys and tags
    /// are refused. Numbers keep their digits. Each finding has line and column.
    /// </summary>
    public static TextReadResult Read(string text) => new YamlTextReader().Read(text);
}
