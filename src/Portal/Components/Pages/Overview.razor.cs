using Microsoft.AspNetCore.Components;
using Portal.Changes;
using Portal.Components.Dataflows;
using Portal.Components.Layout;
using Portal.Components.Lists;
using Portal.Components.Secrets;
using Portal.Components.Shared;
using Portal.Messaging.Flows;
using Portal.Model.Ports;
using Portal.Resources;
using Portal.Sandbox;

namespace Portal.Components.Pages;

/// <summary>What needs a look, how many there are, what was done.</summary>
public sealed partial class Overview
{
    private const int MostEntries = 6;
    private static readonly TimeSpan ChartCalm = TimeSpan.FromSeconds(15);

    private IReadOnlyList<EndpointRow>? _rows;
    private IReadOnlyList<Attention> _attention = [];
    private IReadOnlyList<CountsCard.Count> _counts = [];
    private IReadOnlyList<ActivityEntry> _entries = [];
    private IReadOnlyList<FlowRow> _flows = [];
    private IReadOnlyDictionary<string, FlowChart> _charts = new Dictionary<string, FlowChart>();
    private DateTimeOffset _chartsAt;
    private string? _updated;

    [Inject] private IResourceStore Store { get; set; } = null!;

    [Inject] private ISecretStore Secrets { get; set; } = null!;

    [Inject] private IConfigMapStore ConfigMaps { get; set; } = null!;

    [Inject] private IActivityLog Log { get; set; } = null!;

    [Inject] private IFlowService Flows { get; set; } = null!;

    [Inject] private ConnectionTests Tests { get; set; } = null!;

    [Inject] private BrowserInfo Browser { get; set; } = null!;

    [Inject] private IServiceProvider Services { get; set; } = null!;

    // Figures once a second are as much as people read.
    protected override TimeSpan Calm => TimeSpan.FromSeconds(1);

    protected override void Watch()
    {
        Flows.Changed += FlowChanged;
        Store.Changed += StoreChanged;
        Tests.Ended += TestEnded;
        Log.Appended += Appended;
        Secrets.Changed += Reload;
        ConfigMaps.Changed += Reload;
    }

    protected override void Unwatch()
    {
        Flows.Changed -= FlowChanged;
        Store.Changed -= StoreChanged;
        Tests.Ended -= TestEnded;
        Log.Appended -= Appended;
        Secrets.Changed -= Reload;
        ConfigMaps.Changed -= Reload;
    }

    protected override async Task LoadAsync(CancellationToken cancellationToken)
    {
        var listing = await Store.ListAsync(cancellationToken);
        var inventory = await SecretInventory.LoadAsync(listing, Secrets, ConfigMaps, cancellationToken);
        var now = Time.GetUtcNow();
        _entries = await Log.ReadAsync(new ActivityQuery(Most: MostEntries), cancellationToken);
        _flows = FlowRow.From(listing, Flows);
        if (now - _chartsAt >= ChartCalm)
            (_charts, _chartsAt) = (FlowsCard.Choose(_flows).ToDictionary(row => row.Name, row => FlowChart.Of(Flows.HistoryOf(row.Name), now), StringComparer.Ordinal), now);
        var rows = EndpointRow.From(listing, name => Tests.Of(name) is [var last, ..] ? last : null);
        // Without the sandbox there is no such service.
        var notices = Services.GetService<SandboxState>()?.Notices ?? [];
        _attention = Attention.Find(rows, _flows, listing.Problems, inventory, notices, now);
        _counts = Counts(rows);
        _rows = rows;
        _updated = Text.Overview_Updated.With(Ages.Clock(TimeZoneInfo.ConvertTime(now, Browser.TimeZone)));
    }

    private List<CountsCard.Count> Counts(IReadOnlyList<EndpointRow> rows)
    {
        var ledger = _flows.Aggregate(FlowLedger.Empty, (sum, row) => sum + row.Status.Ledger);
        var (received, sent) = (_flows.Sum(row => row.Status.InPerSecond), _flows.Sum(row => row.Status.OutPerSecond));
        return
        [
            new(Text.Nav_Endpoints, FlowWords.Count(rows.Count), Bar.Words(rows), PortalUrls.Endpoints, Bar.Of(rows)),
            new(Text.Overview_Dataflows, FlowWords.Count(_flows.Count), Bar.Words(_flows), PortalUrls.Dataflows, Bar.Of(_flows)),
            new(Text.Overview_MessagesIn, FlowWords.Rate(received), Text.Overview_MessagesOut.With(FlowWords.Rate(sent), FlowWords.Count(ledger.InFlight)), PortalUrls.Dataflows, [new(received > 0 ? 1 : 0, "mqtt")]),
            new(Text.Ledger_Dropped, FlowWords.Count(ledger.Dropped), DropWords(ledger), PortalUrls.Dataflows,
                [new(ledger.Expired, "warn-fill"), new(ledger.Filtered, "bulk"), new(ledger.Untranslatable + ledger.Rejected, "err-fill")]),
        ];
    }

    private static string DropWords(FlowLedger ledger)
    {
        (long, string)[] parts =
        [
            (ledger.Expired, Text.Overview_DropExpired), (ledger.Filtered, Text.Overview_DropFiltered),
            (ledger.Untranslatable, Text.Overview_DropUntranslatable), (ledger.Rejected, Text.Overview_DropRejected),
        ];
        return ledger.Dropped == 0 ? Text.Overview_DropNone : string.Join(", ", parts.Where(part => part.Item1 > 0).Select(part => part.Item2.With(FlowWords.Count(part.Item1))));
    }

    private void FlowChanged(string name) => Reload();

    private void StoreChanged(StoreChange change) => Reload();

    private void TestEnded(string endpoint) => Reload();

    private void Appended(ActivityEntry entry) => Reload();
}
