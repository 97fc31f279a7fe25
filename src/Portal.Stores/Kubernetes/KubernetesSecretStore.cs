using System.Text;
using System.Text.Json.Nodes;
using k8s;
using k8s.Models;
using Portal.Model.Ports;
using Portal.Model.Validation;
using Portal.Stores.Secrets;

namespace Portal.Stores.Kubernetes;

/// <summary>Secrets of the namespace: names and keys come out, values go in; only <see cref="ISecretReader"/> gives one to a connection.</summary>
internal sealed class KubernetesSecretStore(KubernetesCalls calls, TargetWatch watch, TimeProvider time) : ISecretStore, ISecretReader
{
    public event Action? Changed;

    /// <summary>As <see cref="KubernetesConfigMapStore.Reread"/>.</summary>
    public void Reread() => watch.Tell(Changed);

    private string Namespace => calls.Connection.Namespace;

    public async Task<IReadOnlyList<VaultSecret>> ListVaultAsync(CancellationToken cancellationToken = default)
        => [.. (await ListedAsync(cancellationToken).ConfigureAwait(false)).Where(SecretMap.IsVault).Select(SecretMap.ReadVault)];

    public async Task<IReadOnlyList<SyncedSecret>> ListSyncedAsync(CancellationToken cancellationToken = default)
        => [.. (await ListedAsync(cancellationToken).ConfigureAwait(false)).Where(SecretMap.IsSynced).Select(SecretMap.ReadSynced)];

    public async Task<StoreResult> SetVaultAsync(string name, SecretValue value, DateTimeOffset? activationDate, DateTimeOffset? expirationDate, CancellationToken cancellationToken = default)
    {
        if (SecretRules.CheckVault(name, value, activationDate, expirationDate) is { Count: > 0 } findings)
            return new StoreResult.Invalid(findings);
        return await watch.ChangeAsync(async () =>
        {
            await WriteAsync(SecretMap.VaultObject(name), SecretMap.WriteVault(name, value, time.GetUtcNow(), activationDate, expirationDate), cancellationToken).ConfigureAwait(false);
            // The copies are what connections read.
            foreach (var synced in await AllAsync(cancellationToken).ConfigureAwait(false))
            {
                var entries = SecretMap.Entries(synced);
                var keys = entries.Where(entry => Same(entry.Value, name) && synced.Data?.ContainsKey(entry.Key) is true).Select(entry => entry.Key).ToList();
                if (keys.Count > 0)
                    await WriteAsync(synced.Metadata.Name, SecretMap.WriteSynced(entries, keys.ToDictionary(key => key, _ => Encoding.UTF8.GetBytes(value.Reveal())), []), cancellationToken).ConfigureAwait(false);
            }
            return new StoreResult.Saved(null);
        }, () => watch.Tell(Changed)).ConfigureAwait(false);
    }

    public async Task<StoreResult> DeleteVaultAsync(string name, CancellationToken cancellationToken = default)
    {
        if (!SecretRules.IsVaultName(name))
            return new StoreResult.Conflict(null);
        return await watch.ChangeAsync(async () =>
        {
            var users = (await AllAsync(cancellationToken).ConfigureAwait(false)).Where(secret => SecretMap.Entries(secret).Values.Any(reference => Same(reference, name))).Select(secret => $"'{secret.Metadata.Name}'").ToList();
            if (users.Count > 0)
                return new StoreResult.Denied($"The secret '{name}' is used by the synced secret{(users.Count == 1 ? "" : "s")} {string.Join(", ", users)}.", "Let those refer to another secret or delete them first.");
            return await DeleteAsync(SecretMap.VaultObject(name), cancellationToken).ConfigureAwait(false);
        }, () => watch.Tell(Changed)).ConfigureAwait(false);
    }

    public async Task<SyncedSecret?> FindSyncedAsync(string name, CancellationToken cancellationToken = default)
        => NameRules.IsKubernetesName(name) && await KnownAsync(name, cancellationToken).ConfigureAwait(false) is { } live && SecretMap.IsSynced(live) ? SecretMap.ReadSynced(live) : null;

    public async Task<StoreResult> SaveSyncedAsync(SyncedSecret secret, CancellationToken cancellationToken = default)
        => await watch.ChangeAsync(async () =>
        {
            var all = await AllAsync(cancellationToken).ConfigureAwait(false);
            var vault = all.Where(SecretMap.IsVault).ToDictionary(item => SecretMap.ReadVault(item).Name, item => item, StringComparer.OrdinalIgnoreCase);
            var live = all.FirstOrDefault(item => item.Metadata.Name == secret.Name);
            // A key that is there already and was not the portal's may stay as it is.
            if (SecretRules.CheckSynced(secret, reference => vault.ContainsKey(reference) || live?.Data?.Keys.Any(key => SecretMap.Place(secret.Name, key) == reference) is true) is { Count: > 0 } findings)
                return new StoreResult.Invalid(findings);
            if (live is not null && !SecretMap.IsSynced(live))
                return new StoreResult.Denied($"The secret '{secret.Name}' of the cluster is not one for endpoints (type {live.Type}).", "Choose another name.");
            var entries = secret.Entries.Where(entry => vault.ContainsKey(entry.Value)).ToDictionary(entry => entry.Key, entry => entry.Value, StringComparer.Ordinal);
            var values = entries.ToDictionary(entry => entry.Key, entry => vault[entry.Value].Data[SecretMap.ValueKey], StringComparer.Ordinal);
            var removed = live?.Data?.Keys.Where(key => !secret.Entries.ContainsKey(key)) ?? [];
            await WriteAsync(secret.Name, SecretMap.WriteSynced(entries, values, removed), cancellationToken).ConfigureAwait(false);
            return new StoreResult.Saved(null);
        }, () => watch.Tell(Changed)).ConfigureAwait(false);

    public async Task<StoreResult> DeleteSyncedAsync(string name, CancellationToken cancellationToken = default)
        => NameRules.IsKubernetesName(name) ? await watch.ChangeAsync(() => DeleteAsync(name, cancellationToken), () => watch.Tell(Changed)).ConfigureAwait(false) : new StoreResult.Conflict(null);

    public async Task<IReadOnlyList<ResolvedEntry>?> ResolveAsync(string syncedSecret, CancellationToken cancellationToken = default)
    {
        if (!NameRules.IsKubernetesName(syncedSecret) || await KnownAsync(syncedSecret, cancellationToken).ConfigureAwait(false) is not { Data: not null } secret)
            return null;
        var entries = SecretMap.Entries(secret);
        var vault = entries.Count == 0 ? [] : (await ListVaultAsync(cancellationToken).ConfigureAwait(false)).ToDictionary(item => item.Name, StringComparer.OrdinalIgnoreCase);
        return [.. secret.Data.Select(entry => new ResolvedEntry(
            entry.Key,
            entries.TryGetValue(entry.Key, out var reference) && vault.TryGetValue(reference, out var known)
                ? known
                : new VaultSecret(SecretMap.Place(syncedSecret, entry.Key), new DateTimeOffset(secret.Metadata.CreationTimestamp ?? default, TimeSpan.Zero), null, null),
            new SecretValue(Encoding.UTF8.GetString(entry.Value))))];
    }

    private static bool Same(string reference, string name) => reference.Equals(name, StringComparison.OrdinalIgnoreCase);

    private Task<IReadOnlyList<V1Secret>> ListedAsync(CancellationToken cancellationToken) => watch.ReadAsync("secrets", () => AllAsync(cancellationToken), _ => []);

    private async Task<IReadOnlyList<V1Secret>> AllAsync(CancellationToken cancellationToken)
        => [.. (await calls.ReadAsync(client => client.CoreV1.ListNamespacedSecretAsync(Namespace, cancellationToken: cancellationToken), cancellationToken).ConfigureAwait(false)).Items];

    private Task<V1Secret?> FindAsync(string name, CancellationToken cancellationToken)
        => calls.FindAsync(client => client.CoreV1.ReadNamespacedSecretAsync(name, Namespace, cancellationToken: cancellationToken), cancellationToken);

    // Asked whatever the state says, which may be behind: what cannot be read is not missing.
    private async Task<V1Secret?> KnownAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            return await FindAsync(name, cancellationToken).ConfigureAwait(false);
        }
        catch (KubernetesFault fault)
        {
            throw new SecretsUnavailableException($"The secrets of the cluster cannot be read: {watch.Note(fault).Message}", fault.Fix);
        }
    }

    // A patch where there is something, so that what others set there stays; a creation where there is nothing.
    private async Task WriteAsync(string name, JsonObject content, CancellationToken cancellationToken)
    {
        if (await FindAsync(name, cancellationToken).ConfigureAwait(false) is { } live)
        {
            content["metadata"]!["resourceVersion"] = live.Metadata.ResourceVersion;
            var patch = new V1Patch(content, V1Patch.PatchType.MergePatch);
            await calls.WriteAsync(client => client.CoreV1.PatchNamespacedSecretAsync(patch, name, Namespace, fieldManager: KubernetesConnection.FieldManager, cancellationToken: cancellationToken), cancellationToken).ConfigureAwait(false);
            return;
        }
        content["apiVersion"] = "v1";
        content["kind"] = "Secret";
        content["metadata"]!["name"] = name;
        var annotations = content["metadata"]!["annotations"]!.AsObject();
        foreach (var empty in annotations.Where(note => note.Value is null).Select(note => note.Key).ToList())
            annotations.Remove(empty);
        var body = KubernetesJson.Deserialize<V1Secret>(content.ToJsonString());
        await calls.WriteAsync(client => client.CoreV1.CreateNamespacedSecretAsync(body, Namespace, fieldManager: KubernetesConnection.FieldManager, cancellationToken: cancellationToken), cancellationToken).ConfigureAwait(false);
    }

    private async Task<StoreResult> DeleteAsync(string name, CancellationToken cancellationToken)
    {
        await calls.WriteAsync(client => client.CoreV1.DeleteNamespacedSecretAsync(name, Namespace, cancellationToken: cancellationToken), cancellationToken).ConfigureAwait(false);
        return new StoreResult.Saved(null);
    }
}
