using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Portal.Model.Documents;

namespace Portal.Stores.Files;

/// <summary>The text of a document in the language that the file's name promises.</summary>
internal static class ManifestText
{
    private static readonly JsonSerializerOptions Options = new() { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string For(string location, JsonObject root)
        => location.EndsWith(".json", StringComparison.OrdinalIgnoreCase) ? root.ToJsonString(Options) + "\n" : Yaml.Write(root);
}
