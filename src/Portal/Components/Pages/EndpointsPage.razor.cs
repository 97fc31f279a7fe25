using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;
using Portal.Changes;
using Portal.Components.Layout;
using Portal.Components.Lists;
using Portal.Components.Secrets;
using Portal.Drafts;
using Portal.Model;
using Portal.Model.Ports;
using Portal.Targets;

namespace Portal.Components.Pages;

/// <summary>The list of endpoints, with the tiles that make new ones.</summary>
public sealed partial class EndpointsPage
{
    private IReadOnlyList<EndpointRow>? _rows;
    private IReadOnlyList<StoreProblem> _problems = [];
    private List<EndpointRow> _shown = [];
    private IReadOnlySet<string> _chosen = new HashSet<string>();
    private EndpointFilter _filter = new();
    private string _address = "";
    private bool _choosing;

    [Inject] private NavigationManager Navigation { get; set; } = null!;

    [Inject] private IResourceStore Store { get; set; } = null!;

    [Inject] private ISecretStore Secrets { get; set; } = null!;

    [Inject] private IConfigMapStore ConfigMaps { get; set; } = null!;

    [Inject] private ConnectionTests Tests { get; set; } = null!;

    [Inject] private BulkTests BulkTests { get; set; } = null!;

    [Inject] private EndpointActions Actions { get; set; } = null!;

    [Inject] private DraftStore Drafts { get; set; } = null!;

    [Inject] private BrowserInfo Browser { get; set; } = null!;

    [Inject] private TargetSet Targets { get; set; } = null!;

    [Inject] private TargetScope Scope { get; set; } = null!;

    protected override Task OnInitializedAsync()
    {
        _filter = EndpointFilter.FromAddress(Navigation.Uri);
        return base.OnInitializedAsync();
    }

    protected override void Watch()
    {
        Store.Changed += StoreChanged;
        Tests.Ended += TestEnded;
        Secrets.Changed += Reload;
        ConfigMaps.Changed += Reload;
        Drafts.Changed += DraftChanged;
        BulkTests.Changed += Render;
        Navigation.LocationChanged += Moved;
    }

    protected override void Unwatch()
    {
        Store.Changed -= StoreChanged;
        Tests.Ended -= TestEnded;
        Secrets.Changed -= Reload;
        ConfigMaps.Changed -= Reload;
        Drafts.Changed -= DraftChanged;
        BulkTests.Changed -= Render;
        Navigation.LocationChanged -= Moved;
    }

    protected override async Task LoadAsync(CancellationToken cancellationToken)
    {
        var listing = await Store.ListAsync(cancellationToken);
        var inventory = await SecretInventory.LoadAsync(listing, Secrets, ConfigMaps, cancellationToken);
        var drafts = Drafts.Of(Browser.Id).Where(saved => saved.Key.Kind is ResourceKind.DataflowEndpoint).ToDictionary(saved => saved.Key.Name, saved => saved.Draft.Changes.Count, StringComparer.Ordinal);
        _rows =
        [
            .. EndpointRow.From(listing, name => Tests.Of(name) is [var last, ..] ? last : null).Select(row => row with
            {
                Expires = inventory.EarliestEnd(row.Secret, row.ConfigMap),
                DraftChanges = drafts.TryGetValue(row.Name, out var changes) && changes > 0 ? changes : null,
            }),
        ];
        _problems = listing.Problems;
        Apply();
    }

    /// <summary>Shows another part or order and puts it into the address.</summary>
    private void Show(EndpointFilter filter)
    {
        _filter = filter;
        Apply();
        var query = filter.ToQuery();
        _address = Navigation.ToAbsoluteUri(PortalUrls.Endpoints + (query.Length == 0 ? "" : "?" + query)).AbsoluteUri;
        Navigation.NavigateTo(_address, replace: true);
    }

    private void Apply()
    {
        _shown = [.. _filter.Apply(_rows ?? [])];
        // What is no longer seen is no longer chosen, so that nobody deletes what a filter hides.
        var names = _shown.Select(row => row.Name).ToHashSet(StringComparer.Ordinal);
        if (!_chosen.IsSubsetOf(names))
            _chosen = _chosen.Where(names.Contains).ToHashSet(StringComparer.Ordinal);
    }

    private Task ExportAllAsync() => Actions.ExportAsync(_rows ?? []);

    private async Task ActAsync((RowAction Action, IReadOnlyList<EndpointRow> Rows) asked)
    {
        switch (asked.Action)
        {
            case RowAction.Test:
                await BulkTests.RunAsync([.. asked.Rows.Where(row => !row.Endpoint.IsReadOnly).Select(row => row.Endpoint)]);
                break;
            case RowAction.Duplicate when asked.Rows is [{ Kind: { } kind } row]:
                Navigation.NavigateTo($"{PortalUrls.NewEndpoint(kind)}?from={Uri.EscapeDataString(row.Name)}");
                break;
            case RowAction.Export:
                await Actions.ExportAsync(asked.Rows);
                break;
            case RowAction.Copy:
                await Actions.CopyAsync(asked.Rows);
                break;
            case RowAction.Delete:
                await Actions.DeleteAsync(asked.Rows, Left);
                break;
        }
    }

    // A link on the page itself, or the browser's back button: the address decides. Our own changes are known already.
    private void Moved(object? sender, LocationChangedEventArgs e)
    {
        if (e.Location == _address || new Uri(e.Location).AbsolutePath != PortalUrls.Endpoints)
            return;
        _ = InvokeAsync(() =>
        {
            _filter = EndpointFilter.FromAddress(e.Location);
            Apply();
            StateHasChanged();
        });
    }

    private void StoreChanged(StoreChange change) => Reload();

    private void TestEnded(string endpoint) => Reload();

    private void DraftChanged(string owner)
    {
        if (owner == Browser.Id)
            Reload();
    }

    private void Render() => _ = InvokeAsync(StateHasChanged);
}
