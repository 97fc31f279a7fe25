using Microsoft.AspNetCore.Components;
using Portal.Changes;
using Portal.Components.Layout;
using Portal.Components.Lists;
using Portal.Components.Secrets;
using Portal.Components.Shared;
using Portal.Model;
using Portal.Model.Dataflows;
using Portal.Model.Endpoints;
using Portal.Model.Ports;
using Portal.Resources;
using Portal.Sandbox;

namespace Portal.Components.Pages;

/// <summary>What needs a look, how many there are, what was done.</summary>
public sealed partial class Overview
{
    private const int MostEntries = 6;

    private IReadOnlyList<EndpointRow>? _rows;
    private IReadOnlyList<Attention> _attention = [];
    private IReadOnlyList<CountsCard.Count> _counts = [];
    private IReadOnlyList<ActivityEntry> _entries = [];
    private IReadOnlyList<Dataflow> _flows = [];
    private string? _updated;

    [Inject] private IResourceStore Store { get; set; } = null!;

    [Inject] private ISecretStore Secrets { get; set; } = null!;

    [Inject] private IConfigMapStore ConfigMaps { get; set; } = null!;

    [Inject] private IActivityLog Log { get; set; } = null!;

    [Inject] private ConnectionTests Tests { get; set; } = null!;

    [Inject] private BrowserInfo Browser { get; set; } = null!;

    [Inject] private IServiceProvider Services { get; set; } = null!;

    protected override void Watch()
    {
        Store.Changed += StoreChanged;
        Tests.Ended += TestEnded;
        Log.Appended += Appended;
        Secrets.Changed += Reload;
        ConfigMaps.Changed += Reload;
    }

    protected override void Unwatch()
    {
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
        _flows = [.. listing.Of(ResourceKind.Dataflow).Select(stored => (Dataflow)stored.Value).OrderBy(flow => flow.Name, StringComparer.Ordinal)];
        var rows = EndpointRow.From(listing, name => Tests.Of(name) is [var last, ..] ? last : null);
        // Without the sandbox there is no such service.
        var notices = Services.GetService<SandboxState>()?.Notices ?? [];
        _attention = Attention.Find(rows, listing.Problems, inventory, notices, now);
        _counts = Counts(rows, inventory, now);
        _rows = rows;
        _updated = Text.Overview_Updated.With(Ages.Clock(TimeZoneInfo.ConvertTime(now, Browser.TimeZone)));
    }

    private List<CountsCard.Count> Counts(IReadOnlyList<EndpointRow> rows, SecretInventory inventory, DateTimeOffset now)
    {
        var off = _flows.Count(flow => flow.Mode is OperationalMode.Disabled);
        var certificates = inventory.ConfigMaps.SelectMany(map => map.Certificates).Select(certificate => (DateTimeOffset?)certificate.NotAfter).ToList();
        return
        [
            new(Text.Nav_Endpoints, rows.Count, Bar.Words(rows), PortalUrls.Endpoints, Bar.Of(rows)),
            new(Text.Overview_Dataflows, _flows.Count, _flows.Count == 0 ? Text.Overview_NoneInFolder : off == 0 ? Text.Overview_AllEnabled : Text.Overview_SomeDisabled.With(off),
                PortalUrls.Overview, [new(_flows.Count - off, "bulk"), new(off, "line2")]),
            Ends(Text.Overview_Secrets, [.. inventory.Vault.Select(row => row.Secret.ExpirationDate)], now),
            Ends(Text.Overview_Certificates, certificates, now),
        ];
    }

    private static CountsCard.Count Ends(string label, IReadOnlyList<DateTimeOffset?> ends, DateTimeOffset now)
    {
        var expired = ends.Count(end => end <= now);
        var soon = ends.Count(end => end > now && end <= now + NavCounter.ExpiringSoon);
        string[] words = [.. new[] { (expired, Text.Overview_Expired), (soon, Text.Overview_Soon) }.Where(part => part.Item1 > 0).Select(part => part.Item2.With(part.Item1))];
        var all = ends.Count == 0 ? Text.Overview_NoneStored : words.Length > 0 ? string.Join(", ", words) : Text.Overview_NoneSoon;
        return new CountsCard.Count(label, ends.Count, all, PortalUrls.Secrets, [new(ends.Count - expired - soon, "bulk"), new(soon, "warn-fill"), new(expired, "err-fill")]);
    }

    private void StoreChanged(StoreChange change) => Reload();

    private void TestEnded(string endpoint) => Reload();

    private void Appended(ActivityEntry entry) => Reload();
}
