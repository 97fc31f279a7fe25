using System.Text.Json;
using System.Text.Json.Nodes;
using Portal.Model;
using Portal.Model.Ports;

namespace Portal.Stores.Kubernetes;

/// <summary>The status of a custom resource as <c>az iot ops check</c> maps it: the worst of all that is said.</summary>
internal static class StatusMap
{
    public static ResourceStatus? Read(ResourceKind kind, JsonObject? status)
    {
        if (status is null || status.Count == 0)
            return null;
        var (provisioning, runtime, health) = (status["provisioningStatus"] as JsonObject, status["runtimeStatus"] as JsonObject, status["healthState"] as JsonObject);
        var error = provisioning?["error"] as JsonObject;
        var failure = Text(provisioning?["failureCause"]);
        var (state, level) = (Text(provisioning?["status"]), Text(runtime?["level"]));
        List<ResourceHealth> said = [OfLevel(state), OfLevel(level), OfHealth(Text(health?["status"]))];
        if (error is not null || failure is not null)
            said.Add(ResourceHealth.Error);
        // A profile that runs says so; silence is a fault of it.
        var isSilent = kind is ResourceKind.DataflowProfile && runtime is null;
        if (isSilent)
            said.Add(ResourceHealth.Error);
        var message = failure ?? Text(error?["message"]) ?? Text(runtime?["description"]) ?? Text(health?["message"]) ?? Text(status["statusDescription"])
            ?? (isSilent ? "The dataflow operator reports no state at run time." : null);
        return new ResourceStatus(said.Max(), state, level, message, Text(error?["code"]) ?? Text(health?["reasonCode"]));
    }

    private static ResourceHealth OfLevel(string? level) => level?.ToLowerInvariant() switch
    {
        "starting" or "recovering" or "warn" or "warning" or "waiting" or "n/a" => ResourceHealth.Warning,
        "failed" or "error" => ResourceHealth.Error,
        _ => ResourceHealth.Success,
    };

    private static ResourceHealth OfHealth(string? health) => health?.ToLowerInvariant() switch
    {
        "degraded" or "unknown" => ResourceHealth.Warning,
        "unavailable" => ResourceHealth.Error,
        _ => ResourceHealth.Success,
    };

    private static string? Text(JsonNode? node) => node?.GetValueKind() is JsonValueKind.String ? node.GetValue<string>() : null;
}
