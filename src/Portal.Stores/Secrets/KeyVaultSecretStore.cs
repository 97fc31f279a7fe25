using Azure;
using Azure.Security.KeyVault.Secrets;
using Microsoft.Extensions.Logging;
using Portal.Model.Ports;
using Portal.Model.Validation;
using Portal.Stores.AzureResourceManager;

namespace Portal.Stores.Secrets;

/// <summary>Secrets in Azure Key Vault, and synced secrets as resources of Azure. Values go in and are not read here.</summary>
internal sealed class KeyVaultSecretStore(SecretClient vault, ArmSyncedSecrets synced, Action<TargetState?> note, Action<TargetState?> noteSynced, TimeProvider time, ILogger logger) : ISecretStore
{
    private const int MostTries = 3;

    // Marks a version, so that it is known whether one whose answer was lost was made.
    private const string ChangeTag = "portal-change";

    private string VaultName => vault.VaultUri.Host.Split('.')[0];

    public event Action? Changed;

    public async Task<IReadOnlyList<VaultSecret>> ListVaultAsync(CancellationToken cancellationToken = default)
    {
        try
        {
            var secrets = await ListAsync(cancellationToken).ConfigureAwait(false);
            note(null);
            return secrets;
        }
        catch (ArmException e)
        {
            // An empty list alone would look like an empty vault: the state of the target says why.
            logger.AzureNotRead("The key vault " + VaultName, e.Message);
            note(KeyVaultErrors.ToState(e.Error, VaultName));
            return [];
        }
    }

    public async Task<StoreResult> SetVaultAsync(
        string name, SecretValue value, DateTimeOffset? activationDate, DateTimeOffset? expirationDate, CancellationToken cancellationToken = default)
    {
        if (SecretRules.CheckVault(name, value, activationDate, expirationDate) is { Count: > 0 } findings)
            return new StoreResult.Invalid(findings);
        return await ChangeAsync(() => SetAsync(name, value, activationDate, expirationDate, cancellationToken)).ConfigureAwait(false);
    }

    public async Task<StoreResult> DeleteVaultAsync(string name, CancellationToken cancellationToken = default)
    {
        if (!SecretRules.IsVaultName(name))
            return new StoreResult.Conflict(null);
        return await ChangeAsync(async () =>
        {
            var users = (await synced.ListAsync(cancellationToken).ConfigureAwait(false)).Where(one => one.Entries.Values.Contains(name, StringComparer.OrdinalIgnoreCase)).ToList();
            return users.Count == 0 ? await DeleteAsync(name, cancellationToken).ConfigureAwait(false) : new StoreResult.Denied(
                $"The secret '{name}' is used by the synced secret{(users.Count == 1 ? "" : "s")} {string.Join(", ", users.Select(one => $"'{one.Name}'"))}.",
                "Let those refer to another secret or delete them first.");
        }).ConfigureAwait(false);
    }

    public async Task<IReadOnlyList<SyncedSecret>> ListSyncedAsync(CancellationToken cancellationToken = default)
    {
        try
        {
            var secrets = await synced.ListAsync(cancellationToken).ConfigureAwait(false);
            noteSynced(null);
            return secrets;
        }
        catch (ArmException e)
        {
            logger.AzureNotRead("The list of synced secrets", e.Message);
            noteSynced(ArmConditions.OfSynced(e.Error));
            return [];
        }
    }

    public async Task<SyncedSecret?> FindSyncedAsync(string name, CancellationToken cancellationToken = default)
    {
        if (!NameRules.IsKubernetesName(name))
            return null;
        try
        {
            return await synced.FindAsync(name, cancellationToken).ConfigureAwait(false);
        }
        catch (ArmException e)
        {
            logger.AzureNotRead($"The synced secret '{name}'", e.Message);
            throw ArmConditions.SyncedUnavailable(e.Error);
        }
    }

    public async Task<StoreResult> SaveSyncedAsync(SyncedSecret secret, CancellationToken cancellationToken = default) => await ChangeAsync(async () =>
    {
        var names = (await ListAsync(cancellationToken).ConfigureAwait(false)).Select(one => one.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return SecretRules.CheckSynced(secret, names.Contains) is { Count: > 0 } findings
            ? new StoreResult.Invalid(findings)
            : await synced.SaveAsync(secret, cancellationToken).ConfigureAwait(false);
    }).ConfigureAwait(false);

    public async Task<StoreResult> DeleteSyncedAsync(string name, CancellationToken cancellationToken = default) =>
        NameRules.IsKubernetesName(name) ? await ChangeAsync(() => synced.DeleteAsync(name, cancellationToken)).ConfigureAwait(false) : new StoreResult.Conflict(null);

    private Task<IReadOnlyList<VaultSecret>> ListAsync(CancellationToken cancellationToken) => KeyVaultCalls.AskAsync<IReadOnlyList<VaultSecret>>(async () =>
    {
        var secrets = new List<VaultSecret>();
        // Managed ones belong to certificates, which are not for references.
        await foreach (var one in vault.GetPropertiesOfSecretsAsync(cancellationToken).ConfigureAwait(false))
        {
            if (!one.Managed)
                secrets.Add(new VaultSecret(one.Name, one.UpdatedOn ?? one.CreatedOn ?? default, one.NotBefore, one.ExpiresOn) { Problem = one.Enabled is false ? "It is disabled in the key vault; enable it there." : null });
        }
        return secrets;
    }, cancellationToken);

    private async Task<StoreResult> SetAsync(string name, SecretValue value, DateTimeOffset? activation, DateTimeOffset? expiration, CancellationToken cancellationToken)
    {
        var change = Guid.NewGuid().ToString("N");
        var secret = new KeyVaultSecret(name, value.Reveal()) { Properties = { NotBefore = activation, ExpiresOn = expiration, Tags = { [ChangeTag] = change } } };
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await KeyVaultCalls.AskAsync(() => vault.SetSecretAsync(secret, cancellationToken), cancellationToken).ConfigureAwait(false);
                return new StoreResult.Saved(null);
            }
            catch (ArmException e) when (e.Error.IsUncertain && attempt < MostTries)
            {
                await Task.Delay(ArmOperations.UsualWait, time, cancellationToken).ConfigureAwait(false);
                if (await HasVersionAsync(name, change, cancellationToken).ConfigureAwait(false))
                    return new StoreResult.Saved(null);
            }
        }
    }

    private Task<bool> HasVersionAsync(string name, string change, CancellationToken cancellationToken) => KeyVaultCalls.AskAsync(async () =>
    {
        try
        {
            return await HasTagAsync(name, change, cancellationToken).ConfigureAwait(false);
        }
        catch (RequestFailedException e) when (e.Status == 404)
        {
            return false;
        }
    }, cancellationToken);

    private async Task<bool> HasTagAsync(string name, string change, CancellationToken cancellationToken)
    {
        await foreach (var version in vault.GetPropertiesOfSecretVersionsAsync(name, cancellationToken).ConfigureAwait(false))
            if (version.Tags.TryGetValue(ChangeTag, out var made) && made == change)
                return true;
        return false;
    }

    private async Task<StoreResult> DeleteAsync(string name, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await KeyVaultCalls.AskAsync(() => vault.StartDeleteSecretAsync(name, cancellationToken), cancellationToken).ConfigureAwait(false);
                return new StoreResult.Saved(null);
            }
            catch (ArmException e) when (e.Error.Status == 404)
            {
                return attempt == 1 ? new StoreResult.Conflict(null) : new StoreResult.Saved(null);
            }
            catch (ArmException e) when (e.Error.IsUncertain && attempt < MostTries)
            {
                await Task.Delay(ArmOperations.UsualWait, time, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private async Task<StoreResult> ChangeAsync(Func<Task<StoreResult>> change)
    {
        try
        {
            var result = await change().ConfigureAwait(false);
            if (result is StoreResult.Saved)
                logger.Raise(Changed);
            return result;
        }
        catch (ArmException e)
        {
            logger.AzureRefused(VaultName, e.Error.Code, e.Message);
            return KeyVaultErrors.ToResult(e.Error, VaultName);
        }
    }
}
