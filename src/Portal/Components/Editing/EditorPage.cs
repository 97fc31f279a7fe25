using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;
using MudBlazor;
using Portal.Components.Layout;
using Portal.Components.Shared;
using Portal.Drafts;
using Portal.Model.Ports;
using Portal.Resources;
using Severity = Portal.Model.Validation.Severity;

namespace Portal.Components.Editing;

/// <summary>The shell of a page that edits one resource: opens it, follows changes by others, reviews and applies, asks before work is lost.</summary>
/// <typeparam name="TEditor">The work of the page.</typeparam>
public abstract class EditorPage<TEditor> : ComponentBase, IDisposable
    where TEditor : class, IResourceEditor
{
    private string? _opened;
    private bool _leaving;
    private string? _focus;

    [Parameter] public string? Name { get; set; }

    /// <summary>Tab in the address.</summary>
    [SupplyParameterFromQuery(Name = "tab")] public string? AskedTab { get; set; }

    /// <summary>Resource whose settings a new one starts with.</summary>
    [SupplyParameterFromQuery(Name = "from")] public string? CopyOf { get; set; }

    [Inject] protected NavigationManager Navigation { get; set; } = null!;

    [Inject] protected IDialogService Dialogs { get; set; } = null!;

    [Inject] protected ISnackbar Snackbar { get; set; } = null!;

    [Inject] protected BrowserInfo Browser { get; set; } = null!;

    [Inject] private IServiceProvider Services { get; set; } = null!;

    protected TEditor? Editor { get; private set; }

    /// <summary>True while both sides of a conflict are shown.</summary>
    protected bool IsComparing { get; set; }

    /// <summary>The tab that is shown.</summary>
    protected abstract string Tab { get; }

    /// <summary>The tab that an address without one shows.</summary>
    protected abstract string FirstTab { get; }

    /// <summary>Address of the list of the kind.</summary>
    protected abstract string ListUrl { get; }

    /// <summary>What tells one opened resource from another.</summary>
    protected virtual string Asked => $"{Name}/{CopyOf}";

    protected bool Guards => !_leaving && Editor is { State: EditorState.Editing, Work.HasChanges: true };

    protected bool CanApply => Editor!.CanApply;

    public void Dispose()
    {
        Browser.Changed -= Render;
        Close();
        GC.SuppressFinalize(this);
    }

    protected override void OnInitialized() => Browser.Changed += Render;

    protected override async Task OnParametersSetAsync()
    {
        if (_opened == Asked)
            return;
        Close();
        (_opened, IsComparing, _leaving) = (Asked, false, false);
        var editor = ActivatorUtilities.CreateInstance<TEditor>(Services);
        editor.Stale += Refresh;
        await OpenAsync(editor);
        Editor = editor;
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (_focus is not { } path)
            return;
        _focus = null;
        await Browser.FocusAsync(FieldView.IdOf(path));
    }

    /// <summary>Opens what the address asks for.</summary>
    protected abstract Task OpenAsync(TEditor editor);

    /// <summary>Address of the page of a stored resource.</summary>
    protected abstract string UrlOf(string name);

    /// <summary>Tab that shows the member at a path.</summary>
    protected abstract string TabOfPath(string path);

    protected static IReadOnlyList<ProblemStrip.Problem> StripOf(IResourceEditor editor) =>
    [
        .. editor.Problems.Where(finding => finding.Severity is not Severity.Info)
            .Select(finding => new ProblemStrip.Problem(finding.Severity is Severity.Error, finding.Message, $"{finding.Message} {finding.Fix}", finding.Path)),
    ];

    protected void GoTo(string tab) => Navigation.NavigateTo(Navigation.GetUriWithQueryParameter("tab", tab == FirstTab ? null : tab));

    /// <summary>Shows the field at a path and puts the focus there.</summary>
    protected Task ShowAsync(string path)
    {
        (_focus, IsComparing) = (path, false);
        var tab = TabOfPath(path);
        if (tab != Tab)
            GoTo(tab);
        else
            StateHasChanged();
        return Task.CompletedTask;
    }

    protected async Task ReviewAsync()
    {
        var editor = Editor!;
        editor.Attempt();
        if (editor.Errors.FirstOrDefault() is { } error)
        {
            Snackbar.Add(Text.Endpoint_FixFirst.With(editor.Errors.Count()), MudBlazor.Severity.Warning);
            await ShowAsync(error.Path);
            return;
        }
        var result = await ReviewDialog.AskAsync(Dialogs, editor);
        IsComparing = editor.Outside?.Theirs is not null;
        // What nobody waits for any longer is stored, and its state stands at the top.
        if (result == StoreFailure.Stopped)
            Snackbar.Add($"{Text.Wait_Stopped} {Text.Wait_StoppedSeen}", MudBlazor.Severity.Info);
        if (result == StoreFailure.Stopped && Name is null)
            Navigation.NavigateTo(UrlOf(editor.Work.Current.Name), replace: true);
        if (result is not StoreResult.Saved || editor.Applied is not { } applied)
            return;
        Snackbar.Add(Text.Endpoint_Applied.With(applied.After.Value.Name), MudBlazor.Severity.Success, options =>
        {
            options.Action = Text.Endpoint_Undo;
            options.OnClick = _ => UndoAsync(editor, applied);
        });
        if (Name is null)
            Navigation.NavigateTo(UrlOf(applied.After.Value.Name), replace: true);
    }

    protected async Task DiscardAsync()
    {
        IsComparing = false;
        await Editor!.DiscardAsync();
        if (Name is null)
            LeaveFor(ListUrl);
    }

    protected async Task LeavingAsync(LocationChangingContext context)
    {
        var here = new Uri(Navigation.Uri).AbsolutePath;
        if (!Guards || new Uri(new Uri(Navigation.BaseUri), context.TargetLocation).AbsolutePath == here)
            return;
        switch (await LeaveDialog.AskAsync(Dialogs, Editor!.Work.Current.Name))
        {
            case LeaveDialog.LeaveChoice.Stay:
                context.PreventNavigation();
                break;
            case LeaveDialog.LeaveChoice.Discard:
                await Editor.DiscardAsync();
                break;
        }
    }

    protected void LeaveFor(string url)
    {
        _leaving = true;
        Navigation.NavigateTo(url);
    }

    private async Task UndoAsync(IResourceEditor editor, AppliedChange applied)
    {
        var failure = StoreFailure.Of(await editor.UndoAsync(applied));
        if (failure is null)
            Snackbar.Add(Text.Endpoint_Undone.With(applied.After.Value.Name), MudBlazor.Severity.Success);
        else
            Snackbar.Add($"{failure.Message} {failure.Fix}", MudBlazor.Severity.Error);
    }

    private void Refresh() => _ = InvokeAsync(RefreshAsync);

    private async Task RefreshAsync()
    {
        try
        {
            await Editor!.RefreshAsync();
            StateHasChanged();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            await DispatchExceptionAsync(failure);
        }
    }

    private void Render() => _ = InvokeAsync(StateHasChanged);

    private void Close()
    {
        if (Editor is null)
            return;
        Editor.Stale -= Refresh;
        Editor.Dispose();
        Editor = null;
    }
}
