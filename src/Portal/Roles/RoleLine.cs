using Portal.Model.Dataflows;
using Portal.Model.Endpoints;
using Portal.Model.Roles;
using Portal.Stores.AzureResourceManager;

namespace Portal.Roles;

/// <summary>The role that one direction of an endpoint needs, and what assigns it.</summary>
/// <param name="Need">Role, principal and namespace.</param>
/// <param name="IsSource">True for dataflows that read from the endpoint, false for those that write to it.</param>
/// <param name="Users">Names of the dataflows that use the endpoint in this direction.</param>
/// <param name="Answer">What Azure says of it; null = nobody asked.</param>
public sealed record RoleLine(RoleNeed Need, bool IsSource, IReadOnlyList<string> Users, RoleAnswer? Answer = null)
{
    /// <summary>Resource id of the scope, with placeholders for what is not known.</summary>
    public string Scope => Answer?.Scope ?? Need.Scope(RoleNeed.SubscriptionPlace, RoleNeed.GroupPlace);

    /// <summary>Object id of the identity, or its placeholder.</summary>
    public string PrincipalId => Answer?.PrincipalId ?? RoleNeed.PrincipalPlace;

    public string Command => Need.AzCommand(Scope, PrincipalId);

    public string Bicep => Need.Bicep(PrincipalId);

    /// <summary>What stands in command and Bicep for what is not known, with the command that finds it.</summary>
    public IReadOnlyList<(string Placeholder, string FindCommand)> Placeholders =>
    [
        .. Answer?.Scope is null ? [($"{RoleNeed.SubscriptionPlace}, {RoleNeed.GroupPlace}", Need.FindScopeCommand)] : Array.Empty<(string, string)>(),
        .. Answer?.PrincipalId is null ? [(RoleNeed.PrincipalPlace, Need.FindPrincipalCommand)] : Array.Empty<(string, string)>(),
    ];

    /// <summary>What an endpoint needs in both directions, those that dataflows use first; none where no managed identity signs in to Event Hubs or Event Grid.</summary>
    public static IReadOnlyList<RoleLine> Of(DataflowEndpoint endpoint, IReadOnlyList<Dataflow> users) =>
    [
        .. new[] { false, true }.Select(isSource => RoleNeed.Of(endpoint, isSource) is { } need ? new RoleLine(need, isSource, UsersOf(endpoint.Name, users, isSource)) : null)
            .OfType<RoleLine>().OrderByDescending(line => line.Users.Count > 0),
    ];

    /// <summary>The same lines with what Azure says of each.</summary>
    public static async Task<IReadOnlyList<RoleLine>> AskAsync(IReadOnlyList<RoleLine> lines, AzureRoles azure, CancellationToken cancellationToken = default) =>
        await Task.WhenAll(lines.Select(async line => line with { Answer = await azure.FindAsync(line.Need, cancellationToken) }));

    private static IReadOnlyList<string> UsersOf(string endpoint, IReadOnlyList<Dataflow> users, bool isSource) =>
        [.. users.Where(flow => flow.Uses.Any(use => use.Endpoint == endpoint && use.IsSource == isSource)).Select(flow => flow.Name).Distinct().Order(StringComparer.Ordinal)];
}
