using System.Globalization;
using System.Text.Json.Nodes;
using Portal.Messaging.Preview;
using Portal.Model;
using Portal.Model.Endpoints;
using Portal.Model.Ports;

namespace Portal.Api;

/// <summary><c>GET /api/v1/endpoints/{name}/messages</c>: live traffic as server-sent events.</summary>
internal static class MessagesApi
{
    private const int MostAtOnce = 500;

    public static void Map(RouteGroupBuilder api) =>
        api.MapGet("/endpoints/{name}/messages", StreamAsync).WithTags("Messages").WithName("StreamMessages")
            .WithSummary("Messages of ?topic= as server-sent events: 'status' when the state changes, 'lost' when the reader was too slow, else one message.")
            .WithQuery(
                ("topic", "MQTT topic filter or Kafka topic."), ("filter", "As on the page, for example topic:line3/# and not text:\"heartbeat\"."),
                ("start", "Kafka: now, beginning, time or offset."), ("from", "Kafka, with start=time: an ISO 8601 time."), ("offset", "Kafka, with start=offset: a number."))
            .Produces(200, contentType: "text/event-stream").ProducesProblem(400).ProducesProblem(404);

    private static async Task<IResult> StreamAsync(string name, HttpContext context, IResourceStore store, IPreviewService previews)
    {
        if (await store.FindAsync(ResourceKind.DataflowEndpoint, name, context.RequestAborted) is not { Value: DataflowEndpoint endpoint })
            return ApiProblem.NotFound(nameof(ResourceKind.DataflowEndpoint), name);
        if (endpoint.IsReadOnly)
            return ApiProblem.Invalid("spec.endpointType", "read-only-type", $"Live traffic reads Kafka and MQTT, not {endpoint.EndpointType}.");
        if (Request(endpoint, context.Request.Query, out var request, out var filter) is { } problem)
            return problem;
        context.Response.ContentType = "text/event-stream";
        context.Response.Headers.CacheControl = "no-cache";
        await using var preview = previews.Open(request!);
        try
        {
            await SendAsync(preview, filter, context.Response, context.RequestAborted);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The reader of the stream went away; that is how such a stream ends.
        }
        return Results.Empty;
    }

    private static async Task SendAsync(IPreview preview, Func<PreviewMessage, bool>? filter, HttpResponse response, CancellationToken cancellation)
    {
        var sequence = 0L;
        string? said = null;
        while (preview.Status.State is not PreviewState.Closed)
        {
            var change = preview.WaitForChangeAsync(cancellation);
            var status = Status(preview.Status);
            if (status != said)
                await response.WriteAsync($"event: status\ndata: {said = status}\n\n", cancellation);
            var (messages, lost) = preview.After(sequence, MostAtOnce);
            if (lost > 0)
                await response.WriteAsync(string.Create(CultureInfo.InvariantCulture, $"event: lost\ndata: {lost}\n\n"), cancellation);
            foreach (var message in messages.Where(message => filter is null || filter(message)))
                await response.WriteAsync($"id: {message.Sequence}\ndata: {MessageJson.ToText(message)}\n\n", cancellation);
            await response.Body.FlushAsync(cancellation);
            if (messages.Count > 0)
                sequence = messages[^1].Sequence;
            else
                await change;
        }
    }

    private static string Status(PreviewStatus status) => new JsonObject
    {
        ["state"] = status.State.ToString().ToLowerInvariant(),
        ["cause"] = status.Cause,
        ["explanation"] = status.Explanation,
        ["fix"] = status.Fix,
    }.ToJsonString(ApiJson.Compact);

    private static IResult? Request(DataflowEndpoint endpoint, IQueryCollection query, out PreviewRequest? request, out Func<PreviewMessage, bool>? filter)
    {
        request = null;
        filter = null;
        if (query["topic"].ToString() is not { Length: > 0 } topic)
            return ApiProblem.Invalid("topic", "required", "The topic is missing.", endpoint.Mqtt is null ? "Add for example topic=plant-events." : "Add for example topic=line3/%23.");
        if (query["filter"].ToString() is { Length: > 0 } text)
        {
            var parsed = MessageFilter.Parse(text);
            if (parsed.Error is { } error)
                return ApiProblem.Invalid("filter", "filter", error.Message, "Write for example text:heartbeat.");
            filter = parsed.Predicate;
        }
        var start = query["start"].ToString() is { Length: > 0 } asked ? asked : nameof(PreviewStart.Now);
        if (!Enum.TryParse<PreviewStart>(start, ignoreCase: true, out var parsedStart) || !Enum.IsDefined(parsedStart))
            return ApiProblem.Invalid("start", "start", $"start is '{start}'.", "Write now, beginning, time or offset.");
        request = new PreviewRequest(endpoint, topic) { Start = parsedStart };
        return parsedStart switch
        {
            PreviewStart.Time => DateTimeOffset.TryParse(query["from"], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var from)
                ? Set(ref request, request with { From = from })
                : ApiProblem.Invalid("from", "time", "from is not a time.", "Write for example from=2026-11-23T08:00:00Z."),
            PreviewStart.Offset => long.TryParse(query["offset"], NumberStyles.None, CultureInfo.InvariantCulture, out var offset)
                ? Set(ref request, request with { Offset = offset })
                : ApiProblem.Invalid("offset", "offset", "offset is not a number.", "Write for example offset=0."),
            _ => null,
        };

        static IResult? Set(ref PreviewRequest? target, PreviewRequest value)
        {
            target = value;
            return null;
        }
    }
}
