using System.Text.Json.Nodes;
using Portal.Model;
using Portal.Model.Ports;
using Portal.Model.Validation;

namespace Portal.Stores.Kubernetes;

/// <summary>Resources as custom resources of a cluster: read from a watched cache, written by server-side apply.</summary>
internal sealed class KubernetesResourceStore(ResourceApi api, ResourceCache cache, KubernetesConnection connection, TargetWatch watch, EventWriter events) : IResourceStore
{
    private const int MostTries = 4;

    public event Action<StoreChange>? Changed
    {
        add => cache.Changed += value;
        remove => cache.Changed -= value;
    }

    public event Action? StateChanged
    {
        add => watch.StateChanged += value;
        remove => watch.StateChanged -= value;
    }

    public string Target => connection.Target;

    public TargetState State => watch.State;

    public async Task<StoreListing> ListAsync(CancellationToken cancellationToken = default)
    {
        await watch.ListedAsync(cancellationToken).ConfigureAwait(false);
        return cache.Listing();
    }

    public async Task<StoredResource?> FindAsync(ResourceKind kind, string name, CancellationToken cancellationToken = default)
    {
        await watch.ListedAsync(cancellationToken).ConfigureAwait(false);
        return cache.Find(kind, name)?.Stored;
    }

    public async Task<StoreResult> SaveAsync(Resource resource, Precondition precondition, CancellationToken cancellationToken = default)
        => await ChangeAsync(resource, precondition, isPlan: false, cancellationToken).ConfigureAwait(false);

    public async Task<StoreResult?> PlanAsync(Resource resource, Precondition precondition, CancellationToken cancellationToken = default)
        => await ChangeAsync(resource, precondition, isPlan: true, cancellationToken).ConfigureAwait(false);

    public async Task<StoreResult> DeleteAsync(ResourceKind kind, string name, Precondition precondition, CancellationToken cancellationToken = default)
    {
        if (NameRules.CheckResourceName(name) is not null)
            return new StoreResult.Conflict(null);
        using var turn = await cache.TurnAsync(kind, name, cancellationToken).ConfigureAwait(false);
        var isUncertain = false;
        try
        {
            for (var attempt = 1; ; attempt++)
            {
                var live = await api.FindAsync(kind, name, cancellationToken).ConfigureAwait(false);
                // From here on something is sent, and what becomes of it must be known; requests have limits of their own.
                cancellationToken = CancellationToken.None;
                if (live is null && isUncertain)
                    return Gone(cache.Find(kind, name));
                if (live is null || Conflicts(live, precondition))
                    return new StoreResult.Conflict(live?.Stored);
                if (live.Problem is { } problem)
                    return Unreadable(name, problem);
                try
                {
                    if (await api.DeleteAsync(kind, live, cancellationToken).ConfigureAwait(false))
                        return Gone(live);
                    cache.Expect(kind, name, live.Uid);
                    return new StoreResult.Saved(null);
                }
                catch (KubernetesFault fault) when (attempt < MostTries && (fault.Code is 404 or 409 || fault.IsUncertain))
                {
                    // What is there decides: it may be gone, or only its status may have moved.
                    isUncertain |= fault.IsUncertain;
                }
            }
        }
        catch (KubernetesFault fault)
        {
            return watch.Note(fault).ToResult();
        }

        StoreResult.Saved Gone(LiveResource? live)
        {
            cache.Remove(kind, name, live?.Uid, isOurs: true);
            events.Write(kind, name, live?.Uid, "Deleted", "Delete");
            return new StoreResult.Saved(null);
        }
    }

    private async Task<StoreResult> ChangeAsync(Resource resource, Precondition precondition, bool isPlan, CancellationToken cancellationToken)
    {
        if (NameRules.CheckResourceName(resource.Name) is { } finding)
            return new StoreResult.Invalid([finding]);
        if (resource.Namespace is { } place && place != connection.Namespace)
            return new StoreResult.Invalid([Finding.Error("namespace", "metadata.namespace", $"The target keeps the namespace '{connection.Namespace}', not '{place}'.", $"Write {connection.Namespace}, or leave the namespace out.")]);
        using var turn = await cache.TurnAsync(resource.Kind, resource.Name, cancellationToken).ConfigureAwait(false);
        try
        {
            return await TryAsync(resource, precondition, isPlan, cancellationToken).ConfigureAwait(false);
        }
        catch (KubernetesFault fault)
        {
            return Owned(fault) is { } owned ? owned : watch.Note(fault).ToResult();
        }
    }

    private async Task<StoreResult> TryAsync(Resource resource, Precondition precondition, bool isPlan, CancellationToken cancellationToken)
    {
        var (kind, name, wanted, isUncertain) = (resource.Kind, resource.Name, ResourceMap.Write(resource, connection.Namespace), false);
        for (var attempt = 1; ; attempt++)
        {
            var live = await api.FindAsync(kind, name, cancellationToken).ConfigureAwait(false);
            // As with a deletion: an apply that nobody waits for any more is still ours, and a take-over has two steps.
            if (!isPlan)
                cancellationToken = CancellationToken.None;
            var isSame = live?.Problem is null && live is not null && JsonNode.DeepEquals(live.Document, wanted);
            // Our apply was cut off and has been carried out all the same.
            if (isUncertain && isSame)
                return Done(live!, isNew: cache.Find(kind, name) is null);
            if (Conflicts(live, precondition))
                return new StoreResult.Conflict(live?.Stored);
            if (live?.Problem is { } problem)
                return Unreadable(name, problem);
            if (isSame)
                return new StoreResult.Saved(live!.Stored);
            var foreign = live is null ? [] : ResourceMap.RemovedOfOthers(live, wanted);
            try
            {
                if (foreign.Count > 0 && !precondition.TakeOver)
                    return await AllOwnedAsync(foreign).ConfigureAwait(false);
                var applied = await ApplyAsync(kind, name, Exactly(wanted, live), precondition.TakeOver, isPlan, cancellationToken).ConfigureAwait(false);
                if (isPlan)
                    return new StoreResult.Saved(ResourceMap.Without(kind, applied, foreign, wanted).Stored);
                if (foreign.Count > 0)
                    applied = await api.MergeAsync(kind, name, ResourceMap.Removal(foreign, applied), cancellationToken).ConfigureAwait(false);
                return Done(applied, live is null);
            }
            catch (KubernetesFault fault) when (attempt < MostTries && ((fault.Code == 409 && Owned(fault) is null) || fault.IsUncertain))
            {
                // Somebody was faster, only the status moved, or nobody knows: what is there decides.
                isUncertain |= fault.IsUncertain;
            }

            // An apply tells the conflicts of values; those of removals it does not know.
            async Task<StoreResult> AllOwnedAsync(IReadOnlyList<FieldOwner> removed)
            {
                try
                {
                    await ApplyAsync(kind, name, Exactly(wanted, live), force: false, isDryRun: true, cancellationToken).ConfigureAwait(false);
                    return new StoreResult.Owned(removed);
                }
                catch (KubernetesFault fault) when (Owned(fault) is { } owned)
                {
                    return new StoreResult.Owned([.. owned.Fields, .. removed]);
                }
            }
        }

        StoreResult.Saved Done(LiveResource live, bool isNew)
        {
            cache.Put(kind, live, isOurs: true);
            events.Write(kind, name, live.Uid, isNew ? "Created" : "Changed", "Apply");
            return new StoreResult.Saved(live.Stored);
        }
    }

    // An update of the portal's own, by which it took a field out, is nobody to ask.
    private async Task<LiveResource> ApplyAsync(ResourceKind kind, string name, JsonObject document, bool force, bool isDryRun, CancellationToken cancellationToken)
    {
        try
        {
            return await api.ApplyAsync(kind, name, document, force, isDryRun, cancellationToken).ConfigureAwait(false);
        }
        catch (KubernetesFault fault) when (!force && Owned(fault) is { } owned && owned.Fields.All(field => field.Manager == KubernetesConnection.FieldManager))
        {
            return await api.ApplyAsync(kind, name, document, force: true, isDryRun, cancellationToken).ConfigureAwait(false);
        }
    }

    // Against that very object in that very version; where there is none, a version that none can have.
    private static JsonObject Exactly(JsonObject wanted, LiveResource? live)
    {
        var document = wanted.DeepClone().AsObject();
        var metadata = document["metadata"]!.AsObject();
        metadata["resourceVersion"] = live?.Version ?? "1";
        if (live?.Uid is { } uid)
            metadata["uid"] = uid;
        return document;
    }

    private static bool Conflicts(LiveResource? live, Precondition precondition)
        => precondition.MustBeNew ? live is not null : precondition.Revision is { } revision && revision != live?.Stored?.Revision;

    private static StoreResult.Denied Unreadable(string name, StoreProblem problem) => new(
        $"The cluster holds '{name}' in a form that the portal cannot read: {problem.Finding.Message} It is not overwritten.",
        $"Correct it with 'kubectl edit' ({problem.Finding.Fix}), then save again.");

    // conflict with "kubectl" using connectivity.iotoperations.azure.com/v1
    private static StoreResult.Owned? Owned(KubernetesFault fault)
    {
        var fields = fault.Causes.Where(cause => cause.Reason == "FieldManagerConflict").Select(cause => new FieldOwner(cause.Field.TrimStart('.'), cause.Message.Split('"') is [_, var manager, ..] ? manager : cause.Message)).ToList();
        return fault.Code == 409 && fields.Count > 0 ? new StoreResult.Owned(fields) : null;
    }
}
