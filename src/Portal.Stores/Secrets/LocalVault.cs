using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Logging;
using Portal.Model.Ports;
using Portal.Stores.Files;

namespace Portal.Stores.Secrets;

/// <summary>The vault of a portal without Azure Key Vault: encrypted values in the data folder.</summary>
internal sealed class LocalVault : ISecretStore, ISecretReader
{
    private const string Unreadable = "The value cannot be decrypted: the keys that it was encrypted with are not in the folder keys. Set the value again, or restore that folder from a backup.";

    private readonly DataFolder folder;
    private readonly KeyFiles keys;
    private readonly IDataProtector protector;
    private readonly TimeProvider time;
    private readonly ILogger<LocalVault> logger;
    private readonly SecretFolder<VaultDocument> vault;
    private readonly SecretFolder<SyncedDocument> synced;

    public LocalVault(
        DataFolder folder, FileWriter writer, KeyFiles keys, IDataProtectionProvider protection, TimeProvider time, ILogger<LocalVault> logger)
    {
        (this.folder, this.keys, this.time, this.logger) = (folder, keys, time, logger);
        protector = protection.CreateProtector("Portal.Vault");
        vault = new(folder.VaultSecrets, folder, writer, time, logger);
        synced = new(folder.SyncedSecrets, folder, writer, time, logger);
    }

    public event Action? Changed;

    public Task<IReadOnlyList<VaultSecret>> ListVaultAsync(CancellationToken cancellationToken = default)
        => Task.Run<IReadOnlyList<VaultSecret>>(() => [.. vault.List().Select(item => Open(item).Secret)], cancellationToken);

    public Task<IReadOnlyList<SyncedSecret>> ListSyncedAsync(CancellationToken cancellationToken = default)
        => Task.Run<IReadOnlyList<SyncedSecret>>(() => [.. synced.List().Select(Describe)], cancellationToken);

    public async Task<StoreResult> SetVaultAsync(
        string name, SecretValue value, DateTimeOffset? activationDate, DateTimeOffset? expirationDate, CancellationToken cancellationToken = default)
    {
        if (SecretRules.CheckVault(name, value, activationDate, expirationDate) is { Count: > 0 } findings)
            return new StoreResult.Invalid(findings);
        return await ChangeAsync(vault.Path, async () =>
        {
            var encrypted = ProtectorOf(name).Protect(value.Reveal());
            if (keys.StoreAgain() is { } fault)
                return FileFaults.ToResult(fault, folder.Keys);
            await vault.WriteAsync(name, new VaultDocument(name, time.GetUtcNow(), encrypted, activationDate, expirationDate)).ConfigureAwait(false);
            return new StoreResult.Saved(null);
        }, cancellationToken).ConfigureAwait(false);
    }

    public async Task<StoreResult> DeleteVaultAsync(string name, CancellationToken cancellationToken = default)
    {
        if (!SecretRules.IsVaultName(name))
            return new StoreResult.Conflict(null);
        return await ChangeAsync(vault.Path, () =>
        {
            if (vault.Find(name) is null)
                return Task.FromResult<StoreResult>(new StoreResult.Conflict(null));
            var users = synced.List().Where(item => item.Document is { } document && document.Entries.Values.Contains(name, StringComparer.OrdinalIgnoreCase)).ToList();
            if (users.Count > 0)
            {
                return Task.FromResult<StoreResult>(new StoreResult.Denied(
                    $"The secret '{name}' is used by the synced secret{(users.Count == 1 ? "" : "s")} {string.Join(", ", users.Select(item => $"'{item.Key}'"))}.",
                    "Let those refer to another secret or delete them first."));
            }
            vault.Delete(name);
            return Task.FromResult<StoreResult>(new StoreResult.Saved(null));
        }, cancellationToken).ConfigureAwait(false);
    }

    public Task<SyncedSecret?> FindSyncedAsync(string name, CancellationToken cancellationToken = default) => Task.Run(
        () => !Model.Validation.NameRules.IsKubernetesName(name) || synced.Find(name) is not { } item ? null
            : item.Problem is { } problem ? throw new SecretsUnavailableException(problem, "Restore the file from a backup, or delete the synced secret and add its references again.")
            : Describe(item),
        cancellationToken);

    public async Task<StoreResult> SaveSyncedAsync(SyncedSecret secret, CancellationToken cancellationToken = default)
        => await ChangeAsync(synced.Path, async () =>
        {
            if (SecretRules.CheckSynced(secret, reference => SecretRules.IsVaultName(reference) && vault.Find(reference) is not null) is { Count: > 0 } findings)
                return new StoreResult.Invalid(findings);
            await synced.WriteAsync(secret.Name, new SyncedDocument(secret.Name, new(secret.Entries.OrderBy(entry => entry.Key, StringComparer.Ordinal)))).ConfigureAwait(false);
            return new StoreResult.Saved(null);
        }, cancellationToken).ConfigureAwait(false);

    public async Task<StoreResult> DeleteSyncedAsync(string name, CancellationToken cancellationToken = default)
    {
        if (!Model.Validation.NameRules.IsKubernetesName(name))
            return new StoreResult.Conflict(null);
        return await ChangeAsync(synced.Path, () =>
        {
            if (synced.Find(name) is null)
                return Task.FromResult<StoreResult>(new StoreResult.Conflict(null));
            synced.Delete(name);
            return Task.FromResult<StoreResult>(new StoreResult.Saved(null));
        }, cancellationToken).ConfigureAwait(false);
    }

    public Task<IReadOnlyList<ResolvedEntry>?> ResolveAsync(string syncedSecret, CancellationToken cancellationToken = default)
        => Task.Run<IReadOnlyList<ResolvedEntry>?>(
            () => Model.Validation.NameRules.IsKubernetesName(syncedSecret) && synced.Find(syncedSecret) is { Document: { } document }
                ? [.. document.Entries.Select(Resolve).OfType<ResolvedEntry>()]
                : null,
            cancellationToken);

    private ResolvedEntry? Resolve(KeyValuePair<string, string> entry)
    {
        if (!SecretRules.IsVaultName(entry.Value) || vault.Find(entry.Value) is not { } item)
            return null;
        var (secret, value) = Open(item);
        return new ResolvedEntry(entry.Key, secret, value);
    }

    private (VaultSecret Secret, SecretValue? Value) Open(SecretFolder<VaultDocument>.Item item)
    {
        if (item.Document is not { } document)
            return (new VaultSecret(item.Key, item.Stamp.Modified, null, null) { Problem = item.Problem }, null);
        var secret = new VaultSecret(document.Name, document.Updated, document.ActivationDate, document.ExpirationDate);
        try
        {
            return (secret, new SecretValue(ProtectorOf(item.Key).Unprotect(document.Protected)));
        }
        catch (CryptographicException)
        {
            // The exception says nothing that helps; the problem goes to the page and to the test of a connection.
            return (secret with { Problem = Unreadable }, null);
        }
    }

    // The name is part of the encryption: a file that is renamed or swapped cannot pass for another secret.
    private IDataProtector ProtectorOf(string name) => protector.CreateProtector(name.ToLowerInvariant());

    private static SyncedSecret Describe(SecretFolder<SyncedDocument>.Item item) => item.Document is { } document
        ? new SyncedSecret(document.Name, document.Entries)
        : new SyncedSecret(item.Key, new Dictionary<string, string>()) { Problem = item.Problem };

    private async Task<StoreResult> ChangeAsync(string path, Func<Task<StoreResult>> change, CancellationToken cancellationToken)
    {
        StoreResult result;
        try
        {
            using (await folder.Lock.AcquireAsync(cancellationToken).ConfigureAwait(false))
                result = await change().ConfigureAwait(false);
        }
        catch (Exception exception) when (FileFaults.IsFault(exception))
        {
            return FileFaults.ToResult(exception, path);
        }
        if (result is StoreResult.Saved)
            logger.Raise(Changed);
        return result;
    }
}
