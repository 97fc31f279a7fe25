using MudBlazor;
using Portal.Changes;
using Portal.Components.Import;
using Portal.Components.Shared;
using Portal.Components.Targets;
using Portal.Drafts;
using Portal.Model;
using Portal.Model.Ports;
using Portal.Resources;

namespace Portal.Components.Lists;

/// <summary>What can be done with dataflows, one or several; says what came of it.</summary>
internal sealed class FlowActions(ResourceChanges changes, IResourceStore store, IDialogService dialogs, ISnackbar snackbar, SlowNotice slow)
{
    /// <summary>Starts or stops dataflows. Stopping finishes what is in flight.</summary>
    public async Task RunAsync(IReadOnlyList<string> names, bool run, CancellationToken cancellationToken = default)
    {
        var done = await EachAsync(names, name => changes.RunAsync(name, run, cancellationToken));
        if (done.Count > 0)
            snackbar.Add(
                done.Count == 1 ? (run ? Text.Flows_Started : Text.Flows_Stopped).With(done[0]) : (run ? Text.Flows_StartedMany : Text.Flows_StoppedMany).With(done.Count),
                Severity.Success);
    }

    /// <summary>Asks, then deletes. True when something was deleted.</summary>
    public async Task<bool> DeleteAsync(IReadOnlyList<FlowRow> rows, CancellationToken cancellationToken = default)
    {
        if (rows.Count == 0)
            return false;
        var running = rows.Count(row => row.Flow.IsEnabled);
        var message = Text.Flows_DeleteWhat + (running == 0 ? "" : " " + (rows.Count == 1 ? Text.Flows_DeleteRunning : Text.Flows_DeleteRunningMany.With(running)));
        var title = rows.Count == 1 ? Text.Delete_Title.With(rows[0].Name) : Text.Flows_DeleteMany.With(rows.Count);
        if (!await ConfirmDialog.AskAsync(dialogs, title, message, Text.Common_Delete, danger: true))
            return false;
        var revisions = rows.ToDictionary(row => row.Name, row => row.Stored.Revision, StringComparer.Ordinal);
        var done = await EachAsync([.. revisions.Keys], name => changes.DeleteAsync(ResourceKind.Dataflow, name, Precondition.At(revisions[name]), cancellationToken));
        if (done.Count > 0)
            snackbar.Add(done.Count == 1 ? Text.Delete_Done.With(done[0]) : Text.Flows_Deleted.With(done.Count), Severity.Success);
        return done.Count > 0;
    }

    /// <summary>Asks for a form and hands one file with all of them to the browser.</summary>
    public async Task ExportAsync(IReadOnlyList<string> names, CancellationToken cancellationToken = default)
    {
        var listing = await store.ListAsync(cancellationToken);
        List<StoredResource> flows = [.. listing.Of(ResourceKind.Dataflow).Where(stored => names.Contains(stored.Value.Name))];
        if (flows.Count > 0)
            await ExportDialog.OpenAsync(dialogs, flows);
    }

    /// <summary>Compares them with another target and copies them there, with what they need.</summary>
    public Task CopyAsync(IReadOnlyList<FlowRow> rows) => CopyDialog.AskAsync(dialogs, [.. rows.Select(row => row.Stored)]);

    private async Task<List<string>> EachAsync(IReadOnlyList<string> names, Func<string, Task<StoreResult>> change)
    {
        var done = new List<string>();
        foreach (var name in names)
        {
            if (StoreFailure.Of(await slow.WhileAsync(name, change(name))) is { } failure)
                snackbar.Add($"{name}: {failure.Message} {failure.Fix}", Severity.Error);
            else
                done.Add(name);
        }
        return done;
    }
}
