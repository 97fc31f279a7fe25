using System.Text.Json.Nodes;
using Microsoft.Playwright;
using Portal.AzureServer;
using Portal.Model.Roles;
using static Microsoft.Playwright.Assertions;

namespace Portal.EndToEnd.Tests;

/// <summary>A profile and a dataflow on an Azure instance, the role that its endpoint needs, and the page of the targets.</summary>
[Collection(nameof(Chromium))]
public sealed class AzureFlowTests(Chromium chromium)
{
    [Fact]
    public async Task A_profile_and_a_dataflow_are_created_and_the_role_of_the_endpoint_is_checked()
    {
        await using var portal = await AzurePortal.StartAsync();
        var azure = portal.Azure;
        TestPlant.PutBelow(azure, "dataflowEndpoints/default", Mqtt("aio-broker:18883"));
        TestPlant.PutBelow(azure, "dataflowEndpoints/plant-events", new JsonObject
        {
            ["endpointType"] = "Kafka",
            ["kafkaSettings"] = new JsonObject
            {
                ["host"] = "plant-events.servicebus.windows.net:9093",
                ["authentication"] = new JsonObject { ["method"] = "SystemAssignedManagedIdentity", ["systemAssignedManagedIdentitySettings"] = new JsonObject() },
                ["tls"] = new JsonObject { ["mode"] = "Enabled" },
            },
        });
        var page = await chromium.OpenAsync(portal.Address, "/dataflows");
        var flow = new EndpointPageObject(page);

        await page.GetByRole(AriaRole.Button, new() { Name = "New profile" }).ClickAsync();
        await flow.Dialog.GetByLabel("Name").FillAsync("fast");
        await flow.Dialog.GetByLabel("Instance count").FillAsync("2");
        await flow.Dialog.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Expect(flow.Dialog).ToHaveCountAsync(0);
        Assert.Equal(2, (int)TestPlant.Below(azure, "dataflowProfiles/fast")!["instanceCount"]!);

        await page.GotoAsync("/dataflows/new");
        await flow.FillAsync("Name", "press-telemetry");
        await flow.Field("Source endpoint").SelectOptionAsync("default");
        await flow.FillAsync("Source topic", "line3/#");
        await flow.Field("Destination endpoint").SelectOptionAsync("plant-events");
        await flow.FillAsync("Destination topic", "telemetry");
        await page.GetByLabel("Profile", new() { Exact = true }).SelectOptionAsync("fast");
        azure.Faults.Add("PUT", "press-telemetry", new ServerFault.Answer(Reply.Error(400, "ValidationError", "See details.", null, Reply.ErrorOf("InvalidPropertyValue", "No such event hub.", "properties.operations[1].destinationSettings.dataDestination"))));
        await page.GetByRole(AriaRole.Button, new() { NameRegex = new("^Review and apply") }).ClickAsync();
        await flow.Dialog.GetByRole(AriaRole.Button, new() { Name = "Apply", Exact = true }).ClickAsync();
        await Expect(flow.Dialog).ToContainTextAsync("No such event hub.");
        await flow.Dialog.GetByRole(AriaRole.Button, new() { Name = "Cancel" }).ClickAsync();
        await Expect(page.Locator("[data-field='destinationSettings.dataDestination']")).ToContainTextAsync("No such event hub.");
        await flow.FillAsync("Destination topic", "press-telemetry");
        await flow.ApplyAsync();
        Assert.Equal("press-telemetry", (string?)TestPlant.Below(azure, "dataflowProfiles/fast/dataflows/press-telemetry")!["operations"]![1]!["destinationSettings"]!["dataDestination"]);

        await page.GotoAsync("/endpoints/plant-events");
        var roles = page.GetByRole(AriaRole.Region, new() { Name = "Role of the identity in Azure" });
        var sender = roles.GetByRole(AriaRole.Article, new() { Name = "Azure Event Hubs Data Sender" });
        await Expect(sender).ToContainTextAsync("Destination of press-telemetry");
        await Expect(sender).ToContainTextAsync("Not assigned");
        await Expect(sender).ToContainTextAsync(TestPlant.EventHubs);
        await Expect(sender).ToContainTextAsync($"--assignee-object-id {TestPlant.ExtensionPrincipal}");
        var found = new List<string>();
        await page.EmulateMediaAsync(new() { ReducedMotion = ReducedMotion.Reduce });
        found.AddRange(await AccessibilityTests.AskAsync(page, "roles", ColorScheme.Light));
        await AccessibilityTests.SwitchAsync(page, ColorScheme.Dark);
        found.AddRange(await AccessibilityTests.AskAsync(page, "roles", ColorScheme.Dark));
        Assert.True(found.Count == 0, string.Join('\n', found));
        TestPlant.Assign(azure, TestPlant.EventHubs, RoleNeed.EventHubsSender.Id);
        await roles.GetByRole(AriaRole.Button, new() { Name = "Check again" }).ClickAsync();
        await Expect(sender.GetByText("Assigned", new() { Exact = true })).ToBeVisibleAsync();
        await Expect(roles.GetByRole(AriaRole.Article, new() { Name = "Azure Event Hubs Data Receiver" })).ToContainTextAsync("Not assigned");
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task The_targets_are_shown_with_their_state_and_other_instances_with_the_settings_that_add_them()
    {
        await using var portal = await AzurePortal.StartAsync(("Portal:Targets:1:Name", "laptop"), ("Portal:Targets:1:Kind", "Folder"), ("Portal:Targets:1:Path", Path.Combine(Path.GetTempPath(), Path.GetRandomFileName())));
        var page = await chromium.OpenAsync(portal.Address, "/endpoints");
        await page.EmulateMediaAsync(new() { ReducedMotion = ReducedMotion.Reduce });
        await page.Locator(".target").GetByRole(AriaRole.Button).ClickAsync();
        await page.GetByRole(AriaRole.Menuitem, new() { Name = "All targets and their state" }).ClickAsync();
        var plant = page.GetByRole(AriaRole.Region, new() { Name = "plant", Exact = true });
        await Expect(plant).ToContainTextAsync("Ready");
        await Expect(page.GetByRole(AriaRole.Region, new() { Name = "laptop", Exact = true })).ToContainTextAsync("Ready");

        await plant.GetByRole(AriaRole.Button, new() { Name = "List instances" }).ClickAsync();
        await Expect(plant.GetByRole(AriaRole.Row, new() { NameRegex = new("aio-hall3 plant westeurope Target plant") })).ToBeVisibleAsync();
        await plant.GetByRole(AriaRole.Button, new() { Name = "Configuration aio-hall9" }).ClickAsync();
        await Expect(plant).ToContainTextAsync("Portal__Targets__2__Azure__Instance=aio-hall9");
        var found = new List<string>();
        found.AddRange(await AccessibilityTests.AskAsync(page, "targets", ColorScheme.Light));
        await AccessibilityTests.SwitchAsync(page, ColorScheme.Dark);
        found.AddRange(await AccessibilityTests.AskAsync(page, "targets", ColorScheme.Dark));
        Assert.True(found.Count == 0, string.Join('\n', found));

        portal.Azure.Arm.Deny("Microsoft.IoTOperations/instances/read");
        await plant.GetByLabel("Resource group").FillAsync("other");
        await plant.GetByRole(AriaRole.Button, new() { Name = "List instances" }).ClickAsync();
        await Expect(plant).ToContainTextAsync("You have no right to Microsoft.IoTOperations/instances/read");
        await page.Context.CloseAsync();
    }

    private static JsonObject Mqtt(string host) => new()
    {
        ["endpointType"] = "Mqtt",
        ["mqttSettings"] = new JsonObject
        {
            ["host"] = host,
            ["authentication"] = new JsonObject { ["method"] = "ServiceAccountToken", ["serviceAccountTokenSettings"] = new JsonObject { ["audience"] = "aio-internal" } },
            ["tls"] = new JsonObject { ["mode"] = "Enabled" },
        },
    };
}
