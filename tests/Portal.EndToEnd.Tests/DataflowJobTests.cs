using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.Playwright;
using Portal.Tests.Shared;
using static Microsoft.Playwright.Assertions;

namespace Portal.EndToEnd.Tests;

/// <summary>A dataflow from the first click to a ledger that counts and balances, through the page alone.</summary>
[Collection(nameof(Chromium))]
public sealed class DataflowJobTests(Chromium chromium)
{
    [Fact]
    public async Task A_dataflow_is_created_by_clicking_started_watched_and_stopped()
    {
        using var data = new TemporaryFolder();
        await using var portal = await PortalProcess.StartAsync(data.Path);
        var page = await chromium.OpenAsync(portal.Address, "/dataflows");
        await page.GetByRole(AriaRole.Link, new() { Name = "New dataflow" }).First.ClickAsync();
        await FillAsync(page, "Name", "oven-to-kafka");
        await page.GetByLabel("Source endpoint", new() { Exact = true }).SelectOptionAsync("default");
        await FillAsync(page, "Source topic", "azure-iot-operations/data/oven");
        await page.GetByLabel("Destination endpoint", new() { Exact = true }).SelectOptionAsync("sandbox-kafka");
        await FillAsync(page, "Destination topic", "oven");
        await page.GetByLabel("Mode", new() { Exact = true }).UncheckAsync();
        await page.GetByRole(AriaRole.Button, new() { NameRegex = new("^Review and apply") }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Apply", Exact = true }).ClickAsync();

        var head = page.Locator(".ehead");
        await Expect(head.GetByText("Stopped")).ToBeVisibleAsync();
        await head.GetByRole(AriaRole.Button, new() { Name = "Start" }).ClickAsync();
        await Expect(head.GetByText("Healthy")).ToBeVisibleAsync();
        IReadOnlyList<long> figures = [];
        await Wait.UntilAsync(
            async () =>
            {
                figures = [.. (await page.Locator(".eq .v").AllInnerTextsAsync()).Select(text => long.Parse(text, NumberStyles.AllowThousands, CultureInfo.InvariantCulture))];
                return figures[1] >= 3;
            },
            "three messages are delivered", lastSeen: () => string.Join(", ", figures));
        Assert.Equal(figures[0], figures[1] + figures[2] + figures[3]);
        await Expect(page.GetByText("Balances")).ToBeVisibleAsync();
        await Expect(page.Locator(".insp")).ToContainTextAsync("ce_specversion");

        await head.GetByRole(AriaRole.Button, new() { Name = "Stop" }).ClickAsync();
        await Expect(head.GetByText("Stopped")).ToBeVisibleAsync();
        var status = await StatusAsync(portal, "oven-to-kafka");
        Assert.Equal("Stopped", (string?)status["state"]);
        Assert.True((long)status["bytesIn"]! > 0 && (long)status["bytesOut"]! > 0);
        var ledger = status["ledger"]!;
        Assert.Equal((0, (long)ledger["received"]!), ((long)ledger["inFlight"]!, (long)ledger["delivered"]! + ledger["dropped"]!.AsObject().Sum(drop => (long)drop.Value!)));
    }

    [Fact]
    public async Task A_newcomer_sees_a_dataflow_that_runs_and_balances_at_once()
    {
        using var data = new TemporaryFolder();
        await using var portal = await PortalProcess.StartAsync(data.Path);
        var page = await chromium.OpenAsync(portal.Address, "/");
        var row = page.GetByRole(AriaRole.Table, new() { Name = "Dataflows" }).GetByRole(AriaRole.Row, new() { NameRegex = new("plant-telemetry") });
        await Expect(row).ToContainTextAsync("Healthy");
        await row.GetByRole(AriaRole.Link, new() { Name = "plant-telemetry" }).ClickAsync();
        await Expect(page.GetByText("Balances")).ToBeVisibleAsync();
        await Expect(page.Locator(".ehead").GetByText("Healthy")).ToBeVisibleAsync();
    }

    private static async Task FillAsync(IPage page, string label, string text)
    {
        var field = page.GetByLabel(label, new() { Exact = true });
        await field.FillAsync(text);
        await Expect(field).ToHaveValueAsync(text);
    }

    private static async Task<JsonNode> StatusAsync(PortalProcess portal, string name)
    {
        using var client = new HttpClient { BaseAddress = new Uri(portal.Address) };
        return JsonNode.Parse(await client.GetStringAsync($"/api/v1/dataflows/{name}/status", TestContext.Current.CancellationToken))!;
    }
}
