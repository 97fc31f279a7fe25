using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Portal.Messaging.Connections;

namespace Portal.Messaging.Probes;

/// <summary>Runs the stages one after the other, times them, and knows who ended a test: the user or the time limit.</summary>
internal sealed partial class ConnectionTester(IEnumerable<ProbeStage> stages, TestGate gate, IOptions<TestOptions> options, MessagingRole role, TimeProvider clock, ILogger<ConnectionTester> logger) : IConnectionTester, IAsyncDisposable
{
    private const string TimeIsUp = "time-limit";

    private readonly ProbeStage[] _stages = [.. stages.OrderBy(stage => stage.Stage)];
    private readonly ConcurrentDictionary<ProbeContext, Task> _closing = new();

    public async Task<TestReport> RunAsync(TestRequest request, Action<StageResult>? progress = null, CancellationToken cancellationToken = default)
    {
        var run = new Run(request, role.VantagePoint, clock, progress);
        if (gate.TryEnter(request.User) is { } refused)
        {
            run.Add(TestStage.Settings, StageFinding.Of(refused.Problem), 0);
            foreach (var stage in _stages.Skip(1))
                run.Add(stage.Stage, StageFinding.Skipped("Skipped, the test did not start"), 0);
            return run.Report(TestOutcome.Failed) with { RetryAfter = refused.RetryAfter };
        }
        return await RunAllAsync(run, Limit(request), cancellationToken);
    }

    public async ValueTask DisposeAsync() => await Task.WhenAll(_closing.Values);

    private TimeSpan Limit(TestRequest request)
    {
        var wanted = request.TimeLimit ?? options.Value.TimeLimit;
        return wanted < TestOptionsValidator.Shortest ? TestOptionsValidator.Shortest : wanted > TestOptionsValidator.Longest ? TestOptionsValidator.Longest : wanted;
    }

    private async Task<TestReport> RunAllAsync(Run run, TimeSpan limit, CancellationToken cancellationToken)
    {
        using var timer = new CancellationTokenSource(limit, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timer.Token);
        var context = new ProbeContext(run.Request, limit);
        try
        {
            var isOver = false;
            foreach (var stage in _stages)
            {
                var started = clock.GetTimestamp();
                var finding = cancellationToken.IsCancellationRequested ? StageFinding.Skipped("Skipped, the test was cancelled")
                    : isOver ? StageFinding.Skipped(stage.SkipReason(context) is { } own && own.StartsWith("Not ", StringComparison.Ordinal) ? own : "Skipped, the time is up")
                    : stage.SkipReason(context) is { } reason ? StageFinding.Skipped(reason)
                    : await RunOneAsync(stage, context, either.Token, cancellationToken);
                isOver |= finding.Problem?.Cause == TimeIsUp;
                context.Note(run.Add(stage.Stage, finding, finding.Verdict is TestVerdict.Skipped ? 0 : clock.GetElapsedTime(started).TotalMilliseconds));
            }
            return run.Report(cancellationToken.IsCancellationRequested && !run.HasFailed ? TestOutcome.Cancelled : run.HasFailed ? TestOutcome.Failed : TestOutcome.Passed);
        }
        finally
        {
            // The report need not wait for goodbyes; the next test of the gate does.
            var closing = CloseAsync(context);
            _closing[context] = closing;
            if (closing.IsCompleted)
                _closing.TryRemove(context, out _);
        }
    }

    private async Task CloseAsync(ProbeContext context)
    {
        try
        {
            await context.Running;
        }
        catch (Exception e)
        {
            // What a stage found after its time has no reader any more.
            LogLate(e.GetType().Name);
        }
        await context.DisposeAsync();
        gate.Leave(context.Request.User);
        _closing.TryRemove(context, out _);
    }

    private async Task<StageFinding> RunOneAsync(ProbeStage stage, ProbeContext context, CancellationToken cancellationToken, CancellationToken user)
    {
        try
        {
            // Some calls of the client libraries heed cancellation late; the test ends in time all the same.
            var running = stage.RunAsync(context, cancellationToken);
            context.Running = running;
            return await running.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException) when (user.IsCancellationRequested)
        {
            return StageFinding.Skipped("Cancelled");
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return StageFinding.Of(new Problem(
                TimeIsUp, $"The time limit of {context.Limit.TotalSeconds:0.#} s was over before {stage.Awaited(context)}.",
                "Check that the port belongs to the broker and that the broker is not overloaded; if it is only slow, test with a longer time limit.")
            { Summary = $"No answer in {context.Limit.TotalSeconds:0.#} s" });
        }
        catch (Exception e)
        {
            LogUnexpected(stage.Stage, e.GetType().Name);
            return StageFinding.Of(new Problem(
                "unexpected", $"The portal itself failed in this stage ({e.GetType().Name}).", "Test again; if it happens again, report it with this text and the portal's log."));
        }
    }

    // The exception itself may quote a configuration, so only its type is logged.
    [LoggerMessage(Level = LogLevel.Error, Message = "Connection test: the stage {Stage} failed unexpectedly with {Exception}.")]
    private partial void LogUnexpected(TestStage stage, string exception);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Connection test: a stage ended after its time with {Exception}.")]
    private partial void LogLate(string exception);

    /// <summary>The results of one test as they come.</summary>
    private sealed class Run(TestRequest request, string vantagePoint, TimeProvider clock, Action<StageResult>? progress)
    {
        private readonly DateTimeOffset _started = clock.GetUtcNow();
        private readonly long _timestamp = clock.GetTimestamp();
        private readonly List<StageResult> _results = [];

        public TestRequest Request => request;

        public bool HasFailed => _results.Exists(result => result.Verdict is TestVerdict.Failed);

        public StageResult Add(TestStage stage, StageFinding finding, double milliseconds)
        {
            var result = new StageResult(stage, finding.Verdict, Math.Round(milliseconds, 1), finding.Summary, finding.Problem?.Cause, finding.Problem?.Fix)
            {
                Evidence = finding.Evidence,
                Explanation = finding.Problem?.Explanation,
            };
            _results.Add(result);
            progress?.Invoke(result);
            return result;
        }

        public TestReport Report(TestOutcome outcome) => new(
            request.Endpoint.Name, outcome, vantagePoint, _started, Math.Round(clock.GetElapsedTime(_timestamp).TotalMilliseconds, 1), _results);
    }
}
