using System.Globalization;
using Portal.Model.Documents;
using Portal.Model.Endpoints;

namespace Portal.Model.Roles;

/// <summary>A built-in role of Azure.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Id">Its role definition, a GUID that is the same in every tenant.</param>
public sealed record AzureRole(string Name, string Id);

/// <summary>Who must have a role.</summary>
public enum RolePrincipal
{
    /// <summary>The identity of the Azure IoT Operations extension of the cluster.</summary>
    SystemAssigned,

    /// <summary>The user-assigned identity with <see cref="RoleNeed.ClientId"/>.</summary>
    UserAssigned,
}

/// <summary>
/// The role that an endpoint with a managed identity needs at Azure Event Hubs or Azure Event Grid. Names and ids are those of
/// https://learn.microsoft.com/azure/role-based-access-control/built-in-roles.
/// </summary>
/// <param name="Role">The role.</param>
/// <param name="Principal">Who must have it.</param>
/// <param name="ClientId">Client ID of a user-assigned identity; null for the system-assigned one.</param>
/// <param name="NamespaceType">Resource type of the scope.</param>
/// <param name="Namespace">Name of the namespace that is the scope: all event hubs, or all topic spaces in it.</param>
public sealed record RoleNeed(AzureRole Role, RolePrincipal Principal, string? ClientId, string NamespaceType, string Namespace)
{
    /// <summary>What stands for the subscription of the namespace where it is not known.</summary>
    public const string SubscriptionPlace = "<SUBSCRIPTION_ID>";

    /// <summary>What stands for the resource group of the namespace where it is not known.</summary>
    public const string GroupPlace = "<RESOURCE_GROUP>";

    /// <summary>What stands for the object id of the identity where it is not known.</summary>
    public const string PrincipalPlace = "<PRINCIPAL_ID>";

    public static AzureRole EventHubsSender { get; } = new("Azure Event Hubs Data Sender", "2b629674-e913-4c01-ae53-ef4638d8f975");

    public static AzureRole EventHubsReceiver { get; } = new("Azure Event Hubs Data Receiver", "a638d3c7-ab3a-418d-83e6-5f17a39d4fde");

    public static AzureRole TopicSpacesPublisher { get; } = new("EventGrid TopicSpaces Publisher", "a12b0b94-b317-4dcd-84a8-502ce99884c6");

    public static AzureRole TopicSpacesSubscriber { get; } = new("EventGrid TopicSpaces Subscriber", "4b0f2fd7-60b4-4eca-896f-4435034f8bf5");

    /// <summary>The role that an endpoint needs; null where it signs in without a managed identity, or is not one of those services.</summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="isSource">True when a dataflow reads from it, false when one writes to it.</param>
    public static RoleNeed? Of(DataflowEndpoint endpoint, bool isSource)
    {
        var (principal, client) = endpoint.Settings?.Authentication switch
        {
            Authentication.SystemAssignedManagedIdentity => ((RolePrincipal?)RolePrincipal.SystemAssigned, (string?)null),
            Authentication.UserAssignedManagedIdentity user => (RolePrincipal.UserAssigned, user.ClientId),
            _ => (null, null),
        };
        if (principal is null || !HostAddress.TryParse(endpoint.Settings?.Host ?? "", out var address))
            return null;
        var name = address.Host.Split('.')[0];
        return EndpointKind.EventHubs.HasSuffix(address.Host) ? new RoleNeed(isSource ? EventHubsReceiver : EventHubsSender, principal.Value, client, "Microsoft.EventHub/namespaces", name)
            : EndpointKind.EventGrid.HasSuffix(address.Host) ? new RoleNeed(isSource ? TopicSpacesSubscriber : TopicSpacesPublisher, principal.Value, client, "Microsoft.EventGrid/namespaces", name)
            : null;
    }

    /// <summary>Resource id of the scope.</summary>
    /// <param name="subscriptionId">Subscription of the namespace.</param>
    /// <param name="resourceGroup">Resource group of the namespace.</param>
    public string Scope(string subscriptionId, string resourceGroup) => $"/subscriptions/{subscriptionId}/resourceGroups/{resourceGroup}/providers/{NamespaceType}/{Namespace}";

    /// <summary>The command that finds the resource id of the namespace in the current subscription.</summary>
    public string FindScopeCommand => Shell.Command("az resource list", [$"--resource-type {NamespaceType}", $"--name {Shell.Quote(Namespace)}", $"--query {Shell.Quote("[].id")} --output tsv"]);

    /// <summary>The command that finds the object id of the identity.</summary>
    public string FindPrincipalCommand => Principal is RolePrincipal.UserAssigned
        ? Shell.Command("az identity list", [$"--query {Shell.Quote($"[?clientId=='{ClientId}'].principalId")}", "--output tsv"])
        : Shell.Command("az k8s-extension list", ["--cluster-type connectedClusters", "--cluster-name '<CLUSTER>' --resource-group '<CLUSTER_RESOURCE_GROUP>'", $"--query {Shell.Quote("[?extensionType=='microsoft.iotoperations'].identity.principalId")}", "--output tsv"]);

    /// <summary>The command that assigns the role.</summary>
    /// <param name="scope">Resource id of the namespace.</param>
    /// <param name="principalId">Object id of the identity.</param>
    public string AzCommand(string scope, string principalId) => Shell.Command(
        "az role assignment create",
        [$"--assignee-object-id {Shell.Quote(principalId)}", "--assignee-principal-type ServicePrincipal", $"--role {Shell.Quote(Role.Name)}", $"--scope {Shell.Quote(scope)}"]);

    /// <summary>A Bicep file that assigns the role, to be deployed to the resource group of the namespace.</summary>
    /// <param name="principalId">Object id of the identity.</param>
    public string Bicep(string principalId) => string.Create(CultureInfo.InvariantCulture, $$"""
        // {{Role.Name}}
        param principalId string = {{BicepText.Text(principalId)}}

        resource ns {{BicepText.Text($"{NamespaceType}@{(NamespaceType == "Microsoft.EventHub/namespaces" ? "2024-01-01" : "2025-02-15")}")}} existing = {
          name: {{BicepText.Text(Namespace)}}
        }

        resource assignment 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
          name: guid(ns.id, principalId, '{{Role.Id}}')
          scope: ns
          properties: {
            roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '{{Role.Id}}')
            principalId: principalId
            principalType: 'ServicePrincipal'
          }
        }

        """);
}
