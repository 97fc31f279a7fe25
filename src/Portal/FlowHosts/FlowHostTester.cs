using System.Text.Json;
using System.Text.Json.Nodes;
using Portal.Hosting;
using Portal.Messaging;
using Portal.Messaging.Probes;
using Portal.Model.Documents;
using Portal.Targets;

namespace Portal.FlowHosts;

/// <summary>Makes connection tests from a flow host when one is asked for, else from here.</summary>
internal sealed class FlowHostTester([FromKeyedServices(MessagingServices.FromHere)] IConnectionTester here, FlowHostClients clients, TargetSettings target, TimeProvider time) : IConnectionTester
{
    public IReadOnlyList<TestVantage> FlowHosts { get; } = [.. clients.All.Select(client => new TestVantage(client.Ordinal, client.Address))];

    public async Task<TestReport> RunAsync(TestRequest request, Action<StageResult>? progress = null, CancellationToken cancellationToken = default)
    {
        if (request.FlowHost is not { } ordinal)
            return await here.RunAsync(request, progress, cancellationToken);
        var client = clients.All[ordinal];
        var run = new Run(request, client, time, progress);
        try
        {
            return await AskAsync(client, target.Name, run, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return run.End(TestOutcome.Cancelled, "Skipped, the test was cancelled");
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException or JsonException)
        {
            return run.Fail(client.Silent((failure as HttpRequestException)?.InnerException?.Message ?? failure.Message));
        }
    }

    private static async Task<TestReport> AskAsync(FlowHostClient client, string target, Run run, CancellationToken cancellationToken)
    {
        using var call = new HttpRequestMessage(HttpMethod.Post, $"api/v1/test?target={target}&full=true" + Query(run.Request))
        {
            Content = new StringContent(ResourceJson.Write(run.Request.Endpoint).ToJsonString(), System.Text.Encoding.UTF8, "application/json"),
        };
        call.Headers.Accept.ParseAdd("application/x-ndjson");
        using var response = await client.SendAsync(call, cancellationToken);
        if (response.StatusCode is System.Net.HttpStatusCode.TooManyRequests)
            return run.Fail(new FlowHostProblem("too-many-tests", $"Too many tests run on the flow host {client.Ordinal}.", "Wait a moment and test again.")) with { RetryAfter = response.Headers.RetryAfter?.Delta ?? TimeSpan.FromSeconds(1) };
        if (client.ProblemOf(response.StatusCode) is { } problem)
            return run.Fail(problem);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(cancellationToken));
        while (await reader.ReadLineAsync(cancellationToken) is { } line)
        {
            var json = JsonNode.Parse(line);
            if (json?["outcome"] is not null && TestReportJson.FromFull(json) is { } report)
                return report;
            if (TestReportJson.StageFromFull(json) is { } stage)
                run.Add(stage);
        }
        return run.Fail(client.Silent("it ended the test before its last stage"));
    }

    private static string Query(TestRequest request) =>
        (request.Topic is null ? "" : "&topic=" + Uri.EscapeDataString(request.Topic))
        + string.Concat(new[] { ("read", request.Read), ("write", request.Write), ("roundTrip", request.RoundTrip) }.Where(one => one.Item2).Select(one => $"&{one.Item1}=true"))
        + (request.TimeLimit is { } limit ? $"&timeLimitSeconds={limit.TotalSeconds.ToString(System.Globalization.CultureInfo.InvariantCulture)}" : "");

    /// <summary>The stages as they come, so that a report has all nine also when the rest never came.</summary>
    private sealed class Run(TestRequest request, FlowHostClient client, TimeProvider time, Action<StageResult>? progress)
    {
        private readonly DateTimeOffset _started = time.GetUtcNow();
        private readonly long _timestamp = time.GetTimestamp();
        private readonly List<StageResult> _stages = [];

        public TestRequest Request => request;

        public void Add(StageResult stage)
        {
            _stages.Add(stage);
            progress?.Invoke(stage);
        }

        public TestReport Fail(FlowHostProblem problem)
        {
            if (_stages.Count < Enum.GetValues<TestStage>().Length)
                Add(new StageResult((TestStage)_stages.Count, TestVerdict.Failed, 0, "No answer from the flow host", problem.Code, problem.Fix) { Explanation = problem.Message });
            return End(TestOutcome.Failed, "Skipped, the flow host did not go on");
        }

        public TestReport End(TestOutcome outcome, string reason)
        {
            foreach (var stage in Enum.GetValues<TestStage>().Skip(_stages.Count))
                Add(new StageResult(stage, TestVerdict.Skipped, 0, reason));
            return new TestReport(
                request.Endpoint.Name, outcome, RoleOptions.VantagePointOf(client.Ordinal, client.Address), _started, Math.Round(time.GetElapsedTime(_timestamp).TotalMilliseconds, 1), _stages);
        }
    }
}
