using Microsoft.AspNetCore.Components;
using MudBlazor;
using Portal.Components.Endpoints;
using Portal.Components.Layout;
using Portal.Components.Shared;
using Portal.Drafts;
using Portal.Model.Endpoints;
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
