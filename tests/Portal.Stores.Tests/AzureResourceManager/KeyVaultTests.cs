using System.Text.Json.Nodes;
using Portal.AzureServer;
using Portal.Model.Ports;
using Portal.Stores.AzureResourceManager;
using Portal.Stores.Tests.Support;

namespace Portal.Stores.Tests.AzureResourceManager;

/// <summary>Secrets in a key vault and synced secrets as resources of Azure.</summary>
public sealed class KeyVaultTests : IAsyncLifetime
{
    private const string Vault = "plant-vault";
    private const string Value = "correct horse battery staple";
    private const string ProviderClass = AzurePlace.Group + "/providers/Microsoft.SecretSyncController/azureKeyVaultSecretProviderClasses/spc-ops-aio";
    private const string Sync = AzurePlace.Group + "/providers/Microsoft.SecretSyncController/secretSyncs/line3-credentials";

    private AzurePlace place = null!;
    private AzureTarget target = null!;

    private ISecretStore Secrets => target.Secrets!;

    public async ValueTask InitializeAsync()
    {
        place = await AzurePlace.StartAsync();
        place.Server.Vaults.AddVault(Vault);
        target = place.Open(options => options.KeyVault = Vault);
    }

    public async ValueTask DisposeAsync()
    {
        Assert.Equal(0, place.Server.Vaults.ValuesRead);
        Assert.DoesNotContain(Value, place.Log.Text, StringComparison.Ordinal);
        await place.DisposeAsync();
    }

    [Fact]
    public async Task A_secret_is_set_with_its_dates_listed_over_pages_and_deleted()
    {
        Assert.Null(place.Open().Secrets);
        place.Server.Vaults.PageSize = 2;
        var (from, to) = (new DateTimeOffset(2027, 1, 1, 0, 0, 0, TimeSpan.Zero), new DateTimeOffset(2028, 1, 1, 0, 0, 0, TimeSpan.Zero));
        foreach (var name in new[] { "a1", "b2", "c3" })
            Assert.IsType<StoreResult.Saved>(await Secrets.SetVaultAsync(name, new SecretValue(Value), from, to));
        var listed = await Secrets.ListVaultAsync();
        Assert.Equal([("a1", from, to), ("b2", from, to), ("c3", from, to)], listed.Select(one => (one.Name, one.ActivationDate!.Value, one.ExpirationDate!.Value)));
        Assert.All(listed, one => Assert.True(one.Updated > default(DateTimeOffset)));
        Assert.Equal(Value, place.Server.Vaults.Find(Vault, "a1")!.Versions.Single().Value);

        Assert.IsType<StoreResult.Saved>(await Secrets.DeleteVaultAsync("b2"));
        Assert.Equal(["a1", "c3"], (await Secrets.ListVaultAsync()).Select(one => one.Name));
        Assert.IsType<StoreResult.Conflict>(await Secrets.DeleteVaultAsync("b2"));
        var held = Assert.IsType<StoreResult.Denied>(await Secrets.SetVaultAsync("b2", new SecretValue(Value), null, null));
        Assert.Contains("recover", held.Fix, StringComparison.Ordinal);
        Assert.IsType<StoreResult.Invalid>(await Secrets.SetVaultAsync("not a name", new SecretValue(Value), null, null));
    }

    [Fact]
    public async Task A_secret_whose_answer_was_lost_is_not_set_twice_and_one_that_never_arrived_is()
    {
        // The cut of the unsigned request that asks for the challenge, then that of the answer itself.
        place.Server.Faults.Add("PUT", "/secrets/", new ServerFault.CutAfter(), 2);
        Assert.IsType<StoreResult.Saved>(await Secrets.SetVaultAsync("a1", new SecretValue(Value), null, null));
        Assert.Single(place.Server.Vaults.Find(Vault, "a1")!.Versions);
        place.Server.Faults.Add("PUT", "/secrets/", ServerFault.Status(500));
        Assert.IsType<StoreResult.Saved>(await Secrets.SetVaultAsync("a1", new SecretValue(Value), null, null));
        Assert.Equal(2, place.Server.Vaults.Find(Vault, "a1")!.Versions.Count);
        place.Server.Faults.Add("DELETE", "/secrets/", new ServerFault.CutAfter());
        Assert.IsType<StoreResult.Saved>(await Secrets.DeleteVaultAsync("a1"));
    }

    [Fact]
    public async Task Missing_rights_are_named_and_never_look_like_an_empty_vault()
    {
        await target.Resources.ListAsync();
        Assert.Equal(TargetState.Ready, target.Resources.State);
        place.Server.Vaults.Deny("Microsoft.KeyVault/vaults/secrets/readMetadata/action", "Microsoft.KeyVault/vaults/secrets/setSecret/action");
        Assert.Empty(await Secrets.ListVaultAsync());
        Assert.Equal((TargetCondition.ReadOnly, "vault-rights-missing"), (target.Resources.State.Condition, target.Resources.State.Cause));
        var denied = Assert.IsType<StoreResult.Denied>(await Secrets.SetVaultAsync("a1", new SecretValue(Value), null, null));
        Assert.Contains("Microsoft.KeyVault/vaults/secrets/setSecret/action", denied.Message, StringComparison.Ordinal);
        Assert.Contains("Key Vault Secrets Officer", denied.Fix, StringComparison.Ordinal);
        var none = place.Open(options => options.KeyVault = "nowhere");
        await none.Secrets!.ListVaultAsync();
        Assert.Contains("does not exist", Assert.IsType<StoreResult.Unavailable>(await none.Secrets.SetVaultAsync("a1", new SecretValue(Value), null, null)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_synced_secret_is_a_secret_sync_and_an_object_of_the_provider_class()
    {
        foreach (var name in new[] { "user", "password" })
            await Secrets.SetVaultAsync(name, new SecretValue(Value), null, null);
        var secret = new SyncedSecret("line3-credentials", new Dictionary<string, string> { ["username"] = "user", ["password"] = "password" });
        Assert.Contains("secretsync enable", Assert.IsType<StoreResult.Denied>(await Secrets.SaveSyncedAsync(secret)).Fix, StringComparison.Ordinal);

        const string others = "array:\n    - |\n      objectName: theirs\n      objectType: secret\n      objectVersion: abc\n";
        place.Server.Arm.Put(ProviderClass, new JsonObject
        {
            ["location"] = "westeurope",
            ["extendedLocation"] = AzurePlace.ExtendedLocation(),
            ["tags"] = new JsonObject { ["a"] = "b" },
            ["properties"] = new JsonObject { ["clientId"] = AzurePlace.Subscription, ["tenantId"] = ServerTokens.Tenant, ["keyvaultName"] = Vault, ["objects"] = others },
        });
        place.Server.Faults.Add("PUT", "/secretSyncs/", new ServerFault.CutAfter());
        Assert.IsType<StoreResult.Saved>(await Secrets.SaveSyncedAsync(secret));
        var providerClass = place.Server.Arm.Find(ProviderClass)!;
        Assert.Equal(
            others + "    - |\n      objectName: user\n      objectType: secret\n    - |\n      objectName: password\n      objectType: secret\n",
            (string?)providerClass["properties"]!["objects"]);
        Assert.Equal("b", (string?)providerClass["tags"]!["a"]);
        var sync = place.Server.Arm.Find(Sync)!;
        Assert.Equal(("spc-ops-aio", "aio-ssc-sa", "Opaque", "westeurope"), ((string?)sync["properties"]!["secretProviderClassName"], (string?)sync["properties"]!["serviceAccountName"], (string?)sync["properties"]!["kubernetesSecretType"], (string?)sync["location"]));
        Assert.Single(place.Server.Log.Of("PUT", "/secretSyncs/"));
        Assert.Equal(secret.Entries.OrderBy(entry => entry.Key), Assert.Single(await Secrets.ListSyncedAsync()).Entries.OrderBy(entry => entry.Key));

        Assert.IsType<StoreResult.Saved>(await Secrets.SaveSyncedAsync(secret));
        Assert.Single(place.Server.Log.Of("PUT", "/secretSyncs/"));
        Assert.Contains("'line3-credentials'", Assert.IsType<StoreResult.Denied>(await Secrets.DeleteVaultAsync("user")).Message, StringComparison.Ordinal);
        var missing = Assert.IsType<StoreResult.Invalid>(await Secrets.SaveSyncedAsync(secret with { Entries = new Dictionary<string, string> { ["x"] = "nothing" } }));
        Assert.Equal("entries.x", Assert.Single(missing.Findings).Path);

        Assert.IsType<StoreResult.Saved>(await Secrets.DeleteSyncedAsync("line3-credentials"));
        Assert.Null(place.Server.Arm.Find(Sync));
        Assert.Equal(others, (string?)place.Server.Arm.Find(ProviderClass)!["properties"]!["objects"]);
        Assert.IsType<StoreResult.Conflict>(await Secrets.DeleteSyncedAsync("line3-credentials"));
    }

    [Theory]
    [InlineData(null, "array:\n  - |\n    objectName: new\n    objectType: secret\n")]
    [InlineData("", "array:\n  - |\n    objectName: new\n    objectType: secret\n")]
    [InlineData("array: |\r\n- |\r\n  objectName: \"a\"\r\n", "array: |\n- |\n  objectName: \"a\"\n- |\n  objectName: new\n  objectType: secret\n")]
    [InlineData("array:\n  - |\n    objectName: NEW\n", "array:\n  - |\n    objectName: NEW\n")]
    public void Objects_are_added_as_the_others_stand(string? text, string expected)
    {
        Assert.Equal(expected, ProviderObjects.With(text, ["new", "new"]));
        Assert.DoesNotContain("new", ProviderObjects.Without(expected, new HashSet<string>(StringComparer.OrdinalIgnoreCase) { "new" }), StringComparison.OrdinalIgnoreCase);
    }
}
