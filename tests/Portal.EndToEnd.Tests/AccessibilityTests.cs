using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using Portal.Tests.Shared;

namespace Portal.EndToEnd.Tests;

/// <summary>axe finds nothing on any page, in either theme, on a phone and on a desktop (WCAG 2.2 AA).</summary>
[Collection(nameof(Chromium))]
public sealed class AccessibilityTests(Chromium chromium, AccessibilityTests.Running running) : IClassFixture<AccessibilityTests.Running>
{
    private static readonly string[] Tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

    /// <summary>Path, and a text that is there once the page has its data.</summary>
    private static readonly (string Path, string Ready)[] Pages =
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
        ("/traffic", "Live traffic"),
        ("/secrets", "Secrets and certificates"),
        ("/activity", "Activity"),
        ("/not-a-page", "No page has this address"),
    ];

    [Theory]
    [InlineData(ColorScheme.Light, 1280)]
    [InlineData(ColorScheme.Dark, 1280)]
    [InlineData(ColorScheme.Light, 400)]
    [InlineData(ColorScheme.Dark, 400)]
    public async Task Axe_finds_nothing(ColorScheme scheme, int width)
    {
        var found = new List<string>();
        foreach (var (path, ready) in Pages)
        {
            var page = await chromium.OpenAsync(running.Portal.Address, path, width, scheme);
            await page.GetByRole(AriaRole.Main).GetByText(ready).First.WaitForAsync(new() { State = WaitForSelectorState.Attached });
            var result = await page.RunAxe(new AxeRunOptions { RunOnly = new RunOnlyOptions { Type = "tag", Values = [.. Tags] } });
            found.AddRange(result.Violations.SelectMany(violation => violation.Nodes.Select(node => $"{path}: {violation.Id}: {violation.Help}: {node.Html}")));
            await page.Context.CloseAsync();
        }
        Assert.True(found.Count == 0, string.Join('\n', found.Distinct()));
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
