using System.Text.Json;
using System.Text.Json.Nodes;
using k8s;
using k8s.KubeConfigModels;
using Portal.Model.Documents;

namespace Portal.Stores.Kubernetes;

/// <summary>
/// One kubeconfig made of several files, as kubectl merges them: of a name that stands in two, that of the first file holds.
/// The client library merges too, but takes every relative path from the folder of the first, knows no token files, and waits
/// for a sign-in program for ever.
/// </summary>
/// <param name="Config">What the client library reads.</param>
/// <param name="TokenFiles">Path of the token file by user.</param>
/// <param name="Programs">Sign-in program by user.</param>
internal sealed record Kubeconfig(K8SConfiguration Config, IReadOnlyDictionary<string, string> TokenFiles, IReadOnlyDictionary<string, SignInProgram> Programs)
{
    private const string TokenFile = "tokenFile";
    private const string Exec = "exec";

    private static readonly string[] Lists = ["clusters", "users", "contexts"];

    // By the member of an entry that holds them: paths that are relative to the folder of their file.
    private static readonly (string Member, string Path)[] Paths =
        [("cluster", "certificate-authority"), ("user", "client-certificate"), ("user", "client-key"), ("user", TokenFile)];

    public IReadOnlyList<string> Contexts => [.. (Config.Contexts ?? []).Select(context => context.Name)];

    /// <summary>Reads the files that are there.</summary>
    /// <exception cref="InvalidDataException">One is no kubeconfig. The text says nothing of its content, which holds credentials.</exception>
    public static Kubeconfig Load(IReadOnlyList<string> paths)
    {
        var merged = new JsonObject { ["apiVersion"] = "v1", ["kind"] = "Config" };
        foreach (var path in paths.Where(path => paths.Count == 1 || File.Exists(path)))
            Merge(merged, Read(path), Path.GetDirectoryName(path)!);
        var files = new Dictionary<string, string>(StringComparer.Ordinal);
        var programs = new Dictionary<string, SignInProgram>(StringComparer.Ordinal);
        foreach (var (name, user) in Entries(merged, "users").Select(entry => (Text(entry["name"]) ?? "", entry["user"] as JsonObject ?? [])))
        {
            if (Text(user[TokenFile]) is { } file)
                files[name] = file;
            else if (user[Exec] is JsonObject exec)
                programs[name] = SignInProgram.Read(exec);
            else
                continue;
            user.Remove(TokenFile);
            user.Remove(Exec);
            // The client library wants to see credentials; these are never sent.
            user["token"] = "comes from elsewhere";
        }
        try
        {
            return new Kubeconfig(KubernetesYaml.Deserialize<K8SConfiguration>(Yaml.Write(merged)), files, programs);
        }
        catch (YamlDotNet.Core.YamlException)
        {
            throw new InvalidDataException($"{string.Join(", ", paths)} has members that no kubeconfig has.");
        }
    }

    /// <summary>Name of the user of a context; null when the context has none.</summary>
    public string? UserOf(string? context) => Config.Contexts?.FirstOrDefault(item => item.Name == context)?.ContextDetails?.User;

    private static JsonObject Read(string path)
        => Yaml.Read(File.ReadAllText(path)) is { Documents: [var document], Findings.Count: 0 } ? document.Root : throw new InvalidDataException($"{path} is not one YAML document.");

    private static void Merge(JsonObject merged, JsonObject file, string folder)
    {
        if (Text(merged["current-context"]) is null or "" && Text(file["current-context"]) is { Length: > 0 } current)
            merged["current-context"] = current;
        foreach (var list in Lists)
        {
            var all = merged[list] as JsonArray ?? [];
            merged[list] = all;
            var known = Entries(merged, list).Select(entry => Text(entry["name"])).ToHashSet(StringComparer.Ordinal);
            foreach (var entry in Entries(file, list).Where(entry => known.Add(Text(entry["name"]))).Select(entry => entry.DeepClone().AsObject()))
            {
                foreach (var (member, path) in Paths)
                    if (entry[member] is JsonObject inner && Text(inner[path]) is { Length: > 0 } relative)
                        inner[path] = Path.GetFullPath(relative, folder);
                // A bare name is looked up by the system; one with a folder is beside the kubeconfig.
                if (entry["user"]?[Exec] is JsonObject exec && Text(exec["command"]) is { } command && command.Contains(Path.DirectorySeparatorChar, StringComparison.Ordinal))
                    exec["command"] = Path.GetFullPath(command, folder);
                all.Add((JsonNode)entry);
            }
        }
    }

    private static IEnumerable<JsonObject> Entries(JsonObject root, string list) => (root[list] as JsonArray ?? []).OfType<JsonObject>();

    private static string? Text(JsonNode? node) => node?.GetValueKind() is JsonValueKind.String ? node.GetValue<string>() : null;
}
