using System.Globalization;
using Portal.Model.Ports;

namespace Portal.Stores.AzureResourceManager;

/// <summary>What an error, or missing rights, mean for the whole target.</summary>
internal static class ArmConditions
{
    // Tokens are refused when the clocks differ by more.
    private static readonly TimeSpan ClockTolerance = TimeSpan.FromMinutes(5);

    /// <summary>The state of a target that cannot be read.</summary>
    /// <param name="error">Why not.</param>
    /// <param name="instance">The instance; null where it does not matter.</param>
    /// <param name="others">Names of instances that are there.</param>
    public static TargetState Of(ArmError error, ArmInstance? instance = null, IReadOnlyList<string>? others = null) => error switch
    {
        { Code: ArmError.SignIn } => Unavailable(
            "sign-in-missing", $"The portal could not sign in to Azure: {error.Message}",
            "Sign in with az login, or run the portal where it has a managed or workload identity, and check TenantId and ClientId of the target."),
        { Status: 401 } when error.ClockBehind.Duration() > ClockTolerance => Unavailable(
            "clock-skew", string.Create(CultureInfo.InvariantCulture, $"Azure does not accept the sign-in: the clock of this machine differs by {error.ClockBehind.Duration().TotalMinutes:0} minutes from Azure's."),
            "Set the clock of the machine by NTP."),
        { Status: 401 } => Unavailable(
            "sign-in-refused", $"Azure does not accept the sign-in: {error.Message}",
            "Check that TenantId is the tenant of the subscription, then sign in again."),
        { Status: 403 } => Rights(error),
        { Status: 404, Code: "SubscriptionNotFound" } => Unavailable(
            "subscription-not-found", "Azure knows no such subscription for the one who signed in.", "Check SubscriptionId and TenantId of the target."),
        { Status: 404, Code: "ResourceGroupNotFound" } => Unavailable(
            "resource-group-not-found", $"The resource group '{instance?.ResourceGroup}' does not exist in the subscription.", "Check ResourceGroup and SubscriptionId of the target."),
        { Status: 404 } => Unavailable(
            "instance-not-found", $"The Azure IoT Operations instance '{instance?.Name}' does not exist in the resource group '{instance?.ResourceGroup}'.",
            others is { Count: > 0 } ? $"There {(others.Count == 1 ? "is" : "are")}: {string.Join(", ", others)}. Set Instance of the target to one of them." : "Check Instance and ResourceGroup of the target."),
        { Status: 429 } => Unavailable("throttled", "Azure takes no more requests from here for a while.", "Wait; the portal asks again by itself."),
        { Code: ArmError.NoAnswer } => Unavailable("unreachable", $"Azure Resource Manager cannot be reached: {error.Message}", "Check the way to Azure (name resolution, firewall, proxy); the portal asks again by itself."),
        _ => Unavailable("service-error", $"Azure Resource Manager does not answer as it should: {error.Message}", "Wait; the portal asks again by itself. Look at Azure's service health when it stays so."),
    };

    /// <summary>The state of a target that could be read, wholly or partly.</summary>
    public static TargetState Of(ArmSnapshot snapshot, ArmInstance instance)
    {
        if (snapshot.Refusals.Count > 0)
            return Rights(snapshot.Refusals.Values.First()) with { Condition = TargetCondition.ReadOnly };
        return snapshot.MissingActions is { Count: > 0 } missing ? new TargetState(
            TargetCondition.ReadOnly, "rights-missing", $"You may read this instance, but not: {string.Join(", ", missing)} on {instance.Path}.",
            "Ask for a role with these actions on this scope. The role below has exactly those.")
        { Remedy = RoleOf(missing, instance) } : TargetState.Ready;
    }

    /// <summary>The state of a target whose synced secrets cannot be read; everything else of it works.</summary>
    public static TargetState OfSynced(ArmError error)
    {
        var state = Of(error);
        return state with { Condition = TargetCondition.ReadOnly, Message = $"Synced secrets cannot be read, so that those here may be shown as missing. {state.Message}" };
    }

    /// <summary>Why what synced secrets hold cannot be told.</summary>
    public static SecretsUnavailableException SyncedUnavailable(ArmError error)
    {
        var state = Of(error);
        return new SecretsUnavailableException($"The synced secrets of the instance cannot be read. {state.Message}", state.Fix!);
    }

    private static TargetState Rights(ArmError error)
    {
        var (action, scope) = ArmFindings.RefusedBy(error);
        return Unavailable(
            "rights-missing", action is null ? $"Azure refuses it: {error.Message}" : $"You have no right to {action}{(scope is null ? "" : $" on {scope}")}.",
            "Ask for a role with this action on this scope; after it is assigned it takes some minutes.");
    }

    /// <summary>A role with exactly the actions that are missing, for az role definition create.</summary>
    private static string RoleOf(IReadOnlyList<string> actions, ArmInstance instance) => new System.Text.Json.Nodes.JsonObject
    {
        ["Name"] = $"Portal writer of {instance.Name}",
        ["Description"] = "What the portal needs beyond reading.",
        ["Actions"] = new System.Text.Json.Nodes.JsonArray([.. actions.Select(action => System.Text.Json.Nodes.JsonValue.Create(action))]),
        ["AssignableScopes"] = new System.Text.Json.Nodes.JsonArray(System.Text.Json.Nodes.JsonValue.Create(instance.GroupPath)),
    }.ToJsonString(new System.Text.Json.JsonSerializerOptions { WriteIndented = true });

    private static TargetState Unavailable(string cause, string message, string fix) => new(TargetCondition.Unavailable, cause, message, fix);
}
