using System.Text.Json.Nodes;
using Azure.Identity;
using Microsoft.Playwright;
using Portal.AzureServer;
using static Microsoft.Playwright.Assertions;

namespace Portal.EndToEnd.Tests;

/// <summary>References to a key vault, and what an operator sees who may not sign in or write.</summary>
[Collection(nameof(Chromium))]
public sealed class AzureSecretTests(Chromium chromium)
{
    private const string Value = "correct horse battery staple";
    private const string Sync = TestPlant.Group + "/providers/Microsoft.SecretSyncController/secretSyncs/line3-kafka-secret";

    [Fact]
    public async Task A_reference_is_created_with_dates_in_the_key_vault_and_synced_and_its_value_never_comes_back()
    {
        await using var portal = await AzurePortal.StartAsync();
        portal.Azure.Vaults.Put(TestPlant.Vault, "line3-user", "operator");
        var page = await chromium.OpenAsync(portal.Address, "/endpoints");
        var endpoint = new EndpointPageObject(page);
        await endpoint.CreateAsync("Custom Kafka Broker");
        await endpoint.FillAsync("Name", "line3-kafka");
        await endpoint.FillAsync("Host", "127.0.0.1:1");
        await endpoint.ChooseAsync("Authentication method", "SASL");
        await endpoint.Field("SASL type").SelectOptionAsync("Plain");

        var entry = endpoint.Field("Password reference of token secret");
        await entry.ClickAsync();
        await endpoint.Dialog.GetByRole(AriaRole.Button, new() { Name = "Create new" }).ClickAsync();
        await endpoint.Dialog.GetByLabel("Secret name").FillAsync("line3-password");
        await endpoint.Dialog.GetByLabel("Secret value").FillAsync(Value);
        await endpoint.Dialog.GetByLabel("Set activation date").FillAsync("2026-01-02");
        await endpoint.Dialog.GetByLabel("Set expiration date").FillAsync("2031-03-04");
        await endpoint.Dialog.GetByRole(AriaRole.Button, new() { Name = "Add reference" }).ClickAsync();
        await Expect(endpoint.Dialog).ToHaveCountAsync(0);
        await Expect(entry).ToContainTextAsync("line3-password");

        var version = portal.Azure.Vaults.Find(TestPlant.Vault, "line3-password")!.Versions.Single();
        Assert.Equal((Value, new DateTimeOffset(2026, 1, 2, 0, 0, 0, TimeSpan.Zero).Date, new DateTimeOffset(2031, 3, 4, 0, 0, 0, TimeSpan.Zero).Date), (version.Value, DayOf(version.Attributes["nbf"]), DayOf(version.Attributes["exp"])));
        var sync = portal.Azure.Arm.Find(Sync)!["properties"]!;
        Assert.Equal(("spc-ops-aio", "line3-password", "password"), ((string?)sync["secretProviderClassName"], (string?)sync["objectSecretMapping"]![0]!["sourcePath"], (string?)sync["objectSecretMapping"]![0]!["targetKey"]));
        Assert.Contains("objectName: line3-password", (string?)portal.Azure.Arm.Find(TestPlant.ProviderClass)!["properties"]!["objects"], StringComparison.Ordinal);

        // The other entry picks what is in the vault already.
        await endpoint.Field("Username reference of token secret").ClickAsync();
        await endpoint.Dialog.GetByLabel("Secret of the vault").SelectOptionAsync("line3-user");
        await endpoint.Dialog.GetByRole(AriaRole.Button, new() { Name = "Add reference" }).ClickAsync();
        await Expect(endpoint.Field("Username reference of token secret")).ToContainTextAsync("line3-user");

        // A test may read the values, or says which right it lacks.
        portal.Azure.Vaults.Deny("Microsoft.KeyVault/vaults/secrets/getSecret/action");
        await endpoint.TestAsync("cannot be read");
        await Expect(page.GetByRole(AriaRole.Main)).ToContainTextAsync("Key Vault Secrets User");
        portal.Azure.Vaults.AllowAll();
        await endpoint.TestAsync("User name and password");
        Assert.True(portal.Azure.Vaults.ValuesRead > 0);

        using var client = new HttpClient { BaseAddress = new Uri(portal.Address) };
        foreach (var text in new[] { await page.ContentAsync(), await client.GetStringAsync("/api/v1/secrets", TestContext.Current.CancellationToken), portal.Log.Text })
            Assert.DoesNotContain(Value, text, StringComparison.Ordinal);
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task A_sign_in_that_fails_and_a_right_that_is_missing_are_said_with_what_helps()
    {
        await using var portal = await AzurePortal.StartAsync();
        var page = await chromium.OpenAsync(portal.Address, "/endpoints");
        portal.Azure.Arm.Deny("Microsoft.IoTOperations/instances/dataflowEndpoints/write");
        await Expect(page.GetByRole(AriaRole.Alert).Filter(new() { HasText = "Microsoft.IoTOperations/instances/dataflowEndpoints/write" })).ToBeVisibleAsync();
        var endpoint = new EndpointPageObject(page);
        await endpoint.CreateAsync("Custom MQTT Broker");
        await endpoint.FillAsync("Name", "line3-broker");
        await endpoint.FillAsync("Host", "mqtt.line3.example:8883");
        await endpoint.ChooseAsync("Authentication method", "None");
        await page.GetByRole(AriaRole.Button, new() { NameRegex = new("^Review and apply") }).ClickAsync();
        await endpoint.Dialog.GetByRole(AriaRole.Button, new() { Name = "Apply", Exact = true }).ClickAsync();
        await Expect(endpoint.Dialog).ToContainTextAsync("You have no right to Microsoft.IoTOperations/instances/dataflowEndpoints/write");

        // The token that the portal has is over, and there is no new one.
        portal.Credential.Failure = new AuthenticationFailedException("Please run az login.");
        portal.Azure.Tokens.Now = () => TimeProvider.System.GetUtcNow().AddHours(2);
        await endpoint.Dialog.GetByRole(AriaRole.Button, new() { Name = "Apply", Exact = true }).ClickAsync();
        await Expect(endpoint.Dialog).ToContainTextAsync("The portal could not sign in to Azure");
        await endpoint.Dialog.GetByRole(AriaRole.Button, new() { Name = "Cancel" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Alert, new() { Name = "State of the target" })).ToContainTextAsync("Sign in with az login");

        portal.Credential.Failure = null;
        portal.Azure.Tokens.Now = TimeProvider.System.GetUtcNow;
        portal.Azure.Arm.AllowAll();
        await page.GetByRole(AriaRole.Button, new() { NameRegex = new("^Review and apply") }).ClickAsync();
        await endpoint.Dialog.GetByRole(AriaRole.Button, new() { Name = "Apply", Exact = true }).ClickAsync();
        await Expect(endpoint.Dialog).ToHaveCountAsync(0);
        Assert.NotNull(TestPlant.Below(portal.Azure, "dataflowEndpoints/line3-broker"));
        await page.Context.CloseAsync();
    }

    private static DateTime DayOf(JsonNode? seconds) => DateTimeOffset.FromUnixTimeSeconds((long)seconds!).UtcDateTime.Date;
}
