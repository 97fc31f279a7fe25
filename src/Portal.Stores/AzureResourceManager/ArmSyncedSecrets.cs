using System.Text.Json.Nodes;
using Portal.Model.Ports;

namespace Portal.Stores.AzureResourceManager;

/// <summary>
/// Synced secrets of an instance: SecretSync resources, which the cluster makes Kubernetes secrets of, and the
/// SecretProviderClass that lists the secrets of the vault that they may use.
/// </summary>
internal sealed class ArmSyncedSecrets(
    ArmConnection arm, ArmOperations operations, ArmInstance instance, AzureTargetOptions options, Func<CancellationToken, Task<ArmInstanceFacts>> facts, TimeProvider time)
{
    private const string Version = "2024-08-21-preview";
    private const string Provider = "Microsoft.SecretSyncController";
    private const int MostTries = 3;

    private string Syncs => $"{instance.GroupPath}/providers/{Provider}/secretSyncs";

    /// <exception cref="ArmException">They cannot be read.</exception>
    public async Task<IReadOnlyList<SyncedSecret>> ListAsync(CancellationToken cancellationToken) =>
        [.. (await ReadAsync(cancellationToken).ConfigureAwait(false)).Select(Read)];

    /// <summary>One of them; null when there is none of that name.</summary>
    /// <exception cref="ArmException">Nobody can tell.</exception>
    public async Task<SyncedSecret?> FindAsync(string name, CancellationToken cancellationToken) =>
        await arm.FindAsync($"{Syncs}/{name}", Version, cancellationToken).ConfigureAwait(false) is { } sync ? Read(sync) : null;

    /// <exception cref="ArmException">Azure refused it.</exception>
    public async Task<StoreResult> SaveAsync(SyncedSecret secret, CancellationToken cancellationToken)
    {
        var of = await facts(cancellationToken).ConfigureAwait(false);
        if (await ProviderClassAsync(of, cancellationToken).ConfigureAwait(false) is not { } providerClass)
        {
            return new StoreResult.Denied(
                $"The instance '{instance.Name}' has no SecretProviderClass for the key vault '{options.KeyVault}'.",
                $"Enable secure settings: az iot ops secretsync enable --instance {instance.Name} --resource-group {instance.ResourceGroup} --mi-user-assigned <IDENTITY_ID> --kv-resource-id <KEY_VAULT_ID>.");
        }
        // First what may be synced, then what is: the other way round the cluster would look in vain.
        await PutAsync(providerClass, now => WithObjects(now, text => ProviderObjects.With(text, secret.Entries.Values)), cancellationToken).ConfigureAwait(false);
        await PutAsync($"{Syncs}/{secret.Name}", now => Sync(now, secret, of, providerClass.Split('/')[^1]), cancellationToken).ConfigureAwait(false);
        return new StoreResult.Saved(null);
    }

    /// <exception cref="ArmException">Azure refused it.</exception>
    public async Task<StoreResult> DeleteAsync(string name, CancellationToken cancellationToken)
    {
        var path = $"{Syncs}/{name}";
        if (await arm.FindAsync(path, Version, cancellationToken).ConfigureAwait(false) is not { } sync)
            return new StoreResult.Conflict(null);
        await DeletePathAsync(path, cancellationToken).ConfigureAwait(false);
        var others = (await ReadAsync(cancellationToken).ConfigureAwait(false)).SelectMany(other => EntriesOf(other).Values).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var unused = EntriesOf(sync).Values.Where(source => !others.Contains(source)).ToHashSet(StringComparer.OrdinalIgnoreCase);
        // Left there, a secret that is later deleted from the vault would stop all the others from being synced.
        var of = await facts(cancellationToken).ConfigureAwait(false);
        if (unused.Count > 0 && await ProviderClassAsync(of, cancellationToken).ConfigureAwait(false) is { } providerClass)
            await PutAsync(providerClass, now => WithObjects(now, text => ProviderObjects.Without(text, unused)), cancellationToken).ConfigureAwait(false);
        return new StoreResult.Saved(null);
    }

    private async Task<IReadOnlyList<JsonObject>> ReadAsync(CancellationToken cancellationToken)
    {
        var of = await facts(cancellationToken).ConfigureAwait(false);
        var found = new List<JsonObject>();
        await foreach (var sync in arm.ListAsync(Syncs, Version, null, cancellationToken).ConfigureAwait(false))
            if (IsIn(sync, of))
                found.Add(sync);
        return found;
    }

    /// <summary>Resource id of the SecretProviderClass: the one that is set, that of the instance, or the one for the vault in the same cluster.</summary>
    private async Task<string?> ProviderClassAsync(ArmInstanceFacts of, CancellationToken cancellationToken)
    {
        var classes = $"{instance.GroupPath}/providers/{Provider}/azureKeyVaultSecretProviderClasses";
        if (options.SecretProviderClass.Length > 0)
            return $"{classes}/{options.SecretProviderClass}";
        if (of.ProviderClassId is { } known)
            return known;
        await foreach (var one in arm.ListAsync(classes, Version, null, cancellationToken).ConfigureAwait(false))
            if (IsIn(one, of) && options.KeyVault.Equals(ArmEntry.Text((one["properties"] as JsonObject)?["keyvaultName"]), StringComparison.OrdinalIgnoreCase))
                return ArmEntry.Text(one["id"]);
        return null;
    }

    /// <summary>Reads, changes and writes until what stands there is what is wanted; a lost answer is found that way too.</summary>
    private async Task PutAsync(string path, Func<JsonObject?, JsonObject?> change, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            var now = await arm.FindAsync(path, Version, cancellationToken).ConfigureAwait(false);
            try
            {
                var reply = change(now) is { } body
                    ? await arm.PutAsync(path, Version, body, now is null ? ArmCondition.New : ArmCondition.At(ArmEntry.Text(now["etag"])), cancellationToken).ConfigureAwait(false)
                    : new ArmReply(200, now, null, null, null, null);
                await operations.WaitAsync(reply, path, Version, isDelete: false, cancellationToken).ConfigureAwait(false);
                return;
            }
            catch (ArmException e) when (attempt < MostTries && (e.Error.IsUncertain || e.Error.Status is 409 or 412))
            {
                await Task.Delay(e.Error.RetryAfter ?? ArmOperations.UsualWait, time, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private async Task DeletePathAsync(string path, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                var reply = await arm.DeleteAsync(path, Version, null, cancellationToken).ConfigureAwait(false);
                await operations.WaitAsync(reply, path, Version, isDelete: true, cancellationToken).ConfigureAwait(false);
                return;
            }
            catch (ArmException e) when (attempt < MostTries && e.Error.IsUncertain)
            {
                // A second deletion of what is gone is answered with 204.
                await Task.Delay(e.Error.RetryAfter ?? ArmOperations.UsualWait, time, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private static JsonObject? WithObjects(JsonObject? now, Func<string?, string> change)
    {
        if (now?["properties"] is not JsonObject properties)
            return now is null ? throw new ArmException(new ArmError(404, "ResourceNotFound", "The SecretProviderClass does not exist.", null, [])) : null;
        var text = ArmEntry.Text(properties["objects"]);
        var changed = change(text);
        if (changed == (text ?? ""))
            return null;
        var body = Writable(now);
        body["properties"]!["objects"] = changed;
        return body;
    }

    private JsonObject? Sync(JsonObject? now, SyncedSecret secret, ArmInstanceFacts of, string providerClass)
    {
        var mapping = new JsonArray([.. secret.Entries.OrderBy(entry => entry.Key, StringComparer.Ordinal).Select(entry => new JsonObject { ["sourcePath"] = entry.Value, ["targetKey"] = entry.Key })]);
        if (now is not null && JsonNode.DeepEquals((now["properties"] as JsonObject)?["objectSecretMapping"], mapping))
            return null;
        var body = now is null ? new JsonObject { ["location"] = of.Location, ["extendedLocation"] = of.ExtendedLocation?.DeepClone(), ["properties"] = new JsonObject() } : Writable(now);
        var properties = (JsonObject)body["properties"]!;
        properties["secretProviderClassName"] ??= providerClass;
        properties["serviceAccountName"] ??= options.SecretSyncServiceAccount;
        properties["kubernetesSecretType"] ??= "Opaque";
        properties["objectSecretMapping"] = mapping;
        return body;
    }

    private static JsonObject Writable(JsonObject now)
    {
        var body = (JsonObject)now.DeepClone();
        foreach (var member in new[] { "id", "name", "type", "systemData", "etag" })
            body.Remove(member);
        foreach (var member in new[] { "provisioningState", "status" })
            (body["properties"] as JsonObject)?.Remove(member);
        return body;
    }

    private static bool IsIn(JsonObject resource, ArmInstanceFacts of) =>
        ArmEntry.Text((resource["extendedLocation"] as JsonObject)?["name"]) is { } name && name.Equals(ArmEntry.Text(of.ExtendedLocation?["name"]), StringComparison.OrdinalIgnoreCase);

    private static SyncedSecret Read(JsonObject sync) => new(ArmEntry.Text(sync["name"]) ?? "", EntriesOf(sync)) { Problem = ProblemOf(sync) };

    // A source may end with the number of a version.
    private static Dictionary<string, string> EntriesOf(JsonObject sync) =>
        ((sync["properties"] as JsonObject)?["objectSecretMapping"] as JsonArray ?? []).OfType<JsonObject>()
        .Select(one => (Key: ArmEntry.Text(one["targetKey"]), Source: ArmEntry.Text(one["sourcePath"])?.Split('/')[0]))
        .Where(one => one is { Key: not null, Source: not null }).DistinctBy(one => one.Key).ToDictionary(one => one.Key!, one => one.Source!);

    private static string? ProblemOf(JsonObject sync)
    {
        if (ArmOperations.StateOf(sync) == "Failed")
            return "Azure could not write it; save it again.";
        var conditions = ((sync["properties"] as JsonObject)?["status"] as JsonObject)?["conditions"] as JsonArray;
        return conditions?.OfType<JsonObject>().Where(one => ArmEntry.Text(one["status"]) == "False")
            .Select(one => $"The cluster could not sync it ({ArmEntry.Text(one["reason"])}): {ArmEntry.Text(one["message"])}").FirstOrDefault();
    }
}
