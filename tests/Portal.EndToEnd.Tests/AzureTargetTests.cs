using System.Text.Json.Nodes;
using Microsoft.Playwright;
using Portal.AzureServer;
using static Microsoft.Playwright.Assertions;

namespace Portal.EndToEnd.Tests;

/// <summary>An operator's work on an Azure IoT Operations instance, through the page alone.</summary>
[Collection(nameof(Chromium))]
public sealed class AzureTargetTests(Chromium chromium)
{
    private const string Path = "dataflowEndpoints/line3-broker";

    [Fact]
    public async Task An_endpoint_is_created_changed_refused_beside_its_field_merged_throttled_and_deleted()
    {
        await using var portal = await AzurePortal.StartAsync();
        var azure = portal.Azure;
        azure.Arm.GivesETags = true;
        var page = await chromium.OpenAsync(portal.Address, "/endpoints");
        var endpoint = new EndpointPageObject(page);

        await endpoint.CreateAsync("Custom MQTT Broker");
        await endpoint.FillAsync("Name", "line3-broker");
        await endpoint.FillAsync("Host", "mqtt.line3.example:8883");
        await endpoint.ChooseAsync("Authentication method", "None");
        azure.Arm.Holds = true;
        await PressApplyAsync(endpoint);
        await Expect(endpoint.Dialog).ToContainTextAsync("The change is taken; its state there is");
        await Expect(endpoint.Dialog.GetByRole(AriaRole.Button, new() { Name = "Stop waiting" })).ToBeVisibleAsync();
        azure.Arm.Holds = false;
        await Expect(endpoint.Dialog).ToHaveCountAsync(0);
        await Expect(page.GetByText("Succeeded").First).ToBeVisibleAsync();
        Assert.Equal("mqtt.line3.example:8883", (string?)TestPlant.Below(azure, Path)!["mqttSettings"]!["host"]);
        Assert.Equal(TestPlant.CustomLocation, (string?)azure.Arm.Find($"{TestPlant.Instance}/{Path}")!["extendedLocation"]!["name"]);

        // What Azure refuses stands beside the field that it means, until that is changed.
        await endpoint.OpenTabAsync("Advanced");
        await endpoint.FillAsync("Keep alive", "70");
        azure.Faults.Add("PUT", Path, new ServerFault.Answer(Reply.Error(400, "ValidationError", "See details.", null, Reply.ErrorOf("InvalidPropertyValue", "Seventy is not a good number.", "properties.mqttSettings.keepAliveSeconds"))));
        await PressApplyAsync(endpoint);
        await Expect(endpoint.Dialog).ToContainTextAsync("Seventy is not a good number.");
        await endpoint.Dialog.GetByRole(AriaRole.Button, new() { Name = "Cancel" }).ClickAsync();
        await Expect(Row(page, "spec.mqttSettings.keepAliveSeconds")).ToContainTextAsync("Azure refuses it: Seventy is not a good number.");
        await endpoint.FillAsync("Keep alive", "80");
        await Expect(page.GetByText("Seventy is not a good number.")).ToHaveCountAsync(0);

        // Somebody else changes another field a moment before our write, which Azure refuses with 412: both changes are kept.
        var properties = (JsonObject)TestPlant.Below(azure, Path)!.DeepClone();
        properties["mqttSettings"]!["qos"] = 0;
        azure.Faults.Add("PUT", Path, new ServerFault.After(() => TestPlant.PutBelow(azure, Path, properties)));
        await PressApplyAsync(endpoint);
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "line3-broker was changed by somebody else too" })).ToBeVisibleAsync();
        Assert.Contains(azure.Log.Of("PUT", Path), call => call.Status == 412);
        await page.GetByRole(AriaRole.Button, new() { Name = "Merge and go on" }).ClickAsync();

        // Azure asks to wait, and the change is made all the same.
        azure.Faults.Add("PUT", Path, ServerFault.Throttled("3"));
        await PressApplyAsync(endpoint);
        await Expect(endpoint.Dialog).ToContainTextAsync("goes on by itself in 3 s");
        await Expect(endpoint.Dialog).ToHaveCountAsync(0);
        var stored = TestPlant.Below(azure, Path)!["mqttSettings"]!;
        Assert.Equal((80, 0), ((int)stored["keepAliveSeconds"]!, (int)stored["qos"]!));

        await page.GetByRole(AriaRole.Button, new() { Name = "More actions" }).ClickAsync();
        await page.GetByRole(AriaRole.Menuitem, new() { Name = "Delete" }).ClickAsync();
        await endpoint.Dialog.GetByRole(AriaRole.Button, new() { Name = "Delete" }).ClickAsync();
        await Expect(endpoint.Dialog).ToHaveCountAsync(0);
        Assert.Null(TestPlant.Below(azure, Path));
        await page.Context.CloseAsync();
    }

    private static ILocator Row(IPage page, string path) => page.Locator($"[data-field='{path}']");

    private static async Task PressApplyAsync(EndpointPageObject endpoint)
    {
        await endpoint.Page.GetByRole(AriaRole.Button, new() { NameRegex = new("^Review and apply") }).ClickAsync();
        await endpoint.Dialog.GetByRole(AriaRole.Button, new() { Name = "Apply", Exact = true }).ClickAsync();
    }
}
