using System.Text;
using System.Text.Json.Nodes;
using Portal.Changes;
using Portal.KubernetesServer;
using Portal.Messaging.Flows;
using Portal.Model;
using Portal.Model.Ports;
using Portal.Tests.Api;
using Portal.Tests.Shared;

namespace Portal.Tests.Targets;

/// <summary>A folder and a cluster as targets of one portal, the cluster being our API server.</summary>
public sealed class ClusterTargetTests : IAsyncLifetime
{
    private const string Kinds = "/apis/connectivity.iotoperations.azure.com/v1/namespaces/azure-iot-operations/";
    private const string Head = "apiVersion: connectivity.iotoperations.azure.com/v1\nkind: ";
    private const string Endpoint = $"{Head}DataflowEndpoint\nmetadata:\n  name: line3-broker\nspec:\n  endpointType: Mqtt\n  mqttSettings:\n    host: 127.0.0.1:1\n    authentication:\n      method: Anonymous\n    tls:\n      mode: Disabled\n    qos: 1\n";
    private const string Flow = $"{Head}Dataflow\nmetadata:\n  name: copy\nspec:\n  profileRef: line3\n  mode: Enabled\n  operations:\n    - operationType: Source\n      sourceSettings:\n        endpointRef: line3-broker\n        dataSources:\n          - line3/#\n"
        + "    - operationType: Destination\n      destinationSettings:\n        endpointRef: line3-broker\n        dataDestination: copied\n";
    private const string Profile = $"{Head}DataflowProfile\nmetadata:\n  name: line3\nspec:\n  instanceCount: 1\n";
    private const string OurProfile = $"{Head}DataflowProfile\nmetadata:\n  name: line3\n  annotations:\n    portal/runtime: portal\nspec:\n  instanceCount: 1\n";

    private readonly TemporaryFolder _folder = new();
    private KubernetesApiServer _server = null!;
    private PortalHost _portal = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await KubernetesApiServer.StartAsync(new ServerOptions { UsesTls = false });
        _portal = PortalHost.With(
            ("Portal:Targets:0:Name", "laptop"), ("Portal:Targets:0:Kind", "Folder"),
            ("Portal:Targets:1:Name", "cluster"), ("Portal:Targets:1:Kind", "Kubernetes"), ("Portal:Targets:1:Kubernetes:Kubeconfig", _folder.Write("config", _server.Kubeconfig())));
        await BecomesAsync("Ready");
    }

    public async ValueTask DisposeAsync()
    {
        _portal.Dispose();
        await _server.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task An_endpoint_is_copied_from_the_folder_and_other_managers_keep_their_fields_until_they_are_taken_over()
    {
        Assert.Equal(201, (await _portal.SendAsync(HttpMethod.Put, "endpoints/line3-broker", Endpoint)).Status);
        var (here, there) = (_portal.Targets.Default, _portal.Targets.Find("cluster")!);
        var plan = Assert.Single(await TargetCopies.PlanAsync((await here.Resources.ListAsync(TestContext.Current.CancellationToken)).Of(ResourceKind.DataflowEndpoint), there, cancellationToken: TestContext.Current.CancellationToken));
        Assert.IsType<StoreResult.Saved>((await TargetCopies.CopyAsync(plan, there, takeOver: false, TestContext.Current.CancellationToken)).Outcome);
        await Wait.UntilAsync(async () => (await TargetCopies.CompareAsync(here, there, ResourceKind.DataflowEndpoint, TestContext.Current.CancellationToken))[0].State is CopyState.Same, "both say the same");

        await OutsideAsync(HttpMethod.Patch, "dataflowendpoints/line3-broker?fieldManager=kubectl&force=true", """{ "apiVersion": "connectivity.iotoperations.azure.com/v1", "kind": "DataflowEndpoint", "spec": { "endpointType": "Mqtt", "mqttSettings": { "host": "127.0.0.1:1", "authentication": { "method": "Anonymous" }, "qos": 0 } } }""", "application/apply-patch+yaml");
        await Wait.UntilAsync(async () => (await TargetCopies.CompareAsync(here, there, ResourceKind.DataflowEndpoint, TestContext.Current.CancellationToken))[0].Fields is [{ Path: "spec.mqttSettings.qos" }], "the drift shows");
        foreach (var query in new[] { "", "&dryRun=true" })
        {
            var (status, body, _) = await _portal.SendAsync(HttpMethod.Put, "endpoints/line3-broker?target=cluster" + query, Endpoint);
            Assert.Equal((409, "spec.mqttSettings.qos", "kubectl"), (status, (string?)body!["owners"]![0]!["path"], (string?)body["owners"]![0]!["manager"]));
        }
        Assert.Equal(200, (await _portal.SendAsync(HttpMethod.Put, "endpoints/line3-broker?target=cluster&takeOver=true", Endpoint)).Status);
    }

    [Fact]
    public async Task A_dataflow_of_the_cluster_runs_here_only_when_its_profile_says_so_and_nobody_else_serves_it()
    {
        foreach (var (path, document) in new[] { ("endpoints/line3-broker", Endpoint), ("profiles/line3", Profile), ("dataflows/copy", Flow) })
            Assert.Equal(201, (await _portal.SendAsync(HttpMethod.Put, path + "?target=cluster", document)).Status);
        var flows = _portal.Targets.Find("cluster")!.Get<IFlowService>();
        await Wait.UntilAsync(() => flows.All().Count == 1, "the dataflow is known");
        Assert.Equal(FlowState.Stopped, flows.StatusOf("copy").State);

        Assert.Equal(200, (await _portal.SendAsync(HttpMethod.Put, "profiles/line3?target=cluster", OurProfile)).Status);
        await Wait.UntilAsync(() => flows.StatusOf("copy").State is FlowState.WaitingForSource or FlowState.WaitingForDestination, "it runs and waits for its broker", lastSeen: () => flows.StatusOf("copy").ToString());

        await OutsideAsync(HttpMethod.Patch, "dataflowprofiles/line3/status", """{ "status": { "runtimeStatus": { "level": "running" } } }""", "application/merge-patch+json");
        await Wait.UntilAsync(() => flows.StatusOf("copy").Problem?.Code == "runtime-both", "it is refused", lastSeen: () => flows.StatusOf("copy").ToString());
        Assert.Equal(FlowState.Failed, flows.StatusOf("copy").State);
    }

    [Fact]
    public async Task A_cluster_that_is_gone_is_a_state_until_it_is_back_and_the_folder_goes_on()
    {
        await _server.StopAsync();
        await BecomesAsync("Unavailable");
        Assert.Equal(503, (await _portal.SendAsync(HttpMethod.Put, "endpoints/line3-broker?target=cluster", Endpoint)).Status);
        Assert.Equal(201, (await _portal.SendAsync(HttpMethod.Put, "endpoints/line3-broker", Endpoint)).Status);

        // On the real clock: no kind waits for long once one has its answer.
        await _server.StartAgainAsync();
        await BecomesAsync("Ready");
        Assert.Equal(201, (await _portal.SendAsync(HttpMethod.Put, "endpoints/line3-broker?target=cluster", Endpoint)).Status);
    }

    [Fact]
    public async Task A_reference_is_added_only_when_the_other_keys_of_its_secret_are_known()
    {
        var target = _portal.Targets.Find("cluster")!;
        var changes = target.Get<SecretChanges>();
        foreach (var name in new[] { "line3-user", "line3-password" })
            Assert.IsType<StoreResult.Saved>(await changes.SetVaultAsync(name, new SecretValue("hunter-one"), null, null, TestContext.Current.CancellationToken));
        Assert.IsType<StoreResult.Saved>(await AddAsync("username", "line3-user"));

        // Nobody may read it for a moment; that it could be written makes it no better.
        _server.Faults.Add(FaultKind.Status, "GET", "/secrets/line3", status: 403);
        var refused = Assert.IsType<StoreResult.Unavailable>(await AddAsync("password", "line3-password"));
        Assert.Contains("'line3'", refused.Message, StringComparison.Ordinal);
        Assert.Contains("The cluster refuses", refused.Message, StringComparison.Ordinal);
        Assert.Equal(["username"], await KeysAsync());
        Assert.IsType<StoreResult.Saved>(await AddAsync("password", "line3-password"));
        Assert.Equal(["password", "username"], await KeysAsync());

        // The state is behind: the cluster is back, and the portal has not noticed yet.
        await _server.StopAsync();
        await BecomesAsync("Unavailable");
        await _server.StartAgainAsync();
        Assert.IsType<StoreResult.Saved>(await AddAsync("token", "line3-password"));
        Assert.Equal(["password", "token", "username"], await KeysAsync());

        Task<StoreResult> AddAsync(string key, string vaultSecret) => changes.AddReferenceAsync("line3", key, vaultSecret, TestContext.Current.CancellationToken);

        async Task<IEnumerable<string>> KeysAsync() => (await target.Secrets.FindSyncedAsync("line3", TestContext.Current.CancellationToken))!.Entries.Keys.Order();
    }

    private async Task BecomesAsync(string condition)
    {
        JsonNode? seen = null;
        await Wait.UntilAsync(
            async () => (string?)(seen = (await _portal.SendAsync(HttpMethod.Get, "targets")).Body!["items"]![1])!["condition"] == condition,
            $"the cluster is {condition}", TimeSpan.FromSeconds(60), () => seen?.ToJsonString() ?? "");
    }

    private async Task OutsideAsync(HttpMethod method, string path, string body, string mediaType)
    {
        using var client = new HttpClient { BaseAddress = new Uri(_server.Address) };
        using var request = new HttpRequestMessage(method, Kinds + path) { Content = new StringContent(body, Encoding.UTF8, mediaType) };
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + KubernetesApiServer.AdminToken);
        using var answer = await client.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }
}
