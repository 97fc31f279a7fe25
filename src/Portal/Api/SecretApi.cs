using System.Text.Json;
using Portal.Changes;
using Portal.Model.Ports;

namespace Portal.Api;

/// <summary><c>/api/v1/secrets</c>: values go in; names and dates come out.</summary>
internal static class SecretApi
{
    public static void Map(RouteGroupBuilder api)
    {
        var secrets = api.MapGroup("/secrets").WithTags("Secrets");
        secrets.MapGet("", ListAsync).WithName("ListSecrets").WithSummary("Synced secrets and vault secrets: names and dates, never values.").Produces<object>();
        secrets.MapPut("/{name}", PutAsync).WithName("PutSecret").WithSummary("Writes a synced secret and the vault secrets behind its entries.")
            .WithBody("application/json").Produces<object>().ProducesProblem(400);
        secrets.MapDelete("/{name}", DeleteAsync).WithName("DeleteSecret").WithSummary("Deletes a synced secret and the vault secrets that only it used.").Produces(204).ProducesProblem(404);
    }

    private static async Task<IResult> ListAsync(ISecretStore secrets, CancellationToken cancellation)
    {
        var vault = await secrets.ListVaultAsync(cancellation);
        var synced = await secrets.ListSyncedAsync(cancellation);
        return Results.Json(new { items = synced.Select(secret => Shown(secret, vault)), vault = vault.Select(Shown) });
    }

    private static async Task<IResult> PutAsync(string name, HttpContext context, ISecretStore secrets, SecretChanges changes)
    {
        var (body, problem) = await ReadAsync(context.Request, context.RequestAborted);
        if (body is null)
            return problem!;
        foreach (var (key, value) in body.Entries!)
        {
            var set = await changes.SetVaultAsync(SecretChanges.VaultName(name, key), new SecretValue(value), body.ActivationDate, body.ExpirationDate, context.RequestAborted);
            if (set is not StoreResult.Saved)
                return ApiProblem.From(set);
        }
        var entries = body.Entries.Keys.ToDictionary(key => key, key => SecretChanges.VaultName(name, key));
        var saved = await changes.SaveSyncedAsync(new SyncedSecret(name, entries), context.RequestAborted);
        if (saved is not StoreResult.Saved)
            return ApiProblem.From(saved);
        return Results.Json(Shown(new SyncedSecret(name, entries), await secrets.ListVaultAsync(context.RequestAborted)));
    }

    private static async Task<IResult> DeleteAsync(string name, ISecretStore secrets, SecretChanges changes, CancellationToken cancellation)
    {
        var synced = await secrets.ListSyncedAsync(cancellation);
        if (synced.FirstOrDefault(secret => secret.Name == name) is not { } target)
            return ApiProblem.NotFound("secret", name);
        var deleted = await changes.DeleteSyncedAsync(name, cancellation);
        if (deleted is not StoreResult.Saved)
            return ApiProblem.From(deleted);
        var stillUsed = synced.Where(secret => secret.Name != name).SelectMany(secret => secret.Entries.Values).ToHashSet();
        foreach (var (key, vaultSecret) in target.Entries)
            if (vaultSecret == SecretChanges.VaultName(name, key) && !stillUsed.Contains(vaultSecret)
                && await changes.DeleteVaultAsync(vaultSecret, cancellation) is var result and not (StoreResult.Saved or StoreResult.Conflict))
                return ApiProblem.From(result);
        return Results.NoContent();
    }

    private static async Task<(SecretBody? Body, IResult? Problem)> ReadAsync(HttpRequest request, CancellationToken cancellation)
    {
        const string shape = "Send { \"entries\": { \"username\": \"...\", \"password\": \"...\" }, \"activationDate\": null, \"expirationDate\": null }.";
        SecretBody? body;
        try
        {
            var text = await DocumentBody.TextAsync(request, cancellation);
            body = text is null ? null : JsonSerializer.Deserialize<SecretBody>(text, JsonSerializerOptions.Web);
        }
        catch (JsonException)
        {
            // The text of the failure may quote the body, which holds values.
            return (null, ApiProblem.Invalid("", "json", "The body is not the JSON of a secret.", shape));
        }
        if (body?.Entries is not { Count: > 0 })
            return (null, ApiProblem.Invalid("entries", "required", "The secret has no entries.", shape));
        foreach (var (key, value) in body.Entries)
        {
            if (key.Length is 0 or > 253 || !key.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.'))
                return (null, ApiProblem.Invalid("entries", "key", $"'{key}' cannot be a key of a secret.", "Use letters, digits, hyphen, underscore and dot, for example password."));
            if (string.IsNullOrEmpty(value))
                return (null, ApiProblem.Invalid("entries." + key, "required", $"The value of {key} is empty.", "Send the value as a text."));
        }
        var clash = body.Entries.Keys.GroupBy(key => SecretChanges.VaultName("", key)).FirstOrDefault(group => group.Count() > 1);
        return clash is null ? (body, null)
            : (null, ApiProblem.Invalid("entries", "key", $"The keys {string.Join(" and ", clash)} give the same name in the vault.", "Use keys that differ in letters or digits."));
    }

    private static object Shown(SyncedSecret secret, IReadOnlyList<VaultSecret> vault)
    {
        var behind = secret.Entries.ToDictionary(entry => entry.Key, entry => vault.FirstOrDefault(known => known.Name == entry.Value));
        return new
        {
            name = secret.Name,
            entries = secret.Entries.Select(entry => new
            {
                key = entry.Key,
                secret = entry.Value,
                exists = behind[entry.Key] is not null,
                updated = behind[entry.Key]?.Updated,
                activationDate = behind[entry.Key]?.ActivationDate,
                expirationDate = behind[entry.Key]?.ExpirationDate,
            }).ToList(),
            activationDate = behind.Values.Max(known => known?.ActivationDate),
            expirationDate = behind.Values.Min(known => known?.ExpirationDate),
        };
    }

    private static object Shown(VaultSecret secret) => new { name = secret.Name, updated = secret.Updated, activationDate = secret.ActivationDate, expirationDate = secret.ExpirationDate };
}

/// <summary>A secret to write.</summary>
/// <param name="Entries">Key to value.</param>
/// <param name="ActivationDate">When the values become active; null = at once.</param>
/// <param name="ExpirationDate">When they expire; null = never.</param>
internal sealed record SecretBody(Dictionary<string, string>? Entries, DateTimeOffset? ActivationDate, DateTimeOffset? ExpirationDate);
