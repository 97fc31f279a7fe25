using System.Text.Json.Nodes;
using Azure.Core;
using Azure.Core.Pipeline;
using Microsoft.Extensions.DependencyInjection;
using Portal.AzureServer;
using Portal.Changes;
using Portal.KubernetesServer;
using Portal.Model.Ports;
using Portal.Stores.AzureResourceManager;
using Portal.Tests.Api;
using Portal.Tests.Shared;

namespace Portal.Tests.Targets;

/// <summary>An Azure IoT Operations instance as the target of the API, beside a folder.</summary>
public sealed class AzureTargetTests : IAsyncLifetime
{
    private const string Value = "correct horse battery staple";
    private const string Head = "apiVersion: connectivity.iotoperations.azure.com/v1\nkind: DataflowEndpoint\nmetadata:\n  name: ";
    private const string Events = $"{Head}plant-events\nspec:\n  endpointType: Kafka\n  kafkaSettings:\n    host: plant-events.servicebus.windows.net:9093\n    authentication:\n      method: SystemAssignedManagedIdentity\n      systemAssignedManagedIdentitySettings: {{}}\n    tls:\n      mode: Enabled\n";
    private const string Kafka = $"{Head}line3-kafka\nspec:\n  endpointType: Kafka\n  kafkaSettings:\n    host: 127.0.0.1:1\n    authentication:\n      method: Sasl\n      saslSettings:\n        saslType: Plain\n        secretRef: line3-secret\n    tls:\n      mode: Enabled\n      trustedCaCertificateConfigMapRef: line3-ca\n";

    private readonly TemporaryFolder _folder = new();
    private TestAzure _azure = null!;
    private TestCredential _credential = null!;
    private PortalHost _portal = null!;

    public async ValueTask InitializeAsync()
    {
        _azure = await TestAzure.StartAsync();
        _credential = new TestCredential(_azure.Tokens);
        TestPlant.Fill(_azure);
        _portal = PortalHost.With(
            services => services.AddSingleton(new AzureTargetServices
            {
                Credential = _credential,
                Transport = new HttpClientTransport(_azure.CreateHandler()),
                RetryDelay = DelayStrategy.CreateFixedDelayStrategy(TimeSpan.FromMilliseconds(20)),
            }),
            [.. TestPlant.Settings(), ("Portal:Targets:1:Name", "laptop"), ("Portal:Targets:1:Kind", "Folder"), ("Portal:Targets:1:Path", _folder.Path)]);
    }

    public async ValueTask DisposeAsync()
    {
        _portal.Dispose();
        await _azure.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Roles_are_told_with_their_assignment_and_with_placeholders_where_nobody_knows()
    {
        foreach (var target in new[] { "", "?target=laptop" })
            Assert.Equal(201, (await _portal.SendAsync(HttpMethod.Put, "endpoints/plant-events" + target, Events)).Status);
        var item = await SenderAsync("");
        Assert.Equal(("destination", TestPlant.EventHubs, false), ((string?)item["direction"], (string?)item["scope"], (bool?)item["isAssigned"]));
        Assert.Equal(("SystemAssigned", TestPlant.ExtensionPrincipal), ((string?)item["principal"]!["kind"], (string?)item["principal"]!["objectId"]));
        Assert.Empty(item["placeholders"]!.AsArray());
        TestPlant.Assign(_azure, TestPlant.EventHubs, Model.Roles.RoleNeed.EventHubsSender.Id);
        Assert.True((bool)(await SenderAsync(""))["isAssigned"]!);

        var unknown = await SenderAsync("?target=laptop");
        Assert.Null(unknown["isAssigned"]);
        Assert.Contains("'<PRINCIPAL_ID>'", (string?)unknown["command"], StringComparison.Ordinal);
        Assert.Equal(["<SUBSCRIPTION_ID>, <RESOURCE_GROUP>", "<PRINCIPAL_ID>"], unknown["placeholders"]!.AsArray().Select(one => (string?)one!["name"]));
        _azure.Arm.Deny("Microsoft.Authorization/roleAssignments/read");
        var problem = await SenderAsync("");
        Assert.Equal((null, "rights-missing"), ((bool?)problem["isAssigned"], (string?)problem["problem"]!["cause"]));
        Assert.Equal(404, (await _portal.SendAsync(HttpMethod.Get, "endpoints/nothing/roles")).Status);

        async Task<JsonNode> SenderAsync(string query) =>
            (await _portal.SendAsync(HttpMethod.Get, "endpoints/plant-events/roles" + query)).Body!["items"]!.AsArray().Single(one => (string?)one!["role"]!["name"] == "Azure Event Hubs Data Sender")!;
    }

    [Fact]
    public async Task Instances_are_listed_with_the_settings_that_make_them_targets()
    {
        var items = (await _portal.SendAsync(HttpMethod.Get, "targets/plant/instances")).Body!["items"]!.AsArray();
        Assert.Equal([("aio-hall3", "plant"), ("aio-hall9", null)], items.Select(one => ((string?)one!["name"], (string?)one["target"])));
        Assert.Equal(
            [
                ("Portal:Targets:2:Name", "aio-hall9"), ("Portal:Targets:2:Kind", "Azure"), ("Portal:Targets:2:Azure:SubscriptionId", TestPlant.Subscription),
                ("Portal:Targets:2:Azure:ResourceGroup", "other"), ("Portal:Targets:2:Azure:Instance", "aio-hall9"),
            ],
            items[1]!["settings"]!.AsObject().Select(setting => (setting.Key, (string?)setting.Value)));
        Assert.Equal(["aio-hall9"], (await _portal.SendAsync(HttpMethod.Get, "targets/plant/instances?resourceGroup=other")).Body!["items"]!.AsArray().Select(one => (string?)one!["name"]));
        var (status, body, _) = await _portal.SendAsync(HttpMethod.Get, "targets/plant/instances?resourceGroup=nowhere");
        Assert.Equal((503, "resource-group-not-found"), (status, (string?)body!["cause"]));
        Assert.Equal(409, (await _portal.SendAsync(HttpMethod.Get, "targets/laptop/instances")).Status);
        Assert.Equal(404, (await _portal.SendAsync(HttpMethod.Get, "targets/nothing/instances")).Status);
    }

    [Theory]
    [InlineData("..")]
    [InlineData("plant/../other")]
    [InlineData("plant?x=1")]
    [InlineData("plant#")]
    [InlineData("plant.")]
    public async Task A_resource_group_that_would_ask_for_something_else_is_refused_with_the_field_and_the_fix(string group)
    {
        var asked = _azure.Log.All.Count(one => one.Call.Path.Contains("other", StringComparison.Ordinal));
        var (status, body, _) = await _portal.SendAsync(HttpMethod.Get, "targets/plant/instances?resourceGroup=" + Uri.EscapeDataString(group));
        var error = Assert.Single(body!["errors"]!.AsArray())!;
        Assert.Equal((400, "resourceGroup", "resource-group-name"), (status, (string?)error["path"], (string?)error["code"]));
        Assert.Contains("1 to 90 letters", (string?)error["fix"], StringComparison.Ordinal);
        Assert.Equal(asked, _azure.Log.All.Count(one => one.Call.Path.Contains("other", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_test_names_the_right_that_reading_a_value_needs_and_says_that_config_maps_are_in_the_cluster()
    {
        Assert.Equal(201, (await _portal.SendAsync(HttpMethod.Put, "endpoints/line3-kafka", Kafka)).Status);
        Assert.Equal(200, (await _portal.SendAsync(HttpMethod.Put, "secrets/line3-secret", $$"""{ "entries": { "username": "operator", "password": "{{Value}}" } }""", "application/json")).Status);
        _azure.Vaults.Deny("Microsoft.KeyVault/vaults/secrets/getSecret/action");
        var denied = await SecretsStageAsync();
        Assert.Contains("Microsoft.KeyVault/vaults/secrets/getSecret/action", denied, StringComparison.Ordinal);
        Assert.Contains("Key Vault Secrets User", denied, StringComparison.Ordinal);
        _azure.Vaults.AllowAll();
        var hidden = await SecretsStageAsync();
        Assert.Contains("config-map-hidden", hidden, StringComparison.Ordinal);
        Assert.DoesNotContain("secret-not-readable", hidden, StringComparison.Ordinal);
        Assert.Equal(2, _azure.Vaults.ValuesRead);
        _azure.Arm.Deny("Microsoft.SecretSyncController/secretSyncs/read");
        Assert.Contains("secrets-unavailable", await SecretsStageAsync(), StringComparison.Ordinal);
        await _portal.SendAsync(HttpMethod.Get, "secrets");
        Assert.Contains("Synced secrets cannot be read", (string?)(await _portal.SendAsync(HttpMethod.Get, "targets")).Body!["items"]![0]!["message"], StringComparison.Ordinal);

        Assert.Contains("kept in the cluster", (string?)(await _portal.SendAsync(HttpMethod.Get, "configmaps")).Body!["problem"]!["message"], StringComparison.Ordinal);
        Assert.Equal(409, (await _portal.SendAsync(HttpMethod.Get, "configmaps/line3-ca")).Status);
        Assert.DoesNotContain(Value, (await _portal.SendAsync(HttpMethod.Get, "secrets")).Body!.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_reference_is_added_only_when_the_other_keys_of_its_secret_are_known()
    {
        var target = _portal.Targets.Default;
        var changes = target.Get<SecretChanges>();
        foreach (var name in new[] { "line3-user", "line3-password" })
            Assert.IsType<StoreResult.Saved>(await changes.SetVaultAsync(name, new SecretValue(Value), null, null, TestContext.Current.CancellationToken));
        Assert.IsType<StoreResult.Saved>(await AddAsync("username", "line3-user"));

        _azure.Faults.Add("GET", "/secretSyncs/line3", new ServerFault.Answer(Reply.Error(403, "AuthorizationFailed", "The client may not read it.")));
        var refused = Assert.IsType<StoreResult.Unavailable>(await AddAsync("password", "line3-password"));
        Assert.Contains("'line3' holds so far cannot be read", refused.Message, StringComparison.Ordinal);
        Assert.Equal(["username"], await KeysAsync());
        Assert.IsType<StoreResult.Saved>(await AddAsync("password", "line3-password"));
        Assert.Equal(["password", "username"], await KeysAsync());

        Task<StoreResult> AddAsync(string key, string vaultSecret) => changes.AddReferenceAsync("line3", key, vaultSecret, TestContext.Current.CancellationToken);

        async Task<IEnumerable<string>> KeysAsync() => Assert.Single(await target.Secrets.ListSyncedAsync(TestContext.Current.CancellationToken)).Entries.Keys.Order();
    }

    [Fact]
    public async Task A_sign_in_that_fails_is_a_state_and_an_error_of_a_write_names_its_field()
    {
        _azure.Faults.Add("PUT", "line3-kafka", new ServerFault.Answer(Reply.Error(400, "ValidationError", "See details.", null, Reply.ErrorOf("InvalidPropertyValue", "No such host.", "properties.kafkaSettings.host"))));
        var (status, body, _) = await _portal.SendAsync(HttpMethod.Put, "endpoints/line3-kafka", Kafka);
        Assert.Equal((400, "spec.kafkaSettings.host"), (status, (string?)body!["errors"]![0]!["path"]));
        _credential.Failure = new Azure.Identity.AuthenticationFailedException("Please run az login.");
        _azure.Tokens.Now = () => TimeProvider.System.GetUtcNow().AddHours(2);
        await Wait.UntilAsync(
            async () => (string?)(await _portal.SendAsync(HttpMethod.Get, "targets")).Body!["items"]![0]!["cause"] == "sign-in-missing", "the state says so", TimeSpan.FromSeconds(60));
        Assert.Equal(409, (await _portal.SendAsync(HttpMethod.Put, "endpoints/line3-kafka", Kafka)).Status);
    }

    [Fact]
    public async Task Config_maps_are_read_and_written_in_the_cluster_that_the_target_names()
    {
        await using var cluster = await KubernetesApiServer.StartAsync(new ServerOptions { UsesTls = false });
        using var portal = PortalHost.With(
            services => services.AddSingleton(new AzureTargetServices { Credential = _credential, Transport = new HttpClientTransport(_azure.CreateHandler()) }),
            [.. TestPlant.Settings(), ("Portal:Targets:0:Kubernetes:Kubeconfig", _folder.Write("config", cluster.Kubeconfig()))]);
        using var certificates = new TestCertificates();
        Assert.Equal(201, (await portal.SendAsync(HttpMethod.Put, "configmaps/line3-ca", certificates.Root.CertificatePem, "application/x-pem-file")).Status);
        var listed = (await portal.SendAsync(HttpMethod.Get, "configmaps")).Body!;
        Assert.Equal(("line3-ca", null), ((string?)Assert.Single(listed["items"]!.AsArray())!["name"], listed["problem"]));
        Assert.Equal("Azure", (string?)(await portal.SendAsync(HttpMethod.Get, "targets")).Body!["items"]![0]!["kind"]);

        await cluster.StopAsync();
        Assert.Contains("cannot be read", (string?)(await portal.SendAsync(HttpMethod.Get, "configmaps")).Body!["problem"]!["message"], StringComparison.Ordinal);
    }

    private async Task<string> SecretsStageAsync()
    {
        var report = (await _portal.SendAsync(HttpMethod.Post, "endpoints/line3-kafka/test")).Body!;
        return report["stages"]!.AsArray().Single(stage => (string?)stage!["stage"] == "secrets")!.ToJsonString();
    }
}
