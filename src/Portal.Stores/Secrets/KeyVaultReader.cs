using Azure.Security.KeyVault.Secrets;
using Portal.Model.Ports;
using Portal.Stores.AzureResourceManager;

namespace Portal.Stores.Secrets;

/// <summary>
/// Values of synced secrets for connection tests, read from the key vault where the portal has that right. A value that may not be
/// read says which right is missing.
/// </summary>
internal sealed class KeyVaultReader(SecretClient vault, ArmSyncedSecrets synced) : ISecretReader
{
    private string VaultName => vault.VaultUri.Host.Split('.')[0];

    public async Task<IReadOnlyList<ResolvedEntry>?> ResolveAsync(string syncedSecret, CancellationToken cancellationToken = default)
    {
        SyncedSecret? secret;
        try
        {
            secret = (await synced.ListAsync(cancellationToken).ConfigureAwait(false)).FirstOrDefault(one => one.Name == syncedSecret);
        }
        catch (ArmException e)
        {
            throw ArmConditions.SyncedUnavailable(e.Error);
        }
        if (secret is null)
            return null;
        var entries = await Task.WhenAll(secret.Entries.Select(entry => ReadAsync(entry.Key, entry.Value, cancellationToken))).ConfigureAwait(false);
        return [.. entries.OfType<ResolvedEntry>()];
    }

    private async Task<ResolvedEntry?> ReadAsync(string key, string name, CancellationToken cancellationToken)
    {
        try
        {
            var secret = (await KeyVaultCalls.AskAsync(() => vault.GetSecretAsync(name, cancellationToken: cancellationToken), cancellationToken).ConfigureAwait(false)).Value;
            var facts = secret.Properties;
            return new ResolvedEntry(key, new VaultSecret(name, facts.UpdatedOn ?? facts.CreatedOn ?? default, facts.NotBefore, facts.ExpiresOn), new SecretValue(secret.Value));
        }
        catch (ArmException e) when (e.Error is { Status: 404, Code: "SecretNotFound" })
        {
            return null;
        }
        catch (ArmException e)
        {
            var (message, fix) = KeyVaultErrors.OfReading(e.Error, VaultName);
            return new ResolvedEntry(key, new VaultSecret(name, default, null, null) { Problem = message, Fix = fix }, null);
        }
    }
}
