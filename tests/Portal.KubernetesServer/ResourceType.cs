using System.Text.Json.Nodes;
using Portal.Model.Documents;

namespace Portal.KubernetesServer;

/// <summary>A printer column of a custom resource.</summary>
internal sealed record Column(string Name, string Type, string Path, string? Description, long Priority);

/// <summary>A kind that the server keeps.</summary>
internal sealed record ResourceType(string Group, string Kind, string Plural)
{
    /// <summary>Versions, the preferred and stored one first.</summary>
    public IReadOnlyList<string> Versions { get; init; } = ["v1"];

    public bool IsNamespaced { get; init; } = true;

    public bool IsCustom { get; init; }

    public bool HasStatus { get; init; }

    public string[] ShortNames { get; init; } = [];

    public IReadOnlyList<Column> Columns { get; init; } = [];

    public Schema Schema { get; init; } = Schema.Open;

    public string Singular => Kind.ToLowerInvariant();

    public string ListKind => Kind + "List";

    /// <summary>Plural with group, as errors name it.</summary>
    public string Qualified => Group.Length == 0 ? Plural : $"{Plural}.{Group}";

    public string QualifiedKind => Group.Length == 0 ? Kind : $"{Kind}.{Group}";

    public string ApiVersion(string version) => Group.Length == 0 ? version : $"{Group}/{version}";

    public string[] Verbs => IsCustom
        ? ["delete", "deletecollection", "get", "list", "patch", "create", "update", "watch"]
        : ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"];
}

/// <summary>The kinds: those of every cluster, and ours from crds.yaml.</summary>
internal static class ResourceTypes
{
    public const string Group = "connectivity.iotoperations.azure.com";

    public static IReadOnlyList<ResourceType> BuiltIn { get; } =
    [
        new("", "ConfigMap", "configmaps") { ShortNames = ["cm"], Schema = Schema.Of("data", "binaryData", "immutable") },
        new("", "Event", "events") { ShortNames = ["ev"] },
        new("", "Namespace", "namespaces") { ShortNames = ["ns"], IsNamespaced = false },
        new("", "Secret", "secrets") { Schema = Schema.Of("data", "stringData", "type", "immutable") },
        new("", "ServiceAccount", "serviceaccounts") { ShortNames = ["sa"] },
        new("events.k8s.io", "Event", "events"),
        new("rbac.authorization.k8s.io", "Role", "roles"),
        new("rbac.authorization.k8s.io", "RoleBinding", "rolebindings"),
        new("apiextensions.k8s.io", "CustomResourceDefinition", "customresourcedefinitions") { IsNamespaced = false, ShortNames = ["crd", "crds"] },
    ];

    /// <summary>The CustomResourceDefinitions of crds.yaml.</summary>
    /// <param name="prunes">True: unknown members of spec do not survive.</param>
    public static IReadOnlyList<JsonObject> Definitions(bool prunes)
    {
        using var stream = typeof(ResourceTypes).Assembly.GetManifestResourceStream("crds.yaml")!;
        using var reader = new StreamReader(stream);
        var definitions = Yaml.Read(reader.ReadToEnd()).Documents.Select(document => document.Root).Where(root => root.At("kind") is not null).ToList();
        if (prunes)
            foreach (var version in definitions.SelectMany(definition => definition["spec"]!["versions"]!.AsArray()))
                Prune(version!["schema"]!["openAPIV3Schema"]!["properties"]!["spec"]!);
        return definitions;
    }

    /// <summary>The kind that a definition describes.</summary>
    public static ResourceType Read(JsonObject definition)
    {
        var spec = definition["spec"]!;
        var version = spec["versions"]!.AsArray().First(version => (bool)version!["storage"]!)!;
        return new ResourceType(spec.At("group")!, spec.At("names", "kind")!, spec.At("names", "plural")!)
        {
            Versions = [.. spec["versions"]!.AsArray().Select(version => version.At("name")!).Order(StringComparer.Ordinal)],
            IsCustom = true,
            HasStatus = version["subresources"]?["status"] is not null,
            Columns = [.. (version["additionalPrinterColumns"] as JsonArray ?? []).Select(column => new Column(
                column.At("name")!, column.At("type")!, column.At("jsonPath")!, column.At("description"), (long?)column!["priority"] ?? 0))],
            Schema = new Schema(version["schema"]!["openAPIV3Schema"]!.AsObject()),
        };
    }

    private static void Prune(JsonNode node)
    {
        if (node is JsonObject map)
        {
            map.Remove("x-kubernetes-preserve-unknown-fields");
            foreach (var (_, value) in map)
                if (value is not null)
                    Prune(value);
        }
        else if (node is JsonArray list)
        {
            foreach (var item in list.OfType<JsonNode>())
                Prune(item);
        }
    }
}
