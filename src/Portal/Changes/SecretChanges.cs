using Portal.Model.Ports;
using Portal.Model.Validation;

namespace Portal.Changes;

/// <summary>Changes secrets and config maps for pages and API alike, and records that it happened, never what the values are.</summary>
public sealed class SecretChanges(ISecretStore secrets, IConfigMapStore configMaps, IActivityLog activity, TimeProvider clock)
{
    /// <summary>Name of the vault secret behind one entry of a synced secret: <c>{secret}-{key}</c>, in the characters that Key Vault takes.</summary>
    public static string VaultName(string syncedSecret, string key) =>
        new([.. $"{syncedSecret}-{key}".Select(c => char.IsAsciiLetterOrDigit(c) ? c : '-')]);

    /// <summary>Sets one secret of the vault.</summary>
    public async Task<StoreResult> SetVaultAsync(
        string name, SecretValue value, DateTimeOffset? activationDate, DateTimeOffset? expirationDate, CancellationToken cancellationToken = default)
    {
        if (activationDate >= expirationDate)
            return new StoreResult.Invalid([Finding.Error("dates", "expirationDate", "The secret would expire before it becomes active.", "Choose an expiration date after the activation date.")]);
        var result = await secrets.SetVaultAsync(name, value, activationDate, expirationDate, cancellationToken);
        if (result is StoreResult.Saved)
            await RecordAsync(ActivityAction.SecretSet, "Secret", name, $"Value of {name} set");
        return result;
    }

    /// <summary>
    /// Points a key of a synced secret at a secret of the vault; the synced secret is made when there is none. Nothing is changed
    /// where its other keys cannot be read: saving replaces them all.
    /// </summary>
    public async Task<StoreResult> AddReferenceAsync(string syncedSecret, string key, string vaultSecret, CancellationToken cancellationToken = default)
    {
        SyncedSecret? known;
        try
        {
            known = await secrets.FindSyncedAsync(syncedSecret, cancellationToken);
        }
        catch (SecretsUnavailableException unavailable)
        {
            return new StoreResult.Unavailable($"The reference is not added: what the synced secret '{syncedSecret}' holds so far cannot be read. {unavailable.Message}", unavailable.Fix);
        }
        var entries = new Dictionary<string, string>(known?.Entries ?? new Dictionary<string, string>()) { [key] = vaultSecret };
        return await SaveSyncedAsync(new SyncedSecret(syncedSecret, entries), cancellationToken);
    }

    public async Task<StoreResult> SaveSyncedAsync(SyncedSecret secret, CancellationToken cancellationToken = default)
    {
        var result = await secrets.SaveSyncedAsync(secret, cancellationToken);
        if (result is StoreResult.Saved)
            await RecordAsync(ActivityAction.SecretSet, "SyncedSecret", secret.Name, $"{secret.Name} refers to {string.Join(", ", secret.Entries.Select(entry => entry.Key))}");
        return result;
    }

    public async Task<StoreResult> DeleteVaultAsync(string name, CancellationToken cancellationToken = default)
    {
        var result = await secrets.DeleteVaultAsync(name, cancellationToken);
        if (result is StoreResult.Saved)
            await RecordAsync(ActivityAction.SecretDeleted, "Secret", name, $"{name} deleted from the vault");
        return result;
    }

    public async Task<StoreResult> DeleteSyncedAsync(string name, CancellationToken cancellationToken = default)
    {
        var result = await secrets.DeleteSyncedAsync(name, cancellationToken);
        if (result is StoreResult.Saved)
            await RecordAsync(ActivityAction.SecretDeleted, "SyncedSecret", name, $"{name} deleted");
        return result;
    }

    public async Task<StoreResult> SaveConfigMapAsync(ConfigMap configMap, CancellationToken cancellationToken = default)
    {
        var before = await configMaps.FindAsync(configMap.Name, cancellationToken);
        var result = await configMaps.SaveAsync(configMap, cancellationToken);
        if (result is StoreResult.Saved)
            await RecordAsync(ActivityAction.ConfigMapSet, "ConfigMap", configMap.Name, before is null ? $"{configMap.Name} created" : $"{configMap.Name} changed");
        return result;
    }

    public async Task<StoreResult> DeleteConfigMapAsync(string name, CancellationToken cancellationToken = default)
    {
        var result = await configMaps.DeleteAsync(name, cancellationToken);
        if (result is StoreResult.Saved)
            await RecordAsync(ActivityAction.ConfigMapDeleted, "ConfigMap", name, $"{name} deleted");
        return result;
    }

    // Nobody can call off the record of what is done.
    private Task RecordAsync(ActivityAction action, string kind, string name, string summary) =>
        activity.AppendAsync(new ActivityEntry(clock.GetUtcNow(), Actor.Operator, action, kind, name, summary), CancellationToken.None);
}
