using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;
using MudBlazor;
using Portal.Components.Endpoints;
using Portal.Components.Layout;
using Portal.Components.Shared;
using Portal.Drafts;
using Portal.Model.Documents;
using Portal.Model.Endpoints;
using Portal.Model.Fields;
using Portal.Model.Ports;
using Portal.Resources;
using Severity = Portal.Model.Validation.Severity;

namespace Portal.Components.Pages;

public sealed partial class EndpointPage(
    IServiceProvider services, NavigationManager navigation, IDialogService dialogs, ISnackbar snackbar, BrowserInfo browser)
{
    private string? _opened;
    private bool _unknownKind;
    private bool _comparing;
    private bool _leaving;
    private string? _focus;

    [Parameter] public string? KindId { get; set; }

    [Parameter] public string? Name { get; set; }

    /// <summary>Tab in the address.</summary>
    [SupplyParameterFromQuery(Name = "tab")] public string? AskedTab { get; set; }

    /// <summary>Endpoint whose settings a new one starts with.</summary>
    [SupplyParameterFromQuery(Name = "from")] public string? CopyOf { get; set; }

    private EndpointEditor? Editor { get; set; }

    private BrowserInfo Browser => browser;

    private string Tab => EndpointTabs.Choose(AskedTab, Editor!);

    private bool IsForm => _comparing || Tab is EndpointTabs.Basic or EndpointTabs.Advanced;

    private bool Guards => !_leaving && Editor is { State: EditorState.Editing, Draft.HasChanges: true };

    private bool CanApply => Editor!.Draft.IsNew || Editor.Draft.HasChanges;

    protected override void OnInitialized() => browser.Changed += Render;

    protected override async Task OnParametersSetAsync()
    {
        var asked = $"{KindId}/{Name}/{CopyOf}";
        if (_opened == asked)
            return;
        Close();
        (_opened, _comparing, _leaving) = (asked, false, false);
        var editor = ActivatorUtilities.CreateInstance<EndpointEditor>(services);
        editor.Stale += Refresh;
        var kind = EndpointKind.Find(KindId);
        _unknownKind = Name is null && kind is null;
        if (Name is not null)
            await editor.OpenAsync(browser.Id, Name);
        else if (kind is not null)
            await editor.OpenNewAsync(browser.Id, kind, CopyOf);
        Editor = editor;
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (_focus is not { } path)
            return;
        _focus = null;
        await browser.FocusAsync(FieldView.IdOf(path));
    }

    private static IReadOnlyList<ProblemStrip.Problem> StripOf(EndpointEditor editor) =>
    [
        .. editor.Problems.Where(finding => finding.Severity is not Severity.Info)
            .Select(finding => new ProblemStrip.Problem(finding.Severity is Severity.Error, finding.Message, $"{finding.Message} {finding.Fix}", finding.Path)),
    ];

    private void GoTo(string tab) => navigation.NavigateTo(navigation.GetUriWithQueryParameter("tab", tab == EndpointTabs.Basic ? null : tab));

    /// <summary>Shows the field at a path and puts the focus there.</summary>
    private Task OpenAsync(string path)
    {
        (_focus, _comparing) = (path, false);
        var tab = EndpointTabs.OfPath(path);
        if (tab != Tab)
            GoTo(tab);
        else
            StateHasChanged();
        return Task.CompletedTask;
    }

    private async Task ReviewAsync()
    {
        Editor!.Attempt();
        if (Editor.Errors.FirstOrDefault() is { } error)
        {
            snackbar.Add(Text.Endpoint_FixFirst.With(Editor.Errors.Count()), MudBlazor.Severity.Warning);
            await OpenAsync(error.Path);
            return;
        }
        var result = await ReviewDialog.AskAsync(dialogs, Editor);
        _comparing = Editor.Outside?.Theirs is not null;
        if (result is not StoreResult.Saved || Editor.Applied is not { } applied)
            return;
        var editor = Editor;
        snackbar.Add(Text.Endpoint_Applied.With(applied.After.Value.Name), MudBlazor.Severity.Success, options =>
        {
            options.Action = Text.Endpoint_Undo;
            options.OnClick = _ => UndoAsync(editor, applied);
        });
        if (Name is null)
            navigation.NavigateTo(PortalUrls.Endpoint(applied.After.Value.Name), replace: true);
    }

    private async Task UndoAsync(EndpointEditor editor, AppliedChange applied)
    {
        var failure = StoreFailure.Of(await editor.UndoAsync(applied));
        if (failure is null)
            snackbar.Add(Text.Endpoint_Undone.With(applied.After.Value.Name), MudBlazor.Severity.Success);
        else
            snackbar.Add($"{failure.Message} {failure.Fix}", MudBlazor.Severity.Error);
    }

    private async Task AddReferenceAsync(SecretEntryField entry)
    {
        var endpoint = Editor!.Draft.Current;
        var current = endpoint.Settings?.Authentication?.SecretReference;
        var suggested = $"{(endpoint.Name.Length > 0 ? endpoint.Name : Editor.Draft.Kind.Id)}-secret";
        if (await AddReferenceDialog.AskAsync(dialogs, entry, Editor.References, current, suggested) is not { } synced)
            return;
        if (current != synced && EndpointFields.For(endpoint).FirstOrDefault(field => field.Input is Model.Fields.FieldInput.Secret && field.AppliesTo(endpoint)) is { } field)
            Editor.Set(field, synced);
        await Editor.RefreshAsync();
        snackbar.Add(Text.Reference_Added.With(entry.Key, synced), MudBlazor.Severity.Success);
    }

    private async Task UploadCaAsync(EndpointField field)
    {
        var name = Editor!.Draft.Current.Name;
        if (await CaDialog.AskAsync(dialogs, $"{(name.Length > 0 ? name : Editor.Draft.Kind.Id)}-ca", Editor.References) is not { } configMap)
            return;
        Editor.Set(field, configMap);
        await Editor.RefreshAsync();
        snackbar.Add(Text.Ca_Saved.With(configMap), MudBlazor.Severity.Success);
    }

    private async Task DiscardAsync()
    {
        _comparing = false;
        await Editor!.DiscardAsync();
        if (Name is null)
            LeaveFor(PortalUrls.Endpoints);
    }

    private void Duplicate() =>
        navigation.NavigateTo($"{PortalUrls.NewEndpoint(Editor!.Draft.Kind)}?from={Uri.EscapeDataString(Name!)}");

    private async Task DeleteAsync()
    {
        if (!await DeleteDialog.AskAsync(dialogs, Editor!, Name!))
            return;
        snackbar.Add(Text.Delete_Done.With(Name), MudBlazor.Severity.Success);
        LeaveFor(PortalUrls.Endpoints);
    }

    private void PutBack(string manifest)
    {
        if (Manifest.Read(manifest).Endpoint is not { IsReadOnly: false } endpoint)
            return;
        Editor!.PutBack(endpoint);
        GoTo(EndpointTabs.Basic);
    }

    private async Task LeavingAsync(LocationChangingContext context)
    {
        var here = new Uri(navigation.Uri).AbsolutePath;
        if (!Guards || new Uri(new Uri(navigation.BaseUri), context.TargetLocation).AbsolutePath == here)
            return;
        switch (await LeaveDialog.AskAsync(dialogs, Editor!.Draft.Current.Name))
        {
            case LeaveDialog.LeaveChoice.Stay:
                context.PreventNavigation();
                break;
            case LeaveDialog.LeaveChoice.Discard:
                await Editor.DiscardAsync();
                break;
        }
    }

    private void LeaveFor(string url)
    {
        _leaving = true;
        navigation.NavigateTo(url);
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

    public void Dispose()
    {
        browser.Changed -= Render;
        Close();
    }
}
