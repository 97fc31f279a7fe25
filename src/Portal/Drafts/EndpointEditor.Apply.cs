using Portal.Model;
using Portal.Model.Documents;
using Portal.Model.Endpoints;
using Portal.Model.Fields;
using Portal.Model.Ports;

namespace Portal.Drafts;

/// <summary>What <see cref="EndpointEditor.ApplyAsync"/> replaced, so that it can be put back.</summary>
/// <param name="Before">What was stored; null = nothing was.</param>
/// <param name="After">What is stored now.</param>
public sealed record AppliedChange(StoredResource? Before, StoredResource After);

public sealed partial class EndpointEditor
{
    /// <summary>The last change that was applied here.</summary>
    public AppliedChange? Applied { get; private set; }

    /// <summary>Saves the draft at the revision that it began with. The draft is kept unless that worked.</summary>
    public async Task<StoreResult> ApplyAsync(CancellationToken cancellationToken = default)
    {
        var @base = Draft.Base;
        var precondition = @base is null ? Precondition.New : Precondition.At(@base.Revision);
        var result = await QuietlyAsync(() => _changes.SaveAsync(Draft.Current, precondition, cancellationToken));
        if (result is StoreResult.Saved { Stored: { } stored })
        {
            _drafts.Drop(_key);
            Applied = new AppliedChange(@base, stored);
            Begin(stored);
            _name = stored.Value.Name;
            _key = _key with { Endpoint = _name };
        }
        else if (result is StoreResult.Conflict conflict && @base is not null)
        {
            Outside = new OutsideChange(conflict.Current);
        }
        await RefreshAsync(cancellationToken);
        return result;
    }

    /// <summary>Puts back what a change replaced, unless somebody changed it since.</summary>
    public async Task<StoreResult> UndoAsync(AppliedChange applied, CancellationToken cancellationToken = default)
    {
        var condition = Precondition.At(applied.After.Revision);
        var result = applied.Before is { } before
            ? await _changes.SaveAsync(before.Value, condition, cancellationToken)
            : await _changes.DeleteAsync(ResourceKind.DataflowEndpoint, applied.After.Value.Name, condition, cancellationToken);
        await RefreshAsync(cancellationToken);
        return result;
    }

    /// <summary>Deletes what is stored, if it is still what this page shows.</summary>
    public async Task<StoreResult> DeleteAsync(CancellationToken cancellationToken = default)
    {
        var stored = ReadOnly ?? Draft.Base;
        if (stored is null)
            return new StoreResult.Conflict(null);
        var result = await QuietlyAsync(() => _changes.DeleteAsync(ResourceKind.DataflowEndpoint, _name, Precondition.At(stored.Revision), cancellationToken));
        if (result is StoreResult.Saved)
            _drafts.Drop(_key);
        else
            await RefreshAsync(cancellationToken);
        return result;
    }

    /// <summary>My draft as it is, on top of what is stored now; the next Apply replaces theirs.</summary>
    public void KeepMine()
    {
        if (Outside is null)
            return;
        var theirs = Outside.Theirs;
        Outside = null;
        Change(Draft.On(theirs));
    }

    /// <summary>What both sides did, brought together; null when there is nothing to merge with.</summary>
    public MergeResult? Merge() => Outside?.Theirs?.Value is DataflowEndpoint theirs
        ? FieldMerge.Merge((DataflowEndpoint?)Draft.Base?.Value, Draft.Current, theirs)
        : null;

    /// <summary>Goes on with both sides' changes; where both changed a member, theirs is taken for the paths given.</summary>
    public void TakeMerge(IReadOnlySet<string> theirPaths)
    {
        if (Merge() is not { } merge || Outside?.Theirs is not { } stored)
            return;
        var theirs = (DataflowEndpoint)stored.Value;
        var merged = merge.Conflicts.Where(conflict => theirPaths.Contains(conflict.Path)).Aggregate(merge.Merged, (endpoint, conflict) => TakeTheirs(endpoint, theirs, conflict.Path));
        Outside = null;
        Change(Draft.On(stored).With(merged));
    }

    /// <summary>Takes an earlier version into the form, to be reviewed and applied.</summary>
    public void PutBack(DataflowEndpoint endpoint) => Change(Draft.With(endpoint with { Name = Draft.Current.Name }));

    private static DataflowEndpoint TakeTheirs(DataflowEndpoint endpoint, DataflowEndpoint theirs, string path)
    {
        if (path == "metadata.namespace")
            return endpoint with { Namespace = theirs.Namespace };
        if (path == "spec.hostType")
            return endpoint with { HostType = theirs.HostType };
        if (path.EndsWith(".authentication.method", StringComparison.Ordinal))
            return endpoint with { Settings = endpoint.Settings! with { Authentication = theirs.Settings!.Authentication } };
        return EndpointFields.Find(endpoint.Settings!.Wire, path) is { } field ? field.SetJson(endpoint, field.GetJson(theirs)).Endpoint : endpoint;
    }

    // Our own change is no change by others.
    private async Task<StoreResult> QuietlyAsync(Func<Task<StoreResult>> change)
    {
        _busy = true;
        try
        {
            return await change();
        }
        finally
        {
            _busy = false;
        }
    }
}
