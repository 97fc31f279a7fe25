using System.Text.Json.Nodes;
using Portal.Model;
using Portal.Model.Dataflows;
using Portal.Model.Ports;
using Portal.Stores.Tests.Support;

namespace Portal.Stores.Tests.AzureResourceManager;

/// <summary>What goes to Azure, and what is seen of it.</summary>
public sealed class AzureStoreTests : IAsyncLifetime
{
    private const ResourceKind Kind = ResourceKind.DataflowEndpoint;

    private AzurePlace place = null!;

    public async ValueTask InitializeAsync() => place = await AzurePlace.StartAsync();

    public ValueTask DisposeAsync() => place.DisposeAsync();

    [Fact]
    public async Task A_new_resource_takes_the_custom_location_of_its_instance_and_nothing_else()
    {
        var store = place.Open().Resources;
        Sample.Saved(await store.SaveAsync(Sample.Endpoint("line3"), Precondition.New));
        var put = Assert.Single(place.Server.Log.Of("PUT", "line3")).Call;
        Assert.Equal(["extendedLocation", "properties"], put.Json!.Select(member => member.Key));
        Assert.Equal(AzurePlace.CustomLocation, (string?)put.Json!["extendedLocation"]!["name"]);
        Assert.Equal(("2024-11-01", "*"), (put["api-version"], put.Header("If-None-Match")));
    }

    [Fact]
    public async Task A_document_from_elsewhere_changes_what_it_says_and_keeps_what_it_does_not_know()
    {
        place.Server.Arm.Put(AzurePlace.PathOf(Kind, "line3"), new JsonObject
        {
            ["extendedLocation"] = AzurePlace.ExtendedLocation(),
            ["futureEnvelope"] = 1,
            ["properties"] = new JsonObject
            {
                ["endpointType"] = "Mqtt",
                ["futureSettings"] = new JsonObject { ["a"] = 1 },
                ["mqttSettings"] = new JsonObject { ["host"] = "old.example:1", ["qos"] = 0, ["futureLimit"] = 5, ["authentication"] = new JsonObject { ["method"] = "Anonymous" } },
            },
        });
        var store = place.Open().Resources;
        var planned = Sample.Saved((await store.PlanAsync(Sample.Endpoint("line3"), Precondition.None))!);
        var saved = Sample.Saved(await store.SaveAsync(Sample.Endpoint("line3"), Precondition.None));
        Assert.Equal(planned.Value, saved.Value);

        var (stored, properties) = (place.Server.Arm.Find(AzurePlace.PathOf(Kind, "line3"))!, place.Properties(Kind, "line3")!);
        Assert.Equal(1, (int)stored["futureEnvelope"]!);
        Assert.Equal(1, (int)properties["futureSettings"]!["a"]!);
        Assert.Equal(5, (int)properties["mqttSettings"]!["futureLimit"]!);
        Assert.Equal("line3.example:8883", (string?)properties["mqttSettings"]!["host"]);
        Assert.Null(properties["mqttSettings"]!["qos"]);
        Assert.Equal("X509Certificate", (string?)properties["mqttSettings"]!["authentication"]!["method"]);
    }

    [Fact]
    public async Task Lists_are_read_over_all_pages_and_a_link_to_another_host_is_not_followed()
    {
        for (var i = 0; i < 5; i++)
            place.Put(Kind, $"line{i}xx", Sample.Arm("broker.example:8883"));
        place.Server.Arm.PageSize = 2;
        Assert.Equal(5, (await place.Open().Resources.ListAsync()).Of(Kind).Count());

        var foreign = new AzureServer.Reply(200, new JsonObject { ["value"] = new JsonArray(), ["nextLink"] = "https://elsewhere.example/more" });
        place.Server.Faults.Add("GET", "/dataflowEndpoints", new AzureServer.ServerFault.Answer(foreign));
        var store = place.Open().Resources;
        await store.ListAsync();
        Assert.Equal(TargetCondition.Unavailable, store.State.Condition);
        Assert.All(place.Server.Log.All, one => Assert.Equal(AzureServer.TestAzure.ManagementHost, one.Call.Host));
    }

    [Fact]
    public async Task Dataflows_stand_below_their_profile_and_stay_there()
    {
        var store = place.Open().Resources;
        var missing = Assert.IsType<StoreResult.Invalid>(await store.SaveAsync(Flow("flow1", "fast"), Precondition.New));
        Assert.Equal("spec.profileRef", Assert.Single(missing.Findings).Path);

        Sample.Saved(await store.SaveAsync(new DataflowProfile { Name = "fast", InstanceCount = 2 }, Precondition.New));
        var flow = Sample.Saved(await store.SaveAsync(Flow("flow1", "fast"), Precondition.New));
        Assert.Null(place.Properties(ResourceKind.Dataflow, "flow1", "fast")!["profileRef"]);
        Assert.Equal("fast", ((Dataflow)flow.Value).ProfileRef);
        var moved = Assert.IsType<StoreResult.Invalid>(await store.SaveAsync(Flow("flow1", "default"), Precondition.At(flow.Revision)));
        Assert.Equal("azure-profile-fixed", Assert.Single(moved.Findings).Code);
        var denied = Assert.IsType<StoreResult.Denied>(await store.DeleteAsync(ResourceKind.DataflowProfile, "fast", Precondition.None));
        Assert.Contains("flow1", denied.Message, StringComparison.Ordinal);

        place.Put(ResourceKind.Dataflow, "flow1", new JsonObject { ["operations"] = new JsonArray() }, "default");
        var other = place.Open().Resources;
        var listing = await other.ListAsync();
        Assert.Equal("name-twice", Assert.Single(listing.Problems).Finding.Code);
        Assert.Single(listing.Of(ResourceKind.Dataflow));
        Assert.IsType<StoreResult.Saved>(await store.DeleteAsync(ResourceKind.Dataflow, "flow1", Precondition.None));
    }

    [Fact]
    public async Task Without_etags_a_change_since_the_form_was_opened_is_a_conflict()
    {
        var store = place.Open().Resources;
        var first = Sample.Saved(await store.SaveAsync(Sample.Endpoint("line3"), Precondition.New));
        place.Put(Kind, "line3", Sample.Arm("broker.example:8883"));
        Assert.Equal("broker.example:8883", Sample.HostOf(Assert.IsType<StoreResult.Conflict>(await store.SaveAsync(Sample.Endpoint("line3", "b"), Precondition.At(first.Revision))).Current));
        Assert.Null(place.Server.Log.Of("PUT", "line3")[^1].Call.Header("If-Match"));
    }

    [Fact]
    public async Task Instances_of_a_group_and_of_the_subscription_are_listed()
    {
        place.Server.Arm.Put("/subscriptions/" + AzurePlace.Subscription + "/resourceGroups/other/providers/Microsoft.IoTOperations/instances/aio-hall9", new JsonObject { ["location"] = "northeurope", ["properties"] = new JsonObject() });
        var target = place.Open();
        Assert.Equal(["aio-hall3"], (await target.ListInstancesAsync("plant")).Instances.Select(one => one.Name));
        Assert.Equal([("aio-hall3", "plant", "westeurope"), ("aio-hall9", "other", "northeurope")], (await target.ListInstancesAsync()).Instances.Select(one => (one.Name, one.ResourceGroup, one.Location)).OrderBy(one => one.Name));
        Assert.Equal("resource-group-not-found", (await target.ListInstancesAsync("nowhere")).Problem?.Cause);
    }

    private static Dataflow Flow(string name, string profile) => new()
    {
        Name = name,
        ProfileRef = profile,
        Source = new DataflowSource { EndpointRef = "line3", DataSources = ["a/#"] },
        Destination = new DataflowDestination { EndpointRef = "line3", DataDestination = "out" },
    };
}
