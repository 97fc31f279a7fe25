using System.Text.Json.Nodes;

namespace Portal.KubernetesServer;

/// <summary>One cause of a Status.</summary>
internal sealed record Cause(string Reason, string Field, string Message)
{
    public static Cause Required(string field, string more = "") => new("FieldValueRequired", field, more.Length == 0 ? "Required value" : $"Required value: {more}");

    public static Cause Invalid(string field, string value, string why) => new("FieldValueInvalid", field, $"Invalid value: {value}: {why}");

    public static Cause Forbidden(string field, string why) => new("FieldValueForbidden", field, $"Forbidden: {why}");

    public static Cause Unsupported(string field, string value, IEnumerable<string> supported)
        => new("FieldValueNotSupported", field, $"Unsupported value: {value}: supported values: {string.Join(", ", supported.Select(Json.Quoted))}");

    public static Cause TooLong(string field, int most) => new("FieldValueTooLong", field, $"Too long: may not be more than {most} bytes");

    public override string ToString() => $"{Field}: {Message}";
}

/// <summary>A request that is answered with a Status (or, for paths that lead nowhere, with plain text).</summary>
internal sealed class ApiFault(int code, JsonObject? status) : Exception(status?.At("message") ?? "404 page not found")
{
    public int Code => code;

    /// <summary>The Status; null = plain text.</summary>
    public JsonObject? Status => status;

    public int? RetryAfter { get; init; }

    public static ApiFault NoSuchPath => new(404, null);

    public static ApiFault Of(int code, string? reason, string message, JsonObject? details = null)
    {
        var status = Failure(message);
        if (reason is not null)
            status["reason"] = reason;
        if (details is not null)
            status["details"] = details;
        status["code"] = code;
        return new ApiFault(code, status);
    }

    public static ApiFault BadRequest(string message) => Of(400, "BadRequest", message);

    public static ApiFault Internal(string message) => Of(500, null, message);

    public static ApiFault MediaType(string accepted) => Of(
        415, "UnsupportedMediaType", $"the body of the request was in an unknown format - accepted media types include: {accepted}");

    public static ApiFault NotFound(ResourceType type, string name) => Of(404, "NotFound", $"{type.Qualified} {Json.Quoted(name)} not found", Details(name, type.Group, type.Plural));

    public static ApiFault AlreadyExists(ResourceType type, string name, bool isGoing) => Of(
        409, "AlreadyExists", $"{(isGoing ? "object is being deleted: " : "")}{type.Qualified} {Json.Quoted(name)} already exists", Details(name, type.Group, type.Plural));

    public static ApiFault Conflict(ResourceType type, string name, string why = "the object has been modified; please apply your changes to the latest version and try again", bool byKind = false)
        => Of(
            409, "Conflict", $"Operation cannot be fulfilled on {(byKind ? type.QualifiedKind : type.Qualified)} {Json.Quoted(name)}: {why}",
            Details(name, type.Group, byKind ? type.Kind : type.Plural));

    public static ApiFault Invalid(string group, string kind, string name, params IReadOnlyList<Cause> causes)
    {
        var list = causes.Select(cause => cause.ToString()).Distinct().ToList();
        var message = $"{(group.Length == 0 ? kind : $"{kind}.{group}")} {Json.Quoted(name)} is invalid: {(list.Count == 1 ? list[0] : $"[{string.Join(", ", list)}]")}";
        var details = Details(name, group, kind);
        details["causes"] = Causes(causes);
        return Of(422, "Invalid", message, details);
    }

    public static JsonArray Causes(IEnumerable<Cause> causes) => [.. causes.Select(cause => new JsonObject { ["reason"] = cause.Reason, ["message"] = cause.Message, ["field"] = cause.Field })];

    public static JsonObject Details(string name, string group, string kind)
    {
        var details = new JsonObject();
        foreach (var (member, value) in new[] { ("name", name), ("group", group), ("kind", kind) })
            if (value.Length > 0)
                details[member] = value;
        return details;
    }

    private static JsonObject Failure(string message) => new() { ["kind"] = "Status", ["apiVersion"] = "v1", ["metadata"] = new JsonObject(), ["status"] = "Failure", ["message"] = message };
}
