using Portal.Model;
using Portal.Model.Dataflows;
using Portal.Model.Documents;
using Portal.Model.Endpoints;
using Portal.Model.Ports;

namespace Portal.Changes;

/// <summary>Changes resources for pages and API alike: the store first, then the activity log.</summary>
public sealed class ResourceChanges(IResourceStore store, IActivityLog activity, TimeProvider clock)
{
    private const string NotWaitedFor = ", not waited for until it was done";

    /// <summary>Validates and saves. Findings that are errors give <see cref="StoreResult.Invalid"/> and nothing is written.</summary>
    public Task<StoreResult> SaveAsync(Resource resource, Precondition precondition, CancellationToken cancellationToken = default) =>
        SaveAsync(resource, precondition, null, cancellationToken);

    /// <summary>The same, with what did it in the activity log, for example <c>by import</c>.</summary>
    public async Task<StoreResult> SaveAsync(Resource resource, Precondition precondition, string? by, CancellationToken cancellationToken = default)
    {
        var before = await store.FindAsync(resource.Kind, resource.Name, cancellationToken);
        var errors = IsStop(before?.Value, resource) ? [] : ResourceValidation.Errors(resource, await store.ListAsync(cancellationToken));
        if (errors.Count > 0)
            return new StoreResult.Invalid(errors);
        var how = by is null ? "" : " " + by;
        try
        {
            var result = await store.SaveAsync(resource, precondition, cancellationToken);
            if (result is StoreResult.Saved { Stored: { } stored } && stored.Revision != before?.Revision)
                await RecordAsync(before, stored, how);
            return result;
        }
        catch (ChangeGoesOnException e)
        {
            // What the service has taken is a change like any other.
            if (e.Stored is { } taken && taken.Revision != before?.Revision)
                await RecordAsync(before, taken, how + NotWaitedFor);
            throw;
        }
    }

    /// <summary>Starts or stops a dataflow: sets its mode, if it is still what was read a moment ago.</summary>
    public async Task<StoreResult> RunAsync(string dataflow, bool run, CancellationToken cancellationToken = default)
    {
        if (await store.FindAsync(ResourceKind.Dataflow, dataflow, cancellationToken) is not { Value: Dataflow flow } stored)
            return new StoreResult.Conflict(null);
        return await SaveAsync(flow with { Mode = run ? OperationalMode.Enabled : OperationalMode.Disabled }, Precondition.At(stored.Revision), cancellationToken);
    }

    /// <summary>Deletes a resource.</summary>
    public async Task<StoreResult> DeleteAsync(ResourceKind kind, string name, Precondition precondition, CancellationToken cancellationToken = default)
    {
        var before = await store.FindAsync(kind, name, cancellationToken);
        try
        {
            var result = await store.DeleteAsync(kind, name, precondition, cancellationToken);
            if (result is StoreResult.Saved)
                await RecordDeletionAsync(before, "");
            return result;
        }
        catch (ChangeGoesOnException)
        {
            await RecordDeletionAsync(before, NotWaitedFor);
            throw;
        }
    }

    /// <summary>The dataflows that name an endpoint.</summary>
    public async Task<IReadOnlyList<Dataflow>> UsersOfAsync(string endpoint, CancellationToken cancellationToken = default)
    {
        var listing = await store.ListAsync(cancellationToken);
        return [.. listing.Of(ResourceKind.Dataflow).Select(stored => (Dataflow)stored.Value).Where(dataflow => dataflow.Uses.Any(use => use.Endpoint == endpoint))];
    }

    /// <summary>The dataflows that a profile runs.</summary>
    public async Task<IReadOnlyList<Dataflow>> RunByAsync(string profile, CancellationToken cancellationToken = default)
    {
        var listing = await store.ListAsync(cancellationToken);
        return [.. listing.Of(ResourceKind.Dataflow).Select(stored => (Dataflow)stored.Value).Where(dataflow => dataflow.Profile == profile)];
    }

    /// <summary>True when a dataflow is stopped and nothing else changes: that works whatever else is wrong with it.</summary>
    private static bool IsStop(Resource? before, Resource now) => now is Dataflow { IsEnabled: false } && IsSwitch(before, now);

    /// <summary>True when the mode of a dataflow changes and nothing else.</summary>
    private static bool IsSwitch(Resource? before, Resource now) =>
        now is Dataflow flow && before is Dataflow was && flow.Equals(was with { Mode = flow.Mode, Kept = flow.Kept });

    // Nobody can call off the record of what is done.
    private Task RecordDeletionAsync(StoredResource? before, string how) => before is not { Value: var value }
        ? Task.CompletedTask
        : activity.AppendAsync(
            new ActivityEntry(clock.GetUtcNow(), Actor.Operator, ActivityAction.Deleted, value.Kind.ToString(), value.Name, $"{value.Name} deleted{how}", Manifest.Write(value)),
            CancellationToken.None);

    private Task RecordAsync(StoredResource? before, StoredResource after, string how)
    {
        var name = after.Value.Name;
        var (action, done) = WhatHappened(before?.Value, after.Value);
        return activity.AppendAsync(
            new ActivityEntry(
                clock.GetUtcNow(), Actor.Operator, action, after.Value.Kind.ToString(), name, $"{name} {done}{how}",
                before is null ? null : Manifest.Write(before.Value), Manifest.Write(after.Value)),
            CancellationToken.None);
    }

    private static (ActivityAction Action, string Done) WhatHappened(Resource? before, Resource after) => (before, after) switch
    {
        (null, _) => (ActivityAction.Created, "created"),
        (Dataflow was, Dataflow now) when was.IsEnabled != now.IsEnabled && IsSwitch(was, now) => now.IsEnabled ? (ActivityAction.Started, "started") : (ActivityAction.Stopped, "stopped"),
        _ => (ActivityAction.Changed, "changed"),
    };
}
