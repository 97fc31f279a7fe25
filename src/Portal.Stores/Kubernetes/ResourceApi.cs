using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using k8s;
using k8s.Models;
using Portal.Model;

namespace Portal.Stores.Kubernetes;

/// <summary>One event of a watch.</summary>
internal sealed record WatchedEvent(WatchEventType Type, JsonObject Object)
{
    public string? Version => ResourceMap.Text(Object["metadata"]?["resourceVersion"]);
}

/// <summary>The requests on our custom resources.</summary>
internal sealed class ResourceApi(KubernetesCalls calls)
{
    /// <summary>How long the server is asked to keep a watch open.</summary>
    public const int WatchSeconds = 300;

    private const string Version = "v1";
    private const int PageSize = 500;

    private string Namespace => calls.Connection.Namespace;

    /// <summary>Everything of a kind, and the version from which to watch.</summary>
    public async Task<(IReadOnlyList<JsonObject> Items, string Version)> ListAsync(ResourceKind kind, CancellationToken cancellationToken)
    {
        var items = new List<JsonObject>();
        string? next = null;
        while (true)
        {
            var at = next;
            JsonObject page;
            try
            {
                page = await calls.ReadAsync(async client =>
                {
                    using var response = await client.CustomObjects.ListNamespacedCustomObjectWithHttpMessagesAsync<JsonObject>(
                        Resource.ApiGroup, Version, Namespace, ResourceMap.Plural(kind), continueParameter: at, limit: PageSize, cancellationToken: cancellationToken).ConfigureAwait(false);
                    return response.Body;
                }, cancellationToken).ConfigureAwait(false);
            }
            catch (KubernetesFault fault) when (fault.Code == 410 && at is not null)
            {
                // The pages are too old to go on with; from the start, at the newest version.
                items.Clear();
                next = null;
                continue;
            }
            items.AddRange((page["items"] as JsonArray ?? []).OfType<JsonObject>().Select(item => item.DeepClone().AsObject()));
            next = ResourceMap.Text(page["metadata"]?["continue"]);
            if (string.IsNullOrEmpty(next))
                return (items, ResourceMap.Text(page["metadata"]?["resourceVersion"]) ?? "");
        }
    }

    public Task<LiveResource?> FindAsync(ResourceKind kind, string name, CancellationToken cancellationToken)
        => calls.FindAsync(
            async client =>
            {
                using var response = await client.CustomObjects.GetNamespacedCustomObjectWithHttpMessagesAsync<JsonObject>(
                    Resource.ApiGroup, Version, Namespace, ResourceMap.Plural(kind), name, cancellationToken: cancellationToken).ConfigureAwait(false);
                return ResourceMap.Read(kind, response.Body);
            },
            cancellationToken);

    /// <summary>Server-side apply.</summary>
    public Task<LiveResource> ApplyAsync(ResourceKind kind, string name, JsonObject document, bool force, bool isDryRun, CancellationToken cancellationToken)
        => PatchAsync(kind, name, new V1Patch(document, V1Patch.PatchType.ApplyPatch), force ? true : null, isDryRun, cancellationToken);

    /// <summary>A merge patch: removes fields that others own, which no apply does.</summary>
    public Task<LiveResource> MergeAsync(ResourceKind kind, string name, JsonObject patch, CancellationToken cancellationToken)
        => PatchAsync(kind, name, new V1Patch(patch, V1Patch.PatchType.MergePatch), null, isDryRun: false, cancellationToken);

    /// <summary>Deletes that very object in that very version. True when it is gone, false when finalizers hold it yet.</summary>
    public async Task<bool> DeleteAsync(ResourceKind kind, LiveResource live, CancellationToken cancellationToken)
    {
        var options = new V1DeleteOptions { Preconditions = new V1Preconditions { Uid = live.Uid, ResourceVersion = live.Version } };
        return await calls.WriteAsync(async client =>
        {
            using var response = await client.CustomObjects.DeleteNamespacedCustomObjectWithHttpMessagesAsync<JsonObject>(
                Resource.ApiGroup, Version, Namespace, ResourceMap.Plural(kind), live.Name, options, cancellationToken: cancellationToken).ConfigureAwait(false);
            return ResourceMap.Text(response.Body["kind"]) == "Status";
        }, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>What happens after a version, until the server ends the answer. A version that is too old throws with code 410.</summary>
    public async IAsyncEnumerable<WatchedEvent> WatchAsync(ResourceKind kind, string version, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Exception? failure = null;
        var client = await calls.Connection.ClientAsync(cancellationToken).ConfigureAwait(false);
        var events = client.CustomObjects.WatchListNamespacedCustomObjectAsync(
            Resource.ApiGroup, Version, Namespace, ResourceMap.Plural(kind), allowWatchBookmarks: true, resourceVersion: version, timeoutSeconds: WatchSeconds,
            onError: exception => failure ??= exception, cancellationToken: cancellationToken);
        await foreach (var (type, found) in events.ConfigureAwait(false))
        {
            if (failure is not null)
                break;
            if (found is JsonElement element && JsonObject.Create(element) is { } document)
                yield return new WatchedEvent(type, document);
        }
        if (failure is not null)
            throw KubernetesFault.Of(failure, calls.Connection.Host);
    }

    private async Task<LiveResource> PatchAsync(ResourceKind kind, string name, V1Patch patch, bool? force, bool isDryRun, CancellationToken cancellationToken)
        => await calls.WriteAsync(async client =>
        {
            using var response = await client.CustomObjects.PatchNamespacedCustomObjectWithHttpMessagesAsync<JsonObject>(
                patch, Resource.ApiGroup, Version, Namespace, ResourceMap.Plural(kind), name, isDryRun ? "All" : null, KubernetesConnection.FieldManager, null, force, cancellationToken: cancellationToken).ConfigureAwait(false);
            return ResourceMap.Read(kind, response.Body);
        }, cancellationToken).ConfigureAwait(false);
}
