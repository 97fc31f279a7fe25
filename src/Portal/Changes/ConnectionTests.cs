using System.Collections.Concurrent;
using Portal.Messaging.Probes;
using Portal.Model;
using Portal.Model.Ports;
using Portal.Resources;

namespace Portal.Changes;

/// <summary>Runs connection tests for pages and API alike, keeps the last reports of each endpoint and records the activity.</summary>
public sealed class ConnectionTests(IConnectionTester tester, IActivityLog activity, IResourceStore store, TimeProvider clock)
{
    /// <summary>Reports kept for each endpoint, while the portal runs.</summary>
    public const int Kept = 14;

    private readonly ConcurrentDictionary<string, IReadOnlyList<TestReport>> _reports = new(StringComparer.Ordinal);

    /// <summary>Raised with the endpoint's name when a test ended.</summary>
    public event Action<string>? Ended;

    /// <summary>Runs a test; see <see cref="IConnectionTester.RunAsync"/>.</summary>
    public async Task<TestReport> RunAsync(TestRequest request, Action<StageResult>? progress = null, CancellationToken cancellationToken = default)
    {
        var report = await tester.RunAsync(request, progress, cancellationToken);
        if (report.Outcome is TestOutcome.Cancelled)
            return report;
        // A draft's report is the page's own: only what is stored has a verdict that others see.
        var stored = await store.FindAsync(ResourceKind.DataflowEndpoint, request.Endpoint.Name, CancellationToken.None);
        if (stored is not null && stored.Value.Equals(request.Endpoint))
        {
            _reports.AddOrUpdate(report.Endpoint, [report], (_, reports) => [report, .. reports.Take(Kept - 1)]);
            Ended?.Invoke(report.Endpoint);
        }
        await activity.AppendAsync(
            new ActivityEntry(clock.GetUtcNow(), Actor.Operator, ActivityAction.Tested, nameof(ResourceKind.DataflowEndpoint), report.Endpoint, Summary(report)),
            CancellationToken.None);
        return report;
    }

    /// <summary>The last reports of an endpoint, the newest first.</summary>
    public IReadOnlyList<TestReport> Of(string endpoint) => _reports.GetValueOrDefault(endpoint, []);

    private static string Summary(TestReport report) => report.FailedStage is { } failed
        ? $"{report.Endpoint} tested, failed at {Text.Get("StageShort_" + failed.Stage)}"
        : report.Warnings > 0 ? $"{report.Endpoint} tested, passed with warnings" : $"{report.Endpoint} tested, passed";
}
