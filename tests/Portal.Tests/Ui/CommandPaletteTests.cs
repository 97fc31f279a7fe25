using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor;
using Portal.Components.Layout.Commands;

namespace Portal.Tests.Ui;

public sealed class CommandPaletteTests : UiContext
{
    public CommandPaletteTests()
    {
        Services.AddScoped<ICommandSource, PageCommands>();
        Services.AddScoped<ICommandSource>(_ => new Names("line3-broker", "line3-mirror", "historian"));
    }

    [Fact]
    public async Task Typing_finds_and_enter_opens()
    {
        var page = await OpenAsync();
        await page.Find(".cmd-input").InputAsync("line3");
        Assert.Equal(["line3-broker", "line3-mirror"], page.FindAll("[role=option] .ell").Select(option => option.TextContent));
        Assert.All(page.FindAll("[role=option] b"), bold => Assert.Equal("line3", bold.TextContent));

        await page.Find(".cmd-input").KeyDownAsync("ArrowDown");
        Assert.Equal("cmd-1", page.Find(".cmd-input").GetAttribute("aria-activedescendant"));
        await page.Find(".cmd-input").KeyDownAsync("Enter");
        Assert.EndsWith("/endpoints/line3-mirror", Services.GetRequiredService<NavigationManager>().Uri);
        page.WaitForAssertion(() => Assert.Empty(page.FindAll(".cmd-input")));
    }

    [Fact]
    public async Task What_is_not_there_is_said()
    {
        var page = await OpenAsync();
        await page.Find(".cmd-input").InputAsync("nothing like it");
        Assert.Contains("nothing like it", page.Find(".cmd-none").TextContent);
    }

    [Theory]
    [InlineData("Live traffic", "li", "Li|ve traffic")]
    [InlineData("Test line3-broker", "test li", "Test| |li|ne3-broker")]
    [InlineData("Overview", "", "Overview")]
    public void Pieces_add_up(string title, string query, string expected) =>
        Assert.Equal(expected, string.Join('|', CommandMatch.Pieces(title, query).Select(piece => piece.Text)));

    private async Task<IRenderedComponent<MudDialogProvider>> OpenAsync()
    {
        Render<MudPopoverProvider>();
        var page = Render<MudDialogProvider>();
        await page.InvokeAsync(() => CommandPalette.OpenAsync(Services.GetRequiredService<IDialogService>()));
        return page;
    }

    private sealed class Names(params string[] names) : ICommandSource
    {
        public Task<IReadOnlyList<PortalCommand>> FindAsync(string query, int most, CancellationToken cancellationToken = default) =>
            Task.FromResult<IReadOnlyList<PortalCommand>>([.. names.Where(name => CommandMatch.Fits(name, query))
                .Select(name => new PortalCommand("Endpoints", name, "", $"/endpoints/{name}"))]);
    }
}
