using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Portal.Model;
using Portal.Model.Documents;
using Portal.Model.Ports;

namespace Portal.Stores.Kubernetes;

/// <summary>A custom resource as the cluster holds it.</summary>
/// <param name="Object">The object.</param>
/// <param name="Document">What somebody set of it: without defaults, status and what the server owns.</param>
/// <param name="Stored">The resource; null when it cannot be read.</param>
/// <param name="Problem">Why it cannot be read; null when it can.</param>
internal sealed record LiveResource(JsonObject Object, JsonObject Document, StoredResource? Stored, StoreProblem? Problem)
{
    public string Name => ResourceMap.Text(Object["metadata"]?["name"]) ?? "";

    public string? Uid => ResourceMap.Text(Object["metadata"]?["uid"]);

    public string? Version => ResourceMap.Text(Object["metadata"]?["resourceVersion"]);
}

/// <summary>Custom resources of the cluster to resources of the portal and back.</summary>
internal static class ResourceMap
{
    private const string LastApplied = "kubectl.kubernetes.io/last-applied-configuration";

    private static readonly string[] ServerOwned =
        ["creationTimestamp", "deletionGracePeriodSeconds", "deletionTimestamp", "generation", "managedFields", "resourceVersion", "selfLink", "uid", "ownerReferences", "finalizers"];

    // The plural of the custom resource: dataflowendpoints, dataflows, dataflowprofiles.
    public static string Plural(ResourceKind kind) => kind.ToString().ToLowerInvariant() + "s";

    public static LiveResource Read(ResourceKind kind, JsonObject found)
    {
        // Items of a list of the oldest servers lack both.
        found["apiVersion"] ??= Resource.ApiVersion;
        found["kind"] ??= kind.ToString();
        var document = Owned(found);
        var metadata = found["metadata"] as JsonObject ?? [];
        var (name, @namespace) = (Text(metadata["name"]) ?? "", Text(metadata["namespace"]));
        var location = $"{@namespace}/{Plural(kind)}/{name}";
        var read = ResourceJson.Read(document);
        if (read.Resource is not { } resource)
            return new LiveResource(found, document, null, new StoreProblem(location, name, read.Findings.First(finding => finding.Severity is Model.Validation.Severity.Error)));
        // The order of members means nothing here: what the model would write by itself is not kept apart.
        if (resource.Kept is not null && resource with { Kept = null } is var plain && JsonNode.DeepEquals(ResourceJson.Write(plain), document))
            resource = plain;
        var stored = new StoredResource(resource, Revision(metadata, document), Modified(metadata), location) { Status = StatusMap.Read(kind, found["status"] as JsonObject) };
        return new LiveResource(found, document, stored, null);
    }

    /// <summary>The document to apply.</summary>
    public static JsonObject Write(Resource resource, string @namespace)
    {
        var document = ResourceJson.Write(resource);
        document["apiVersion"] = Resource.ApiVersion;
        document.Remove("status");
        var metadata = document["metadata"] as JsonObject ?? [];
        foreach (var member in ServerOwned)
            metadata.Remove(member);
        metadata["namespace"] = @namespace;
        return document;
    }

    /// <summary>Fields that stand in one document and not in the other, with who else but the portal set them.</summary>
    public static IReadOnlyList<FieldOwner> RemovedOfOthers(LiveResource live, JsonObject wanted)
    {
        var removed = new List<string[]>();
        Removed(live.Document, wanted, [], removed);
        return [.. from path in removed from manager in Managers(live.Object, path).Distinct() select new FieldOwner(string.Join('.', path), manager)];
    }

    /// <summary>A merge patch that removes fields.</summary>
    public static JsonObject Removal(IEnumerable<FieldOwner> fields, LiveResource live)
    {
        var patch = new JsonObject { ["metadata"] = new JsonObject { ["resourceVersion"] = live.Version } };
        foreach (var path in fields.Select(field => field.Path.Split('.')).Where(path => path[0] == "spec"))
        {
            var node = patch;
            foreach (var name in path[..^1])
            {
                if (node[name] is not JsonObject below)
                    node[name] = below = [];
                node = below;
            }
            node[path[^1]] = null;
        }
        return patch;
    }

    /// <summary>A resource as it is once fields that others own are taken out of it: what a plan shows, since no dry run takes two steps.</summary>
    /// <param name="wanted">What is applied: an object that it does not have is gone with the last field in it.</param>
    public static LiveResource Without(ResourceKind kind, LiveResource live, IEnumerable<FieldOwner> fields, JsonObject wanted)
    {
        var found = live.Object.DeepClone().AsObject();
        foreach (var path in fields.Select(field => field.Path.Split('.')).Where(path => path[0] == "spec"))
            for (var length = path.Length; length > 1; length--)
            {
                if (At(found, path[..(length - 1)]) is not JsonObject parent || At(wanted, path[..length]) is not null || (length < path.Length && At(found, path[..length]) is JsonObject { Count: > 0 }))
                    break;
                parent.Remove(path[length - 1]);
            }
        return Read(kind, found);
    }

    public static string? Text(JsonNode? node) => node?.GetValueKind() is JsonValueKind.String ? node.GetValue<string>() : null;

    private static JsonNode? At(JsonNode? node, string[] path) => path.Aggregate(node, (inner, name) => (inner as JsonObject)?[name]);

    // A default belongs to nobody; what somebody set belongs to somebody. Without owners all of it is taken as set.
    private static JsonObject Owned(JsonObject found)
    {
        var metadata = found["metadata"] as JsonObject ?? [];
        var entries = (metadata["managedFields"] as JsonArray ?? []).OfType<JsonObject>().Where(entry => Text(entry["subresource"]) is null or "" && !IsOurs(entry, "Update"))
            .Select(entry => entry["fieldsV1"] as JsonObject ?? []).ToList();
        var document = new JsonObject { ["apiVersion"] = Text(found["apiVersion"]), ["kind"] = Text(found["kind"]) };
        var kept = new JsonObject();
        foreach (var (name, value) in metadata)
        {
            if (ServerOwned.Contains(name) || value is null)
                continue;
            var copy = value.DeepClone();
            if (name == "annotations" && copy is JsonObject annotations && annotations.Remove(LastApplied) && annotations.Count == 0)
                continue;
            kept[name] = copy;
        }
        document["metadata"] = kept;
        if (found["spec"] is JsonObject spec)
        {
            var fields = entries.Select(entry => entry["f:spec"] as JsonObject).OfType<JsonObject>().ToList();
            document["spec"] = entries.Count == 0 ? spec.DeepClone() : Keep(spec, fields);
        }
        return document;
    }

    private static JsonObject Keep(JsonObject node, IReadOnlyList<JsonObject> owners)
    {
        var kept = new JsonObject();
        foreach (var (name, value) in node)
        {
            var below = owners.Select(owner => owner["f:" + name] as JsonObject).OfType<JsonObject>().ToList();
            if (below.Count == 0)
                continue;
            var isWhole = value is not JsonObject { Count: > 0 } || below.TrueForAll(owner => owner.Count == 0);
            var inner = isWhole ? value?.DeepClone() : Keep((JsonObject)value!, below);
            // Owned by what was in it alone, and that is gone.
            if (isWhole || inner is JsonObject { Count: > 0 } || below.Exists(owner => owner.Count == 0))
                kept[name] = inner;
        }
        return kept;
    }

    private static void Removed(JsonObject before, JsonObject now, string[] path, List<string[]> removed)
    {
        foreach (var (name, value) in before)
        {
            if (path.Length == 0 && name != "spec")
                continue;
            string[] below = [.. path, name];
            if (value is JsonObject { Count: > 0 } map)
                Removed(map, now[name] as JsonObject ?? [], below, removed);
            else if (!now.ContainsKey(name))
                removed.Add(below);
        }
    }

    private static IEnumerable<string> Managers(JsonObject found, string[] path)
    {
        foreach (var entry in (found["metadata"]?["managedFields"] as JsonArray ?? []).OfType<JsonObject>())
        {
            if (Text(entry["manager"]) is not { } manager || manager == KubernetesConnection.FieldManager)
                continue;
            var node = entry["fieldsV1"];
            foreach (var name in path)
                node = (node as JsonObject)?["f:" + name];
            if (node is not null)
                yield return manager;
        }
    }

    // The portal applies; by an update it only takes fields of others out, and what it owns by that is the default that came back.
    private static bool IsOurs(JsonObject entry, string operation) => Text(entry["manager"]) == KubernetesConnection.FieldManager && Text(entry["operation"]) == operation;

    // Not the resourceVersion: that moves with the status too, which is no change of what is stored.
    private static string Revision(JsonObject metadata, JsonObject document)
    {
        var text = Text(metadata["uid"]) + Sorted(document)!.ToJsonString();
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 12));
    }

    private static JsonNode? Sorted(JsonNode? node) => node switch
    {
        JsonObject map => new JsonObject(map.OrderBy(member => member.Key, StringComparer.Ordinal).Select(member => KeyValuePair.Create(member.Key, Sorted(member.Value)))),
        JsonArray list => new JsonArray([.. list.Select(Sorted)]),
        _ => node?.DeepClone(),
    };

    private static DateTimeOffset Modified(JsonObject metadata)
    {
        var times = (metadata["managedFields"] as JsonArray ?? []).OfType<JsonObject>().Where(entry => Text(entry["subresource"]) is null or "").Select(entry => Text(entry["time"]))
            .Append(Text(metadata["creationTimestamp"])).OfType<string>();
        return times.Select(time => DateTimeOffset.TryParse(time, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var parsed) ? parsed : DateTimeOffset.MinValue).DefaultIfEmpty().Max();
    }
}
