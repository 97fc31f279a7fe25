using Portal.Changes;
using Portal.Model;
using Portal.Model.Endpoints;
using Portal.Model.Ports;
using Portal.Tests.Fakes;
using Portal.Tests.Shared;

namespace Portal.Tests.Lists;

/// <summary>What the activity log says of changes that nobody waited for.</summary>
public sealed class ResourceChangesTests
{
    private const ResourceKind Kind = ResourceKind.DataflowEndpoint;

    private readonly FakeResourceStore _store = new();
    private readonly FakeActivityLog _activity = new();
    private readonly ResourceChanges _changes;

    public ResourceChangesTests() => _changes = new ResourceChanges(_store, _activity, TimeProvider.System);

    [Fact]
    public async Task A_change_that_the_service_has_taken_is_recorded_with_what_did_it()
    {
        _store.GoesOn = new ChangeProgress(Kind, "line3", true, "Accepted");
        await StopAsync(waited => _changes.SaveAsync(Endpoint("a"), Precondition.New, "by import", waited));
        await StopAsync(waited => _changes.DeleteAsync(Kind, "line3", Precondition.None, waited));
        Assert.Equal(
            [(ActivityAction.Created, "line3 created by import, not waited for until it was done"), (ActivityAction.Deleted, "line3 deleted, not waited for until it was done")],
            _activity.Entries.Select(entry => (entry.Action, entry.Summary)));
    }

    [Fact]
    public async Task A_change_that_the_service_has_not_taken_is_not_recorded_whoever_saved_meanwhile()
    {
        using var waiting = new CancellationTokenSource();
        _store.BeforeChange = async cancellation =>
        {
            _store.PutOutside(Endpoint("theirs"));
            await waiting.CancelAsync();
            cancellation.ThrowIfCancellationRequested();
        };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _changes.SaveAsync(Endpoint("mine"), Precondition.New, waiting.Token));
        Assert.Empty(_activity.Entries);
    }

    [Fact]
    public async Task What_is_done_is_recorded_though_nobody_waits_any_more()
    {
        using var gone = new CancellationTokenSource();
        _store.Changed += _ => gone.Cancel();
        Assert.IsType<StoreResult.Saved>(await _changes.SaveAsync(Endpoint("a"), Precondition.New, gone.Token));
        Assert.True(gone.IsCancellationRequested);
        Assert.Equal("line3 created", Assert.Single(_activity.Entries).Summary);
    }

    private static async Task StopAsync(Func<CancellationToken, Task> change)
    {
        using var waiting = new CancellationTokenSource();
        var going = change(waiting.Token);
        await waiting.CancelAsync();
        await Assert.ThrowsAsync<ChangeGoesOnException>(() => going);
    }

    private static DataflowEndpoint Endpoint(string prefix)
    {
        var valid = ValidEndpoint.Of(EndpointKind.CustomMqtt);
        return valid with { Name = "line3", Settings = valid.Mqtt! with { ClientIdPrefix = prefix } };
    }
}
