using System.Text.Json.Nodes;
using Portal.Model.Endpoints;
using Portal.Model.Roles;
using Portal.Stores.Tests.Support;
using Portal.Tests.Shared;

namespace Portal.Stores.Tests.AzureResourceManager;

/// <summary>Whether an identity has the role that its endpoint needs.</summary>
public sealed class AzureRoleTests : IAsyncLifetime
{
    private const string Principal = "9a1f0c7e-2b34-4c56-8d78-0e1f2a3b4c5d";
    private const string Cluster = AzurePlace.Group + "/providers/Microsoft.Kubernetes/connectedClusters/hall3";
    private const string Namespace = "/subscriptions/" + AzurePlace.Subscription + "/resourceGroups/cloud/providers/Microsoft.EventHub/namespaces/my-namespace";

    private static readonly RoleNeed Need = RoleNeed.Of(ValidEndpoint.Of(EndpointKind.EventHubs, AuthenticationMethod.SystemAssignedManagedIdentity), isSource: false)!;

    private AzurePlace place = null!;

    public async ValueTask InitializeAsync()
    {
        place = await AzurePlace.StartAsync();
        place.Server.Arm.Put(Namespace, new JsonObject { ["location"] = "westeurope", ["properties"] = new JsonObject() });
        place.Server.Arm.Put(AzurePlace.CustomLocation, new JsonObject { ["location"] = "westeurope", ["properties"] = new JsonObject { ["hostResourceId"] = Cluster } });
        place.Server.Arm.Put(Cluster + "/providers/Microsoft.KubernetesConfiguration/extensions/aio", new JsonObject
        {
            ["identity"] = new JsonObject { ["type"] = "SystemAssigned", ["principalId"] = Principal },
            ["properties"] = new JsonObject { ["extensionType"] = "microsoft.iotoperations" },
        });
        place.Server.Arm.Put(AzurePlace.Group + "/providers/Microsoft.ManagedIdentity/userAssignedIdentities/line3", new JsonObject
        {
            ["location"] = "westeurope",
            ["properties"] = new JsonObject { ["clientId"] = ValidEndpoint.ClientId, ["principalId"] = Principal },
        });
    }

    public ValueTask DisposeAsync() => place.DisposeAsync();

    [Theory]
    [InlineData(Namespace, true)]
    [InlineData("/subscriptions/" + AzurePlace.Subscription, true)]
    [InlineData(Namespace + "/eventhubs/one", false)]
    public async Task An_assignment_counts_at_the_namespace_and_above(string scope, bool isAssigned)
    {
        var roles = place.Open().Roles;
        var without = await roles.FindAsync(Need);
        Assert.Equal((Namespace, Principal, false), (without.Scope, without.PrincipalId, without.IsAssigned));
        Assign(scope, RoleNeed.EventHubsReceiver, 1);
        Assert.False((await roles.FindAsync(Need)).IsAssigned);
        Assign(scope, RoleNeed.EventHubsSender, 2);
        Assert.Equal(isAssigned, (await roles.FindAsync(Need)).IsAssigned);
        Assert.Equal(isAssigned, (await roles.FindAsync(Need with { Principal = RolePrincipal.UserAssigned, ClientId = ValidEndpoint.ClientId })).IsAssigned);
    }

    [Fact]
    public async Task What_is_not_found_or_may_not_be_asked_is_not_called_missing()
    {
        var roles = place.Open().Roles;
        Assert.Equal(new Portal.Stores.AzureResourceManager.RoleAnswer(null, Principal, null), await roles.FindAsync(Need with { Namespace = "elsewhere" }));
        place.Server.Arm.Deny("Microsoft.Authorization/roleAssignments/read");
        Assert.Equal("rights-missing", (await roles.FindAsync(Need)).Problem?.Cause);
    }

    private void Assign(string scope, AzureRole role, int number) => place.Server.Arm.Put(
        $"{scope}/providers/Microsoft.Authorization/roleAssignments/00000000-0000-0000-0000-00000000000{number}",
        new JsonObject
        {
            ["properties"] = new JsonObject
            {
                ["principalId"] = Principal,
                ["scope"] = scope,
                ["roleDefinitionId"] = $"/subscriptions/{AzurePlace.Subscription}/providers/Microsoft.Authorization/roleDefinitions/{role.Id}",
            },
        });
}
