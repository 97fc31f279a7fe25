using System.Text.Json;
using System.Text.Json.Nodes;
using Portal.Messaging.Probes;

namespace Portal.Changes;

/// <summary>What is kept of an endpoint's connection tests.</summary>
/// <param name="Last">The last run, whole.</param>
/// <param name="Green">The last run without a failure, whole; null when there was none.</param>
/// <param name="Runs">The last runs, the newest first, without evidence and without what passed.</param>
public sealed record EndpointTests(TestReport? Last, TestReport? Green, IReadOnlyList<TestReport> Runs)
{
    /// <summary>Runs kept for each endpoint.</summary>
    public const int Kept = 14;

    public static EndpointTests None { get; } = new(null, null, []);

    public EndpointTests With(TestReport report) => new(
        report, report.Outcome is TestOutcome.Passed ? report : Green, [Slim(report), .. Runs.Take(Kept - 1)]);

    /// <summary>What the last run shows differently from the last good one before it; null when there is nothing to compare.</summary>
    public IReadOnlyList<string>? Changes => Last is { Outcome: TestOutcome.Failed } && Green is not null ? TestComparison.Changes(Green, Last) : null;

    public string ToDocument() => new JsonObject
    {
        ["last"] = Last is null ? null : TestReportJson.ToFull(Last),
        ["green"] = Green is null ? null : TestReportJson.ToFull(Green),
        ["runs"] = new JsonArray([.. Runs.Select(JsonNode? (run) => TestReportJson.ToFull(run))]),
    }.ToJsonString();

    /// <summary>Reads a kept document; nothing of one that cannot be read.</summary>
    public static EndpointTests FromDocument(string? document)
    {
        try
        {
            return document is null || JsonNode.Parse(document) is not JsonObject kept ? None : new EndpointTests(
                TestReportJson.FromFull(kept["last"]), TestReportJson.FromFull(kept["green"]),
                kept["runs"] is JsonArray runs ? [.. runs.Select(TestReportJson.FromFull).OfType<TestReport>()] : []);
        }
        catch (JsonException)
        {
            return None;
        }
    }

    private static TestReport Slim(TestReport report) => report with
    {
        Stages = [.. report.Stages.Where(stage => stage.Verdict is TestVerdict.Failed or TestVerdict.Warning).Select(stage => stage with { Evidence = [] })],
    };
}
