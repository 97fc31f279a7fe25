using System.Buffers.Text;
using System.Text;
using System.Text.Json.Nodes;
using Portal.Model.Ports;
using Portal.Model.Validation;

namespace Portal.Model.Documents.Import;

/// <summary>Custom resources and other Kubernetes objects, as a file or <c>kubectl get</c> has them.</summary>
internal static class KubernetesEnvelope
{
    private const string FirstDraftGroup = "iotoperations.azure.com";

    /// <summary>Members of <c>metadata</c> that the cluster writes.</summary>
    private static readonly string[] ClusterMembers = ["creationTimestamp", "generation", "managedFields", "resourceVersion", "selfLink", "uid", "ownerReferences", "finalizers", "deletionTimestamp", "deletionGracePeriodSeconds"];

    private const string LastApplied = "kubectl.kubernetes.io/last-applied-configuration";

    private static readonly string[] ListedKinds = ["DataflowGraph", "RegistryEndpoint"];

    public static ImportedDocument Read(ImportSource source, ImportOptions options)
    {
        var root = source.Root;
        var version = ImportSource.Text(root, "apiVersion");
        var kind = ImportSource.Text(root, "kind") ?? "";
        var name = ImportSource.Member(root, "metadata") is JsonObject metadata ? ImportSource.Text(metadata, "name") ?? "" : "";
        var group = version is null ? null : version.Contains('/', StringComparison.Ordinal) ? version[..version.IndexOf('/', StringComparison.Ordinal)] : "";
        var own = Enum.GetNames<ResourceKind>().FirstOrDefault(known => known.Equals(kind, StringComparison.OrdinalIgnoreCase));
        if (version == "v1" && kind == "Secret")
            return Secret(source, name);
        if (version == "v1" && kind == "ConfigMap")
            return ConfigMap(source, name);
        if (group is not null && group.Equals(FirstDraftGroup, StringComparison.OrdinalIgnoreCase))
            return DocumentReader.Refuse(source, own ?? kind, name, "api-version", "apiVersion", $"The apiVersion '{version}' is that of first drafts, whose documents look different.", $"Write apiVersion: {Resource.ApiVersion} and compare the members with the documentation.");
        if (group is not null && !group.Equals(Resource.ApiGroup, StringComparison.OrdinalIgnoreCase))
            return DocumentReader.Refuse(source, own ?? kind, name, "api-group", "apiVersion", $"{(kind.Length == 0 ? "A resource" : kind)} of '{version}' is not a resource of Azure IoT Operations dataflows.", $"Import resources of {Resource.ApiGroup} here, and apply others with kubectl.");
        if (ListedKinds.FirstOrDefault(known => known.Equals(kind, StringComparison.OrdinalIgnoreCase)) is { } listed)
            return DocumentReader.List(source, listed, name);
        return own is null
            ? DocumentReader.Refuse(source, kind, name, "kind", kind.Length == 0 ? "" : "kind", kind.Length == 0 ? "The kind is missing." : $"The kind '{kind}' is not known here.", $"Write one of {string.Join(", ", Enum.GetNames<ResourceKind>())}.")
            : Own(source, Enum.Parse<ResourceKind>(own), options);
    }

    private static ImportedDocument Own(ImportSource source, ResourceKind kind, ImportOptions options)
    {
        var tree = new ImportTree(source.Root, source.Position, [.. source.Findings]);
        foreach (var name in new[] { "apiVersion", "kind", "metadata", "spec", "status" })
            if (ImportSource.Key(source.Root, name) is { } key && key != name)
            {
                tree.Warn("member-case", key, $"The member '{key}' is spelt '{name}': Azure and Kubernetes ignore or refuse it otherwise.", key, name);
                ImportTree.Rename(source.Root, source.Position, key, name);
            }
        var given = tree.Text("kind")!;
        if (given != kind.ToString())
        {
            tree.Warn("value-case", "kind", $"The kind '{given}' is spelt '{kind}'.", given, kind.ToString());
            source.Root["kind"] = kind.ToString();
        }
        Version(tree);
        LeaveClusterMembers(tree);
        return DocumentReader.Finish(source, kind, tree, options);
    }

    private static void Version(ImportTree tree)
    {
        var given = tree.Text("apiVersion");
        if (given is null || given == Resource.ApiVersion)
            return;
        var version = given.ToLowerInvariant();
        if (version == Resource.ApiGroup + "/v1beta1")
            tree.Info("api-version-beta", "apiVersion", "v1beta1 is read and written as v1: endpoints look the same in both.");
        else if (version == Resource.ApiVersion)
            tree.Warn("value-case", "apiVersion", $"The apiVersion '{given}' is spelt '{Resource.ApiVersion}'.", given, Resource.ApiVersion);
        else
            return;
        tree.Root["apiVersion"] = Resource.ApiVersion;
    }

    private static void LeaveClusterMembers(ImportTree tree)
    {
        var left = new List<string>();
        if (tree.Find("metadata") is JsonObject metadata)
        {
            left.AddRange(ClusterMembers.Where(metadata.Remove).Select(name => "metadata." + name));
            if (metadata["annotations"] is JsonObject annotations && annotations.Remove(LastApplied))
            {
                left.Add("metadata.annotations." + LastApplied);
                if (annotations.Count == 0)
                    metadata.Remove("annotations");
            }
        }
        if (tree.Root.Remove("status"))
            left.Add("status");
        if (left.Count > 0)
            tree.Info("cluster-members", left[0], $"The cluster writes these members by itself; they are left out: {string.Join(", ", left)}.");
    }

    private static ImportedDocument ConfigMap(ImportSource source, string name)
    {
        var tree = new ImportTree(source.Root, source.Position, [.. source.Findings]);
        var files = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (file, value) in source.Root["data"] as JsonObject ?? [])
        {
            if (ImportSource.TextOf(value) is not { } text)
                tree.Error("config-map-data", "data." + file, $"The value of '{file}' is no text.", "Write the text as a block behind '|'.");
            else if (text.Contains("PRIVATE KEY-----", StringComparison.Ordinal))
                tree.Error("config-map-private-key", "data." + file, $"'{file}' holds a private key, which a config map shows to everyone.", "Keep it in the vault as a secret.");
            else
                files[file] = text;
        }
        Named(tree, name, "config map");
        var listed = Listed(tree, source, "ConfigMap", name);
        return listed.Outcome is ImportOutcome.Listed ? listed with { ConfigMap = new ConfigMap(name, files) } : listed;
    }

    private static ImportedDocument Secret(ImportSource source, string name)
    {
        var tree = new ImportTree(source.Root, source.Position, [.. source.Findings]);
        var entries = new Dictionary<string, SecretValue>(StringComparer.Ordinal);
        foreach (var (key, value) in source.Root["data"] as JsonObject ?? [])
            if (ImportSource.TextOf(value) is not { } text || Decode(text) is not { } decoded)
                tree.Error("secret-data", "data." + key, $"The value of '{key}' is not base64 of a text.", "Encode it with base64, or write it below stringData.");
            else
                entries[key] = new SecretValue(decoded);
        foreach (var (key, value) in source.Root["stringData"] as JsonObject ?? [])
            if (ImportSource.TextOf(value) is { } text)
                entries[key] = new SecretValue(text);
            else
                tree.Error("secret-data", "stringData." + key, $"The value of '{key}' is no text.", "Put it in quotes.");
        Named(tree, name, "secret");
        SecretKeys(tree, entries);
        var listed = Listed(tree, source, "Secret", name);
        return listed.Outcome is ImportOutcome.Listed ? listed with { Secret = new ImportedSecret(name, entries) } : listed;
    }

    /// <summary>What the keys say about the method that the secret is for. Values are looked at for placeholders only, and never shown.</summary>
    private static void SecretKeys(ImportTree tree, Dictionary<string, SecretValue> entries)
    {
        var at = tree.Find("stringData") is JsonObject ? "stringData" : "data";
        if (entries.Count == 1 && entries.ContainsKey("token"))
            tree.Warn("secret-token-key", at + ".token", "SASL needs the keys username and password; a lone token is what one page of the documentation shows.", "token", fix: "Create the secret with username and password.");
        if (entries.ContainsKey("tls.crt") && entries.ContainsKey("tls.key"))
            tree.Info("secret-tls-keys", at + ".tls.crt", "The keys tls.crt and tls.key are read as client_cert.pem and client_key.pem, which newer documentation names.");
        foreach (var (key, value) in entries)
            if (Placeholders.Find(value.Reveal()) is not null)
                tree.Warn("placeholder", $"{at}.{key}", $"The value of '{key}' still holds a placeholder.", fix: "Write the value itself, or set it in the vault.");
        if (entries.Count > 0)
            tree.Info("secret-values", at, "The values can be put into the vault; they are shown nowhere.");
    }

    private static void Named(ImportTree tree, string name, string what)
    {
        if (!NameRules.IsKubernetesName(name))
            tree.Error("reference-name", "metadata.name", name.Length == 0 ? $"The name of the {what} is missing." : $"'{name}' cannot be the name of a {what}.", "Use a-z, 0-9, hyphen and dot, for example line3-ca.");
    }

    private static ImportedDocument Listed(ImportTree tree, ImportSource source, string kind, string name)
    {
        var document = DocumentReader.Document(source, kind, name, tree.Findings);
        return document.Outcome is ImportOutcome.Imported ? document with { Outcome = ImportOutcome.Listed } : document;
    }

    private static string? Decode(string text)
    {
        var bytes = new byte[Base64.GetMaxDecodedFromUtf8Length(text.Length) + 3];
        if (!Convert.TryFromBase64String(text, bytes, out var count))
            return null;
        try
        {
            return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes, 0, count);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }
}
