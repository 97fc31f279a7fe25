using System.Text.Json.Nodes;

namespace Portal.AzureServer;

/// <summary>A plant in <see cref="TestAzure"/>: one instance with its cluster, identities, key vault and the namespaces that its endpoints reach.</summary>
public static class TestPlant
{
    public const string Subscription = "6e2d4c1a-0f3b-4d5e-8a7c-9b1f2e3d4c5a";
    public const string GroupName = "plant";
    public const string InstanceName = "aio-hall3";
    public const string Vault = "plant-vault";
    public const string Group = "/subscriptions/" + Subscription + "/resourceGroups/" + GroupName;
    public const string Instance = Group + "/providers/Microsoft.IoTOperations/instances/" + InstanceName;
    public const string CustomLocation = Group + "/providers/Microsoft.ExtendedLocation/customLocations/hall3";
    public const string Cluster = Group + "/providers/Microsoft.Kubernetes/connectedClusters/hall3";
    public const string ProviderClass = Group + "/providers/Microsoft.SecretSyncController/azureKeyVaultSecretProviderClasses/spc-ops-aio";
    public const string EventHubs = "/subscriptions/" + Subscription + "/resourceGroups/cloud/providers/Microsoft.EventHub/namespaces/plant-events";

    /// <summary>Object id of the identity of the cluster's extension.</summary>
    public const string ExtensionPrincipal = "9a1f0c7e-2b34-4c56-8d78-0e1f2a3b4c5d";

    /// <summary>A second instance, in another resource group.</summary>
    public const string OtherInstance = "/subscriptions/" + Subscription + "/resourceGroups/other/providers/Microsoft.IoTOperations/instances/aio-hall9";

    /// <summary>Puts all of it there, with a profile <c>default</c> and no endpoints.</summary>
    public static void Fill(TestAzure server)
    {
        void Put(string path, JsonObject properties, bool isExtended = false)
        {
            var body = new JsonObject { ["location"] = "westeurope", ["properties"] = properties };
            if (isExtended)
                body["extendedLocation"] = ExtendedLocation();
            server.Arm.Put(path, body);
        }
        Put(Instance, new JsonObject { ["version"] = "1.2.3" }, isExtended: true);
        Put(OtherInstance, new JsonObject { ["version"] = "1.2.3" });
        Put(CustomLocation, new JsonObject { ["hostResourceId"] = Cluster });
        Put(EventHubs, []);
        Put(ProviderClass, new JsonObject { ["clientId"] = Subscription, ["tenantId"] = ServerTokens.Tenant, ["keyvaultName"] = Vault }, isExtended: true);
        server.Arm.Put(Cluster + "/providers/Microsoft.KubernetesConfiguration/extensions/aio", new JsonObject
        {
            ["identity"] = new JsonObject { ["type"] = "SystemAssigned", ["principalId"] = ExtensionPrincipal },
            ["properties"] = new JsonObject { ["extensionType"] = "microsoft.iotoperations" },
        });
        PutBelow(server, "dataflowProfiles/default", new JsonObject { ["instanceCount"] = 1 });
        server.Vaults.AddVault(Vault);
    }

    /// <summary>Puts a resource of the instance as somebody else would, for example <c>dataflowEndpoints/line3</c>.</summary>
    public static void PutBelow(TestAzure server, string path, JsonObject properties) =>
        server.Arm.Put($"{Instance}/{path}", new JsonObject { ["extendedLocation"] = ExtendedLocation(), ["properties"] = properties });

    /// <summary>Properties of a resource of the instance; null = there is none.</summary>
    public static JsonObject? Below(TestAzure server, string path) => server.Arm.Find($"{Instance}/{path}")?["properties"] as JsonObject;

    /// <summary>Assigns a role to the identity of the cluster's extension.</summary>
    public static void Assign(TestAzure server, string scope, string roleId) => server.Arm.Put(
        $"{scope}/providers/Microsoft.Authorization/roleAssignments/{Guid.NewGuid():D}",
        new JsonObject
        {
            ["properties"] = new JsonObject
            {
                ["principalId"] = ExtensionPrincipal,
                ["scope"] = scope,
                ["roleDefinitionId"] = $"/subscriptions/{Subscription}/providers/Microsoft.Authorization/roleDefinitions/{roleId}",
            },
        });

    public static JsonObject ExtendedLocation() => new() { ["name"] = CustomLocation, ["type"] = "CustomLocation" };

    /// <summary>Settings of a portal whose target number <paramref name="number"/> is the instance.</summary>
    public static IEnumerable<(string Key, string Value)> Settings(int number = 0, string name = "plant")
    {
        var key = System.FormattableString.Invariant($"Portal:Targets:{number}");
        return
        [
            ($"{key}:Name", name), ($"{key}:Kind", "Azure"), ($"{key}:Azure:SubscriptionId", Subscription), ($"{key}:Azure:ResourceGroup", GroupName),
            ($"{key}:Azure:Instance", InstanceName), ($"{key}:Azure:KeyVault", Vault), ($"{key}:Azure:RefreshInterval", "00:00:05"),
        ];
    }
}
