using System.Globalization;
using Portal.Model.Endpoints;
using Portal.Model.Fields;
using Portal.Model.Ports;
using Portal.Model.Validation;

namespace Portal.Drafts;

/// <summary>What to say of secrets and config maps that an endpoint names. Advice only: they may come later, or from elsewhere.</summary>
public static class ReferenceAdvice
{
    /// <summary>What expires within this time is worth a word.</summary>
    private static readonly TimeSpan Soon = TimeSpan.FromDays(30);

    /// <summary>Path of a finding about an entry of the secret.</summary>
    public static string EntryPath(string key) => "entry." + key;

    public static IEnumerable<Finding> Of(DataflowEndpoint endpoint, References references, DateTimeOffset now)
    {
        if (endpoint.Settings is null)
            return [];
        return SecretAdvice(endpoint, references, now).Concat(ConfigMapAdvice(endpoint, references, now));
    }

    private static IEnumerable<Finding> SecretAdvice(DataflowEndpoint endpoint, References references, DateTimeOffset now)
    {
        var authentication = endpoint.Settings!.Authentication;
        if (authentication?.SecretReference is not { Length: > 0 } name || !NameRules.IsKubernetesName(name))
            yield break;
        var path = $"spec.{endpoint.Settings.Member}.authentication.{authentication.SettingsMember}.secretRef";
        if (references.FindSynced(name) is not { } secret)
        {
            yield return Finding.Warning("secret-unknown", path, $"There is no synced secret {name} here.", "Add references to its entries below, choose another secret, or create it where the endpoint is applied.");
            yield break;
        }
        if (secret.Problem is { } problem)
            yield return Finding.Warning("secret-unreadable", path, problem);
        var fields = SecretEntryField.For(authentication.Method);
        foreach (var finding in fields.Select(field => EntryAdvice(references.Entry(name, field), secret, now)).OfType<Finding>())
            yield return finding;
    }

    private static Finding? EntryAdvice(EntryState entry, SyncedSecret secret, DateTimeOffset now)
    {
        var path = EntryPath(entry.Field.Key);
        if (entry.Key is null)
            return entry.Field.IsRequired ? NoEntry(entry.Field, secret, path) : null;
        if (entry.Secret is not { } vault)
            return Finding.Warning("vault-secret-missing", path, $"The vault has no secret {entry.VaultName}, which {entry.Key} refers to.", "Add a reference to a secret of the vault.");
        if (vault.Problem is { } problem)
            return Finding.Warning("vault-secret-unreadable", path, problem, "Set the value again with Add reference.");
        if (vault.ActivationDate > now)
            return Finding.Warning("secret-not-active", path, $"{vault.Name} becomes active on {Day(vault.ActivationDate.Value)}.", "Connections fail until then.");
        return vault.ExpirationDate is { } end ? Expiry(path, vault.Name, end, now, "Set a new value with Add reference.") : null;
    }

    private static Finding NoEntry(SecretEntryField field, SyncedSecret secret, string path)
    {
        var keys = string.Join(" or ", field.AlsoRead.Prepend(field.Key));
        return secret.Entries.Count == 1 && secret.Entries.ContainsKey("token")
            ? Finding.Warning("secret-token-only", path, $"The secret {secret.Name} has the entry token alone; SASL needs username and password.", "Add reference to both entries, or choose another secret.")
            : Finding.Warning("secret-entry-missing", path, $"The secret {secret.Name} has no entry {keys}.", $"Add reference to the {(field.IsPem ? "PEM text" : "value")}, or choose another secret.");
    }

    private static IEnumerable<Finding> ConfigMapAdvice(DataflowEndpoint endpoint, References references, DateTimeOffset now)
    {
        var name = endpoint.Settings!.Tls.TrustedCaCertificateConfigMapRef;
        if (string.IsNullOrEmpty(name) || !NameRules.IsKubernetesName(name))
            yield break;
        var path = $"spec.{endpoint.Settings.Member}.tls.trustedCaCertificateConfigMapRef";
        if (references.HiddenConfigMaps is { } hidden)
            yield return Finding.Info("config-map-hidden", path, hidden.Message, references.AreConfigMapsElsewhere
                ? $"Whether {name} is there is seen in the cluster. To create it: {ConfigMap.KubectlCreate(name, endpoint.Namespace)}"
                : $"{hidden.Fix} Whether {name} is there is seen when the cluster can be read.");
        else if (references.FindConfigMap(name) is null)
            yield return Finding.Warning("config-map-unknown", path, $"There is no config map {name} here.", "Upload the CA certificate, choose another config map, or create it where the endpoint is applied.");
        foreach (var certificate in references.CertificatesOf(name))
            if (Expiry(path, certificate.Subject, certificate.NotAfter, now, "Upload the CA's new certificate.") is { } finding)
                yield return finding;
    }

    private static Finding? Expiry(string path, string name, DateTimeOffset end, DateTimeOffset now, string fix) =>
        end <= now ? Finding.Warning("expired", path, $"{name} expired on {Day(end)}.", fix)
        : end - now <= Soon ? Finding.Warning("expires-soon", path, $"{name} expires on {Day(end)}.", fix)
        : null;

    private static string Day(DateTimeOffset at) => at.ToString("d MMM yyyy", CultureInfo.InvariantCulture);
}
