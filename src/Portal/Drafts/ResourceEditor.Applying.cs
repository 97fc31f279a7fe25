using Portal.Model.Ports;

namespace Portal.Drafts;

public abstract partial class ResourceEditor<TDraft>
{
    public async Task<StoreResult?> PlanAsync(bool takeOver = false, CancellationToken cancellationToken = default)
    {
        var planned = Draft.Current;
        var plan = await Store.PlanAsync(planned, Condition with { TakeOver = takeOver }, cancellationToken);
        // Nobody asks any longer, or the answer is about what the form no longer says.
        cancellationToken.ThrowIfCancellationRequested();
        if (planned.Equals(Draft.Current))
            Note(plan);
        return plan;
    }

    public async Task<StoreResult> ApplyAsync(bool takeOver = false, CancellationToken cancellationToken = default)
    {
        var @base = Draft.Base;
        var result = await QuietlyAsync(() => Changes.SaveAsync(Draft.Current, Condition with { TakeOver = takeOver }, cancellationToken), StoreFailure.Stopped, cancellationToken);
        Note(result);
        if (result is StoreResult.Saved { Stored: { } stored })
        {
            _drafts.Drop(_key);
            Applied = new AppliedChange(@base, stored);
            Begin(stored);
            Name = stored.Value.Name;
            _key = _key with { Name = Name };
        }
        else if (result is StoreResult.Conflict conflict && @base is not null)
        {
            Outside = new OutsideChange(conflict.Current);
        }
        else if (await Store.FindAsync(_kind, Draft.Current.Name, CancellationToken.None) is { } taken)
        {
            // What was refused or not waited for in the end may stand there all the same.
            GoOnWith(taken);
        }
        await RefreshAsync(CancellationToken.None);
        return result;
    }

    public async Task<StoreResult> UndoAsync(AppliedChange applied, CancellationToken cancellationToken = default)
    {
        var condition = Precondition.At(applied.After.Revision);
        var result = applied.Before is { } before
            ? await Changes.SaveAsync(before.Value, condition, cancellationToken)
            : await Changes.DeleteAsync(_kind, applied.After.Value.Name, condition, cancellationToken);
        await RefreshAsync(cancellationToken);
        return result;
    }

    public async Task<StoreResult> DeleteAsync(CancellationToken cancellationToken = default)
    {
        var stored = ReadOnly ?? Draft.Base;
        if (stored is null)
            return new StoreResult.Conflict(null);
        var result = await QuietlyAsync(() => Changes.DeleteAsync(_kind, Name, Precondition.At(stored.Revision), cancellationToken), StoreFailure.StoppedDeletion, cancellationToken);
        if (result is StoreResult.Saved)
            _drafts.Drop(_key);
        else
            await RefreshAsync(CancellationToken.None);
        return result;
    }

    private Precondition Condition => Draft.Base is null ? Precondition.New : Precondition.At(Draft.Base.Revision);

    // Ours already: nothing of the form is lost, and nobody else did it.
    private bool GoOnWith(StoredResource stored)
    {
        if (State is not EditorState.Editing || stored.Revision == Draft.Base?.Revision || Draft.On(stored).HasChanges)
            return false;
        _drafts.Drop(_key);
        Begin(stored);
        (Name, _key) = (stored.Value.Name, _key with { Name = stored.Value.Name });
        return true;
    }

    // Kept beside the fields until they are changed.
    private void Note(StoreResult? result)
    {
        _refusal = result is StoreResult.Invalid invalid
            ? new Refusal([.. invalid.Findings.Select(finding => finding with { Path = PlaceOf(finding.Path) })], Draft.Current)
            : Refusal.None;
        _problems = null;
    }

    private void StoreProgressed(ChangeProgress progress)
    {
        if (progress.Kind == _kind && progress.Name == Draft.Current.Name)
            Progressed?.Invoke(progress);
    }

    // Our own change is no change by others.
    private async Task<StoreResult> QuietlyAsync(Func<Task<StoreResult>> change, StoreResult stopped, CancellationToken cancellationToken)
    {
        _busy = true;
        try
        {
            return await change();
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return stopped;
        }
        finally
        {
            _busy = false;
        }
    }
}
