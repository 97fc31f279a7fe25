using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Portal.KubernetesServer;
using Portal.Model;
using Portal.Model.Endpoints;
using Portal.Model.Ports;
using Portal.Stores.Tests.Contract;
using Portal.Tests.Shared;

namespace Portal.Stores.Tests.Kubernetes;

/// <summary>What a cluster knows and a folder does not: owners of fields, a status, a dry run, events, definitions that prune.</summary>
public sealed class ClusterStoreTests
{
    private const ResourceKind Kind = ResourceKind.DataflowEndpoint;
    private const string Line3 = TestCluster.Resources + "dataflowendpoints/line3";

    [Fact]
    public async Task Fields_of_other_managers_are_named_and_kept_until_they_are_taken_over()
    {
        await using var cluster = await StartAsync();
        await cluster.SendAsync("PATCH", Line3 + "?fieldManager=gitops", JsonNode.Parse("""
            {"apiVersion":"connectivity.iotoperations.azure.com/v1","kind":"DataflowEndpoint","metadata":{"name":"line3"},
             "spec":{"endpointType":"Mqtt","mqttSettings":{"host":"broker.example:8883","authentication":{"method":"Anonymous"},"qos":0,"keepAliveSeconds":30,"tls":{"trustedCaCertificateConfigMapRef":"line3-ca"}}}}
            """), "application/apply-patch+yaml");
        await Wait.UntilAsync(async () => await cluster.Store.FindAsync(Kind, "line3") is not null, "the endpoint of the other manager is seen");
        var stored = (await cluster.Store.FindAsync(Kind, "line3"))!;
        var endpoint = (DataflowEndpoint)stored.Value;
        Assert.Equal((0L, 30L, null), (endpoint.Mqtt!.Qos, endpoint.Mqtt.KeepAliveSeconds, endpoint.Mqtt.MaxInflightMessages));

        // One value is changed, one taken out: an apply alone would keep the latter in silence.
        var wanted = endpoint with { Settings = endpoint.Mqtt with { Qos = 1, KeepAliveSeconds = null, Tls = new TlsSettings() } };
        var stamp = await cluster.StampAsync(Kind, "line3");
        FieldOwner[] owners = [new("spec.mqttSettings.qos", "gitops"), new("spec.mqttSettings.keepAliveSeconds", "gitops"), new("spec.mqttSettings.tls.trustedCaCertificateConfigMapRef", "gitops")];
        Assert.Equal(owners, Assert.IsType<StoreResult.Owned>(await cluster.Store.PlanAsync(wanted, Precondition.At(stored.Revision))).Fields);
        Assert.Equal(owners, Assert.IsType<StoreResult.Owned>(await cluster.Store.SaveAsync(wanted, Precondition.At(stored.Revision))).Fields);
        Assert.Equal(stamp, await cluster.StampAsync(Kind, "line3"));

        // The plan shows what the save then stores, also that what the others set is gone.
        var planned = ContractSamples.Saved((await cluster.Store.PlanAsync(wanted, Precondition.At(stored.Revision) with { TakeOver = true }))!);
        Assert.Equal(stamp, await cluster.StampAsync(Kind, "line3"));
        var taken = ContractSamples.Saved(await cluster.Store.SaveAsync(wanted, Precondition.At(stored.Revision) with { TakeOver = true }));
        Assert.Equal((planned.Value, planned.Revision), (taken.Value, taken.Revision));
        Assert.Equal(wanted with { Kept = null }, taken.Value with { Kept = null });
        var settings = (await cluster.ReadOutsideAsync(Kind, "line3"))!["spec"]!["mqttSettings"]!;
        Assert.Equal((1, 60), ((int)settings["qos"]!, (int)settings["keepAliveSeconds"]!));
        var again = wanted with { Settings = wanted.Mqtt! with { Qos = 0, KeepAliveSeconds = 45 } };
        Assert.Equal(again with { Kept = null }, ContractSamples.Saved(await cluster.Store.SaveAsync(again, Precondition.At(taken.Revision))).Value with { Kept = null });
    }

    [Fact]
    public async Task The_status_is_shown_and_is_no_change_of_the_document()
    {
        await using var cluster = await StartAsync();
        var stored = ContractSamples.Saved(await cluster.Store.SaveAsync(ContractSamples.Endpoint("line3"), Precondition.New));
        Assert.Null(stored.Status);
        var told = new ConcurrentQueue<StoreChange>();
        cluster.Store.Changed += told.Enqueue;
        await cluster.WatchedAsync();

        await StatusAsync("""{"provisioningStatus":{"status":"Succeeded"},"runtimeStatus":{"level":"starting","description":"connecting"}}""");
        await TellsAsync(new ResourceStatus(ResourceHealth.Warning, "Succeeded", "starting", "connecting"));
        await StatusAsync("""{"provisioningStatus":{"status":"Failed","error":{"code":"BadHost","message":"no such host"}},"runtimeStatus":null}""");
        await TellsAsync(new ResourceStatus(ResourceHealth.Error, "Failed", null, "no such host", "BadHost"));
        Assert.All(told, change => Assert.Equal((change.Before!.Value, stored.Revision), (change.After!.Value, change.After.Revision)));
        // Whoever opened the form before may still apply.
        ContractSamples.Saved(await cluster.Store.SaveAsync(ContractSamples.Endpoint("line3", "b"), Precondition.At(stored.Revision)));

        var profile = ContractSamples.Saved(await cluster.Store.SaveAsync(ContractSamples.Profile("default", 1), Precondition.New));
        await cluster.SendAsync("PATCH", TestCluster.Resources + "dataflowprofiles/default/status", JsonNode.Parse("""{"status":{"provisioningStatus":{"status":"Succeeded"}}}"""), "application/merge-patch+json");
        await Wait.UntilAsync(async () => (await cluster.Store.FindAsync(profile.Value.Kind, "default"))!.Status?.Health is ResourceHealth.Error, "a profile that says nothing of its run is an error");

        Task StatusAsync(string status) => cluster.SendAsync("PATCH", Line3 + "/status", JsonNode.Parse($$"""{"status":{{status}} }"""), "application/merge-patch+json");

        Task TellsAsync(ResourceStatus status) => Wait.UntilAsync(() => told.LastOrDefault()?.After?.Status == status, "the status is told", lastSeen: () => $"{told.LastOrDefault()?.After?.Status}");
    }

    [Fact]
    public async Task What_the_portal_did_is_an_event_of_the_resource()
    {
        await using var cluster = await StartAsync();
        ContractSamples.Saved(await cluster.Store.SaveAsync(ContractSamples.Endpoint("line3"), Precondition.New));
        ContractSamples.Saved(await cluster.Store.SaveAsync(ContractSamples.Endpoint("line3", "b"), Precondition.None));
        var uid = (string)(await cluster.ReadOutsideAsync(Kind, "line3"))!["metadata"]!["uid"]!;
        await cluster.Store.DeleteAsync(Kind, "line3", Precondition.None);
        List<JsonNode?> events = [];
        await Wait.UntilAsync(async () => (events = [.. (await cluster.SendAsync("GET", "/api/v1/namespaces/azure-iot-operations/events?fieldSelector=involvedObject.name%3Dline3"))!["items"]!.AsArray()]).Count == 3, "three events are written");
        Assert.Equal(["Changed", "Created", "Deleted"], events.Select(item => (string)item!["reason"]!).Order());
        Assert.All(events, item => Assert.Equal((uid, "DataflowEndpoint", "portal"), ((string)item!["involvedObject"]!["uid"]!, (string)item["involvedObject"]!["kind"]!, (string)item["reportingComponent"]!)));
    }

    [Fact]
    public async Task What_the_definitions_refuse_is_said_beside_the_member()
    {
        await using var cluster = await TestCluster.StartAsync(new ServerOptions { UsesTls = false, Prunes = true });
        await cluster.BecomesAsync(TargetCondition.Ready);
        var unknown = (DataflowEndpoint)Model.Documents.ResourceJson.Read(ContractSamples.Foreign("line3")).Resource!;
        Assert.Equal("spec.mqttSettings.futureMember", Assert.Single(Assert.IsType<StoreResult.Invalid>(await cluster.Store.SaveAsync(unknown, Precondition.New)).Findings).Path);
        var large = ContractSamples.Endpoint("line3") with { Settings = new MqttSettings { Host = "b:1", Authentication = new Authentication.Anonymous(), KeepAliveSeconds = 70_000 } };
        var finding = Assert.Single(Assert.IsType<StoreResult.Invalid>(await cluster.Store.PlanAsync(large, Precondition.New)).Findings);
        Assert.Equal("spec.mqttSettings.keepAliveSeconds", finding.Path);
        Assert.Contains("65535", finding.Message);
        Assert.Equal("metadata.namespace", Assert.Single(Assert.IsType<StoreResult.Invalid>(await cluster.Store.SaveAsync(ContractSamples.Endpoint("line3") with { Namespace = "elsewhere" }, Precondition.New)).Findings).Path);
    }

    private static async Task<TestCluster> StartAsync()
    {
        var cluster = await TestCluster.StartAsync();
        await cluster.BecomesAsync(TargetCondition.Ready);
        return cluster;
    }
}
