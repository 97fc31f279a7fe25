using System.Collections.Immutable;
using Portal.Certificates;
using Portal.Model.Fields;
using Portal.Model.Ports;

namespace Portal.Drafts;

/// <summary>Secrets and config maps as they were at one moment: names, dates and certificates, no secret value.</summary>
public sealed class References
{
    private readonly Dictionary<string, VaultSecret> _vault;
    private readonly Dictionary<string, SyncedSecret> _synced;
    private readonly Dictionary<string, ConfigMap> _configMaps;

    public References(IReadOnlyList<VaultSecret> vault, IReadOnlyList<SyncedSecret> synced, IReadOnlyList<ConfigMap> configMaps)
    {
        Vault = vault;
        _vault = vault.ToDictionary(secret => secret.Name);
        _synced = synced.ToDictionary(secret => secret.Name);
        _configMaps = configMaps.ToDictionary(map => map.Name);
        SyncedNames = [.. _synced.Keys.Order(StringComparer.Ordinal)];
        ConfigMapNames = [.. _configMaps.Keys.Order(StringComparer.Ordinal)];
    }

    public static References None { get; } = new([], [], []);

    public IReadOnlyList<VaultSecret> Vault { get; }

    /// <summary>Why nobody can tell which config maps there are; null = they are known.</summary>
    public StoreResult.Denied? HiddenConfigMaps { get; init; }

    /// <summary>Whether they will never be known here; see <see cref="IConfigMapStore.IsElsewhere"/>.</summary>
    public bool AreConfigMapsElsewhere { get; init; }

    public ImmutableArray<string> SyncedNames { get; }

    public ImmutableArray<string> ConfigMapNames { get; }

    public static async Task<References> LoadAsync(ISecretStore secrets, IConfigMapStore configMaps, CancellationToken cancellationToken = default) =>
        new(await secrets.ListVaultAsync(cancellationToken), await secrets.ListSyncedAsync(cancellationToken), await configMaps.ListAsync(cancellationToken)) { HiddenConfigMaps = configMaps.Hidden, AreConfigMapsElsewhere = configMaps.IsElsewhere };

    public SyncedSecret? FindSynced(string? name) => name is null ? null : _synced.GetValueOrDefault(name);

    public ConfigMap? FindConfigMap(string? name) => name is null ? null : _configMaps.GetValueOrDefault(name);

    /// <summary>The state of one entry of a synced secret.</summary>
    public EntryState Entry(string? syncedSecret, SecretEntryField field)
    {
        var entries = FindSynced(syncedSecret)?.Entries;
        var key = entries?.Keys.FirstOrDefault(key => key == field.Key) ?? entries?.Keys.FirstOrDefault(field.Matches);
        var vaultName = key is null ? null : entries![key];
        return new EntryState(field, key, vaultName, vaultName is null ? null : _vault.GetValueOrDefault(vaultName));
    }

    /// <summary>The certificates of a config map, of all its files.</summary>
    public IReadOnlyList<CertificateFacts> CertificatesOf(string? configMap) =>
        FindConfigMap(configMap) is { } map ? [.. map.Data.OrderBy(file => file.Key, StringComparer.Ordinal).SelectMany(file => PemCertificates.Read(file.Value))] : [];
}

/// <summary>What is known of one entry of a synced secret.</summary>
/// <param name="Field">The entry.</param>
/// <param name="Key">Key under which it stands; null = no entry.</param>
/// <param name="VaultName">Name of the vault secret that it refers to.</param>
/// <param name="Secret">That secret; null = it is not in the vault.</param>
public sealed record EntryState(SecretEntryField Field, string? Key, string? VaultName, VaultSecret? Secret);
