using Portal.Messaging.Connections;
using Portal.Messaging.Probes;
using Portal.Model.Endpoints;

namespace Portal.Messaging.Preview;

/// <summary>
/// Finds the words for a failure that has many reasons: a connection test of the endpoint looks closer than a client that was
/// just cut off.
/// </summary>
internal sealed class PreviewDiagnosis(IConnectionTester tester)
{
    private static readonly string[] _unclear = ["tls-closed", "signin-closed", "connect-timeout", "kafka-no-answer"];

    /// <summary>The problem that a test finds, or the given one when it is clear or the test knows no better.</summary>
    public async Task<Problem> LookCloserAsync(DataflowEndpoint endpoint, Problem problem, CancellationToken cancellationToken = default)
    {
        if (!_unclear.Contains(problem.Cause))
            return problem;
        var report = await tester.RunAsync(new TestRequest(endpoint), cancellationToken: cancellationToken);
        return report.FailedStage is { Cause: { } cause, Explanation: { } explanation } failed && cause != "too-many-tests"
            ? new Problem(cause, explanation, failed.Fix ?? problem.Fix)
            : problem;
    }
}
