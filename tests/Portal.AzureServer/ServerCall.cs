using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Portal.AzureServer;

/// <summary>One request as it came in.</summary>
public sealed record ServerCall(string Method, string Host, string Path, IQueryCollection Query, IHeaderDictionary Headers, string Body)
{
    public string? this[string query] => Query.TryGetValue(query, out var value) ? value.ToString() : null;

    public string? Header(string name) => Headers.TryGetValue(name, out var value) ? value.ToString() : null;

    /// <summary>The body as an object; null when it is none.</summary>
    public JsonObject? Json
    {
        get
        {
            try
            {
                return Body.Length == 0 ? null : JsonNode.Parse(Body) as JsonObject;
            }
            catch (JsonException)
            {
                return null;
            }
        }
    }

    internal static async Task<ServerCall> ReadAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        var body = await reader.ReadToEndAsync(context.RequestAborted);
        var headers = new HeaderDictionary(context.Request.Headers.ToDictionary(header => header.Key, header => header.Value, StringComparer.OrdinalIgnoreCase));
        return new ServerCall(context.Request.Method, context.Request.Host.Host, context.Request.Path.Value ?? "/", context.Request.Query, headers, body);
    }
}

/// <summary>One answer.</summary>
public sealed record Reply(int Status, JsonNode? Body = null)
{
    public Dictionary<string, string> Headers { get; init; } = [];

    /// <summary>The error body of ARM and Key Vault.</summary>
    public static Reply Error(int status, string code, string message, string? target = null, params JsonObject[] details) =>
        new(status, new JsonObject { ["error"] = ErrorOf(code, message, target, details) });

    public static JsonObject ErrorOf(string code, string message, string? target = null, params JsonObject[] details)
    {
        var error = new JsonObject { ["code"] = code, ["message"] = message };
        if (target is not null)
            error["target"] = target;
        if (details.Length > 0)
            error["details"] = new JsonArray([.. details]);
        return error;
    }

    public Reply With(string header, string value) => this with { Headers = new(Headers) { [header] = value } };

    internal async Task WriteAsync(HttpContext context)
    {
        context.Response.StatusCode = Status;
        foreach (var (name, value) in Headers)
            context.Response.Headers[name] = value;
        if (Body is null)
            return;
        context.Response.ContentType = "application/json; charset=utf-8";
        await context.Response.WriteAsync(Body.ToJsonString(), context.RequestAborted);
    }
}

/// <summary>A request that was answered; <paramref name="Status"/> is null where the connection was cut before.</summary>
public sealed record LoggedCall(ServerCall Call, int? Status, long Timestamp)
{
    public override string ToString() => $"{Call.Method} {Call.Path} {Status}";
}

/// <summary>What was asked.</summary>
public sealed class RequestLog
{
    private readonly ConcurrentQueue<LoggedCall> calls = new();

    public IReadOnlyList<LoggedCall> All => [.. calls];

    public IReadOnlyList<LoggedCall> Of(string method, string pathPart) =>
        [.. calls.Where(one => one.Call.Method == method && one.Call.Path.Contains(pathPart, StringComparison.OrdinalIgnoreCase))];

    public void Clear() => calls.Clear();

    internal void Add(ServerCall call, int? status) => calls.Enqueue(new LoggedCall(call, status, TimeProvider.System.GetTimestamp()));
}
