using System.Text.Json;
using System.Text.Json.Nodes;
using k8s;
using k8s.KubeConfigModels;
using Portal.Model.Documents;

namespace Portal.Stores.Kubernetes;

/// <summary>A kubeconfig, with the token files of its users, which the client library does not know.</summary>
/// <param name="Config">What the client library reads.</param>
/// <param name="TokenFiles">Path of the token file by user.</param>
internal sealed record Kubeconfig(K8SConfiguration Config, IReadOnlyDictionary<string, string> TokenFiles)
{
    private const string TokenFile = "tokenFile";

    public IReadOnlyList<string> Contexts => [.. (Config.Contexts ?? []).Select(context => context.Name)];

    /// <exception cref="InvalidDataException">It is no kubeconfig. The text says nothing of its content, which holds credentials.</exception>
    public static Kubeconfig Load(string path)
    {
        var read = Yaml.Read(File.ReadAllText(path));
        if (read is not { Documents: [var document], Findings.Count: 0 })
            throw new InvalidDataException($"{path} is not one YAML document.");
        var files = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var user in (document.Root["users"] as JsonArray ?? []).OfType<JsonObject>())
        {
            if (user["user"] is not JsonObject credentials || Text(credentials[TokenFile]) is not { } file)
                continue;
            credentials.Remove(TokenFile);
            // The client library wants to see credentials; these are never sent.
            credentials["token"] = "in a file";
            files[Text(user["name"]) ?? ""] = Path.GetFullPath(file, Path.GetDirectoryName(path)!);
        }
        try
        {
            var config = KubernetesYaml.Deserialize<K8SConfiguration>(Yaml.Write(document.Root));
            config.FileName = path;
            return new Kubeconfig(config, files);
        }
        catch (YamlDotNet.Core.YamlException fault)
        {
            throw new InvalidDataException($"{path} has members that no kubeconfig has (line {fault.Start.Line}).");
        }
    }

    /// <summary>Token file of the user of a context; null when there is none.</summary>
    public string? TokenFileOf(string? context)
        => Config.Contexts?.FirstOrDefault(item => item.Name == (context ?? Config.CurrentContext))?.ContextDetails?.User is { } user ? TokenFiles.GetValueOrDefault(user) : null;

    private static string? Text(JsonNode? node) => node?.GetValueKind() is JsonValueKind.String ? node.GetValue<string>() : null;
}
