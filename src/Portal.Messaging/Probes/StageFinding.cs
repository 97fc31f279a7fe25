using System.Text.Json.Nodes;
using Portal.Messaging.Connections;

namespace Portal.Messaging.Probes;

/// <summary>What a stage found, before it is timed.</summary>
internal sealed record StageFinding(TestVerdict Verdict, string Summary, Problem? Problem = null)
{
    public JsonObject Evidence { get; init; } = [];

    public static StageFinding Passed(string summary, JsonObject? evidence = null) => new(TestVerdict.Passed, summary) { Evidence = evidence ?? [] };

    /// <summary>Failed, or passed with a warning, as the problem says.</summary>
    public static StageFinding Of(Problem problem, JsonObject? evidence = null) =>
        new(problem.IsWarning ? TestVerdict.Warning : TestVerdict.Failed, problem.Summary ?? problem.Explanation, problem) { Evidence = evidence ?? [] };

    /// <summary>The worst of several problems; passed with the summary when there is none.</summary>
    public static StageFinding Of(IReadOnlyList<Problem> problems, string summary, JsonObject evidence)
    {
        if (problems.Count == 0)
            return Passed(summary, evidence);
        evidence["problems"] = new JsonArray([.. problems.Select(JsonNode? (problem) => new JsonObject
        {
            ["cause"] = problem.Cause,
            ["severity"] = problem.IsWarning ? "warning" : "error",
            ["message"] = problem.Explanation,
            ["fix"] = problem.Fix,
        })]);
        return Of(problems.FirstOrDefault(problem => !problem.IsWarning) ?? problems[0], evidence);
    }

    public static StageFinding Skipped(string reason) => new(TestVerdict.Skipped, reason);
}
