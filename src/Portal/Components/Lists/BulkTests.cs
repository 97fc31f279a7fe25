using Portal.Changes;
using Portal.Messaging.Probes;
using Portal.Model.Endpoints;

namespace Portal.Components.Lists;

/// <summary>How far a run over several endpoints is.</summary>
/// <param name="Total">Endpoints to test.</param>
/// <param name="Done">Endpoints tested.</param>
/// <param name="Failed">Of those, failed.</param>
/// <param name="Current">The one that is tested now; null when the run ended.</param>
public sealed record BulkProgress(int Total, int Done, int Failed, string? Current)
{
    public bool IsRunning => Current is not null;

    public bool WasCancelled { get; init; }
}

/// <summary>Tests chosen endpoints one after the other. It belongs to the browser's circuit: another page does not end it, closing the browser does.</summary>
public sealed class BulkTests(ConnectionTests tests, TimeProvider time) : IDisposable
{
    private CancellationTokenSource? _run;

    /// <summary>Raised on any thread; subscribers render with InvokeAsync.</summary>
    public event Action? Changed;

    /// <summary>The run in progress or the last one; null when there was none or it was put away.</summary>
    public BulkProgress? Progress { get; private set; }

    /// <summary>Tests all of them; ends with the run.</summary>
    public async Task RunAsync(IReadOnlyList<DataflowEndpoint> endpoints)
    {
        if (Progress is { IsRunning: true } || endpoints.Count == 0)
            return;
        using var run = new CancellationTokenSource();
        _run = run;
        var failed = 0;
        try
        {
            for (var i = 0; i < endpoints.Count; i++)
            {
                Set(new BulkProgress(endpoints.Count, i, failed, endpoints[i].Name));
                var report = await TestAsync(endpoints[i], run.Token);
                if (report.Outcome is TestOutcome.Cancelled || run.IsCancellationRequested)
                {
                    Set(new BulkProgress(endpoints.Count, i, failed, null) { WasCancelled = true });
                    return;
                }
                if (report.Outcome is TestOutcome.Failed)
                    failed++;
            }
            Set(new BulkProgress(endpoints.Count, endpoints.Count, failed, null));
        }
        finally
        {
            _run = null;
            if (Progress is { IsRunning: true } broken)
                Set(broken with { Current = null, WasCancelled = true });
        }
    }

    public void Cancel() => _run?.Cancel();

    /// <summary>A run over many endpoints meets the limit of tests a minute, and waits for its turn.</summary>
    private async Task<TestReport> TestAsync(DataflowEndpoint endpoint, CancellationToken cancellationToken)
    {
        while (true)
        {
            var report = await tests.RunAsync(new TestRequest(endpoint), cancellationToken: cancellationToken);
            if (report.RetryAfter is not { } wait)
                return report;
            await Task.Delay(wait, time, cancellationToken).ContinueWith(_ => { }, TaskScheduler.Default);
            if (cancellationToken.IsCancellationRequested)
                return report with { Outcome = TestOutcome.Cancelled };
        }
    }

    /// <summary>Puts the result of the last run away.</summary>
    public void Dismiss()
    {
        if (Progress is { IsRunning: false })
            Set(null);
    }

    private void Set(BulkProgress? progress)
    {
        Progress = progress;
        Changed?.Invoke();
    }

    public void Dispose() => Cancel();
}
