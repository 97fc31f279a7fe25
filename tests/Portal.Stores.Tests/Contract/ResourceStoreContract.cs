using System.Collections.Concurrent;
using Portal.Model;
using Portal.Model.Endpoints;
using Portal.Model.Ports;
using Portal.Tests.Shared;
using static Portal.Stores.Tests.Contract.ContractSamples;

namespace Portal.Stores.Tests.Contract;

/// <summary>What <see cref="IResourceStore"/> promises, tried on every target alike.</summary>
public abstract class ResourceStoreContract : IAsyncLifetime
{
    private const ResourceKind Kind = ResourceKind.DataflowEndpoint;

    private readonly ConcurrentQueue<StoreChange> changes = new();
    private TargetUnderTest target = null!;

    private IResourceStore Store => target.Store;

    protected abstract Task<TargetUnderTest> StartAsync();

    public async ValueTask InitializeAsync()
    {
        target = await StartAsync();
        Store.Changed += changes.Enqueue;
    }

    public async ValueTask DisposeAsync()
    {
        await target.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task What_is_saved_is_found_listed_and_read_by_another_portal_as_it_was_given()
    {
        Resource[] given = [Profile("fast", 3), Endpoint("line3"), Dataflow("line3-to-cloud")];
        foreach (var resource in given)
            Same(resource, Saved(await Store.SaveAsync(resource, Precondition.New)).Value);
        var second = await target.OpenSecondAsync();
        foreach (var resource in given)
        {
            var stored = (await Store.FindAsync(resource.Kind, resource.Name))!;
            Same(resource, stored.Value);
            Assert.NotEmpty(stored.Location);
            var read = Assert.Single((await second.ListAsync()).Of(resource.Kind), other => other.Value.Name == resource.Name);
            Assert.Equal((stored.Value, stored.Revision, stored.Location), (read.Value, read.Revision, read.Location));
        }
        Assert.Empty((await Store.ListAsync()).Problems);
        Assert.Null(await Store.FindAsync(ResourceKind.Dataflow, "line3"));
        Assert.NotEmpty(Store.Target);
        Assert.Equal(TargetState.Ready, Store.State);
    }

    [Fact]
    public async Task A_change_needs_the_revision_that_it_was_made_from()
    {
        var first = Saved(await Store.SaveAsync(Endpoint("line3"), Precondition.New));
        var second = Saved(await Store.SaveAsync(Endpoint("line3", "b"), Precondition.At(first.Revision)));
        Assert.NotEqual(first.Revision, second.Revision);

        Assert.Equal("b", Prefix(Assert.IsType<StoreResult.Conflict>(await Store.SaveAsync(Endpoint("line3", "c"), Precondition.At(first.Revision))).Current));
        Assert.Equal("b", Prefix(Assert.IsType<StoreResult.Conflict>(await Store.SaveAsync(Endpoint("line3", "c"), Precondition.New)).Current));
        Assert.Equal("b", Prefix(Assert.IsType<StoreResult.Conflict>(await Store.DeleteAsync(Kind, "line3", Precondition.At(first.Revision))).Current));
        Assert.Null(Assert.IsType<StoreResult.Conflict>(await Store.SaveAsync(Endpoint("line4"), Precondition.At(first.Revision))).Current);
        Assert.Null(await target.ReadOutsideAsync(Kind, "line4"));
        Assert.Equal("c", Prefix(Saved(await Store.SaveAsync(Endpoint("line3", "c"), Precondition.None))));
    }

    [Fact]
    public async Task Deleting_works_once()
    {
        var stored = Saved(await Store.SaveAsync(Endpoint("line3"), Precondition.New));
        Assert.Null(Assert.IsType<StoreResult.Saved>(await Store.DeleteAsync(Kind, "line3", Precondition.At(stored.Revision))).Stored);
        Assert.Null(await target.ReadOutsideAsync(Kind, "line3"));
        Assert.Null(await Store.FindAsync(Kind, "line3"));
        Assert.Null(Assert.IsType<StoreResult.Conflict>(await Store.DeleteAsync(Kind, "line3", Precondition.None)).Current);
        Saved(await Store.SaveAsync(Endpoint("line3"), Precondition.New));
    }

    [Fact]
    public async Task The_same_again_writes_nothing()
    {
        var stored = Saved(await Store.SaveAsync(Endpoint("line3", "a"), Precondition.New));
        var stamp = await target.StampAsync(Kind, "line3");
        Assert.Equal(stored.Revision, Saved(await Store.SaveAsync(Endpoint("line3", "a"), Precondition.None)).Revision);
        Assert.Equal(stored.Revision, Saved(await Store.SaveAsync(stored.Value, Precondition.At(stored.Revision))).Revision);
        Assert.Equal(stamp, await target.StampAsync(Kind, "line3"));
        Assert.Single(changes);
    }

    [Fact]
    public async Task What_others_wrote_is_not_rewritten_by_loading_and_saving_and_keeps_unknown_members_through_a_change()
    {
        await target.PutOutsideAsync(Foreign("line3"));
        var stored = await FoundAsync("line3", "broker.example:8883");
        var stamp = await target.StampAsync(Kind, "line3");
        Saved(await Store.SaveAsync(stored.Value, Precondition.At(stored.Revision)));
        Assert.Equal(stamp, await target.StampAsync(Kind, "line3"));

        var endpoint = (DataflowEndpoint)stored.Value;
        var changed = endpoint with { Settings = endpoint.Mqtt! with { ClientIdPrefix = "portal" } };
        Assert.Equal(changed with { Kept = null }, Saved(await Store.SaveAsync(changed, Precondition.At(stored.Revision))).Value with { Kept = null });
        var settings = (await target.ReadOutsideAsync(Kind, "line3"))!["spec"]!["mqttSettings"]!;
        Assert.Equal("[1,2]", settings["futureMember"]!["limits"]!.ToJsonString());
        Assert.Equal("portal", (string?)settings["clientIdPrefix"]);
    }

    [Fact]
    public async Task Members_that_were_set_can_be_left_out_again()
    {
        var stored = Saved(await Store.SaveAsync(Endpoint("line3", "a"), Precondition.New));
        Same(Endpoint("line3"), Saved(await Store.SaveAsync(Endpoint("line3"), Precondition.At(stored.Revision))).Value);
        Assert.Null((await target.ReadOutsideAsync(Kind, "line3"))!["spec"]!["mqttSettings"]!["clientIdPrefix"]);
    }

    [Fact]
    public async Task Every_change_is_told_once_ours_and_others_apart()
    {
        Saved(await Store.SaveAsync(Endpoint("line3"), Precondition.New));
        Saved(await Store.SaveAsync(Endpoint("line3", "b"), Precondition.None));
        Assert.IsType<StoreResult.Saved>(await Store.DeleteAsync(Kind, "line3", Precondition.None));
        await NextAsync("somebody's new resource", () => target.PutOutsideAsync(Foreign("line4", "one.example:1")));
        await NextAsync("somebody's change", () => target.PutOutsideAsync(Foreign("line4", "two.example:1")));
        await NextAsync("somebody's deletion", () => target.DeleteOutsideAsync(Kind, "line4"));

        Assert.Equal(
            [
                ("line3", false, null, "line3.example:8883"), ("line3", false, "line3.example:8883", "line3.example:8883"), ("line3", false, "line3.example:8883", null),
                ("line4", true, null, "one.example:1"), ("line4", true, "one.example:1", "two.example:1"), ("line4", true, "two.example:1", null),
            ],
            changes.Select(change => (change.Name, change.Outside, Host(change.Before), Host(change.After))));
        Assert.All(changes, change => Assert.Equal(Kind, change.Kind));
    }

    [Fact]
    public async Task What_cannot_be_read_is_shown_and_never_overwritten()
    {
        await target.PutOutsideAsync(Unreadable("line3"));
        await Wait.UntilAsync(async () => (await Store.ListAsync()).Problems.Count > 0, "the problem is listed");
        var problem = Assert.Single((await Store.ListAsync()).Problems);
        Assert.Equal("line3", problem.Name);
        Assert.Contains("host", problem.Finding.Fix, StringComparison.Ordinal);
        Assert.Null(await Store.FindAsync(Kind, "line3"));

        var stamp = await target.StampAsync(Kind, "line3");
        var denied = Assert.IsType<StoreResult.Denied>(await Store.SaveAsync(Endpoint("line3"), Precondition.None));
        Assert.Contains("line3", denied.Message, StringComparison.Ordinal);
        Assert.NotEmpty(denied.Fix);
        Assert.IsType<StoreResult.Denied>(await Store.DeleteAsync(Kind, "line3", Precondition.None));
        Assert.Equal(stamp, await target.StampAsync(Kind, "line3"));

        await target.PutOutsideAsync(Foreign("line3", "repaired.example:1"));
        await FoundAsync("line3", "repaired.example:1");
        Assert.Empty((await Store.ListAsync()).Problems);
    }

    [Fact]
    public async Task A_plan_stores_nothing()
    {
        var plan = await Store.PlanAsync(Endpoint("line3"), Precondition.New);
        if (plan is not null)
            Same(Endpoint("line3"), Saved(plan).Value);
        Assert.Null(await target.ReadOutsideAsync(Kind, "line3"));
        Assert.Null(await Store.FindAsync(Kind, "line3"));
        Assert.Empty(changes);
    }

    [Fact]
    public async Task A_cancelled_change_is_not_made()
    {
        var cancelled = new CancellationToken(canceled: true);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Store.SaveAsync(Endpoint("line3"), Precondition.New, cancelled));
        Assert.Null(await target.ReadOutsideAsync(Kind, "line3"));
        Saved(await Store.SaveAsync(Endpoint("line3"), Precondition.New));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Store.DeleteAsync(Kind, "line3", Precondition.None, cancelled));
        Assert.NotNull(await target.ReadOutsideAsync(Kind, "line3"));
    }

    [Fact]
    public async Task Of_writers_at_once_exactly_one_wins()
    {
        var second = await target.OpenSecondAsync();
        IResourceStore[] writers = [Store, second, Store, second];
        var made = await Task.WhenAll(writers.Select((store, index) => Task.Run(() => store.SaveAsync(Endpoint("line3", $"new{index}"), Precondition.New))));
        var winner = Assert.Single(made.OfType<StoreResult.Saved>()).Stored!;
        Assert.Equal(3, made.OfType<StoreResult.Conflict>().Count());

        var changed = await Task.WhenAll(writers.Select((store, index) => Task.Run(() => store.SaveAsync(Endpoint("line3", $"changed{index}"), Precondition.At(winner.Revision)))));
        var last = Assert.Single(changed.OfType<StoreResult.Saved>()).Stored!;
        Assert.Equal(3, changed.OfType<StoreResult.Conflict>().Count());
        Assert.Equal(Prefix(last), (string?)(await target.ReadOutsideAsync(Kind, "line3"))!["spec"]!["mqttSettings"]!["clientIdPrefix"]);
    }

    [Fact]
    public async Task A_name_that_no_resource_may_have_is_refused_with_its_path()
    {
        var invalid = Assert.IsType<StoreResult.Invalid>(await Store.SaveAsync(Endpoint("../Line3"), Precondition.None));
        Assert.Equal("metadata.name", Assert.Single(invalid.Findings).Path);
        Assert.IsType<StoreResult.Conflict>(await Store.DeleteAsync(Kind, "../Line3", Precondition.None));
    }

    private async Task<StoredResource> FoundAsync(string name, string host)
    {
        StoredResource? found = null;
        await Wait.UntilAsync(async () => Host(found = await Store.FindAsync(Kind, name)) == host, $"{name} is there with {host}");
        return found!;
    }

    private async Task NextAsync(string what, Func<Task> act)
    {
        var before = changes.Count;
        await act();
        await Wait.UntilAsync(() => changes.Count > before, $"{what} is told");
    }

    // The place may say which namespace a resource stands in; nothing else may be added.
    private static void Same(Resource given, Resource stored) => Assert.Equal(given with { Namespace = stored.Namespace }, stored);
}
