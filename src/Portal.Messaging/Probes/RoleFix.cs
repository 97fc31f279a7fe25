using Portal.Messaging.Connections;
using Portal.Model.Endpoints;
using Portal.Model.Roles;

namespace Portal.Messaging.Probes;

/// <summary>What to assign where an endpoint signs in with a managed identity at Event Hubs or Event Grid.</summary>
internal static class RoleFix
{
    /// <summary>The same problem, with the role as its fix where it is about missing rights.</summary>
    public static Problem WithRole(this Problem problem, DataflowEndpoint endpoint, bool? isSource) =>
        problem.Cause.EndsWith("-not-authorized", StringComparison.Ordinal) && Of(endpoint, isSource) is { } fix ? problem with { Fix = fix } : problem;

    /// <summary>Names role, identity and namespace; null where no such role exists.</summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="isSource">True for reading, false for writing, null for both.</param>
    public static string? Of(DataflowEndpoint endpoint, bool? isSource)
    {
        var needs = new[] { false, true }.Where(source => isSource is null || isSource == source).Select(source => RoleNeed.Of(endpoint, source)).OfType<RoleNeed>().ToList();
        if (needs is not [var first, ..])
            return null;
        var roles = needs.Count == 1 ? $"role {first.Role.Name}" : $"roles {needs[0].Role.Name} (to write) and {needs[1].Role.Name} (to read)";
        var who = first.Principal is RolePrincipal.UserAssigned ? $"the identity with the client ID {first.ClientId}" : "the identity of the Azure IoT Operations extension of the cluster";
        return $"Assign the {roles} on the namespace '{first.Namespace}' to {who}; the tab Basic shows the command. It takes some minutes after it is assigned.";
    }
}
