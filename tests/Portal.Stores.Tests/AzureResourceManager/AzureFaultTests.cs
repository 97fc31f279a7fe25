using Portal.AzureServer;
using Portal.Model;
using Portal.Model.Ports;
using Portal.Stores.Tests.Support;
using Portal.Tests.Shared;

namespace Portal.Stores.Tests.AzureResourceManager;

/// <summary>Lost answers, throttling, tokens that end, operations that fail: nothing lost, nothing applied twice.</summary>
public sealed class AzureFaultTests : IAsyncLifetime
{
    private const ResourceKind Kind = ResourceKind.DataflowEndpoint;
    private const string Path = "/dataflowEndpoints/line3";

    private AzurePlace place = null!;
    private IResourceStore store = null!;

    private TestAzure Server => place.Server;

    public async ValueTask InitializeAsync()
    {
        place = await AzurePlace.StartAsync();
        store = place.Open().Resources;
        await store.ListAsync();
    }

    public ValueTask DisposeAsync() => place.DisposeAsync();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_write_whose_answer_was_lost_is_found_and_not_made_again(bool givesETags)
    {
        Server.Arm.GivesETags = givesETags;
        Server.Faults.Add("PUT", Path, new ServerFault.CutAfter());
        var first = Sample.Saved(await store.SaveAsync(Sample.Endpoint("line3"), Precondition.New));
        Assert.Single(Server.Log.Of("PUT", Path));
        Assert.Equal("Succeeded", first.Status?.Provisioning);

        Server.Faults.Add("PUT", Path, new ServerFault.CutAfter());
        Sample.Saved(await store.SaveAsync(Sample.Endpoint("line3", "b"), Precondition.At(first.Revision)));
        Assert.Equal(2, Server.Log.Of("PUT", Path).Count);
    }

    [Fact]
    public async Task A_write_that_never_arrived_is_made_again()
    {
        Server.Faults.Add("PUT", Path, new ServerFault.CutBefore());
        Server.Faults.Add("PUT", Path, ServerFault.Status(500));
        Sample.Saved(await store.SaveAsync(Sample.Endpoint("line3"), Precondition.New));
        Assert.Equal([null, 500, 201], Server.Log.Of("PUT", Path).Select(one => one.Status));
    }

    [Fact]
    public async Task After_a_lost_answer_the_change_of_somebody_else_is_a_conflict_and_stays()
    {
        var first = Sample.Saved(await store.SaveAsync(Sample.Endpoint("line3"), Precondition.New));
        Server.Faults.Add("PUT", Path, new ServerFault.CutBefore(() => Change("elsewhere.example:1")));
        var conflict = Assert.IsType<StoreResult.Conflict>(await store.SaveAsync(Sample.Endpoint("line3", "b"), Precondition.At(first.Revision)));
        Assert.Equal("elsewhere.example:1", Sample.HostOf(conflict.Current));
        Assert.Equal("elsewhere.example:1", (string?)place.Properties(Kind, "line3")!["mqttSettings"]!["host"]);
    }

    [Fact]
    public async Task Somebody_who_writes_between_our_look_and_our_write_wins_where_there_are_etags()
    {
        Server.Arm.GivesETags = true;
        var first = Sample.Saved(await store.SaveAsync(Sample.Endpoint("line3"), Precondition.New));
        Server.Faults.Add("PUT", Path, new ServerFault.After(() => Change("faster.example:1")));
        var conflict = Assert.IsType<StoreResult.Conflict>(await store.SaveAsync(Sample.Endpoint("line3", "b"), Precondition.At(first.Revision)));
        Assert.Equal("faster.example:1", Sample.HostOf(conflict.Current));

        // Only the service's own state moved: nobody's change is lost, so it is not a conflict.
        Server.Faults.Add("PUT", Path, new ServerFault.After(() => Change("faster.example:1")));
        Assert.Equal("c", ((Model.Endpoints.DataflowEndpoint)Sample.Saved(await store.SaveAsync(Sample.Endpoint("line3", "c"), Precondition.At(conflict.Current!.Revision))).Value).Mqtt!.ClientIdPrefix);
    }

    [Fact]
    public async Task A_deletion_whose_answer_was_lost_is_found_too()
    {
        Sample.Saved(await store.SaveAsync(Sample.Endpoint("line3"), Precondition.New));
        Server.Faults.Add("DELETE", Path, new ServerFault.CutAfter());
        Server.Arm.GivesLinks = false;
        Assert.IsType<StoreResult.Saved>(await store.DeleteAsync(Kind, "line3", Precondition.None));
        Assert.Single(Server.Log.Of("DELETE", Path));
        Assert.Null(place.Properties(Kind, "line3"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Looking_at_an_operation_goes_on_after_cuts_and_errors_with_and_without_a_link(bool givesLinks)
    {
        Server.Arm.GivesLinks = givesLinks;
        Server.Arm.Polls = 3;
        Server.Faults.Add("PUT", Path, new ServerFault.After(() =>
        {
            // More in a row than one request is repeated.
            Server.Faults.Add("GET", givesLinks ? "operationStatuses" : Path, new ServerFault.CutBefore(), 6);
            Server.Faults.Add("GET", givesLinks ? "operationStatuses" : Path, ServerFault.Status(503), 5);
        }));
        var stored = Sample.Saved(await store.SaveAsync(Sample.Endpoint("line3"), Precondition.New));
        Assert.Equal("Succeeded", stored.Status?.Provisioning);
        Assert.Single(Server.Log.Of("PUT", Path));
    }

    [Fact]
    public async Task The_wait_between_two_looks_is_the_one_that_is_asked_for()
    {
        Server.Arm.RetryAfter = 7;
        Sample.Saved(await store.SaveAsync(Sample.Endpoint("line3"), Precondition.New));
        Assert.Equal([TimeSpan.FromSeconds(7), TimeSpan.FromSeconds(7)], place.Time.Waits);
    }

    [Fact]
    public async Task A_throttled_write_waits_as_asked_and_gives_up_on_a_wait_that_nobody_has()
    {
        Server.Faults.Add("PUT", Path, ServerFault.Throttled("1"));
        Sample.Saved(await store.SaveAsync(Sample.Endpoint("line3"), Precondition.New));
        var puts = Server.Log.Of("PUT", Path);
        Assert.Equal([429, 201], puts.Select(one => one.Status));
        Assert.True(TimeProvider.System.GetElapsedTime(puts[0].Timestamp, puts[1].Timestamp) >= TimeSpan.FromSeconds(0.9));

        Server.Faults.Add("PUT", Path, ServerFault.Throttled("600"));
        var given = Assert.IsType<StoreResult.Unavailable>(await store.SaveAsync(Sample.Endpoint("line3", "b"), Precondition.None));
        Assert.Contains("600 s", given.Message, StringComparison.Ordinal);
        Assert.Equal(3, Server.Log.Of("PUT", Path).Count);
    }

    [Fact]
    public async Task A_burst_of_server_errors_is_passed_over_when_reading()
    {
        place.Put(Kind, "line3", Sample.Arm("broker.example:1"));
        Server.Faults.Add("GET", Path, ServerFault.Status(503), 2);
        Server.Faults.Add("GET", Path, new ServerFault.CutBefore());
        Assert.Equal("broker.example:1", Sample.HostOf(await store.FindAsync(Kind, "line3")));
    }

    [Fact]
    public async Task A_token_that_ends_in_the_middle_is_renewed_once_also_when_this_machine_believes_in_it()
    {
        place.Credential.BelievesItForAnHour = true;
        Server.Arm.Polls = 3;
        Server.Faults.Add("GET", "operationStatuses", new ServerFault.After(() => Server.Tokens.Now = () => TimeProvider.System.GetUtcNow().AddHours(2)));
        Sample.Saved(await store.SaveAsync(Sample.Endpoint("line3"), Precondition.New));
        Assert.Equal(2, place.Credential.Issued);
        Assert.Single(Server.Log.All, one => one.Status == 401);
        Assert.Single(Server.Log.Of("PUT", Path));
    }

    [Fact]
    public async Task An_operation_that_fails_is_told_at_the_field_that_it_means()
    {
        Server.Arm.Outcome = OperationOutcome.Failed;
        Server.Arm.OperationError = Reply.ErrorOf("ResourceOperationFailure", "The edge refused it.", null, Reply.ErrorOf("HostNotAllowed", "The host is not on the list.", "/properties/mqttSettings/HOST"));
        var invalid = Assert.IsType<StoreResult.Invalid>(await store.SaveAsync(Sample.Endpoint("line3"), Precondition.New));
        var finding = Assert.Single(invalid.Findings);
        Assert.Equal(("azure-host-not-allowed", "spec.mqttSettings.host"), (finding.Code, finding.Path));
        Assert.Contains("not on the list", finding.Message, StringComparison.Ordinal);

        // It stands there as failed, and the same document is tried again, not taken for done.
        var stored = Assert.Single((await store.ListAsync()).Of(Kind));
        Assert.Equal((ResourceHealth.Error, "Failed"), (stored.Status!.Health, stored.Status.Provisioning));
        Server.Arm.Outcome = OperationOutcome.Canceled;
        Assert.IsType<StoreResult.Unavailable>(await store.SaveAsync(stored.Value, Precondition.At(stored.Revision)));
        Server.Arm.Outcome = OperationOutcome.Succeeded;
        Assert.Equal(ResourceHealth.Success, Sample.Saved(await store.SaveAsync(stored.Value, Precondition.At(stored.Revision))).Status!.Health);
    }

    [Fact]
    public async Task Whoever_stops_waiting_sees_the_operation_go_on_and_its_end()
    {
        Server.Arm.Holds = true;
        using var patience = new CancellationTokenSource();
        var saving = store.SaveAsync(Sample.Endpoint("line3"), Precondition.New, patience.Token);
        await Wait.UntilAsync(() => Server.Log.Of("GET", "operationStatuses").Count > 0, "the operation is looked at");
        await patience.CancelAsync();
        Assert.Equal("Accepted", (await Assert.ThrowsAsync<ChangeGoesOnException>(() => saving)).Stored!.Status!.Provisioning);

        var stored = Assert.Single((await store.ListAsync()).Of(Kind));
        Assert.Equal((ResourceHealth.Warning, "Accepted"), (stored.Status!.Health, stored.Status.Provisioning));
        var second = place.Open().Resources;
        Assert.IsType<StoreResult.Unavailable>(await second.SaveAsync(Sample.Endpoint("line3", "b"), Precondition.None));

        place.Put(Kind, "line3", Server.Arm.Find(AzurePlace.PathOf(Kind, "line3"))!["properties"]!.AsObject());
        Assert.Equal("Succeeded", (await store.FindAsync(Kind, "line3"))!.Status!.Provisioning);
        Assert.Equal(ResourceHealth.Success, Assert.Single((await store.ListAsync()).Of(Kind)).Status!.Health);
    }

    [Fact]
    public async Task A_deletion_that_nobody_waits_for_stays_ours_until_the_resource_is_gone()
    {
        Sample.Saved(await store.SaveAsync(Sample.Endpoint("line3"), Precondition.New));
        var removals = new List<bool>();
        store.Changed += change => { if (change.After is null) removals.Add(change.Outside); };
        await Assert.ThrowsAsync<ChangeGoesOnException>(() => DeleteUnwatchedAsync());
        Assert.Equal("Deleting", (await store.FindAsync(Kind, "line3"))!.Status!.Provisioning);
        await LookUntilAsync(null);
        Assert.Equal([false], removals);

        // One that did not succeed is over: who removes it then is somebody else.
        Sample.Saved(await store.SaveAsync(Sample.Endpoint("line3"), Precondition.New));
        Server.Arm.Outcome = OperationOutcome.Failed;
        await Assert.ThrowsAsync<ChangeGoesOnException>(() => DeleteUnwatchedAsync());
        await LookUntilAsync("Failed");
        Server.Arm.Remove(AzurePlace.PathOf(Kind, "line3"));
        await LookUntilAsync(null);
        Assert.Equal([false, true], removals);
    }

    [Fact]
    public async Task A_change_whose_answer_nobody_waits_for_is_taken_only_when_it_arrived()
    {
        Server.Faults.Add("PUT", Path, new ServerFault.Hang());
        using var patience = new CancellationTokenSource();
        var saving = store.SaveAsync(Sample.Endpoint("line3"), Precondition.New, patience.Token);
        await Wait.UntilAsync(() => Server.Log.Of("PUT", Path).Count > 0, "the change is sent");
        Change("elsewhere.example:1");
        await patience.CancelAsync();
        Assert.IsNotType<ChangeGoesOnException>(await Assert.ThrowsAnyAsync<OperationCanceledException>(() => saving));
    }

    private async Task LookUntilAsync(string? state)
    {
        Server.Arm.Holds = false;
        for (var looks = 0; (await store.FindAsync(Kind, "line3"))?.Status?.Provisioning != state; looks++)
            Assert.True(looks < 10, $"After {looks} looks it is not {state ?? "gone"}.");
    }

    private async Task DeleteUnwatchedAsync()
    {
        Server.Arm.Holds = true;
        Server.Log.Clear();
        using var patience = new CancellationTokenSource();
        var deleting = store.DeleteAsync(Kind, "line3", Precondition.None, patience.Token);
        await Wait.UntilAsync(() => Server.Log.Of("GET", "operationResults").Count > 0, "the operation is looked at");
        await patience.CancelAsync();
        await deleting;
    }

    private void Change(string host) => place.Put(Kind, "line3", Sample.Arm(host));
}
