using Portal.Components.Shared;
using Portal.Model.Endpoints;
using Portal.Resources;

namespace Portal.Components.Layout.Commands;

/// <summary>Pages, new endpoints of each kind, and the theme.</summary>
internal sealed class PageCommands(BrowserInfo browser) : ICommandSource
{
    public Task<IReadOnlyList<PortalCommand>> FindAsync(string query, int most, CancellationToken cancellationToken = default) =>
        Task.FromResult<IReadOnlyList<PortalCommand>>([.. All().Where(command => CommandMatch.Fits(command.Title, query))]);

    private IEnumerable<PortalCommand> All()
    {
        yield return Page(Text.Nav_Overview, PortalIcons.Overview, PortalUrls.Overview);
        yield return Page(Text.Nav_Endpoints, PortalIcons.Endpoint, PortalUrls.Endpoints);
        yield return Page(Text.Nav_Dataflows, PortalIcons.Flow, PortalUrls.Dataflows);
        yield return Page(Text.Nav_Traffic, PortalIcons.Traffic, PortalUrls.Traffic);
        yield return Page(Text.Nav_Secrets, PortalIcons.Key, PortalUrls.Secrets);
        yield return Page(Text.Nav_Import, PortalIcons.Import, PortalUrls.Import);
        yield return Page(Text.Nav_Activity, PortalIcons.Activity, PortalUrls.Activity);
        yield return Page(Text.Targets_Title, PortalIcons.Cluster, PortalUrls.Targets);
        foreach (var kind in EndpointKind.All)
            yield return new(Text.Palette_Run, Text.Palette_New.With(kind.DisplayName), KindIcon.IconOf(kind), PortalUrls.NewEndpoint(kind));
        yield return new(Text.Palette_Run, Text.Flows_New, PortalIcons.Flow, PortalUrls.NewDataflow);
        yield return Theme("light", Text.Theme_Light, PortalIcons.Sun);
        yield return Theme("dark", Text.Theme_Dark, PortalIcons.Moon);
        yield return Theme("system", Text.Theme_System, PortalIcons.Screen);
    }

    private static PortalCommand Page(string title, string icon, string href) => new(Text.Palette_GoTo, title, icon, href);

    private PortalCommand Theme(string choice, string title, string icon) =>
        new(Text.Palette_Run, Text.Palette_Theme.With(title), icon, Run: () => browser.SetThemeAsync(choice));
}
