using Microsoft.Playwright;
using Portal.Tests.Shared;
using static Microsoft.Playwright.Assertions;

namespace Portal.EndToEnd.Tests;

/// <summary>Two folders as targets: switched in the bar, remembered by the browser, compared and copied from one to the other.</summary>
[Collection(nameof(Chromium))]
public sealed class TargetTests(Chromium chromium)
{
    [Fact]
    public async Task A_target_is_switched_remembered_compared_and_copied_to()
    {
        using var data = new TemporaryFolder();
        using var other = new TemporaryFolder();
        await using var portal = await PortalProcess.StartAsync(
            data.Path, "--Portal:Targets:0:Name", "line3", "--Portal:Targets:0:Kind", "Folder", "--Portal:Targets:1:Name", "line4", "--Portal:Targets:1:Kind", "Folder", "--Portal:Targets:1:Path", other.Path);
        var page = await chromium.OpenAsync(portal.Address, "/endpoints");
        await page.EmulateMediaAsync(new() { ReducedMotion = ReducedMotion.Reduce });
        var found = new List<string>();

        await page.GetByRole(AriaRole.Checkbox, new() { Name = "Select default", Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Copy to target" }).ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog);
        await Expect(dialog).ToContainTextAsync("line4 has no config map azure-iot-operations-aio-ca-trust-bundle");
        await LookAsync("copy");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Copy", Exact = true }).ClickAsync();
        await Expect(dialog).ToContainTextAsync("1 copied, 0 not.");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Close" }).ClickAsync();

        await page.GetByRole(AriaRole.Link, new() { Name = "Compare with line4" }).ClickAsync();
        // Profiles and dataflows have tables of their own.
        await Expect(page.GetByRole(AriaRole.Table, new() { Name = "Dataflow endpoints" }).GetByRole(AriaRole.Row, new() { NameRegex = new(" default Same$") })).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Row, new() { NameRegex = new(" sandbox-kafka Only here ") })).ToBeVisibleAsync();
        await LookAsync("compare");

        await SwitchAsync("line4");
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "default", Exact = true })).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "sandbox-kafka", Exact = true })).ToHaveCountAsync(0);
        await page.GotoAsync("/endpoints/default");
        await Expect(page.Locator(".target")).ToContainTextAsync("line4");
        var endpoint = new EndpointPageObject(page);
        await endpoint.OpenTabAsync("Advanced");
        await endpoint.FillAsync("Keep alive", "30");

        // Unsaved work: the browser asks; what was typed is a draft of this target alone.
        var asked = 0;
        page.Dialog += async (_, question) =>
        {
            asked++;
            await question.AcceptAsync();
        };
        await SwitchAsync("line3");
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "sandbox-kafka", Exact = true })).ToBeVisibleAsync();
        Assert.Equal(1, asked);
        await Expect(page.GetByText("Draft, 1 change")).ToHaveCountAsync(0);
        await page.GotoAsync("/endpoints?target=line4");
        await Expect(page.GetByText("Draft, 1 change")).ToBeVisibleAsync();
        await page.Context.CloseAsync();
        Assert.True(found.Count == 0, string.Join('\n', found));

        async Task SwitchAsync(string name)
        {
            await page.Locator(".target").GetByRole(AriaRole.Button).ClickAsync();
            await page.GetByRole(AriaRole.Menuitem, new() { NameRegex = new($"^{name}") }).ClickAsync();
            await Expect(page.Locator(".target")).ToContainTextAsync(name);
        }

        async Task LookAsync(string what)
        {
            found.AddRange(await AccessibilityTests.AskAsync(page, what, ColorScheme.Light));
            await AccessibilityTests.SwitchAsync(page, ColorScheme.Dark);
            found.AddRange(await AccessibilityTests.AskAsync(page, what, ColorScheme.Dark));
            await AccessibilityTests.SwitchAsync(page, ColorScheme.Light);
        }
    }
}
