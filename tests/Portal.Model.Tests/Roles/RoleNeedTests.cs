using Portal.Model.Endpoints;
using Portal.Model.Roles;
using Portal.Tests.Shared;

namespace Portal.Model.Tests.Roles;

/// <summary>The role that an endpoint needs, for whom and where.</summary>
public sealed class RoleNeedTests
{
    [Theory]
    [InlineData("eventhub", false, "Azure Event Hubs Data Sender", "2b629674-e913-4c01-ae53-ef4638d8f975", "Microsoft.EventHub/namespaces")]
    [InlineData("eventhub", true, "Azure Event Hubs Data Receiver", "a638d3c7-ab3a-418d-83e6-5f17a39d4fde", "Microsoft.EventHub/namespaces")]
    [InlineData("eventgrid", false, "EventGrid TopicSpaces Publisher", "a12b0b94-b317-4dcd-84a8-502ce99884c6", "Microsoft.EventGrid/namespaces")]
    [InlineData("eventgrid", true, "EventGrid TopicSpaces Subscriber", "4b0f2fd7-60b4-4eca-896f-4435034f8bf5", "Microsoft.EventGrid/namespaces")]
    public void Service_and_direction_decide_role_and_scope(string kind, bool isSource, string role, string id, string type)
    {
        var need = RoleNeed.Of(ValidEndpoint.Of(EndpointKind.Find(kind)!, AuthenticationMethod.SystemAssignedManagedIdentity), isSource)!;
        Assert.Equal(new RoleNeed(new AzureRole(role, id), RolePrincipal.SystemAssigned, null, type, "my-namespace"), need);
        Assert.Equal($"/subscriptions/s/resourceGroups/g/providers/{type}/my-namespace", need.Scope("s", "g"));
        Assert.Equal(
            $"az role assignment create \\\n  --assignee-object-id p \\\n  --assignee-principal-type ServicePrincipal \\\n  --role '{role}' \\\n  --scope {need.Scope("s", "g")}",
            need.AzCommand(need.Scope("s", "g"), "p"));
    }

    [Fact]
    public void What_is_not_known_is_found_by_a_command()
    {
        var user = RoleNeed.Of(ValidEndpoint.Of(EndpointKind.EventHubs, AuthenticationMethod.UserAssignedManagedIdentity), true)!;
        Assert.Equal($"az identity list \\\n  --query '[?clientId=='\\''{ValidEndpoint.ClientId}'\\''].principalId' \\\n  --output tsv", user.FindPrincipalCommand);
        Assert.Equal("az resource list \\\n  --resource-type Microsoft.EventHub/namespaces \\\n  --name my-namespace \\\n  --query '[].id' --output tsv", user.FindScopeCommand);
        var system = RoleNeed.Of(ValidEndpoint.Of(EndpointKind.EventGrid, AuthenticationMethod.SystemAssignedManagedIdentity), true)!;
        Assert.Contains("az k8s-extension list", system.FindPrincipalCommand, StringComparison.Ordinal);
        Assert.Contains("microsoft.iotoperations", system.FindPrincipalCommand, StringComparison.Ordinal);
    }

    [Fact]
    public void A_user_assigned_identity_is_named_and_other_methods_and_brokers_need_no_role()
    {
        Assert.Equal((RolePrincipal.UserAssigned, ValidEndpoint.ClientId), RoleNeed.Of(ValidEndpoint.Of(EndpointKind.EventHubs, AuthenticationMethod.UserAssignedManagedIdentity), true) is { } need ? (need.Principal, need.ClientId) : default);
        Assert.Null(RoleNeed.Of(ValidEndpoint.Of(EndpointKind.EventHubs, AuthenticationMethod.Sasl), true));
        Assert.Null(RoleNeed.Of(ValidEndpoint.Of(EndpointKind.EventGrid, AuthenticationMethod.X509Certificate), false));
        Assert.Null(RoleNeed.Of(ValidEndpoint.Of(EndpointKind.CustomMqtt, AuthenticationMethod.SystemAssignedManagedIdentity), false));
    }
}
