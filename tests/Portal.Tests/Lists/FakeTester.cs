using System.Collections.Concurrent;
using Portal.Messaging.Probes;

namespace Portal.Tests.Lists;

/// <summary>Passes every test but those that it is told to fail, warn about or hold.</summary>
public sealed class FakeTester(TimeProvider clock) : IConnectionTester
{
    public HashSet<string> Failing { get; } = [];

    public HashSet<string> Warning { get; } = [];

    /// <summary>When set, every test waits for it.</summary>
    public TaskCompletionSource? Gate { get; set; }

    public ConcurrentQueue<string> Ran { get; } = [];

    public async Task<TestReport> RunAsync(TestRequest request, Action<StageResult>? progress = null, CancellationToken cancellationToken = default)
    {
        var name = request.Endpoint.Name;
        Ran.Enqueue(name);
        var outcome = Failing.Contains(name) ? TestOutcome.Failed : TestOutcome.Passed;
        if (Gate is { } gate)
        {
            try
            {
                await gate.Task.WaitAsync(cancellationToken);
            }
            catch (OperationCanceledException)
            {
                outcome = TestOutcome.Cancelled;
            }
        }
        var verdict = Failing.Contains(name) ? TestVerdict.Failed : Warning.Contains(name) ? TestVerdict.Warning : TestVerdict.Passed;
        return new TestReport(name, outcome, "portal (test)", clock.GetUtcNow(), 212, [new StageResult(TestStage.Tls, verdict, 12, "The broker shows another root.")]);
    }
}
