using Portal.Components.Dataflows;
using Portal.Components.Layout;
using Portal.Components.Shared;
using Portal.Drafts;
using Portal.Model.Dataflows;
using Portal.Model.Documents;
using Portal.Resources;

namespace Portal.Components.Pages;

public sealed partial class DataflowEditPage
{
    protected override string Tab => FlowTabs.Choose(AskedTab, Editor!);

    protected override string FirstTab => FlowTabs.Form;

    protected override string ListUrl => PortalUrls.Dataflows;

    private bool IsForm => IsComparing || Tab == FlowTabs.Form;

    private IReadOnlyList<PageHeader.Crumb> Crumbs => Name is null
        ? [new(Text.Nav_Dataflows, PortalUrls.Dataflows), new(Text.FlowForm_New)]
        : [new(Text.Nav_Dataflows, PortalUrls.Dataflows), new(Name, PortalUrls.Dataflow(Name)), new(Text.Flow_Edit)];

    protected override Task OpenAsync(DataflowEditor editor) => Name is null ? editor.OpenNewAsync(Browser.Id, CopyOf) : editor.OpenAsync(Browser.Id, Name);

    protected override string UrlOf(string name) => PortalUrls.Dataflow(name);

    protected override string TabOfPath(string path) => FlowTabs.Form;

    private async Task EditProfileAsync()
    {
        var (draft, flow) = (Editor!.Draft, Editor.Draft.Current);
        if (await ProfileDialog.AskAsync(Dialogs, draft.Surroundings.FindProfile(flow.Profile), []) is not { } saved)
            return;
        if (saved != flow.Profile)
            Editor.Set(FlowFields.Profile, now => now with { ProfileRef = saved });
        await Editor.RefreshAsync();
        Snackbar.Add(Text.Profiles_Saved.With(saved), MudBlazor.Severity.Success);
    }

    private void Duplicate() => Navigation.NavigateTo(PortalUrls.DuplicateDataflow(Name!));

    private async Task DeleteAsync()
    {
        var what = Text.Flows_DeleteWhat + (Editor!.Draft.Base is { Value: Dataflow { IsEnabled: true } } ? " " + Text.Flows_DeleteRunning : "");
        if (!await ConfirmDialog.AskAsync(Dialogs, Text.Delete_Title.With(Name), what, Text.Common_Delete, danger: true))
            return;
        if (StoreFailure.Of(await Editor.DeleteAsync()) is { } failure)
        {
            Snackbar.Add($"{failure.Message} {failure.Fix}", MudBlazor.Severity.Error);
            return;
        }
        Snackbar.Add(Text.Delete_Done.With(Name), MudBlazor.Severity.Success);
        LeaveFor(PortalUrls.Dataflows);
    }

    private void PutBack(string manifest)
    {
        if (Manifest.Read(manifest).Resource is not Dataflow flow)
            return;
        Editor!.PutBack(flow);
        GoTo(FlowTabs.Form);
    }
}
