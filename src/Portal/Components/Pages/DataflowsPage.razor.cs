using Microsoft.AspNetCore.Components;
using MudBlazor;
using Portal.Components.Dataflows;
using Portal.Components.Layout;
using Portal.Components.Lists;
using Portal.Messaging.Flows;
using Portal.Model;
using Portal.Model.Dataflows;
using Portal.Model.Ports;
using Portal.Resources;
using Portal.Targets;

namespace Portal.Components.Pages;

/// <summary>The list of dataflows with what each does now, and the profiles that run them.</summary>
public sealed partial class DataflowsPage
{
    private IReadOnlyList<FlowRow>? _rows;
    private IReadOnlyList<DataflowProfile> _profiles = [];
    private IReadOnlyList<StoreProblem> _problems = [];
    private List<FlowRow> _shown = [];
    private IReadOnlySet<string> _chosen = new HashSet<string>();
    private FlowFilter _filter = new();
    private int _endpoints;
    private bool _choosing;

    [Inject] private NavigationManager Navigation { get; set; } = null!;

    [Inject] private IResourceStore Store { get; set; } = null!;

    [Inject] private IFlowService Flows { get; set; } = null!;

    [Inject] private FlowActions Actions { get; set; } = null!;

    [Inject] private TargetSet Targets { get; set; } = null!;

    [Inject] private IDialogService Dialogs { get; set; } = null!;

    [Inject] private ISnackbar Snackbar { get; set; } = null!;

    // Figures once a second are as much as people read.
    protected override TimeSpan Calm => TimeSpan.FromSeconds(1);

    protected override Task OnInitializedAsync()
    {
        _filter = FlowFilter.FromAddress(Navigation.Uri);
        return base.OnInitializedAsync();
    }

    protected override void Watch()
    {
        Store.Changed += StoreChanged;
        Flows.Changed += FlowChanged;
    }

    protected override void Unwatch()
    {
        Store.Changed -= StoreChanged;
        Flows.Changed -= FlowChanged;
    }

    protected override async Task LoadAsync(CancellationToken cancellationToken)
    {
        var listing = await Store.ListAsync(cancellationToken);
        _rows = FlowRow.From(listing, Flows);
        _profiles = [.. listing.Of(ResourceKind.DataflowProfile).Select(stored => (DataflowProfile)stored.Value).OrderBy(profile => profile.Name, StringComparer.Ordinal)];
        _endpoints = listing.Of(ResourceKind.DataflowEndpoint).Count();
        _problems = listing.Problems;
        Apply();
    }

    /// <summary>Shows another part or order and puts it into the address.</summary>
    private void Show(FlowFilter filter)
    {
        _filter = filter;
        Apply();
        var query = filter.ToQuery();
        Navigation.NavigateTo(PortalUrls.Dataflows + (query.Length == 0 ? "" : "?" + query), replace: true);
    }

    private void Apply()
    {
        _shown = [.. _filter.Apply(_rows ?? [])];
        // What is no longer seen is no longer chosen, so that nobody deletes what a filter hides.
        var names = _shown.Select(row => row.Name).ToHashSet(StringComparer.Ordinal);
        if (!_chosen.IsSubsetOf(names))
            _chosen = _chosen.Where(names.Contains).ToHashSet(StringComparer.Ordinal);
    }

    private async Task ActAsync((FlowAction Action, IReadOnlyList<FlowRow> Rows) asked)
    {
        List<string> names = [.. asked.Rows.Select(row => row.Name)];
        switch (asked.Action)
        {
            case FlowAction.Start:
                await Actions.RunAsync(names, true, Left);
                break;
            case FlowAction.Stop:
                await Actions.RunAsync(names, false, Left);
                break;
            case FlowAction.Edit:
                Navigation.NavigateTo(PortalUrls.EditDataflow(names[0]));
                break;
            case FlowAction.Duplicate:
                Navigation.NavigateTo(PortalUrls.DuplicateDataflow(names[0]));
                break;
            case FlowAction.Export:
                await Actions.ExportAsync(names, Left);
                break;
            case FlowAction.Copy:
                await Actions.CopyAsync(asked.Rows);
                break;
            case FlowAction.Delete:
                await Actions.DeleteAsync(asked.Rows, Left);
                break;
        }
    }

    private async Task EditProfileAsync(DataflowProfile? profile)
    {
        List<string> users = [.. (_rows ?? []).Where(row => row.Flow.Profile == profile?.Name).Select(row => row.Name)];
        if (await ProfileDialog.AskAsync(Dialogs, profile, users) is { } saved)
            Snackbar.Add(Text.Profiles_Saved.With(saved), Severity.Success);
    }

    private void StoreChanged(StoreChange change) => Reload();

    private void FlowChanged(string name) => Reload();
}
