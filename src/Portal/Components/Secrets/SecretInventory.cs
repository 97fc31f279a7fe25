using Portal.Model;
using Portal.Model.Endpoints;
using Portal.Model.Fields;
using Portal.Model.Ports;

namespace Portal.Components.Secrets;

/// <summary>One entry of a synced secret.</summary>
/// <param name="Key">Key in the synced secret.</param>
/// <param name="VaultName">Name of the vault secret; null = the entry is missing.</param>
/// <param name="Vault">That secret; null = the vault does not have it.</param>
public sealed record EntryRow(string Key, string? VaultName, VaultSecret? Vault);

/// <summary>A synced secret, or one that endpoints name and nobody made.</summary>
public sealed record SyncedRow(string Name, SyncedSecret? Secret, IReadOnlyList<EntryRow> Entries, IReadOnlyList<string> Users)
{
    public bool IsIncomplete => Secret is null || Secret.Problem is not null || Entries.Any(entry => entry.Vault is null || entry.Vault.Problem is not null);
}

/// <summary>A secret of the vault with the entries that refer to it, as <c>synced secret/key</c>.</summary>
public sealed record VaultRow(VaultSecret Secret, IReadOnlyList<string> Entries, IReadOnlyList<string> Users);

/// <summary>A config map with its certificates, or one that endpoints name and nobody made.</summary>
public sealed record ConfigMapRow(string Name, ConfigMap? Map, IReadOnlyList<CertificateDetails> Certificates, IReadOnlyList<string> Users);

/// <summary>Something with an end that is near or over.</summary>
/// <param name="IsCertificate">A CA certificate, else a secret of the vault.</param>
/// <param name="Name">What ends.</param>
/// <param name="Holder">The config map or the synced secrets that hold it.</param>
/// <param name="At">When.</param>
/// <param name="Users">Endpoints that need it.</param>
public sealed record Ending(bool IsCertificate, string Name, string Holder, DateTimeOffset At, IReadOnlyList<string> Users);

/// <summary>Secrets, references and certificates with what uses them. Names and dates: no value is ever in it.</summary>
public sealed class SecretInventory
{
    private readonly Dictionary<string, DateTimeOffset> _secretEnds;
    private readonly Dictionary<string, DateTimeOffset> _configMapEnds;

    private SecretInventory(StoreListing listing, IReadOnlyList<VaultSecret> vault, IReadOnlyList<SyncedSecret> synced, IReadOnlyList<ConfigMap> configMaps)
    {
        var endpoints = listing.Of(ResourceKind.DataflowEndpoint).Select(stored => (DataflowEndpoint)stored.Value).Where(endpoint => endpoint.Settings is not null).ToList();
        var secretUsers = endpoints.Where(endpoint => endpoint.Settings!.Authentication?.SecretReference is { Length: > 0 })
            .ToLookup(endpoint => endpoint.Settings!.Authentication!.SecretReference!, StringComparer.Ordinal);
        var mapUsers = endpoints.Where(endpoint => endpoint.Settings!.Tls.TrustedCaCertificateConfigMapRef is { Length: > 0 })
            .ToLookup(endpoint => endpoint.Settings!.Tls.TrustedCaCertificateConfigMapRef!, StringComparer.Ordinal);
        var byName = vault.ToDictionary(secret => secret.Name, StringComparer.OrdinalIgnoreCase);
        var known = synced.ToDictionary(secret => secret.Name, StringComparer.Ordinal);
        var maps = configMaps.ToDictionary(map => map.Name, StringComparer.Ordinal);

        Synced = [.. known.Keys.Union(secretUsers.Select(group => group.Key)).Order(StringComparer.Ordinal).Select(name => SyncedOf(name, known.GetValueOrDefault(name), byName, secretUsers[name]))];
        ConfigMaps = [.. maps.Keys.Union(mapUsers.Select(group => group.Key)).Order(StringComparer.Ordinal).Select(name => MapOf(name, maps.GetValueOrDefault(name), mapUsers[name]))];
        var references = Synced.SelectMany(secret => secret.Entries.Where(entry => entry.VaultName is not null).Select(entry => (entry.VaultName, Secret: secret, entry.Key)))
            .ToLookup(reference => reference.VaultName!, StringComparer.OrdinalIgnoreCase);
        Vault =
        [
            .. vault.OrderBy(secret => secret.Name, StringComparer.Ordinal).Select(secret => new VaultRow(
                secret, [.. references[secret.Name].Select(reference => $"{reference.Secret.Name}/{reference.Key}")],
                [.. references[secret.Name].SelectMany(reference => reference.Secret.Users).Distinct().Order(StringComparer.Ordinal)])),
        ];
        _secretEnds = Ends(Synced.Select(row => (row.Name, row.Entries.Select(entry => entry.Vault?.ExpirationDate))));
        _configMapEnds = Ends(ConfigMaps.Select(row => (row.Name, row.Certificates.Select(certificate => (DateTimeOffset?)certificate.NotAfter))));
    }

    public IReadOnlyList<SyncedRow> Synced { get; }

    public IReadOnlyList<VaultRow> Vault { get; }

    public IReadOnlyList<ConfigMapRow> ConfigMaps { get; }

    /// <summary>Why nobody can tell which config maps there are; null = they are known.</summary>
    public StoreResult.Denied? HiddenConfigMaps { get; private init; }

    /// <summary>Whether they will never be known here.</summary>
    public bool AreConfigMapsElsewhere { get; private init; }

    public static async Task<SecretInventory> LoadAsync(StoreListing listing, ISecretStore secrets, IConfigMapStore configMaps, CancellationToken cancellationToken = default) => new(
        listing, await secrets.ListVaultAsync(cancellationToken), await secrets.ListSyncedAsync(cancellationToken), await configMaps.ListAsync(cancellationToken))
    {
        HiddenConfigMaps = configMaps.Hidden,
        AreConfigMapsElsewhere = configMaps.IsElsewhere,
    };

    /// <summary>When the first of the credentials and CAs ends that an endpoint names; null = none has an end.</summary>
    public DateTimeOffset? EarliestEnd(string? syncedSecret, string? configMap)
    {
        DateTimeOffset? secret = syncedSecret is not null && _secretEnds.TryGetValue(syncedSecret, out var end) ? end : null;
        DateTimeOffset? map = configMap is not null && _configMapEnds.TryGetValue(configMap, out var last) ? last : null;
        return secret is null ? map : map is null || secret < map ? secret : map;
    }

    /// <summary>What ended or ends before a moment, the first to end first.</summary>
    public IReadOnlyList<Ending> EndingBefore(DateTimeOffset moment) =>
    [
        .. Vault.Where(row => row.Secret.ExpirationDate < moment)
            .Select(row => new Ending(false, row.Secret.Name, string.Join(", ", row.Entries), row.Secret.ExpirationDate!.Value, row.Users))
            .Concat(ConfigMaps.SelectMany(row => row.Certificates.Where(certificate => certificate.NotAfter < moment)
                .Select(certificate => new Ending(true, certificate.CommonName, row.Name, certificate.NotAfter, row.Users))))
            .OrderBy(ending => ending.At),
    ];

    private static SyncedRow SyncedOf(string name, SyncedSecret? secret, Dictionary<string, VaultSecret> vault, IEnumerable<DataflowEndpoint> users)
    {
        var endpoints = users.ToList();
        var entries = (secret?.Entries ?? new Dictionary<string, string>())
            .Select(entry => new EntryRow(entry.Key, entry.Value, vault.GetValueOrDefault(entry.Value))).ToList();
        var missing = endpoints.SelectMany(endpoint => SecretEntryField.For(endpoint.Settings!.Authentication!.Method)).Where(field => field.IsRequired)
            .Where(field => !entries.Exists(entry => field.Matches(entry.Key))).Select(field => field.Key).Distinct();
        entries.AddRange([.. missing.Select(key => new EntryRow(key, null, null))]);
        return new SyncedRow(name, secret, [.. entries.OrderBy(entry => entry.Key, StringComparer.Ordinal)], [.. endpoints.Select(endpoint => endpoint.Name).Order(StringComparer.Ordinal)]);
    }

    private static ConfigMapRow MapOf(string name, ConfigMap? map, IEnumerable<DataflowEndpoint> users) => new(
        name, map,
        map is null ? [] : [.. map.Data.OrderBy(file => file.Key, StringComparer.Ordinal).SelectMany(file => CertificateDetails.Read(file.Key, file.Value))],
        [.. users.Select(endpoint => endpoint.Name).Order(StringComparer.Ordinal)]);

    private static Dictionary<string, DateTimeOffset> Ends(IEnumerable<(string Name, IEnumerable<DateTimeOffset?> Ends)> rows) =>
        rows.Select(row => (row.Name, End: row.Ends.Min())).Where(row => row.End is not null).ToDictionary(row => row.Name, row => row.End!.Value, StringComparer.Ordinal);
}
