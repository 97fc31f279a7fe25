using System.Collections.Concurrent;
using Portal.Messaging;
using Portal.Messaging.Probes;
using Portal.Model;
using Portal.Model.Ports;
using Portal.Resources;

namespace Portal.Changes;

/// <summary>Runs connection tests for pages and API alike, keeps the last reports of each endpoint and records the activity.</summary>
public sealed class ConnectionTests
{
    private const string NotAllowed = "address-not-allowed";

    private readonly IConnectionTester _tester;
    private readonly IActivityLog _activity;
    private readonly IResourceStore _store;
    private readonly ITestHistoryStore _history;
    private readonly TimeProvider _clock;
    private readonly bool _keeps;
    private readonly ConcurrentDictionary<string, IReadOnlyList<TestReport>> _runs = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _keeping = new(1);

    public ConnectionTests(IConnectionTester tester, IActivityLog activity, IResourceStore store, ITestHistoryStore history, TimeProvider clock, MessagingRole? role = null)
    {
        // A flow host tests for a portal, which keeps the report and records the activity.
        _keeps = role?.WorksForPortals is not true;
        (_tester, _activity, _store, _history, _clock) = (tester, activity, store, history, clock);
        store.Changed += Forget;
    }

    /// <summary>Raised with the endpoint's name when a test ended; with an empty name when the kept results were read.</summary>
    public event Action<string>? Ended;

    /// <summary>Flow hosts that a test can be made from; empty when there are none.</summary>
    public IReadOnlyList<TestVantage> FlowHosts => _tester.FlowHosts;

    /// <summary>Runs a test; see <see cref="IConnectionTester.RunAsync"/>. One that may not start yet says so in <see cref="TestReport.RetryAfter"/>.</summary>
    public async Task<TestReport> RunAsync(TestRequest request, Action<StageResult>? progress = null, CancellationToken cancellationToken = default)
    {
        var report = await _tester.RunAsync(request with { User = Actor.Operator }, progress, cancellationToken);
        if (!_keeps || report.Outcome is TestOutcome.Cancelled || report.RetryAfter is not null)
            return report;
        // A draft's report is the page's own: only what is stored has a verdict that others see.
        var stored = await _store.FindAsync(ResourceKind.DataflowEndpoint, request.Endpoint.Name, CancellationToken.None);
        if (stored is not null && stored.Value.Equals(request.Endpoint))
            await KeepAsync(report);
        var refused = report.FailedStage?.Cause == NotAllowed;
        await _activity.AppendAsync(
            new ActivityEntry(
                _clock.GetUtcNow(), Actor.Operator, refused ? ActivityAction.Refused : ActivityAction.Tested, nameof(ResourceKind.DataflowEndpoint), report.Endpoint, Summary(report)),
            CancellationToken.None);
        return report;
    }

    /// <summary>The last runs of an endpoint, the newest first, without what passed and without evidence.</summary>
    public IReadOnlyList<TestReport> Of(string endpoint) => _runs.GetValueOrDefault(endpoint, []);

    /// <summary>Everything that is kept of an endpoint's tests.</summary>
    public async Task<EndpointTests> KeptAsync(string endpoint, CancellationToken cancellationToken = default) =>
        _runs.ContainsKey(endpoint) ? EndpointTests.FromDocument(await _history.ReadAsync(endpoint, cancellationToken)) : EndpointTests.None;

    /// <summary>Reads what was kept before the portal was started.</summary>
    public async Task LoadAsync(CancellationToken cancellationToken = default)
    {
        foreach (var name in await _history.ListAsync(cancellationToken))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (EndpointTests.FromDocument(await _history.ReadAsync(name, cancellationToken)) is { Runs: { Count: > 0 } runs })
                _runs.TryAdd(name, runs);
        }
        Ended?.Invoke("");
    }

    private async Task KeepAsync(TestReport report)
    {
        await _keeping.WaitAsync();
        try
        {
            var kept = EndpointTests.FromDocument(await _history.ReadAsync(report.Endpoint)).With(report);
            _runs[report.Endpoint] = kept.Runs;
            await _history.WriteAsync(report.Endpoint, kept.ToDocument());
        }
        finally
        {
            _keeping.Release();
        }
        Ended?.Invoke(report.Endpoint);
    }

    /// <summary>Another endpoint of the same name starts with an empty history.</summary>
    private void Forget(StoreChange change)
    {
        if (change is { Kind: ResourceKind.DataflowEndpoint, Name: { } name, Before: not null, After: null } && _runs.TryRemove(name, out _))
            _ = _history.DeleteAsync(name);
    }

    private static string Summary(TestReport report) => report.FailedStage switch
    {
        { Cause: NotAllowed, Explanation: { } explanation } => $"{report.Endpoint} tested, refused: {explanation}",
        { } failed => $"{report.Endpoint} tested, failed at {Text.Get("StageShort_" + failed.Stage)}",
        _ => report.Warnings > 0 ? $"{report.Endpoint} tested, passed with warnings" : $"{report.Endpoint} tested, passed",
    };
}

/// <summary>Reads the kept results of connection tests beside the start, so that the first page does not wait for them.</summary>
internal sealed class TestHistoryLoading(ConnectionTests tests) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.Run(() => tests.LoadAsync(stoppingToken), stoppingToken);
}
