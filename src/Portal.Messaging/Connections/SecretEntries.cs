using System.Collections.Immutable;
using System.Globalization;
using Portal.Model.Fields;
using Portal.Model.Ports;

namespace Portal.Messaging.Connections;

/// <summary>The entries of a synced secret that a method asks for, by the key that is written.</summary>
internal sealed class SecretEntries(IReadOnlyDictionary<string, ResolvedEntry> entries)
{
    private const string LoneTokenKey = "token";

    public string? Text(string key) => Value(key)?.Reveal();

    public SecretValue? Value(string key) => entries.GetValueOrDefault(key)?.Value;

    /// <summary>Picks the entries of a method and finds what is missing, empty, not active yet or expired.</summary>
    public static SecretEntries Check(
        string secret, IReadOnlyList<ResolvedEntry> found, ImmutableArray<SecretEntryField> fields, List<Problem> problems, DateTimeOffset now)
    {
        var picked = new Dictionary<string, ResolvedEntry>();
        if (found.Count == 1 && found[0].Key == LoneTokenKey && fields.Any(field => field.Key == "username"))
        {
            problems.Add(LoneToken(secret));
            return new SecretEntries(picked);
        }
        foreach (var field in fields)
        {
            // The key that is written wins over the others that are read.
            var entry = found.Where(entry => field.Matches(entry.Key)).MinBy(entry => entry.Key == field.Key ? 0 : 1);
            if (entry is null && field.IsRequired)
                problems.Add(Missing(secret, field, fields));
            if (entry is null)
                continue;
            picked[field.Key] = entry;
            if (CheckValue(secret, entry, field) is { } problem)
                problems.Add(problem);
            if (CheckDates(entry, now) is { } dated)
                problems.Add(dated);
        }
        return new SecretEntries(picked);
    }

    private static Problem LoneToken(string secret) => new(
        "secret-token-key", $"The secret '{secret}' holds only the key 'token', as an older page of the documentation shows; SASL needs the keys 'username' and 'password'.",
        "Store the user name under username and the password under password. For an Event Hubs connection string the user name is $ConnectionString.")
    { Summary = "The secret holds only the key 'token'" };

    private static Problem Missing(string secret, SecretEntryField field, ImmutableArray<SecretEntryField> fields) => new(
        "secret-entry-missing", $"The secret '{secret}' has no key '{field.Key}' ({field.Label}), or the vault secret behind it is gone.",
        $"Add the key {field.Key} to '{secret}'. It needs {string.Join(" and ", fields.Where(one => one.IsRequired).Select(one => one.Key))}.")
    { Summary = $"'{secret}' has no key '{field.Key}'" };

    private static Problem? CheckValue(string secret, ResolvedEntry entry, SecretEntryField field)
    {
        if (entry is { Value: null, Secret: { Problem: { } reason, Fix: { } fix } })
        {
            return new Problem("secret-not-readable", $"The value behind the key '{entry.Key}' of the secret '{secret}' cannot be read. {reason}", fix)
            { Summary = $"'{entry.Key}' cannot be read" };
        }
        if (entry.Value is null)
        {
            return new Problem(
                "secret-value-unusable", $"The value behind the key '{entry.Key}' of the secret '{secret}' cannot be used. {entry.Secret.Problem}", $"Store the value again: {field.Help}")
            { Summary = $"'{entry.Key}' cannot be used" };
        }
        var value = entry.Value.Reveal();
        if (string.IsNullOrWhiteSpace(value))
        {
            return new Problem(
                "secret-entry-empty", $"The key '{entry.Key}' of the secret '{secret}' is empty.", $"Store the value again: {field.Help}")
            { Summary = $"'{entry.Key}' is empty" };
        }
        return !field.IsPem && value.Trim().Length != value.Length
            ? Problem.Warning(
                "secret-entry-blank", $"The value of '{entry.Key}' in the secret '{secret}' begins or ends with a blank or a line break; the broker gets it as it is.",
                "Store the value again without it, for example with printf instead of echo.")
            : null;
    }

    private static Problem? CheckDates(ResolvedEntry entry, DateTimeOffset now)
    {
        var secret = entry.Secret;
        if (secret.ActivationDate > now)
        {
            return new Problem(
                "secret-not-active", $"The vault secret '{secret.Name}' (key '{entry.Key}') is active only from {Day(secret.ActivationDate.Value)}.",
                "Set an earlier activation date, or use another secret until then.")
            { Summary = $"'{secret.Name}' is not active yet" };
        }
        if (secret.ExpirationDate is not { } end)
            return null;
        if (end <= now)
        {
            return new Problem(
                "secret-expired", $"The vault secret '{secret.Name}' (key '{entry.Key}') expired on {Day(end)}.",
                "Store a new value with a later expiration date.")
            { Summary = $"'{secret.Name}' is expired" };
        }
        var left = ExpiryWarning.Left(end, now);
        return !ExpiryWarning.IsNear(end, now) ? null : Problem.Warning(
            "secret-expires-soon", $"The vault secret '{secret.Name}' (key '{entry.Key}') expires on {Day(end)}, in {left}.", "Store a new value before that day.") with
        { Summary = $"'{secret.Name}' expires in {left}" };
    }

    private static string Day(DateTimeOffset date) => date.UtcDateTime.ToString("d MMM yyyy", CultureInfo.InvariantCulture);
}
