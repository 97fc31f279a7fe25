using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Portal.Model.Documents;

namespace Portal.KubernetesServer;

/// <summary>The form of an answer that a client asks for.</summary>
internal enum Form { Whole, Table, Metadata }

/// <summary>Writes answers in the form and media type that Accept names.</summary>
internal static class Answers
{
    public static (Form Form, bool IsYaml) Accepted(HttpContext http)
    {
        var accept = http.Request.Headers.Accept.ToString();
        if (accept.Length == 0)
            return (Form.Whole, false);
        foreach (var entry in accept.Split(',', StringSplitOptions.TrimEntries))
        {
            var parts = entry.Split(';', StringSplitOptions.TrimEntries);
            var form = parts.FirstOrDefault(part => part.StartsWith("as=", StringComparison.Ordinal)) switch
            {
                "as=Table" => Form.Table,
                "as=PartialObjectMetadata" or "as=PartialObjectMetadataList" => Form.Metadata,
                _ => Form.Whole,
            };
            if (parts[0] is "application/json" or "*/*" or "application/*")
                return (form, false);
            if (parts[0] == "application/yaml")
                return (form, true);
        }
        throw ApiFault.Of(406, "NotAcceptable", "only the following media types are accepted: application/json, application/yaml, application/vnd.kubernetes.protobuf");
    }

    public static Task JsonAsync(HttpContext http, int code, JsonNode body)
    {
        var isYaml = code < 400 && http.Request.Headers.Accept.ToString().StartsWith("application/yaml", StringComparison.Ordinal);
        http.Response.StatusCode = code;
        http.Response.ContentType = isYaml ? "application/yaml" : "application/json";
        http.Response.Headers.CacheControl = "no-cache, private";
        return http.Response.WriteAsync(isYaml ? Yaml.Write(body.AsObject()) : Json.Text(body, http.Request.Query["pretty"] == "true") + "\n", Encoding.UTF8, http.RequestAborted);
    }

    public static Task TextAsync(HttpContext http, int code, string text)
    {
        http.Response.StatusCode = code;
        http.Response.ContentType = "text/plain; charset=utf-8";
        return http.Response.WriteAsync(text, http.RequestAborted);
    }

    public static Task FaultAsync(HttpContext http, ApiFault fault)
    {
        if (fault.Status is not { } status)
            return TextAsync(http, fault.Code, "404 page not found\n");
        if (fault.RetryAfter is { } seconds)
            http.Response.Headers.RetryAfter = seconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
        return JsonAsync(http, fault.Code, status);
    }
}
