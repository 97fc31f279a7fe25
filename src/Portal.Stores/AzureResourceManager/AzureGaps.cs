using Portal.Model.Ports;

namespace Portal.Stores.AzureResourceManager;

/// <summary>Azure Resource Manager keeps no config maps: those that endpoints name stand in the cluster alone.</summary>
internal sealed class AzureConfigMaps : IConfigMapStore
{
    private static readonly StoreResult.Denied Refused = new(
        "Config maps are kept in the cluster of the instance; this target cannot read or write them.", $"Name the cluster in Portal:Targets:N:Kubernetes beside Azure, or make them there: {ConfigMap.KubectlCreate("NAME")}");

    public StoreResult.Denied? Hidden => Refused;

    public bool IsElsewhere => true;

    public event Action? Changed { add { } remove { } }

    public Task<IReadOnlyList<ConfigMap>> ListAsync(CancellationToken cancellationToken = default) => Task.FromResult<IReadOnlyList<ConfigMap>>([]);

    public Task<ConfigMap?> FindAsync(string name, CancellationToken cancellationToken = default) => Task.FromResult<ConfigMap?>(null);

    public Task<StoreResult> SaveAsync(ConfigMap configMap, CancellationToken cancellationToken = default) => Task.FromResult<StoreResult>(Refused);

    public Task<StoreResult> DeleteAsync(string name, CancellationToken cancellationToken = default) => Task.FromResult<StoreResult>(Refused);
}

/// <summary>Secrets of an Azure target without a key vault: there are none, and none can be made.</summary>
internal sealed class AzureWithoutVault : ISecretStore
{
    internal static readonly StoreResult.Denied Refused = new(
        "No key vault is configured for this target.", "Name it in Portal:Targets:N:Azure:KeyVault and start the portal again.");

    public event Action? Changed { add { } remove { } }

    public Task<IReadOnlyList<VaultSecret>> ListVaultAsync(CancellationToken cancellationToken = default) => Task.FromResult<IReadOnlyList<VaultSecret>>([]);

    public Task<StoreResult> SetVaultAsync(string name, SecretValue value, DateTimeOffset? activationDate, DateTimeOffset? expirationDate, CancellationToken cancellationToken = default) => Task.FromResult<StoreResult>(Refused);

    public Task<StoreResult> DeleteVaultAsync(string name, CancellationToken cancellationToken = default) => Task.FromResult<StoreResult>(Refused);

    public Task<IReadOnlyList<SyncedSecret>> ListSyncedAsync(CancellationToken cancellationToken = default) => Task.FromResult<IReadOnlyList<SyncedSecret>>([]);

    public Task<SyncedSecret?> FindSyncedAsync(string name, CancellationToken cancellationToken = default) => throw new SecretsUnavailableException(Refused.Message, Refused.Fix);

    public Task<StoreResult> SaveSyncedAsync(SyncedSecret secret, CancellationToken cancellationToken = default) => Task.FromResult<StoreResult>(Refused);

    public Task<StoreResult> DeleteSyncedAsync(string name, CancellationToken cancellationToken = default) => Task.FromResult<StoreResult>(Refused);
}

/// <summary>Without a key vault there is nothing to resolve.</summary>
internal sealed class AzureWithoutValues : ISecretReader
{
    public Task<IReadOnlyList<ResolvedEntry>?> ResolveAsync(string syncedSecret, CancellationToken cancellationToken = default) =>
        throw new SecretsUnavailableException(AzureWithoutVault.Refused.Message, AzureWithoutVault.Refused.Fix);
}
