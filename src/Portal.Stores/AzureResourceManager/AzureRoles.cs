using System.Text.Json.Nodes;
using Portal.Model.Ports;
using Portal.Model.Roles;

namespace Portal.Stores.AzureResourceManager;

/// <summary>Whether a role is assigned, and what its assignment needs.</summary>
/// <param name="Scope">Resource id of the namespace; null when the subscription has none of that name.</param>
/// <param name="PrincipalId">Object id of the identity; null when it was not found.</param>
/// <param name="IsAssigned">True when the identity has the role at the scope or above; null when that cannot be told.</param>
/// <param name="Problem">Why it cannot be told; null when it can.</param>
public sealed record RoleAnswer(string? Scope, string? PrincipalId, bool? IsAssigned, TargetState? Problem = null);

/// <summary>Asks Azure whether the identities of endpoints have the roles that they need.</summary>
public sealed class AzureRoles
{
    private const string AuthorizationVersion = "2022-04-01";
    private const string ExtensionType = "microsoft.iotoperations";

    private readonly ArmConnection arm;
    private readonly string subscriptionId;
    private readonly Func<CancellationToken, Task<ArmInstanceFacts>> facts;

    internal AzureRoles(ArmConnection arm, string subscriptionId, Func<CancellationToken, Task<ArmInstanceFacts>> facts) => (this.arm, this.subscriptionId, this.facts) = (arm, subscriptionId, facts);

    /// <summary>Looks for the namespace in the subscription of the target, for the identity, and for an assignment at the namespace or above.</summary>
    public async Task<RoleAnswer> FindAsync(RoleNeed need, CancellationToken cancellationToken = default)
    {
        try
        {
            var version = need.NamespaceType == "Microsoft.EventHub/namespaces" ? "2024-01-01" : "2025-02-15";
            var scope = ArmEntry.Text((await FirstAsync($"/subscriptions/{subscriptionId}/providers/{need.NamespaceType}", version, one => Same(one["name"], need.Namespace), cancellationToken).ConfigureAwait(false))?["id"]);
            var principal = need.Principal is RolePrincipal.UserAssigned
                ? await UserAssignedAsync(need.ClientId, cancellationToken).ConfigureAwait(false)
                : await ExtensionAsync(cancellationToken).ConfigureAwait(false);
            if (scope is null || principal is null)
                return new RoleAnswer(scope, principal, null);
            // assignedTo counts assignments to groups that the identity is in.
            await foreach (var assignment in arm.ListAsync($"{scope}/providers/Microsoft.Authorization/roleAssignments", AuthorizationVersion, $"assignedTo('{principal}')", cancellationToken).ConfigureAwait(false))
                if (IsIt(assignment["properties"] as JsonObject, need, scope))
                    return new RoleAnswer(scope, principal, true);
            return new RoleAnswer(scope, principal, false);
        }
        catch (ArmException e)
        {
            return new RoleAnswer(null, null, null, ArmConditions.Of(e.Error));
        }
    }

    private async Task<string?> UserAssignedAsync(string? clientId, CancellationToken cancellationToken)
    {
        var identity = await FirstAsync(
            $"/subscriptions/{subscriptionId}/providers/Microsoft.ManagedIdentity/userAssignedIdentities", "2023-01-31",
            one => clientId is not null && Same((one["properties"] as JsonObject)?["clientId"], clientId), cancellationToken).ConfigureAwait(false);
        return ArmEntry.Text((identity?["properties"] as JsonObject)?["principalId"]);
    }

    /// <summary>The identity of the Azure IoT Operations extension of the cluster behind the custom location.</summary>
    private async Task<string?> ExtensionAsync(CancellationToken cancellationToken)
    {
        var of = await facts(cancellationToken).ConfigureAwait(false);
        if (ArmEntry.Text(of.ExtendedLocation?["name"]) is not { } location)
            return null;
        var custom = await arm.FindAsync(location, "2021-08-15", cancellationToken).ConfigureAwait(false);
        if (ArmEntry.Text((custom?["properties"] as JsonObject)?["hostResourceId"]) is not { } cluster)
            return null;
        var extension = await FirstAsync(
            $"{cluster}/providers/Microsoft.KubernetesConfiguration/extensions", "2023-05-01",
            one => Same((one["properties"] as JsonObject)?["extensionType"], ExtensionType), cancellationToken).ConfigureAwait(false);
        return ArmEntry.Text((extension?["identity"] as JsonObject)?["principalId"]);
    }

    private async Task<JsonObject?> FirstAsync(string path, string version, Func<JsonObject, bool> isIt, CancellationToken cancellationToken)
    {
        await foreach (var one in arm.ListAsync(path, version, null, cancellationToken).ConfigureAwait(false))
            if (isIt(one))
                return one;
        return null;
    }

    // The list also has assignments below the scope, which do not count.
    private static bool IsIt(JsonObject? assignment, RoleNeed need, string scope) =>
        ArmEntry.Text(assignment?["roleDefinitionId"])?.EndsWith("/" + need.Role.Id, StringComparison.OrdinalIgnoreCase) is true
        && ArmEntry.Text(assignment?["scope"]) is { } at && (scope + "/").StartsWith(at.TrimEnd('/') + "/", StringComparison.OrdinalIgnoreCase);

    private static bool Same(JsonNode? node, string text) => text.Equals(ArmEntry.Text(node), StringComparison.OrdinalIgnoreCase);
}
