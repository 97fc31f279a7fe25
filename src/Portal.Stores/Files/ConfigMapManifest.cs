using System.Text.Json;
using System.Text.Json.Nodes;
using Portal.Model;
using Portal.Model.Documents;
using Portal.Model.Validation;

namespace Portal.Stores.Files;

/// <summary>A Kubernetes ConfigMap as YAML, both directions.</summary>
internal static class ConfigMapManifest
{
    public const string Kind = "ConfigMap";

    /// <summary>Name and files, or what is wrong.</summary>
    public static (string? Name, IReadOnlyDictionary<string, string>? Data, IReadOnlyList<Finding> Findings) Read(TextDocument document)
    {
        var findings = new List<Finding>();
        var root = document.Root;
        if (Text(root["apiVersion"]) != "v1")
            findings.Add(Finding.Error("api-version", "apiVersion", "The apiVersion of a config map is v1.", "Write apiVersion: v1."));
        var name = root["metadata"] is JsonObject metadata ? Text(metadata["name"]) : null;
        if (name is null || !NameRules.IsKubernetesName(name))
            findings.Add(Finding.Error("config-map-name", "metadata.name", "The name is missing or is not one of Kubernetes.", "Write lower-case letters, digits, hyphens and dots, for example line3-ca."));
        var data = new Dictionary<string, string>(StringComparer.Ordinal);
        if (root["data"] is { } given && given is not JsonObject)
            findings.Add(Finding.Error("config-map-data", "data", "The member data must hold file names with their text.", "Write data:, and below it ca.crt: | with the PEM text."));
        foreach (var (file, value) in root["data"] as JsonObject ?? [])
        {
            if (Text(value) is not { } text)
                findings.Add(Finding.Error("config-map-data", $"data.{file}", $"The value of '{file}' is not text.", "Write the PEM text as a block behind '|'."));
            else if (PemBundle.HoldsPrivateKey(text))
                findings.Add(PemBundle.PrivateKey(file));
            else
                data[file] = text;
        }
        return (name, data, [.. findings.Select(document.Positions.Place)]);
    }

    /// <summary>The document. What else stands in the file that is replaced (labels, annotations) stays.</summary>
    public static JsonObject Write(string name, IReadOnlyDictionary<string, string> data, JsonObject? replaced)
    {
        var root = replaced ?? new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = Kind,
            ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = Resource.DefaultNamespace },
        };
        root["data"] = new JsonObject(data.OrderBy(file => file.Key, StringComparer.Ordinal).Select(file => KeyValuePair.Create(file.Key, (JsonNode?)file.Value)));
        return root;
    }

    private static string? Text(JsonNode? node) => node is JsonValue value && value.GetValueKind() is JsonValueKind.String ? value.GetValue<string>() : null;
}
