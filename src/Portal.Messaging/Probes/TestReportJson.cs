using System.Text.Json;
using System.Text.Json.Nodes;

namespace Portal.Messaging.Probes;

/// <summary>Reports as the API gives them.</summary>
public static class TestReportJson
{
    public static JsonObject ToJson(TestReport report) => new()
    {
        ["endpoint"] = report.Endpoint,
        ["outcome"] = Camel(report.Outcome),
        ["vantagePoint"] = report.VantagePoint,
        ["started"] = report.Started.UtcDateTime,
        ["milliseconds"] = report.Milliseconds,
        ["stages"] = new JsonArray([.. report.Stages.Select(JsonNode? (stage) => ToJson(stage))]),
    };

    public static JsonObject ToJson(StageResult stage) => new()
    {
        ["stage"] = Camel(stage.Stage),
        ["verdict"] = Camel(stage.Verdict),
        ["milliseconds"] = stage.Milliseconds,
        ["summary"] = stage.Summary,
        ["explanation"] = stage.Explanation,
        // A node belongs to one tree; the result keeps its own.
        ["evidence"] = stage.Evidence.DeepClone(),
        ["cause"] = stage.Cause,
        ["fix"] = stage.Fix,
    };

    private static string Camel<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());
}
