using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Portal.Messaging;
using Portal.Messaging.Flows;
using Portal.Messaging.Preview;
using Portal.Model;
using Portal.Model.Dataflows;
using Portal.Model.Documents;
using Portal.Model.Endpoints;
using Portal.Model.Ports;
using Portal.Model.Validation;

namespace Portal.Api;

/// <summary><c>POST /api/v1/translate</c>: what a dataflow makes of a message, with the rule for every property. Nothing is sent.</summary>
internal static class TranslateApi
{
    private const int MostPartitions = 100_000;

    public static void Map(RouteGroupBuilder api) =>
        api.MapPost("/translate", TranslateAsync).WithTags("Dataflows").WithName("Translate")
            .WithSummary("Translates { message, dataflow, receivedAt, now, partitions } without sending it; dataflow is the name of a stored one or a document.")
            .WithBody("application/json").Produces<object>().ProducesProblem(400);

    private static async Task<IResult> TranslateAsync(HttpContext context, IResourceStore store, TimeProvider clock)
    {
        if (await BodyAsync(context.Request, context.RequestAborted) is not { } body)
            return ApiProblem.Invalid("", "json", "The body is no JSON object of at most 1 MiB.", "Send { \"message\": { \"topic\": ... }, \"dataflow\": \"name\" }.");
        var findings = new List<Finding>();
        var listing = await store.ListAsync(context.RequestAborted);
        if (DataflowOf(body["dataflow"], listing, findings) is not { } dataflow)
            return ApiProblem.Invalid(findings);
        var endpoints = listing.Of(ResourceKind.DataflowEndpoint).Select(stored => (DataflowEndpoint)stored.Value).ToList();
        var profiles = listing.Of(ResourceKind.DataflowProfile).Select(stored => (DataflowProfile)stored.Value);
        findings.AddRange(DataflowValidator.Validate(dataflow, endpoints, profiles).Where(finding => finding.Severity is Severity.Error).Select(finding => finding with { Path = "dataflow." + finding.Path }));
        if (findings.Count > 0)
            return ApiProblem.Invalid(findings);
        if (Endpoint(dataflow.Destination!.EndpointRef) is { Settings: null } other)
            return ApiProblem.Invalid("dataflow", "destination-type", $"'{other.Name}' is of type {other.EndpointType}, which this portal does not write to.", "Choose an MQTT or Kafka endpoint.");
        var plan = FlowPlan.Create(dataflow, Endpoint(dataflow.Source!.EndpointRef), Endpoint(dataflow.Destination.EndpointRef), 0);
        var now = Time(body, "now", findings) ?? clock.GetUtcNow();
        var receivedAt = Time(body, "receivedAt", findings) ?? now;
        var partitions = Partitions(body, findings);
        var message = body["message"] is JsonObject sample
            ? SampleMessage.Read(sample, plan.Source.Wire, receivedAt, "message", findings)
            : Missing(findings);
        if (message is null || findings.Count > 0)
            return ApiProblem.Invalid(findings);
        return Results.Text(Answer(new MessageTranslator(plan).Explain(message, receivedAt, now, partitions), receivedAt), "application/json");

        DataflowEndpoint Endpoint(string? name) => endpoints.First(endpoint => endpoint.Name == name);
    }

    private static async Task<JsonObject?> BodyAsync(HttpRequest request, CancellationToken cancellation)
    {
        if (await DocumentBody.TextAsync(request, cancellation) is not { } text)
            return null;
        try
        {
            return JsonNode.Parse(text) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static Dataflow? DataflowOf(JsonNode? node, StoreListing listing, List<Finding> findings)
    {
        switch (node)
        {
            case JsonObject document:
                var read = ResourceJson.Read(document);
                findings.AddRange(read.Findings.Select(finding => finding with { Path = "dataflow." + finding.Path }));
                if (read.Resource is null or Dataflow)
                    return read.Resource as Dataflow;
                findings.Add(Finding.Error("kind", "dataflow.kind", $"The document is a {read.Resource.Kind}, not a Dataflow.", "Write kind: Dataflow."));
                return null;
            case JsonValue value when value.TryGetValue(out string? name):
                if (listing.Of(ResourceKind.Dataflow).FirstOrDefault(stored => stored.Value.Name == name)?.Value is Dataflow dataflow)
                    return dataflow;
                findings.Add(Finding.Error("dataflow-missing", "dataflow", $"There is no dataflow named '{name}'.", "Write the name of a stored dataflow, or the document itself."));
                return null;
            default:
                findings.Add(Finding.Error("required", "dataflow", "The body names no dataflow.", "Write the name of a stored dataflow, or the document itself."));
                return null;
        }
    }

    private static Message? Missing(List<Finding> findings)
    {
        findings.Add(Finding.Error("required", "message", "The body holds no message.", "Write for example \"message\": { \"topic\": \"line3/press-07/telemetry\", \"payload\": { \"encoding\": \"json\", \"value\": {} } }."));
        return null;
    }

    private static DateTimeOffset? Time(JsonObject body, string member, List<Finding> findings)
    {
        if (body[member] is not { } node)
            return null;
        if (node is JsonValue value && value.TryGetValue(out DateTimeOffset time))
            return time;
        findings.Add(Finding.Error("not-a-time", member, $"{member} is no time.", "Write for example 2026-11-22T14:02:51.204Z."));
        return null;
    }

    private static int? Partitions(JsonObject body, List<Finding> findings)
    {
        if (body["partitions"] is not { } node)
            return null;
        if (node is JsonValue value && value.TryGetValue(out int count) && count is > 0 and <= MostPartitions)
            return count;
        findings.Add(Finding.Error("out-of-range", "partitions", "partitions is no number of partitions.", $"Write a whole number from 1 to {MostPartitions}."));
        return null;
    }

    private static string Answer(Explanation explanation, DateTimeOffset time)
    {
        var result = explanation.Result;
        var into = new ArrayBufferWriter<byte>(1024);
        using (var writer = new Utf8JsonWriter(into, new JsonWriterOptions { Encoder = ApiJson.Compact.Encoder, Indented = true }))
        {
            writer.WriteStartObject();
            writer.WriteString("outcome", result.Message is null ? "dropped" : "translated");
            writer.WritePropertyName("message");
            if (result.Message is { } message)
                MessageJson.Write(writer, new PreviewMessage(0, time, message) { PayloadSize = message.Payload.Length });
            else
                writer.WriteNullValue();
            writer.WriteString("drop", result.Drop is { } drop ? Camel(drop.ToString()) : null);
            writer.WriteString("why", result.Why);
            writer.WriteStartObject("headersDropped");
            foreach (var reason in Enum.GetValues<HeaderDropReason>().Where(reason => result.Headers[reason] > 0))
                writer.WriteNumber(Kebab(reason), result.Headers[reason]);
            writer.WriteEndObject();
            writer.WriteStartArray("properties");
            foreach (var step in explanation.Steps)
                Write(writer, step);
            writer.WriteEndArray();
            writer.WriteEndObject();
        }
        return Encoding.UTF8.GetString(into.WrittenSpan);
    }

    private static void Write(Utf8JsonWriter writer, TranslationStep step)
    {
        writer.WriteStartObject();
        writer.WriteString("change", Camel(step.Change.ToString()));
        foreach (var (member, property) in new[] { ("input", step.Input), ("output", step.Output) })
        {
            writer.WritePropertyName(member);
            if (property is null)
            {
                writer.WriteNullValue();
                continue;
            }
            writer.WriteStartObject();
            writer.WriteString("name", property.Name);
            writer.WriteString("value", property.Text);
            writer.WriteBoolean("header", property.IsHeader);
            writer.WriteEndObject();
        }
        writer.WriteString("rule", step.Rule);
        writer.WriteString("counted", step.Counted is { } reason ? Kebab(reason) : null);
        writer.WriteEndObject();
    }

    private static string Kebab(HeaderDropReason reason) => JsonNamingPolicy.KebabCaseLower.ConvertName(reason.ToString());

    private static string Camel(string name) => JsonNamingPolicy.CamelCase.ConvertName(name);
}
