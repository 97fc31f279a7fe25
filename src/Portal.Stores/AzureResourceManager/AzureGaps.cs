using Portal.Model.Ports;

namespace Portal.Stores.AzureResourceManager;

/// <summary>Azure Resource Manager keeps no config maps: those that endpoints name stand in the cluster alone.</summary>
internal sealed class AzureConfigMaps : IConfigMapStore
{
    private static readonly StoreResult Refused = new StoreResult.Denied(
        "Azure keeps no config maps; the one that an endpoint names stands in the cluster of the instance.", "Create it there: kubectl -n azure-iot-operations create configmap NAME --from-file=ca.crt");

    public event Action? Changed { add { } remove { } }

    public Task<IReadOnlyList<ConfigMap>> ListAsync(CancellationToken cancellationToken = default) => Task.FromResult<IReadOnlyList<ConfigMap>>([]);

    public Task<ConfigMap?> FindAsync(string name, CancellationToken cancellationToken = default) => Task.FromResult<ConfigMap?>(null);

    public Task<StoreResult> SaveAsync(ConfigMap configMap, CancellationToken cancellationToken = default) => Task.FromResult(Refused);

    public Task<StoreResult> DeleteAsync(string name, CancellationToken cancellationToken = default) => Task.FromResult(Refused);
}

/// <summary>Secrets of an Azure target without a key vault: there are none, and none can be made.</summary>
internal sealed class AzureWithoutVault : ISecretStore
{
    private static readonly StoreResult Refused = new StoreResult.Denied(
        "No key vault is configured for this target.", "Name it in Portal:Targets:N:Azure:KeyVault and start the portal again.");

    public event Action? Changed { add { } remove { } }

    public Task<IReadOnlyList<VaultSecret>> ListVaultAsync(CancellationToken cancellationToken = default) => Task.FromResult<IReadOnlyList<VaultSecret>>([]);

    public Task<StoreResult> SetVaultAsync(string name, SecretValue value, DateTimeOffset? activationDate, DateTimeOffset? expirationDate, CancellationToken cancellationToken = default) => Task.FromResult(Refused);

    public Task<StoreResult> DeleteVaultAsync(string name, CancellationToken cancellationToken = default) => Task.FromResult(Refused);

    public Task<IReadOnlyList<SyncedSecret>> ListSyncedAsync(CancellationToken cancellationToken = default) => Task.FromResult<IReadOnlyList<SyncedSecret>>([]);

    public Task<StoreResult> SaveSyncedAsync(SyncedSecret secret, CancellationToken cancellationToken = default) => Task.FromResult(Refused);

    public Task<StoreResult> DeleteSyncedAsync(string name, CancellationToken cancellationToken = default) => Task.FromResult(Refused);
}

/// <summary>
/// Values of a key vault stay there: the cluster gets them by secret sync. A connection test from the portal says so instead of
/// signing in with nothing.
/// </summary>
internal sealed class AzureSecretValues(ISecretStore secrets) : ISecretReader
{
    private const string NotRead = "The portal does not read values of the key vault; the cluster of the instance gets them by secret sync. Test an endpoint with secrets from a portal in that cluster.";

    public async Task<IReadOnlyList<ResolvedEntry>?> ResolveAsync(string syncedSecret, CancellationToken cancellationToken = default)
    {
        var synced = (await secrets.ListSyncedAsync(cancellationToken).ConfigureAwait(false)).FirstOrDefault(secret => secret.Name == syncedSecret);
        if (synced is null)
            return null;
        var vault = (await secrets.ListVaultAsync(cancellationToken).ConfigureAwait(false)).ToDictionary(secret => secret.Name);
        return [.. synced.Entries.Where(entry => vault.ContainsKey(entry.Value)).Select(entry => new ResolvedEntry(entry.Key, vault[entry.Value] with { Problem = NotRead }, null))];
    }
}
