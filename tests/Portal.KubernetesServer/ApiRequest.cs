using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Portal.Model.Documents;

namespace Portal.KubernetesServer;

/// <summary>A request to a resource: who, what, and the body.</summary>
internal sealed class ApiRequest(HttpContext http, string user)
{
    private byte[]? body;

    public HttpContext Http => http;

    public string User => user;

    public string Group { get; private init; } = "";

    public string Version { get; private init; } = "";

    public string? Namespace { get; private init; }

    public string Plural { get; private init; } = "";

    public string? Name { get; private init; }

    public string Subresource { get; private init; } = "";

    public bool IsWatch { get; private init; }

    public string Verb { get; private init; } = "";

    /// <summary>The kind; set once it is known that there is one.</summary>
    public ResourceType Type { get; set; } = null!;

    public string ApiVersion => Type.ApiVersion(Version);

    public bool IsDryRun => Query("dryRun") == "All";

    public string Manager => Query("fieldManager") is { Length: > 0 } manager ? manager : http.Request.Headers.UserAgent.ToString().Split('/')[0];

    public static ApiRequest? Of(HttpContext http, string user)
    {
        var parts = http.Request.Path.Value!.Trim('/').Split('/');
        var (group, version, rest) = parts switch
        {
            ["api", var v, .. var more] => ("", v, more),
            ["apis", var g, var v, .. var more] => (g, v, more),
            _ => ("", "", Array.Empty<string>()),
        };
        var isOldWatch = rest is ["watch", ..];
        if (isOldWatch)
            rest = rest[1..];
        // A namespace is itself an object; what follows its name is in it.
        string? @namespace = null;
        if (rest is ["namespaces", var name, _, ..] && rest[2] is not ("status" or "finalize"))
            (@namespace, rest) = (name, rest[2..]);
        if (rest.Length is 0 or > 3)
            return null;
        var isWatch = rest.Length == 1 && (isOldWatch || http.Request.Query["watch"] == "true" || http.Request.Query["watch"] == "1");
        return new ApiRequest(http, user)
        {
            Group = group,
            Version = version,
            Namespace = @namespace,
            Plural = rest[0],
            Name = rest.Length > 1 ? rest[1] : null,
            Subresource = rest.Length > 2 ? rest[2] : "",
            IsWatch = isWatch && http.Request.Method == "GET",
            Verb = http.Request.Method switch
            {
                "POST" => "create",
                "PUT" => "update",
                "PATCH" => "patch",
                "DELETE" => rest.Length > 1 ? "delete" : "deletecollection",
                _ => rest.Length > 1 ? "get" : isWatch ? "watch" : "list",
            },
        };
    }

    public string? Query(string name) => http.Request.Query.TryGetValue(name, out var value) ? value.ToString() : null;

    public long? Number(string name)
    {
        if (Query(name) is not { Length: > 0 } text)
            return null;
        return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw ApiFault.BadRequest($"strconv.ParseInt: parsing {Json.Quoted(text)}: invalid syntax");
    }

    /// <summary>A resourceVersion of the query; null = none given.</summary>
    public long? Revision()
    {
        if (Query("resourceVersion") is not { Length: > 0 } text)
            return null;
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw ApiFault.Internal($"resourceVersion: Invalid value: {Json.Quoted(text)}: strconv.ParseUint: parsing {Json.Quoted(text)}: invalid syntax");
    }

    public void Warn(string text) => http.Response.Headers.Append("Warning", $"299 - {Json.Quoted(text)}");

    public async Task<byte[]> BodyAsync()
    {
        if (body is null)
        {
            using var buffer = new MemoryStream();
            await http.Request.Body.CopyToAsync(buffer, http.RequestAborted);
            body = buffer.ToArray();
        }
        return body;
    }

    /// <summary>The object of a create or replace.</summary>
    public async Task<(JsonObject Document, List<string> Duplicates)> DocumentAsync()
    {
        var bytes = await BodyAsync();
        var media = http.Request.ContentType?.Split(';')[0].Trim() ?? "application/json";
        var duplicates = new List<string>();
        JsonNode? node;
        switch (media)
        {
            case "application/json":
                try
                {
                    node = Json.Parse(bytes, duplicates);
                }
                catch (JsonException)
                {
                    throw Unrecognized("couldn't get version/kind; json parse error: unexpected end of JSON input", bytes);
                }
                break;
            case "application/yaml":
                node = Yaml.Read(Encoding.UTF8.GetString(bytes)) is { Documents: [var document], Findings.Count: 0 } ? document.Root : null;
                break;
            default:
                throw ApiFault.MediaType("application/json, application/yaml, application/vnd.kubernetes.protobuf");
        }
        if (node is not JsonObject root || root.At("kind") is null)
            throw Unrecognized($"Object 'Kind' is missing in '{Encoding.UTF8.GetString(bytes)}'", bytes);
        if (root.At("apiVersion") != ApiVersion)
            throw ApiFault.BadRequest($"the API version in the data ({root.At("apiVersion")}) does not match the expected API version ({ApiVersion})");
        return (root, duplicates);
    }

    private ApiFault Unrecognized(string why, byte[] bytes)
    {
        var text = Encoding.UTF8.GetString(bytes);
        var shown = text.Length == 0 ? "<empty>" : text.Length > 30 ? text[..30] + " ..." : text;
        return ApiFault.BadRequest($"the object provided is unrecognized (must be of type {Type.Kind}): {why} ({shown})");
    }
}
