using Microsoft.AspNetCore.Components;
using MudBlazor;
using Portal.Components.Dataflows;
using Portal.Components.Layout;
using Portal.Components.Lists;
using Portal.Components.Shared;
using Portal.Messaging.Flows;
using Portal.Model;
using Portal.Model.Dataflows;
using Portal.Model.Ports;
using Portal.Resources;
using Portal.Targets;

namespace Portal.Components.Pages;

/// <summary>State, ledger, charts, instances and errors of one dataflow, drawn at most twice a second however fast messages pass.</summary>
public sealed partial class DataflowPage
{
    /// <summary>The charts get a point in five seconds; asking more often finds nothing.</summary>
    private static readonly TimeSpan ChartCalm = TimeSpan.FromSeconds(5);

    private MudMenu? _menu;
    private string? _loaded;
    private FlowRow? _row;
    private StoreProblem? _broken;
    private FlowChart _chart = FlowChart.Of([], DateTimeOffset.UnixEpoch);
    private DateTimeOffset _chartAt;
    private int _instances = 1;
    private bool _switching;
    private bool _elsewhere;

    [Parameter] public string Name { get; set; } = "";

    [Inject] private NavigationManager Navigation { get; set; } = null!;

    [Inject] private IResourceStore Store { get; set; } = null!;

    [Inject] private TargetScope Scope { get; set; } = null!;

    [Inject] private TargetSet Targets { get; set; } = null!;

    [Inject] private IFlowService Flows { get; set; } = null!;

    [Inject] private FlowActions Actions { get; set; } = null!;

    protected override TimeSpan Calm => TimeSpan.FromMilliseconds(500);

    private IReadOnlyList<PageHeader.Crumb> Crumbs => [new(Text.Nav_Dataflows, PortalUrls.Dataflows), new(Text.Flows_Profile.With(_row!.Flow.Profile))];

    private string? WatchUrl => _row is { Source: { } source, Flow.Source.DataSources: [var topic, ..] } ? PortalUrls.TrafficOf(source.Name, topic) : null;

    private string ProblemNote => _row!.Status.State switch
    {
        FlowState.WaitingForDestination => Text.Flow_HoldsDestination.With(FlowWords.Count(_row.Status.Ledger.InFlight)),
        FlowState.WaitingForSource => Text.Flow_HoldsSource,
        FlowState.Unknown => Text.Flow_HoldsUnknown,
        _ => Text.Flow_Holds,
    };

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

    // Another dataflow at the same address pattern keeps the page.
    protected override async Task OnParametersSetAsync()
    {
        if (_loaded is not null && _loaded != Name)
            await LoadAsync(Left);
    }

    protected override async Task LoadAsync(CancellationToken cancellationToken)
    {
        var name = Name;
        var stored = await Store.FindAsync(ResourceKind.Dataflow, name, cancellationToken);
        var flow = stored?.Value as Dataflow;
        if (flow is null)
        {
            _broken = (await Store.ListAsync(cancellationToken)).Problems.FirstOrDefault(problem => problem.Name == name);
            (_row, _loaded) = (null, name);
            return;
        }
        _row = new FlowRow(
            stored!, flow, await EndpointAsync(flow.Source?.EndpointRef, cancellationToken), await EndpointAsync(flow.Destination?.EndpointRef, cancellationToken), Flows.StatusOf(name));
        _elsewhere = Scope.Target.Rule is not FlowRule.All && !Scope.Target.Rule.Takes(flow, await Store.ListAsync(cancellationToken));
        _instances = ((await Store.FindAsync(ResourceKind.DataflowProfile, flow.Profile, cancellationToken))?.Value as DataflowProfile)?.Instances ?? 1;
        var now = Time.GetUtcNow();
        if (_loaded != name || now - _chartAt >= ChartCalm)
            (_chart, _chartAt) = (FlowChart.Of(Flows.HistoryOf(name), now), now);
        _loaded = name;
    }

    private async Task<Model.Endpoints.DataflowEndpoint?> EndpointAsync(string? name, CancellationToken cancellationToken) =>
        string.IsNullOrEmpty(name) ? null : (await Store.FindAsync(ResourceKind.DataflowEndpoint, name, cancellationToken))?.Value as Model.Endpoints.DataflowEndpoint;

    private string? EndpointOf(FlowError error) => error.Side switch
    {
        FlowSide.Source => _row!.Source?.Name,
        FlowSide.Destination => _row!.Destination?.Name,
        _ => null,
    };

    private async Task SwitchAsync()
    {
        _switching = true;
        await Actions.RunAsync([Name], !_row!.Flow.IsEnabled, Left);
        _switching = false;
    }

    private async Task DeleteAsync()
    {
        if (await Actions.DeleteAsync([_row!], Left))
            Navigation.NavigateTo(PortalUrls.Dataflows);
    }

    // The menu would stay open for as long as a dialog is.
    private async Task CloseThenAsync(Func<Task> action)
    {
        await _menu!.CloseMenuAsync();
        await action();
    }

    private void StoreChanged(StoreChange change) => Reload();

    private void FlowChanged(string name)
    {
        if (name == Name)
            Reload();
    }
}
