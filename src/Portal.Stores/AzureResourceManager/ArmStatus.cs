using System.Text.Json.Nodes;
using Portal.Model.Ports;

namespace Portal.Stores.AzureResourceManager;

/// <summary>The status of a resource from its provisioning state and the health that the edge reports to Azure.</summary>
internal static class ArmStatus
{
    public static ResourceStatus? Of(JsonObject body)
    {
        var properties = body["properties"] as JsonObject;
        var provisioning = ArmOperations.StateOf(body);
        // Since 2026-03-01 profiles and dataflows have an object; before, and on endpoints, it is one word.
        var report = (properties?["status"] as JsonObject)?["healthState"] as JsonObject;
        var runtime = ArmEntry.Text(report?["status"]) ?? ArmEntry.Text(properties?["healthState"]);
        if (provisioning is null && runtime is null)
            return null;
        var health = (ResourceHealth)Math.Max((int)OfProvisioning(provisioning), (int)OfRuntime(runtime));
        return new ResourceStatus(health, provisioning, runtime, ArmEntry.Text(report?["message"]), ArmEntry.Text(report?["reasonCode"]));
    }

    private static ResourceHealth OfProvisioning(string? state) => state switch
    {
        "Failed" => ResourceHealth.Error,
        "Canceled" => ResourceHealth.Warning,
        _ => ArmOperations.IsMoving(state) ? ResourceHealth.Warning : ResourceHealth.Success,
    };

    // Unknown: nothing was reported for 15 minutes.
    private static ResourceHealth OfRuntime(string? state) => state switch
    {
        "Unavailable" => ResourceHealth.Error,
        "Degraded" or "Unknown" => ResourceHealth.Warning,
        _ => ResourceHealth.Success,
    };
}
