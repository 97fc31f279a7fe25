using System.Text.Json.Nodes;
using Portal.Model;

namespace Portal.Stores.AzureResourceManager;

/// <summary>An Azure IoT Operations instance and the paths of what stands below it.</summary>
internal sealed record ArmInstance(string SubscriptionId, string ResourceGroup, string Name)
{
    public const string Provider = "Microsoft.IoTOperations";
    private const string Type = Provider + "/instances";

    public string GroupPath => $"/subscriptions/{SubscriptionId}/resourceGroups/{ResourceGroup}";

    public string Path => $"{GroupPath}/providers/{Type}/{Name}";

    /// <summary>List of a kind; dataflows stand below a profile.</summary>
    public string ListPath(ResourceKind kind, string? profile = null) => kind switch
    {
        ResourceKind.DataflowEndpoint => $"{Path}/dataflowEndpoints",
        ResourceKind.DataflowProfile => $"{Path}/dataflowProfiles",
        _ => $"{Path}/dataflowProfiles/{profile}/dataflows",
    };

    public string PathOf(ResourceKind kind, string name, string? profile) => $"{ListPath(kind, profile)}/{name}";

    /// <summary>Type of a kind, as rights name it.</summary>
    public static string TypeOf(ResourceKind kind) => Type + kind switch
    {
        ResourceKind.DataflowEndpoint => "/dataflowEndpoints",
        ResourceKind.DataflowProfile => "/dataflowProfiles",
        _ => "/dataflowProfiles/dataflows",
    };

    /// <summary>Instances of a resource group, or of the whole subscription.</summary>
    public static string ListPath(string subscriptionId, string? resourceGroup) =>
        $"/subscriptions/{subscriptionId}{(resourceGroup is null ? "" : "/resourceGroups/" + Uri.EscapeDataString(resourceGroup))}/providers/{Type}";
}

/// <summary>What new resources take from their instance.</summary>
/// <param name="ExtendedLocation">The custom location of the cluster.</param>
/// <param name="Location">Azure region.</param>
/// <param name="ProviderClassId">Resource id of the default SecretProviderClass; null when the instance names none.</param>
internal sealed record ArmInstanceFacts(JsonObject? ExtendedLocation, string? Location, string? ProviderClassId)
{
    public static ArmInstanceFacts Of(JsonObject instance) => new(
        instance["extendedLocation"] as JsonObject, ArmEntry.Text(instance["location"]),
        ArmEntry.Text(((instance["properties"] as JsonObject)?["defaultSecretProviderClassRef"] as JsonObject)?["resourceId"]));
}
