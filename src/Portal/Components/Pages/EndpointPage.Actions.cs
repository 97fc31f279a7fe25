using Microsoft.AspNetCore.Components.Routing;
using Portal.Components.Endpoints;
using Portal.Components.Layout;
using Portal.Drafts;
using Portal.Model.Documents;
using Portal.Model.Fields;
using Portal.Model.Ports;
using Portal.Resources;

namespace Portal.Components.Pages;

/// <summary>What can be done with the endpoint of the page.</summary>
public sealed partial class EndpointPage
{
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

    private void TrustCa(string configMap)
    {
        var endpoint = Editor!.Draft.Current;
        if (EndpointFields.For(endpoint).FirstOrDefault(field => field.Input is Model.Fields.FieldInput.ConfigMap && field.AppliesTo(endpoint)) is { } field)
            Editor.Set(field, configMap);
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
}
