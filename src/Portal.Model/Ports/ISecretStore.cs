namespace Portal.Model.Ports;

/// <summary>A secret value on its way into a vault or to a connection. Its text form never shows the value.</summary>
public sealed class SecretValue(string value)
{
    /// <summary>The value itself. Never written to a page, log, error or export.</summary>
    public string Reveal() => value;

    public override string ToString() => "(secret)";
}

/// <summary>A secret of the vault: what may be shown of it.</summary>
/// <param name="Name">Name, 1 to 127 of letters, digits and hyphen (Key Vault).</param>
/// <param name="Updated">When the value was last set.</param>
/// <param name="ActivationDate">When it becomes active; null = at once.</param>
/// <param name="ExpirationDate">When it expires; null = never.</param>
public sealed record VaultSecret(string Name, DateTimeOffset Updated, DateTimeOffset? ActivationDate, DateTimeOffset? ExpirationDate)
{
    /// <summary>Why the value cannot be used and what to do, for example that it was encrypted with keys that are lost; null = it can.</summary>
    public string? Problem { get; init; }

    /// <summary>What to do about <see cref="Problem"/>; null = set the value again.</summary>
    public string? Fix { get; init; }
}

/// <summary>A synced secret: keys of a Kubernetes secret, each a reference to a secret of the vault.</summary>
public sealed record SyncedSecret(string Name, IReadOnlyDictionary<string, string> Entries)
{
    /// <summary>Why it cannot be read and what to do; null = it can.</summary>
    public string? Problem { get; init; }
}

/// <summary>One entry of a synced secret with its value, for a connection.</summary>
/// <param name="Key">Key in the synced secret.</param>
/// <param name="Secret">The secret of the vault.</param>
/// <param name="Value">The value; null when <see cref="VaultSecret.Problem"/> says why there is none.</param>
public sealed record ResolvedEntry(string Key, VaultSecret Secret, SecretValue? Value);

/// <summary>The vault and the synced secrets. Values go in and never come out here.</summary>
public interface ISecretStore
{
    Task<IReadOnlyList<VaultSecret>> ListVaultAsync(CancellationToken cancellationToken = default);

    /// <summary>Creates a vault secret or sets a new value.</summary>
    Task<StoreResult> SetVaultAsync(string name, SecretValue value, DateTimeOffset? activationDate, DateTimeOffset? expirationDate, CancellationToken cancellationToken = default);

    /// <summary>Removes a vault secret; refused while a synced secret refers to it.</summary>
    Task<StoreResult> DeleteVaultAsync(string name, CancellationToken cancellationToken = default);

    Task<IReadOnlyList<SyncedSecret>> ListSyncedAsync(CancellationToken cancellationToken = default);

    /// <summary>One synced secret as it is stored, for a change that keeps its other entries; null when there is none of that name.</summary>
    /// <exception cref="SecretsUnavailableException">Nobody can tell what is stored.</exception>
    Task<SyncedSecret?> FindSyncedAsync(string name, CancellationToken cancellationToken = default);

    /// <summary>Creates or replaces a synced secret. Every entry must name a secret of the vault.</summary>
    Task<StoreResult> SaveSyncedAsync(SyncedSecret secret, CancellationToken cancellationToken = default);

    Task<StoreResult> DeleteSyncedAsync(string name, CancellationToken cancellationToken = default);

    /// <summary>Raised after every change.</summary>
    event Action? Changed;
}

/// <summary>Reads secret values for connections. Never given to a page or an API handler.</summary>
public interface ISecretReader
{
    /// <summary>The entries of a synced secret; null when there is none of that name. An entry whose vault secret is missing is left out.</summary>
    /// <exception cref="SecretsUnavailableException">Nobody can tell whether there is one.</exception>
    Task<IReadOnlyList<ResolvedEntry>?> ResolveAsync(string syncedSecret, CancellationToken cancellationToken = default);
}

/// <summary>Synced secrets cannot be read.</summary>
/// <param name="message">Why not.</param>
/// <param name="fix">What to do.</param>
public sealed class SecretsUnavailableException(string message, string fix) : Exception(message)
{
    public string Fix => fix;
}
