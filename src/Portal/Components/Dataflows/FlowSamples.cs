using System.Text.Json.Nodes;
using Portal.Api;
using Portal.Model.Dataflows;
using Portal.Model.Endpoints;
using Portal.Resources;

namespace Portal.Components.Dataflows;

/// <summary>Messages to try a dataflow with, in the form of the API, on a topic that the dataflow reads.</summary>
internal static class FlowSamples
{
    /// <summary>One sample.</summary>
    public sealed record Sample(string Words, string Text);

    public static IReadOnlyList<Sample> Of(Dataflow flow, DataflowEndpoint? source)
    {
        var isKafka = source?.Settings?.Wire is Wire.Kafka;
        var topic = TopicOf(flow.Source?.DataSources is [var first, ..] ? first : isKafka ? "line3-telemetry" : "line3/press-07/telemetry");
        JsonArray attributes = [Property("specversion", "1.0"), Property("type", "com.example.press.telemetry"), Property("source", "//line3/press-07"), Property("id", "a3c1-7f20-9be4")];
        if (isKafka)
            foreach (var attribute in attributes)
                attribute!["name"] = "ce_" + (string?)attribute["name"];
        return
        [
            Of(Text.Sample_Telemetry, topic, isKafka, [Property("unit", "degC")], Json()),
            Of(Text.Sample_CloudEvent, topic, isKafka, attributes, Json()),
            Of(Text.Sample_Text, topic, isKafka, [], new JsonObject { ["encoding"] = "text", ["value"] = "ready" }),
        ];
    }

    private static Sample Of(string words, string topic, bool isKafka, JsonArray properties, JsonObject payload)
    {
        var message = new JsonObject { ["topic"] = topic };
        if (isKafka)
            message["key"] = "press-07";
        else
            message["qos"] = 1;
        if (!isKafka && (string?)payload["encoding"] == "json")
        {
            message["topicAlias"] = 7;
            message["contentType"] = "application/json";
            message["messageExpiryInterval"] = 300;
        }
        message["properties"] = properties;
        message["payload"] = payload;
        return new Sample(words, message.ToJsonString(ApiJson.Indented));
    }

    private static JsonObject Json() => new()
    {
        ["encoding"] = "json",
        ["value"] = JsonNode.Parse("""{ "temperature": 71.4, "rpm": 1480, "state": "running" }"""),
    };

    private static JsonObject Property(string name, string value) => new() { ["name"] = name, ["value"] = value };

    private static string TopicOf(string filter) =>
        string.Join('/', filter.Split('/').Select(level => level switch { "+" => "press-07", "#" => "press-07", _ => level }));
}
