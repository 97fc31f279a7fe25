using MudBlazor;
using Portal.Changes;
using Portal.Drafts;
using Portal.Model;
using Portal.Model.Documents;
using Portal.Model.Ports;
using Portal.Resources;

namespace Portal.Components.Activity;

/// <summary>Takes a change or a deletion back: stores the document before it again, over what is stored now.</summary>
internal sealed class ActivityUndo(IResourceStore store, ResourceChanges changes, IDialogService dialogs, ISnackbar snackbar)
{
    /// <summary>True for an entry that has a document to go back to.</summary>
    public static bool IsPossible(ActivityEntry entry) =>
        entry.Before is not null
        && entry.Action is ActivityAction.Changed or ActivityAction.Deleted or ActivityAction.ChangedOutside
        && Enum.TryParse<ResourceKind>(entry.SubjectKind, out _);

    /// <summary>Shows what would change, asks, stores and says how it went.</summary>
    public async Task RunAsync(ActivityEntry entry, CancellationToken cancellationToken = default)
    {
        if (Manifest.Read(entry.Before!).Resource is not { } resource)
        {
            snackbar.Add(Text.Activity_UndoUnreadable.With(entry.Subject), Severity.Error);
            return;
        }
        var current = await store.FindAsync(resource.Kind, resource.Name, cancellationToken);
        var (now, then) = (current is null ? "" : Manifest.Write(current.Value), Manifest.Write(resource));
        if (now == then)
        {
            snackbar.Add(Text.Activity_UndoSame.With(resource.Name), Severity.Info);
            return;
        }
        // The entry is not the last word on it: what came after would go too, so that is said.
        if (!await UndoDialog.AskAsync(dialogs, resource.Name, current?.Document ?? "", Manifest.Write(resource, current?.Text), overwrites: current is not null && now != entry.After))
            return;
        // The revision that was shown: a change in between is a conflict and stays.
        var result = await changes.SaveAsync(resource, current is null ? Precondition.New : Precondition.At(current.Revision), cancellationToken);
        if (StoreFailure.Of(result) is { } failure)
            snackbar.Add($"{failure.Message} {failure.Fix}", Severity.Error);
        else
            snackbar.Add(Text.Activity_Undone.With(resource.Name), Severity.Success);
    }
}
