using System.Text.Json.Nodes;
using Portal.Model.Documents;
using Portal.Tests.Shared;

namespace Portal.Tests.Deploy;

/// <summary>An overlay below <c>deploy/</c> as kubectl renders it.</summary>
internal sealed class Overlay
{
    private Overlay(IReadOnlyList<JsonObject> all) => All = all;

    public IReadOnlyList<JsonObject> All { get; }

    /// <summary>Deployments and StatefulSets.</summary>
    public IEnumerable<JsonObject> Workloads => [.. Of("Deployment"), .. Of("StatefulSet")];

    public static async Task<Overlay> RenderAsync(string name)
    {
        var result = await ProcessRunner.RunAsync("kubectl", "kustomize", RepositoryRoot.Combine("deploy", "overlays", name));
        Assert.True(
            result.ExitCode == 0,
            $"kubectl could not render deploy/overlays/{name}. It needs kubectl 1.21 or newer, which has Kustomize 4 built in; `kubectl version --client` tells which one is here.\n{result.Error}");
        var read = Yaml.Read(result.Output);
        Assert.Empty(read.Findings);
        return new Overlay([.. read.Documents.Select(document => document.Root)]);
    }

    public IEnumerable<JsonObject> Of(string kind) => All.Where(one => (string?)one["kind"] == kind);

    /// <summary>An object by kind, name and namespace; null when nothing of it is rendered.</summary>
    public JsonObject? Find(string kind, string? name, string? space) => Of(kind).SingleOrDefault(one => Name(one) == name && Space(one) == space);

    public static string Name(JsonNode one) => (string)one["metadata"]!["name"]!;

    public static string? Space(JsonNode one) => (string?)one["metadata"]!["namespace"];

    public static JsonNode Pod(JsonNode workload) => workload["spec"]!["template"]!["spec"]!;

    public static IEnumerable<JsonNode> List(JsonNode? array) => array?.AsArray().Select(item => item!) ?? [];

    public static IReadOnlyDictionary<string, string> Map(JsonNode? map) => map?.AsObject().ToDictionary(pair => pair.Key, pair => (string)pair.Value!) ?? [];

    /// <summary>Whether a selector takes pods with these labels.</summary>
    public static bool Selects(IReadOnlyDictionary<string, string> selector, JsonNode workload)
    {
        var labels = Map(workload["spec"]!["template"]!["metadata"]!["labels"]);
        return selector.Count > 0 && selector.All(pair => labels.GetValueOrDefault(pair.Key) == pair.Value);
    }

    /// <summary>The settings of a workload as the portal reads them: its config maps, then its own variables.</summary>
    public Dictionary<string, string?> Settings(JsonNode workload)
    {
        var settings = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        var container = Assert.Single(List(Pod(workload)["containers"]));
        foreach (var source in List(container["envFrom"]))
            foreach (var (key, value) in Map(Find("ConfigMap", (string?)source["configMapRef"]!["name"], Space(workload))!["data"]))
                settings[key.Replace("__", ":", StringComparison.Ordinal)] = value;
        foreach (var variable in List(container["env"]))
            settings[((string)variable["name"]!).Replace("__", ":", StringComparison.Ordinal)] = (string?)variable["value"];
        return settings;
    }
}
