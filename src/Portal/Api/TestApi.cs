using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Portal.Changes;
using Portal.Messaging.Probes;
using Portal.Model;
using Portal.Model.Endpoints;
using Portal.Model.Ports;

namespace Portal.Api;

/// <summary><c>POST .../test</c>: the report of a connection test, or its stages one line each as they end.</summary>
internal static class TestApi
{
    private const string NdJson = "application/x-ndjson";
    private const int MostSeconds = 300;

    private static readonly byte[] NewLine = [(byte)'\n'];

    private static readonly (string, string)[] Query =
    [
        ("topic", "Topic that is looked up too, and read or written when asked."),
        ("read", "true: whether the topic may be read."),
        ("write", "true: whether the topic may be written; sends one message."),
        ("roundTrip", "true: sends one message and waits until it comes back."),
        ("timeLimitSeconds", "Longest time of the whole test, above 0 and at most 300; 15 by default."),
        ("flowHost", "Ordinal of the flow host to test from; this portal by default."),
        ("full", "true: summary and explanation apart, as a portal reads the report of a flow host."),
    ];

    public static void Map(RouteGroupBuilder api)
    {
        api.MapPost("/endpoints/{name}/test", TestStoredAsync).WithTags("Test").WithName("TestEndpoint")
            .WithSummary("Tests a stored endpoint. Accept application/x-ndjson streams the stages, then the report.").WithQuery(Query).Produces<object>().ProducesProblem(404).ProducesProblem(429);
        api.MapPost("/test", TestDocumentAsync).WithTags("Test").WithName("TestDocument")
            .WithSummary("Tests the endpoint in the body, which need not be stored.").WithBody("application/json", "application/yaml").WithQuery(Query).Produces<object>().ProducesProblem(400).ProducesProblem(429);
    }

    private static async Task<IResult> TestStoredAsync(string name, HttpContext context, IResourceStore store, ConnectionTests tests)
    {
        if (await store.FindAsync(ResourceKind.DataflowEndpoint, name, context.RequestAborted) is not { Value: DataflowEndpoint endpoint })
            return ApiProblem.NotFound(nameof(ResourceKind.DataflowEndpoint), name);
        return await AnswerAsync(endpoint, context, tests);
    }

    private static async Task<IResult> TestDocumentAsync(HttpContext context, ConnectionTests tests)
    {
        var (resource, problem) = await DocumentBody.ReadAsync(context.Request, ResourceKind.DataflowEndpoint, null, context.RequestAborted);
        return problem ?? await AnswerAsync((DataflowEndpoint)resource!, context, tests);
    }

    private static async Task<IResult> AnswerAsync(DataflowEndpoint endpoint, HttpContext context, ConnectionTests tests)
    {
        if (Request(endpoint, context.Request.Query, tests, out var request) is { } problem)
            return problem;
        var isFull = Flag(context.Request.Query, "full");
        if (context.Request.Headers.Accept.ToString().Contains(NdJson, StringComparison.OrdinalIgnoreCase))
            return await StreamAsync(request, isFull, context, tests);
        var report = await tests.RunAsync(request, null, context.RequestAborted);
        return TooMany(report, context) ?? Results.Text(Json(report, isFull).ToJsonString(ApiJson.Indented), "application/json");
    }

    /// <summary>The stream begins with the first stage, so that a test that may not start is still answered as such.</summary>
    private static async Task<IResult> StreamAsync(TestRequest request, bool isFull, HttpContext context, ConnectionTests tests)
    {
        var lines = Channel.CreateUnbounded<JsonObject>();
        var run = RunAsync();
        await lines.Reader.WaitToReadAsync(context.RequestAborted);
        if (run.IsCompleted && TooMany(await run, context) is { } refused)
            return refused;
        return Results.Stream(WriteAsync, NdJson);

        async Task<TestReport> RunAsync()
        {
            try
            {
                var report = await tests.RunAsync(request, stage => lines.Writer.TryWrite(isFull ? TestReportJson.ToFull(stage) : TestReportJson.ToJson(stage)), context.RequestAborted);
                lines.Writer.TryWrite(Json(report, isFull));
                return report;
            }
            finally
            {
                lines.Writer.Complete();
            }
        }

        async Task WriteAsync(Stream stream)
        {
            await foreach (var line in lines.Reader.ReadAllAsync(context.RequestAborted))
            {
                await JsonSerializer.SerializeAsync(stream, line, ApiJson.Compact, context.RequestAborted);
                await stream.WriteAsync(NewLine, context.RequestAborted);
                await stream.FlushAsync(context.RequestAborted);
            }
            await run;
        }
    }

    private static JsonObject Json(TestReport report, bool isFull) => isFull ? TestReportJson.ToFull(report) : TestReportJson.ToJson(report);

    private static IResult? TooMany(TestReport report, HttpContext context)
    {
        if (report.RetryAfter is not { } wait)
            return null;
        context.Response.Headers.RetryAfter = ((int)wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        return Results.Problem(
            title: "Too many tests", detail: $"{report.FailedStage?.Explanation} {report.FailedStage?.Fix}", statusCode: StatusCodes.Status429TooManyRequests);
    }

    private static IResult? Request(DataflowEndpoint endpoint, IQueryCollection query, ConnectionTests tests, out TestRequest request)
    {
        request = new TestRequest(endpoint) { Topic = query["topic"].ToString() is { Length: > 0 } topic ? topic : null };
        foreach (var name in new[] { "read", "write", "roundTrip", "full" })
            if (query[name].ToString() is { Length: > 0 } text && !bool.TryParse(text, out _))
                return ApiProblem.Invalid(name, "not-a-switch", $"{name} is '{text}'.", "Write true or false.");
        request = request with { Read = Flag(query, "read"), Write = Flag(query, "write"), RoundTrip = Flag(query, "roundTrip") };
        if (request.Topic is null && (request.Read || request.Write || request.RoundTrip))
            return ApiProblem.Invalid("topic", "required", "read, write and roundTrip need a topic.", "Add for example topic=line3/test.");
        if (query["flowHost"].ToString() is { Length: > 0 } host)
        {
            if (!int.TryParse(host, NumberStyles.None, CultureInfo.InvariantCulture, out var ordinal) || tests.FlowHosts.All(one => one.FlowHost != ordinal))
                return ApiProblem.Invalid("flowHost", "no-such-flow-host", $"There is no flow host '{host}'.", tests.FlowHosts.Count == 0 ? "Leave it out: this portal knows no flow hosts." : $"Write 0 to {tests.FlowHosts.Count - 1}.");
            request = request with { FlowHost = ordinal };
        }
        if (query["timeLimitSeconds"].ToString() is { Length: > 0 } seconds)
        {
            if (!double.TryParse(seconds, CultureInfo.InvariantCulture, out var limit) || limit is not (> 0 and <= MostSeconds))
                return ApiProblem.Invalid("timeLimitSeconds", "out-of-range", $"timeLimitSeconds is '{seconds}'.", $"Write a number above 0, at most {MostSeconds}.");
            request = request with { TimeLimit = TimeSpan.FromSeconds(limit) };
        }
        return null;
    }

    private static bool Flag(IQueryCollection query, string name) => bool.TryParse(query[name], out var value) && value;
}
