using System.Text.Json;
using System.Text.Json.Nodes;

namespace Portal.Messaging.Probes;

/// <summary>Reports as the API gives them, and as they are kept.</summary>
public static class TestReportJson
{
    /// <summary>The report as the API gives it. Its summary is the cause in a sentence, where there is one.</summary>
    public static JsonObject ToJson(TestReport report) => new()
    {
        ["endpoint"] = report.Endpoint,
        ["outcome"] = Camel(report.Outcome),
        ["vantagePoint"] = report.VantagePoint,
        ["stages"] = new JsonArray([.. report.Stages.Select(JsonNode? (stage) => ToJson(stage))]),
    };

    public static JsonObject ToJson(StageResult stage) => new()
    {
        ["stage"] = Camel(stage.Stage),
        ["verdict"] = Camel(stage.Verdict),
        ["milliseconds"] = stage.Milliseconds,
        ["summary"] = stage.Explanation ?? stage.Summary,
        // A node belongs to one tree; the result keeps its own.
        ["evidence"] = stage.Evidence.DeepClone(),
        ["cause"] = stage.Cause,
        ["fix"] = stage.Fix,
    };

    /// <summary>Everything of a report, for <see cref="FromFull"/>.</summary>
    public static JsonObject ToFull(TestReport report)
    {
        var json = ToJson(report);
        json["started"] = report.Started.UtcDateTime;
        json["milliseconds"] = report.Milliseconds;
        json["stages"] = new JsonArray([.. report.Stages.Select(JsonNode? (stage) => ToFull(stage))]);
        return json;
    }

    /// <summary>Everything of a stage, for <see cref="StageFromFull"/>.</summary>
    public static JsonObject ToFull(StageResult stage)
    {
        var json = ToJson(stage);
        json["summary"] = stage.Summary;
        json["explanation"] = stage.Explanation;
        return json;
    }

    /// <summary>A stage as <see cref="ToFull(StageResult)"/> wrote it; null when the document is none.</summary>
    public static StageResult? StageFromFull(JsonNode? json)
    {
        try
        {
            return json is JsonObject stage ? Stage(stage) : null;
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }

    /// <summary>A report that was kept; null when the document is none.</summary>
    public static TestReport? FromFull(JsonNode? json)
    {
        try
        {
            return json is not JsonObject report ? null : new TestReport(
                Value<string>(report, "endpoint"), Parse<TestOutcome>(report, "outcome"), Value<string>(report, "vantagePoint"),
                new DateTimeOffset(Value<DateTime>(report, "started"), TimeSpan.Zero), Value<double>(report, "milliseconds"),
                report["stages"] is JsonArray stages ? [.. stages.OfType<JsonObject>().Select(Stage)] : []);
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }

    private static StageResult Stage(JsonObject stage) => new(
        Parse<TestStage>(stage, "stage"), Parse<TestVerdict>(stage, "verdict"), Value<double>(stage, "milliseconds"), Value<string>(stage, "summary"), (string?)stage["cause"], (string?)stage["fix"])
    {
        Explanation = (string?)stage["explanation"],
        Evidence = stage["evidence"]?.DeepClone() as JsonObject ?? [],
    };

    private static T Parse<T>(JsonObject json, string name)
        where T : struct, Enum => Enum.Parse<T>(Value<string>(json, name), ignoreCase: true);

    private static T Value<T>(JsonObject json, string name) => json[name] is JsonValue value ? value.GetValue<T>() : throw new FormatException(name);

    private static string Camel<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());
}
