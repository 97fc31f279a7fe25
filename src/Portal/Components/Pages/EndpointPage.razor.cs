using Microsoft.AspNetCore.Components;
using Portal.Components.Endpoints;
using Portal.Components.Layout;
using Portal.Components.Shared;
using Portal.Components.Targets;
using Portal.Drafts;
using Portal.Model.Documents;
using Portal.Model.Endpoints;
using Portal.Model.Fields;
using Portal.Resources;
using Portal.Targets;

namespace Portal.Components.Pages;

public sealed partial class EndpointPage
{
    private bool _unknownKind;

    [Parameter] public string? KindId { get; set; }

    protected override string Tab => EndpointTabs.Choose(AskedTab, Editor!);

    protected override string FirstTab => EndpointTabs.Basic;

    protected override string ListUrl => PortalUrls.Endpoints;

    protected override string Asked => $"{KindId}/{Name}/{CopyOf}";

    private bool IsForm => IsComparing || Tab is EndpointTabs.Basic or EndpointTabs.Advanced;

    private EndpointKind? Kind => Editor!.State is EditorState.ReadOnly ? null : Editor.Draft.Kind;

    private EndpointField? CaField =>
        EndpointFields.For(Editor!.Draft.Current).FirstOrDefault(one => one.Input is FieldInput.ConfigMap && one.AppliesTo(Editor.Draft.Current));

    private IReadOnlyList<PageHeader.Crumb> Crumbs =>
        [new(Text.Nav_Endpoints, PortalUrls.Endpoints), new(Kind?.DisplayName ?? ((DataflowEndpoint)Editor!.ReadOnly!.Value).EndpointType)];

    [Inject] private TargetSet Targets { get; set; } = null!;

    private EventCallback CopyTo => Targets.All.Count > 1 ? EventCallback.Factory.Create(this, CopyToAsync) : default;

    protected override async Task OpenAsync(EndpointEditor editor)
    {
        var kind = EndpointKind.Find(KindId);
        _unknownKind = Name is null && kind is null;
        if (Name is not null)
            await editor.OpenAsync(Browser.Id, Name);
        else if (kind is not null)
            await editor.OpenNewAsync(Browser.Id, kind, CopyOf);
    }

    protected override string UrlOf(string name) => PortalUrls.Endpoint(name);

    protected override string TabOfPath(string path) => EndpointTabs.OfPath(path);

    private async Task AddReferenceAsync(SecretEntryField entry)
    {
        var endpoint = Editor!.Draft.Current;
        var current = endpoint.Settings?.Authentication?.SecretReference;
        var suggested = $"{(endpoint.Name.Length > 0 ? endpoint.Name : Editor.Draft.Kind.Id)}-secret";
        if (await AddReferenceDialog.AskAsync(Dialogs, entry, Editor.References, current, suggested) is not { } synced)
            return;
        if (current != synced && EndpointFields.For(endpoint).FirstOrDefault(field => field.Input is FieldInput.Secret && field.AppliesTo(endpoint)) is { } field)
            Editor.Set(field, synced);
        await Editor.RefreshAsync();
        Snackbar.Add(Text.Reference_Added.With(entry.Key, synced), MudBlazor.Severity.Success);
    }

    private void TrustCa(string configMap)
    {
        if (CaField is { } field)
            Editor!.Set(field, configMap);
    }

    private Task ShowCaAsync() => CaField is { } field ? ShowAsync(field.Path) : Task.CompletedTask;

    private async Task UploadCaAsync(EndpointField field)
    {
        var name = Editor!.Draft.Current.Name;
        if (await CaDialog.AskAsync(Dialogs, $"{(name.Length > 0 ? name : Editor.Draft.Kind.Id)}-ca", Editor.References) is not { } configMap)
            return;
        Editor.Set(field, configMap);
        await Editor.RefreshAsync();
        Snackbar.Add(Text.Ca_Saved.With(configMap), MudBlazor.Severity.Success);
    }

    private void Duplicate() =>
        Navigation.NavigateTo($"{PortalUrls.NewEndpoint(Editor!.Draft.Kind)}?from={Uri.EscapeDataString(Name!)}");

    private Task CopyToAsync() => CopyDialog.AskAsync(Dialogs, (Editor!.ReadOnly ?? Editor.Draft.Base) is { } stored ? [stored] : []);

    private async Task DeleteAsync()
    {
        if (!await DeleteDialog.AskAsync(Dialogs, Editor!, Name!))
            return;
        Snackbar.Add(Text.Delete_Done.With(Name), MudBlazor.Severity.Success);
        LeaveFor(PortalUrls.Endpoints);
    }

    private void PutBack(string manifest)
    {
        if (Manifest.Read(manifest).Endpoint is not { IsReadOnly: false } endpoint)
            return;
        Editor!.PutBack(endpoint);
        GoTo(EndpointTabs.Basic);
    }
}
