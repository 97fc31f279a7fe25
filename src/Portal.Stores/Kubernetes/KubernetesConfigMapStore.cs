using System.Text.Json.Nodes;
using k8s;
using k8s.Models;
using Portal.Model.Ports;
using Portal.Model.Validation;
using Portal.Stores.Files;

namespace Portal.Stores.Kubernetes;

/// <summary>Config maps of the namespace that hold certificates.</summary>
internal sealed class KubernetesConfigMapStore(KubernetesCalls calls, TargetWatch watch) : IConfigMapStore
{
    public event Action? Changed;

    public StoreResult.Denied? Hidden { get => watch.Unread ?? field; private set; }

    /// <summary>What is told when the state of the target changes: what could not be read can be by now, or the other way round.</summary>
    public void Reread() => watch.Tell(Changed);

    private string Namespace => calls.Connection.Namespace;

    public Task<IReadOnlyList<ConfigMap>> ListAsync(CancellationToken cancellationToken = default) => watch.ReadAsync<IReadOnlyList<ConfigMap>>(
        "config maps",
        async () =>
        {
            var list = await calls.ReadAsync(client => client.CoreV1.ListNamespacedConfigMapAsync(Namespace, cancellationToken: cancellationToken), cancellationToken).ConfigureAwait(false);
            Hidden = null;
            // Others keep settings of all sorts in config maps; those without a certificate are none of ours.
            return [.. list.Items.Select(Read).Where(map => map.Data.Values.Any(text => text.Contains("-----BEGIN CERTIFICATE-----", StringComparison.Ordinal)))];
        },
        why =>
        {
            Hidden = Explain(why);
            return [];
        });

    public async Task<ConfigMap?> FindAsync(string name, CancellationToken cancellationToken = default) => (await LookUpAsync(name, cancellationToken).ConfigureAwait(false)).Found;

    public Task<ConfigMapLookup> LookUpAsync(string name, CancellationToken cancellationToken = default) => watch.ReadAsync(
        $"config map {name}",
        async () => new ConfigMapLookup(await FindLiveAsync(name, cancellationToken).ConfigureAwait(false) is { } live ? Read(live) : null, null),
        why => new ConfigMapLookup(null, Explain(why)));

    public async Task<StoreResult> SaveAsync(ConfigMap configMap, CancellationToken cancellationToken = default)
    {
        if (FileConfigMapStore.Check(configMap) is { Count: > 0 } findings)
            return new StoreResult.Invalid(findings);
        var data = configMap.Data.ToDictionary(file => file.Key, file => PemBundle.Tidy(file.Value), StringComparer.Ordinal);
        return await watch.ChangeAsync(async () =>
        {
            var live = await FindLiveAsync(configMap.Name, cancellationToken).ConfigureAwait(false);
            if (configMap.Revision.Length > 0 && configMap.Revision != live?.Metadata.ResourceVersion)
                return new StoreResult.Conflict(null);
            if (live is null)
            {
                var body = new V1ConfigMap { ApiVersion = "v1", Kind = "ConfigMap", Metadata = new V1ObjectMeta { Name = configMap.Name, NamespaceProperty = Namespace }, Data = data };
                await calls.WriteAsync(client => client.CoreV1.CreateNamespacedConfigMapAsync(body, Namespace, fieldManager: KubernetesConnection.FieldManager, cancellationToken: cancellationToken), cancellationToken).ConfigureAwait(false);
                return new StoreResult.Saved(null);
            }
            if (live.Data is { } stored && stored.Count == data.Count && data.All(file => stored.TryGetValue(file.Key, out var text) && text == file.Value))
                return new StoreResult.Saved(null);
            // Its labels and whatever else stands there stay.
            var files = new JsonObject((live.Data ?? new Dictionary<string, string>()).Select(file => KeyValuePair.Create(file.Key, (JsonNode?)null)).Concat(data.Select(file => KeyValuePair.Create(file.Key, (JsonNode?)file.Value))).GroupBy(file => file.Key).Select(group => group.Last()));
            var patch = new V1Patch(new JsonObject { ["metadata"] = new JsonObject { ["resourceVersion"] = live.Metadata.ResourceVersion }, ["data"] = files }, V1Patch.PatchType.MergePatch);
            await calls.WriteAsync(client => client.CoreV1.PatchNamespacedConfigMapAsync(patch, configMap.Name, Namespace, fieldManager: KubernetesConnection.FieldManager, cancellationToken: cancellationToken), cancellationToken).ConfigureAwait(false);
            return new StoreResult.Saved(null);
        }, () => watch.Tell(Changed)).ConfigureAwait(false);
    }

    public async Task<StoreResult> DeleteAsync(string name, CancellationToken cancellationToken = default)
    {
        if (!NameRules.IsKubernetesName(name))
            return new StoreResult.Conflict(null);
        return await watch.ChangeAsync(async () =>
        {
            await calls.WriteAsync(client => client.CoreV1.DeleteNamespacedConfigMapAsync(name, Namespace, cancellationToken: cancellationToken), cancellationToken).ConfigureAwait(false);
            return new StoreResult.Saved(null);
        }, () => watch.Tell(Changed)).ConfigureAwait(false);
    }

    // What cannot be read is not missing.
    private static StoreResult.Denied Explain(StoreResult.Denied why) => why with { Message = $"The config maps of the cluster cannot be read: {why.Message}" };

    private static ConfigMap Read(V1ConfigMap live) => new(live.Metadata.Name, new Dictionary<string, string>(live.Data ?? new Dictionary<string, string>()), live.Metadata.ResourceVersion);

    private Task<V1ConfigMap?> FindLiveAsync(string name, CancellationToken cancellationToken) => NameRules.IsKubernetesName(name)
        ? calls.FindAsync(client => client.CoreV1.ReadNamespacedConfigMapAsync(name, Namespace, cancellationToken: cancellationToken), cancellationToken)
        : Task.FromResult<V1ConfigMap?>(null);
}
