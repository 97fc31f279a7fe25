using Microsoft.Extensions.DependencyInjection.Extensions;
using MudBlazor;
using MudBlazor.Services;
using Portal.Components.Layout;
using Portal.Components.Layout.Commands;
using Portal.Components.Lists;
using Portal.Components.Shared;
using Portal.Drafts;

namespace Portal.Components;

/// <summary>Everything that the pages need, in one line of Program.cs each.</summary>
internal static class PortalUi
{
    /// <summary>A page that lost its connection comes back to what was typed for this long.</summary>
    private static readonly TimeSpan CircuitRetention = TimeSpan.FromMinutes(30);

    private const int CircuitsRetained = 200;

    public static IServiceCollection AddPortalUi(this IServiceCollection services)
    {
        services.AddRazorComponents().AddInteractiveServerComponents(circuit =>
        {
            circuit.DisconnectedCircuitRetentionPeriod = CircuitRetention;
            circuit.DisconnectedCircuitMaxRetained = CircuitsRetained;
        });
        services.AddMudServices(mud =>
        {
            mud.SnackbarConfiguration.PositionClass = Defaults.Classes.Position.BottomRight;
            mud.SnackbarConfiguration.ShowTransitionDuration = mud.SnackbarConfiguration.HideTransitionDuration = 160;
            mud.SnackbarConfiguration.MaxDisplayedSnackbars = 3;
        });
        services.TryAddSingleton(TimeProvider.System);
        services.AddScoped<BrowserInfo>();
        services.AddScoped<AgeTicker>();
        services.AddLists();
        services.AddScoped<ICommandSource, PageCommands>();
        services.AddScoped<ICommandSource, EndpointCommands>();
        services.AddScoped<ICommandSource, FlowCommands>();
        return services;
    }

    /// <summary>What the pages need of each target: counts and drafts of its own.</summary>
    public static IServiceCollection AddTargetUi(this IServiceCollection services) =>
        services.AddSingleton<ShellInfo>().AddHostedService<NavCounter>().AddSingleton<DraftStore>();

    public static void MapPortalUi(this WebApplication app)
    {
        // Takes answers without a body only: the problem documents of the API stay as they are.
        app.UseStatusCodePagesWithReExecute("/not-found", createScopeForStatusCodePages: true);
        app.UseAntiforgery();
        app.MapStaticAssets();
        app.MapRazorComponents<App>().AddInteractiveServerRenderMode();
    }
}
