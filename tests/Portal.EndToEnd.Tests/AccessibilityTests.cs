using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using Portal.Tests.Shared;

namespace Portal.EndToEnd.Tests;

/// <summary>axe finds nothing on any page, in either theme, on a phone and on a desktop (WCAG 2.2 AA).</summary>
[Collection(nameof(Chromium))]
public sealed class AccessibilityTests(Chromium chromium, AccessibilityTests.Running running) : IClassFixture<AccessibilityTests.Running>
{
    internal static readonly string[] Tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

    /// <summary>Path, and a text that is there once the page has its data.</summary>
    internal static readonly (string Path, string Ready)[] Pages =
    [
        ("/", "Overview"),
        ("/endpoints", "sandbox-kafka"),
        ("/endpoints/new/custom-mqtt", "Host"),
        ("/endpoints/new/eventhub?tab=advanced", "Compression"),
        ("/endpoints/default", "Service audience"),
        ("/endpoints/default?tab=advanced", "Keep alive"),
        ("/endpoints/default?tab=code", "apiVersion"),
        ("/endpoints/default?tab=test", "Test"),
        ("/endpoints/default?tab=traffic", "Live traffic"),
        ("/endpoints/default?tab=usedby", "Used by"),
        ("/endpoints/default?tab=history", "History"),
        ("/dataflows", "plant-telemetry"),
        ("/dataflows/new", "Source endpoint"),
        ("/dataflows/plant-telemetry", "Ledger"),
        ("/dataflows/plant-telemetry/edit", "Destination topic"),
        ("/dataflows/plant-telemetry/edit?tab=try", "Pasted sample"),
        ("/dataflows/plant-telemetry/edit?tab=history", "History"),
        ("/dataflows/not-there", "There is no dataflow"),
        ("/traffic", "Live traffic"),
        ("/secrets", "Secrets and certificates"),
        ("/activity", "Activity"),
        ("/targets", "Targets"),
        ("/import", "Drop files or a folder here"),
        ("/not-a-page", "No page has this address"),
    ];

    /// <summary>One page goes through all addresses, so that the browser loads what they share once; on each it is asked in both themes.</summary>
    [Theory]
    [InlineData(1280, ColorScheme.Light, ColorScheme.Dark)]
    [InlineData(400, ColorScheme.Dark, ColorScheme.Light)]
    public async Task Axe_finds_nothing(int width, ColorScheme first, ColorScheme second)
    {
        var found = new List<string>();
        var page = await chromium.OpenAsync(running.Portal.Address, Pages[0].Path, width, first);
        await page.EmulateMediaAsync(new() { ReducedMotion = ReducedMotion.Reduce });
        foreach (var (path, ready) in Pages)
        {
            await page.EmulateMediaAsync(new() { ColorScheme = first });
            await page.GotoAsync(path);
            await page.GetByRole(AriaRole.Main).GetByText(ready).First.WaitForAsync(new() { State = WaitForSelectorState.Attached });
            found.AddRange(await AskAsync(page, path, first));
            await SwitchAsync(page, second);
            found.AddRange(await AskAsync(page, path, second));
        }
        await page.Context.CloseAsync();
        Assert.True(found.Count == 0, string.Join('\n', found.Distinct()));
    }

    /// <summary>What a page shows only after a click.</summary>
    [Fact]
    public async Task Axe_finds_nothing_in_dialogs_and_details()
    {
        var found = new List<string>();
        var page = await chromium.OpenAsync(running.Portal.Address, "/endpoints/default?tab=advanced");
        await page.EmulateMediaAsync(new() { ReducedMotion = ReducedMotion.Reduce });
        var endpoint = new EndpointPageObject(page);
        await endpoint.FillAsync("Keep alive", "30");
        await page.GetByRole(AriaRole.Button, new() { NameRegex = new("^Review and apply") }).ClickAsync();
        await LookAsync("review");

        await page.GotoAsync("/endpoints/new/custom-kafka");
        await endpoint.ChooseAsync("Authentication method", "SASL");
        await endpoint.Field("Password reference of token secret").ClickAsync();
        await endpoint.Dialog.GetByRole(AriaRole.Button, new() { Name = "Create new" }).ClickAsync();
        await endpoint.Dialog.GetByLabel("Secret value").WaitForAsync();
        await LookAsync("reference");

        await page.GotoAsync("/traffic");
        var messages = page.GetByRole(AriaRole.Listbox, new() { Name = "Messages" }).GetByRole(AriaRole.Option);
        await messages.First.WaitForAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Pause" }).First.ClickAsync();
        await messages.First.ClickAsync();
        await page.GetByText("Properties", new() { Exact = true }).WaitForAsync();
        found.AddRange(await AskAsync(page, "message", ColorScheme.Light));
        await page.GetByRole(AriaRole.Button, new() { Name = "Publish" }).First.ClickAsync();
        await LookAsync("publish");

        await page.GotoAsync("/endpoints/default");
        await endpoint.TestAsync("Passed");
        await page.GetByRole(AriaRole.Button, new() { Name = "Evidence for TLS" }).ClickAsync();
        found.AddRange(await AskAsync(page, "evidence", ColorScheme.Light));
        await SwitchAsync(page, ColorScheme.Dark);
        found.AddRange(await AskAsync(page, "evidence", ColorScheme.Dark));
        await page.Context.CloseAsync();
        Assert.True(found.Count == 0, string.Join('\n', found.Distinct()));

        async Task LookAsync(string what)
        {
            await endpoint.Dialog.WaitForAsync();
            found.AddRange(await AskAsync(page, what, ColorScheme.Light));
            await SwitchAsync(page, ColorScheme.Dark);
            found.AddRange(await AskAsync(page, what, ColorScheme.Dark));
            await page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Light });
            await page.Keyboard.PressAsync("Escape");
            await Assertions.Expect(endpoint.Dialog).ToHaveCountAsync(0);
        }
    }

    internal static async Task<IEnumerable<string>> AskAsync(IPage page, string path, ColorScheme scheme)
    {
        var result = await page.RunAxe(new AxeRunOptions { RunOnly = new RunOnlyOptions { Type = "tag", Values = [.. Tags] } });
        Assert.NotEmpty(result.Passes);
        return result.Violations.SelectMany(violation => violation.Nodes.Select(node => $"{path} in {scheme}: {violation.Id}: {violation.Help}: {node.Html}"));
    }

    /// <summary>Changes the theme of the system; the page follows when the server has sent its colours too.</summary>
    internal static async Task SwitchAsync(IPage page, ColorScheme scheme)
    {
        const string Surface = "() => getComputedStyle(document.documentElement).getPropertyValue('--mud-palette-surface')";
        var before = await page.EvaluateAsync<string>(Surface);
        await page.EmulateMediaAsync(new() { ColorScheme = scheme });
        await page.WaitForFunctionAsync($"before => ({Surface})() !== before", before);
        // Inherited colours pass through transitions level by level: what is deep in a dialog has its own some frames later.
        await page.WaitForFunctionAsync("() => !document.getAnimations().some(one => one instanceof CSSTransition)");
    }

    /// <summary>One portal for the whole class.</summary>
    public sealed class Running : IAsyncLifetime
    {
        private readonly TemporaryFolder _data = new();

        public PortalProcess Portal { get; private set; } = null!;

        public async ValueTask InitializeAsync() => Portal = await PortalProcess.StartAsync(_data.Path);

        public async ValueTask DisposeAsync()
        {
            await Portal.DisposeAsync();
            _data.Dispose();
        }
    }
}
