using Portal.Components.Shared;
using Portal.Model;
using Portal.Model.Endpoints;
using Portal.Model.Ports;
using Portal.Resources;

namespace Portal.Components.Layout.Commands;

/// <summary>Stored endpoints by name: open, test.</summary>
internal sealed class EndpointCommands(IResourceStore store) : ICommandSource
{
    public async Task<IReadOnlyList<PortalCommand>> FindAsync(string query, int most, CancellationToken cancellationToken = default)
    {
        if (query.Length == 0)
            return [];
        var endpoints = (await store.ListAsync(cancellationToken)).Of(ResourceKind.DataflowEndpoint).Select(stored => stored.Value).OfType<DataflowEndpoint>();
        var commands = new List<PortalCommand>();
        foreach (var endpoint in endpoints.OrderBy(endpoint => endpoint.Name, StringComparer.Ordinal))
        {
            if (commands.Count >= most)
                break;
            var test = Text.Palette_Test.With(endpoint.Name);
            if (CommandMatch.Fits(endpoint.Name, query))
                commands.Add(new(Text.Nav_Endpoints, endpoint.Name, KindIcon.IconOf(EndpointKind.Of(endpoint)), PortalUrls.Endpoint(endpoint.Name), Hint: EndpointKind.Of(endpoint)?.DisplayName));
            else if (CommandMatch.Fits(test, query))
                commands.Add(new(Text.Palette_Run, test, PortalIcons.Test, PortalUrls.Endpoint(endpoint.Name, "test")));
        }
        return commands;
    }
}
