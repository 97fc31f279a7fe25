using MudBlazor;
using Portal.Changes;
using Portal.Components.Import;
using Portal.Components.Targets;
using Portal.Drafts;
using Portal.Model;
using Portal.Model.Ports;
using Portal.Resources;

namespace Portal.Components.Lists;

/// <summary>What can be done with endpoints chosen in a list.</summary>
internal sealed class EndpointActions(ResourceChanges changes, IDialogService dialogs, ISnackbar snackbar, SlowNotice slow)
{
    /// <summary>The endpoint that a new dataflow starts from.</summary>
    public const string DefaultEndpoint = "default";

    /// <summary>Asks for a form and hands one file with all of them to the browser.</summary>
    public Task ExportAsync(IReadOnlyList<EndpointRow> rows) => ExportDialog.OpenAsync(dialogs, [.. rows.Select(row => row.Stored)]);

    /// <summary>Compares them with another target and copies them there.</summary>
    public Task CopyAsync(IReadOnlyList<EndpointRow> rows) => CopyDialog.AskAsync(dialogs, [.. rows.Select(row => row.Stored)]);

    /// <summary>Asks, then deletes those that no dataflow uses. True when something was deleted.</summary>
    public async Task<bool> DeleteAsync(IReadOnlyList<EndpointRow> rows, CancellationToken cancellationToken = default)
    {
        if (rows.Count == 0 || !await BulkDeleteDialog.AskAsync(dialogs, rows))
            return false;
        var (deleted, refused) = (0, new List<string>());
        foreach (var row in rows.Where(row => row.Users.Count == 0))
        {
            // A dataflow may have been added since the list was drawn.
            if ((await changes.UsersOfAsync(row.Name, cancellationToken)).Count > 0)
            {
                refused.Add(Text.Endpoints_DeleteUsed.With(row.Name));
                continue;
            }
            var result = await slow.WhileAsync(row.Name, changes.DeleteAsync(ResourceKind.DataflowEndpoint, row.Name, Precondition.At(row.Stored.Revision), cancellationToken));
            if (StoreFailure.Of(result) is { } failure)
                refused.Add($"{row.Name}: {failure.Message} {failure.Fix}");
            else
                deleted++;
        }
        if (deleted > 0)
            snackbar.Add(deleted == 1 ? Text.Endpoints_OneDeleted : Text.Endpoints_Deleted.With(deleted), Severity.Success);
        foreach (var message in refused)
            snackbar.Add(message, Severity.Error);
        return deleted > 0;
    }
}
