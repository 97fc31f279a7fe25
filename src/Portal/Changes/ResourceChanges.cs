using Portal.Model;
using Portal.Model.Dataflows;
using Portal.Model.Documents;
using Portal.Model.Ports;

namespace Portal.Changes;

/// <summary>Changes resources for pages and API alike: the store first, then the activity log.</summary>
public sealed class ResourceChanges(IResourceStore store, IActivityLog activity, TimeProvider clock)
{
    /// <summary>Validates and saves. Findings that are errors give <see cref="StoreResult.Invalid"/> and nothing is written.</summary>
    public Task<StoreResult> SaveAsync(Resource resource, Precondition precondition, CancellationToken cancellationToken = default) =>
        SaveAsync(resource, precondition, null, cancellationToken);

    /// <summary>The same, with what did it in the activity log, for example <c>by import</c>.</summary>
    public async Task<StoreResult> SaveAsync(Resource resource, Precondition precondition, string? by, CancellationToken cancellationToken = default)
    {
        var before = await store.FindAsync(resource.Kind, resource.Name, cancellationToken);
        var errors = IsStop(before?.Value, resource) ? [] : ResourceValidation.Errors(resource, resource is Model.Endpoints.DataflowEndpoint ? null : await store.ListAsync(cancellationToken));
        if (errors.Count > 0)
            return new StoreResult.Invalid(errors);
        var result = await store.SaveAsync(resource, precondition, cancellationToken);
        if (result is StoreResult.Saved { Stored: { } stored } && stored.Revision != before?.Revision)
            await RecordAsync(before, stored, by is null ? "" : " " + by, cancellationToken);
        return result;
    }

    /// <summary>Deletes a resource.</summary>
    public async Task<StoreResult> DeleteAsync(ResourceKind kind, string name, Precondition precondition, CancellationToken cancellationToken = default)
    {
        var before = await store.FindAsync(kind, name, cancellationToken);
        var result = await store.DeleteAsync(kind, name, precondition, cancellationToken);
        if (result is StoreResult.Saved && before is not null)
            await activity.AppendAsync(
                new ActivityEntry(clock.GetUtcNow(), Actor.Operator, ActivityAction.Deleted, kind.ToString(), name, $"{name} deleted", Manifest.Write(before.Value)), cancellationToken);
        return result;
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
    private static bool IsStop(Resource? before, Resource now) =>
        now is Dataflow { IsEnabled: false } && before is Dataflow was && now.Equals(was with { Mode = ((Dataflow)now).Mode, Kept = now.Kept });

    private Task RecordAsync(StoredResource? before, StoredResource after, string by, CancellationToken cancellationToken)
    {
        var name = after.Value.Name;
        return activity.AppendAsync(
            new ActivityEntry(
                clock.GetUtcNow(), Actor.Operator, before is null ? ActivityAction.Created : ActivityAction.Changed, after.Value.Kind.ToString(), name,
                (before is null ? $"{name} created" : $"{name} changed") + by,
                before is null ? null : Manifest.Write(before.Value), Manifest.Write(after.Value)),
            cancellationToken);
    }
}
