using Portal.Model.Ports;

namespace Portal.Tests.Fakes;

/// <summary>A vault in memory. The test may look at values, pages may not.</summary>
public sealed class FakeSecretStore(TimeProvider clock) : ISecretStore
{
    private readonly Dictionary<string, VaultSecret> _vault = [];
    private readonly Dictionary<string, SyncedSecret> _synced = [];

    public Dictionary<string, string> Values { get; } = [];

    public StoreResult? NextAnswer { get; set; }

    public event Action? Changed;

    public Task<IReadOnlyList<VaultSecret>> ListVaultAsync(CancellationToken cancellationToken = default) => Task.FromResult<IReadOnlyList<VaultSecret>>([.. _vault.Values]);

    public Task<StoreResult> SetVaultAsync(string name, SecretValue value, DateTimeOffset? activationDate, DateTimeOffset? expirationDate, CancellationToken cancellationToken = default)
    {
        if (NextAnswer is { } answer)
        {
            NextAnswer = null;
            return Task.FromResult(answer);
        }
        _vault[name] = new VaultSecret(name, clock.GetUtcNow(), activationDate, expirationDate);
        Values[name] = value.Reveal();
        return Done();
    }

    public Task<StoreResult> DeleteVaultAsync(string name, CancellationToken cancellationToken = default)
    {
        _vault.Remove(name);
        return Done();
    }

    public Task<IReadOnlyList<SyncedSecret>> ListSyncedAsync(CancellationToken cancellationToken = default) => Task.FromResult<IReadOnlyList<SyncedSecret>>([.. _synced.Values]);

    public Task<SyncedSecret?> FindSyncedAsync(string name, CancellationToken cancellationToken = default) => Task.FromResult(_synced.GetValueOrDefault(name));

    public Task<StoreResult> SaveSyncedAsync(SyncedSecret secret, CancellationToken cancellationToken = default)
    {
        _synced[secret.Name] = secret;
        return Done();
    }

    public Task<StoreResult> DeleteSyncedAsync(string name, CancellationToken cancellationToken = default)
    {
        _synced.Remove(name);
        return Done();
    }

    private Task<StoreResult> Done()
    {
        Changed?.Invoke();
        return Task.FromResult<StoreResult>(new StoreResult.Saved(null));
    }
}
