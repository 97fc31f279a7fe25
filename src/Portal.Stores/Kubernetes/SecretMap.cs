using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using k8s.Models;
using Portal.Model.Ports;

namespace Portal.Stores.Kubernetes;

/// <summary>
/// Secrets of the cluster as the portal sees them. A vault secret is a Secret of its own with one value; a synced secret is a
/// Secret with a key for each reference and a copy of the value, which is what the vendor's operator reads.
/// </summary>
internal static class SecretMap
{
    public const string ValueKey = "value";
    public const string VaultLabel = "portal/vault";

    private const string NameAnnotation = "portal/name";
    private const string UpdatedAnnotation = "portal/updated";
    private const string ActivationAnnotation = "portal/activation";
    private const string ExpirationAnnotation = "portal/expiration";
    private const string EntriesAnnotation = "portal/entries";

    public static bool IsVault(V1Secret secret) => secret.Metadata.Labels?.ContainsKey(VaultLabel) is true;

    /// <summary>Secrets that an endpoint can refer to; not those of accounts, registries and charts.</summary>
    public static bool IsSynced(V1Secret secret) => !IsVault(secret) && secret.Type is "Opaque" or "kubernetes.io/tls" or "kubernetes.io/basic-auth" && secret.Data is { Count: > 0 };

    /// <summary>Names in Key Vault do not differ by case; those of Kubernetes have none.</summary>
    public static string VaultObject(string name) => $"portal-vault-{name.ToLowerInvariant()}-v";

    public static VaultSecret ReadVault(V1Secret secret)
    {
        var notes = secret.Metadata.Annotations ?? new Dictionary<string, string>();
        return new VaultSecret(notes.TryGetValue(NameAnnotation, out var name) ? name : secret.Metadata.Name, Date(notes, UpdatedAnnotation) ?? new DateTimeOffset(secret.Metadata.CreationTimestamp ?? default, TimeSpan.Zero), Date(notes, ActivationAnnotation), Date(notes, ExpirationAnnotation));
    }

    public static JsonObject WriteVault(string name, SecretValue value, DateTimeOffset updated, DateTimeOffset? activation, DateTimeOffset? expiration) => new()
    {
        ["metadata"] = new JsonObject
        {
            ["labels"] = new JsonObject { [VaultLabel] = "true" },
            ["annotations"] = new JsonObject { [NameAnnotation] = name, [UpdatedAnnotation] = Text(updated), [ActivationAnnotation] = Text(activation), [ExpirationAnnotation] = Text(expiration) },
        },
        ["data"] = new JsonObject { [ValueKey] = Convert.ToBase64String(Encoding.UTF8.GetBytes(value.Reveal())) },
    };

    /// <summary>Keys alone. What is not from the portal's vault is named by its place, which no vault secret can be.</summary>
    public static SyncedSecret ReadSynced(V1Secret secret)
    {
        var entries = Entries(secret);
        return new SyncedSecret(secret.Metadata.Name, secret.Data.Keys.Order(StringComparer.Ordinal).ToDictionary(key => key, key => entries.GetValueOrDefault(key) ?? Place(secret.Metadata.Name, key), StringComparer.Ordinal));
    }

    public static string Place(string secret, string key) => $"{secret}/{key}";

    /// <summary>The references that the portal wrote down.</summary>
    public static IReadOnlyDictionary<string, string> Entries(V1Secret secret)
    {
        if (secret.Metadata.Annotations?.TryGetValue(EntriesAnnotation, out var text) is not true)
            return new Dictionary<string, string>();
        try
        {
            return JsonSerializer.Deserialize<Dictionary<string, string>>(text!) ?? [];
        }
        catch (JsonException)
        {
            // Somebody has edited it: the keys are there all the same.
            return new Dictionary<string, string>();
        }
    }

    public static JsonObject WriteSynced(IReadOnlyDictionary<string, string> entries, IReadOnlyDictionary<string, byte[]> values, IEnumerable<string> removed) => new()
    {
        ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { [EntriesAnnotation] = JsonSerializer.Serialize(entries) } },
        ["data"] = new JsonObject(removed.Select(key => KeyValuePair.Create(key, (JsonNode?)null)).Concat(values.Select(entry => KeyValuePair.Create(entry.Key, (JsonNode?)Convert.ToBase64String(entry.Value))))),
    };

    private static string? Text(DateTimeOffset? date) => date?.ToString("O", CultureInfo.InvariantCulture);

    private static DateTimeOffset? Date(IDictionary<string, string> notes, string name)
        => notes.TryGetValue(name, out var text) && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out var date) ? date : null;
}
