using Microsoft.AspNetCore.Components;
using MudBlazor;
using Portal.Components.Shared;
using Portal.Drafts;
using Portal.Model.Documents;
using Portal.Model.Ports;
using Portal.Model.Validation;
using Portal.Resources;
using Severity = Portal.Model.Validation.Severity;

namespace Portal.Components.Editing;

/// <summary>What Apply would change, asked of the server where it tells, and Apply itself.</summary>
public sealed partial class ReviewDialog : IDisposable
{
    private string? _before;
    private string _after = "";
    private IReadOnlyList<FieldChange> _changes = [];
    private IReadOnlyList<Finding> _advice = [];
    private IReadOnlyList<Finding> _refused = [];
    private IReadOnlyList<FieldOwner> _owned = [];
    private readonly CancellationTokenSource _closed = new();
    private CancellationTokenSource? _applying;
    private ChangeProgress? _progress;
    private bool _planning;
    private bool _planned;

    [CascadingParameter] private IMudDialogInstance Dialog { get; set; } = null!;

    [Parameter, EditorRequired] public IResourceEditor Editor { get; set; } = null!;

    private bool IsBusy => _applying is not null;

    private string Title => _before is null ? Text.Review_Create.With(Editor.Work.Current.Name)
        : _changes.Count == 1 ? Text.Review_One.With(Editor.Work.Current.Name)
        : Text.Review_Many.With(_changes.Count, Editor.Work.Current.Name);

    /// <summary>What came of it; null when the dialog was cancelled.</summary>
    public static async Task<StoreResult?> AskAsync(IDialogService dialogs, IResourceEditor editor)
    {
        var reference = await dialogs.ShowAsync<ReviewDialog>(null, new DialogParameters<ReviewDialog> { { dialog => dialog.Editor, editor } });
        return (await reference.Result)?.Data as StoreResult;
    }

    // Taken once: what was reviewed stays on the screen while it is applied.
    protected override void OnInitialized()
    {
        _before = Editor.Work.BaseDocument(Editor.Work.StoredFormat)?.Text;
        _after = Editor.Work.Document(Editor.Work.StoredFormat).Text;
        _changes = Editor.Work.Changes;
        Editor.Progressed += Show;
        _advice = [.. Editor.Problems.Where(finding => finding.Severity is Severity.Warning)];
    }

    // The server's own word where it gives one: with its defaults, and with fields that it would not let us set.
    protected override async Task OnInitializedAsync()
    {
        _planning = true;
        try
        {
            ShowPlan(await PlanAsync(_closed.Token));
        }
        catch (OperationCanceledException) when (_closed.IsCancellationRequested)
        {
            // The dialog is gone, and with it what was asked.
        }
        _planning = false;
    }

    private async Task<StoreResult?> PlanAsync(CancellationToken closed)
    {
        var plan = await Editor.PlanAsync(cancellationToken: closed);
        if (plan is not StoreResult.Owned)
            return plan;
        Refuse(plan);
        // The difference is then what taking over would store, with all that it takes out.
        return await Editor.PlanAsync(takeOver: true, closed);
    }

    private void ShowPlan(StoreResult? plan)
    {
        if (plan is StoreResult.Saved { Stored: { } stored })
            (_planned, _after) = (true, stored.Value is { } value && Editor.Work.StoredFormat is DocumentFormat.Yaml ? Manifest.Write(value) : _after);
        else if (plan is not null)
            Refuse(plan);
    }

    private async Task ApplyAsync(bool takeOver)
    {
        using var applying = _applying = new CancellationTokenSource();
        (_progress, _refused, _owned) = (null, [], []);
        await Dialog.HoldAsync(true);
        var result = await Editor.ApplyAsync(takeOver, applying.Token);
        _applying = null;
        await Dialog.HoldAsync(false);
        Refuse(result);
        if (result is StoreResult.Saved || Editor.Outside is not null || (result == StoreFailure.Stopped && !Editor.Work.HasChanges))
            Dialog.Close(DialogResult.Ok(result));
    }

    private void Stop() => _applying?.Cancel();

    private void Show(ChangeProgress progress) => _ = InvokeAsync(() =>
    {
        _progress = progress;
        StateHasChanged();
    });

    public void Dispose()
    {
        Editor.Progressed -= Show;
        _closed.Cancel();
        _closed.Dispose();
    }

    // What is given up is no change any more; the form shows what is stored there.
    private void GiveUpAsync()
    {
        if (!Editor.GiveUp([.. _owned.Select(field => field.Path).Distinct()]))
            _refused = [Finding.Error("give-up", _owned[0].Path, Text.Owned_NotInForm, Text.Owned_NotInFormFix)];
        else if (Editor.Work.HasChanges)
            (_owned, _changes, _after) = ([], Editor.Work.Changes, Editor.Work.Document(Editor.Work.StoredFormat).Text);
        else
            Dialog.Cancel();
    }

    private void Refuse(StoreResult result)
    {
        _owned = result is StoreResult.Owned owned ? owned.Fields : [];
        _refused = result is StoreResult.Owned ? [] : result is StoreResult.Invalid invalid ? invalid.Findings : StoreFailure.Of(result) is { } failure ? [failure] : [];
    }
}
