using Portal.Components.Lists;
using Portal.Model;
using Portal.Model.Dataflows;
using Portal.Model.Ports;
using Portal.Resources;

namespace Portal.Components.Layout.Commands;

/// <summary>Stored dataflows by name: open, start, stop.</summary>
internal sealed class FlowCommands(IResourceStore store, FlowActions actions) : ICommandSource
{
    public async Task<IReadOnlyList<PortalCommand>> FindAsync(string query, int most, CancellationToken cancellationToken = default)
    {
        if (query.Length == 0)
            return [];
        var flows = (await store.ListAsync(cancellationToken)).Of(ResourceKind.Dataflow).Select(stored => (Dataflow)stored.Value);
        return [.. flows.OrderBy(flow => flow.Name, StringComparer.Ordinal).Select(flow => CommandOf(flow, query)).OfType<PortalCommand>().Take(most)];
    }

    private PortalCommand? CommandOf(Dataflow flow, string query)
    {
        var switches = (flow.IsEnabled ? Text.Palette_Stop : Text.Palette_Start).With(flow.Name);
        return CommandMatch.Fits(flow.Name, query)
            ? new(Text.Nav_Dataflows, flow.Name, PortalIcons.Flow, PortalUrls.Dataflow(flow.Name), Hint: flow.IsEnabled ? null : Text.State_Stopped)
            : CommandMatch.Fits(switches, query)
                ? new(Text.Palette_Run, switches, flow.IsEnabled ? PortalIcons.Stop : PortalIcons.Play, Run: () => actions.RunAsync([flow.Name], !flow.IsEnabled))
                : null;
    }
}
