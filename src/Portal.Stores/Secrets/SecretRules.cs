using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Portal.Model.Ports;
using Portal.Model.Validation;

namespace Portal.Stores.Secrets;

/// <summary>What names, values and dates of secrets may be.</summary>
internal static partial class SecretRules
{
    /// <summary>Largest value, in bytes of UTF-8: the limit of Azure Key Vault, so that a secret can move there.</summary>
    public const int MostBytes = 25 * 1024;

    [GeneratedRegex(@"^[0-9A-Za-z-]{1,127}\z")]
    private static partial Regex VaultName();

    [GeneratedRegex(@"^[-._a-zA-Z0-9]{1,253}\z")]
    private static partial Regex EntryKey();

    public static bool IsVaultName(string name) => VaultName().IsMatch(name);

    public static IReadOnlyList<Finding> CheckVault(string name, SecretValue value, DateTimeOffset? activation, DateTimeOffset? expiration)
    {
        var findings = new List<Finding>();
        if (!IsVaultName(name))
            findings.Add(Finding.Error("secret-name", "name", $"'{name}' cannot be the name of a secret.", "Write 1 to 127 letters, digits and hyphens, for example line3-password."));
        var bytes = Encoding.UTF8.GetByteCount(value.Reveal());
        if (bytes == 0)
            findings.Add(Finding.Error("secret-empty", "value", "The value is empty.", "Write or upload the value."));
        if (bytes > MostBytes)
            findings.Add(Finding.Error("secret-too-large", "value", string.Create(CultureInfo.InvariantCulture, $"The value has {bytes} bytes; {MostBytes} are allowed, as in Azure Key Vault."), "Split a bundle of certificates, or leave out those that the broker has already."));
        if (activation is { } from && expiration is { } to && to <= from)
            findings.Add(Finding.Error("secret-dates", "expirationDate", "The secret would expire before it becomes active.", "Choose an expiration date after the activation date."));
        return findings;
    }

    public static IReadOnlyList<Finding> CheckSynced(SyncedSecret secret, Func<string, bool> isInVault)
    {
        var findings = new List<Finding>();
        if (!NameRules.IsKubernetesName(secret.Name))
            findings.Add(Finding.Error("synced-secret-name", "name", $"'{secret.Name}' cannot be the name of a synced secret.", "Write lower-case letters, digits, hyphens and dots, for example line3-credentials."));
        if (secret.Entries.Count == 0)
            findings.Add(Finding.Error("synced-secret-empty", "entries", "The synced secret has no entries.", "Add at least one reference, for example username and password."));
        foreach (var (key, reference) in secret.Entries)
        {
            if (!EntryKey().IsMatch(key) || key is "." or "..")
                findings.Add(Finding.Error("synced-secret-key", $"entries.{key}", $"'{key}' cannot be a key of a secret.", "Write letters, digits, '-', '_' and '.', for example client_cert.pem."));
            if (!isInVault(reference))
                findings.Add(Finding.Error("vault-secret-missing", $"entries.{key}", $"'{key}' refers to the secret '{reference}', which is not in the vault.", "Pick a secret of the vault or create one with Add reference."));
        }
        return findings;
    }
}
