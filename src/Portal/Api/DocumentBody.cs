using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;
using Portal.Changes;
using Portal.Model;
using Portal.Model.Documents;
using Portal.Model.Validation;

namespace Portal.Api;

/// <summary>Reads a resource from the body of a request: JSON or YAML in the custom resource form.</summary>
internal static class DocumentBody
{
    public const int MostBytes = 1024 * 1024;

    /// <summary>The resource, or the answer that says what is wrong with it.</summary>
    public static async Task<(Resource? Resource, IResult? Problem)> ReadAsync(HttpRequest request, ResourceKind kind, string? name, CancellationToken cancellationToken)
    {
        if (await TextAsync(request, cancellationToken) is not { } text)
            return (null, Results.Problem(title: "The document is too large", detail: $"At most {MostBytes / 1024} KiB are taken.", statusCode: StatusCodes.Status413PayloadTooLarge));
        var read = Manifest.Read(text);
        if (read.Resource is null && JsonProblem(request, text) is { } notJson)
            return (null, ApiProblem.Invalid([notJson]));
        if (read.Resource is null)
            return (null, ApiProblem.Invalid([.. read.Findings, .. Rest(read)]));
        if (read.Resource.Kind != kind)
            return (null, ApiProblem.Invalid("kind", "kind", $"The document is a {read.Resource.Kind}, not a {kind}.", $"Write kind: {kind}."));
        if (name is not null && read.Resource.Name != name)
            return (null, ApiProblem.Invalid("metadata.name", "name-mismatch", $"The document is named '{read.Resource.Name}', the address says '{name}'.", $"Write name: {name}, or send it to the address of its name."));
        return (read.Resource, null);
    }

    /// <summary>Where a body that says to be JSON is none: the reader takes it for YAML then and would speak of that.</summary>
    private static Finding? JsonProblem(HttpRequest request, string text)
    {
        if (!request.HasJsonContentType() || !text.AsSpan().TrimStart().StartsWith("{"))
            return null;
        try
        {
            using var parsed = JsonDocument.Parse(text, new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
            return null;
        }
        catch (JsonException failure)
        {
            var (line, column) = ((int)(failure.LineNumber ?? 0) + 1, (int)(failure.BytePositionInLine ?? 0) + 1);
            return Finding.Error("json", "", $"The body is not JSON: it cannot be read at line {line}, column {column}.", "Correct the JSON there, or send YAML with Content-Type: application/yaml.") with { Line = line, Column = column };
        }
    }

    /// <summary>What is wrong with the values of a document whose shape is wrong elsewhere, so that nobody mends it one problem at a time.</summary>
    private static IEnumerable<Finding> Rest(ReadResult read) => read.Partial is { } partial
        ? ResourceValidation.Errors(partial).Where(error => !read.Findings.Any(finding => finding.Path == error.Path))
        : [];

    /// <summary>The body as text; null when it is too large.</summary>
    public static async Task<string?> TextAsync(HttpRequest request, CancellationToken cancellationToken, int most = MostBytes)
    {
        if (request.ContentLength > most)
            return null;
        using var buffer = new FileBufferingReadStream(request.Body, most, most, Path.GetTempPath);
        try
        {
            using var reader = new StreamReader(buffer, Encoding.UTF8);
            return await reader.ReadToEndAsync(cancellationToken);
        }
        catch (IOException) when (buffer.Length >= most)
        {
            return null;
        }
    }

    /// <summary>The format that a request asks for, by <c>?format=</c> or Accept; null when the format is not known.</summary>
    public static DocumentFormat? Format(HttpRequest request)
    {
        var asked = request.Query["format"].ToString();
        if (asked.Length > 0)
            return Enum.TryParse<DocumentFormat>(asked, ignoreCase: true, out var format) && Enum.IsDefined(format) ? format : null;
        return request.Headers.Accept.ToString().Contains("yaml", StringComparison.OrdinalIgnoreCase) ? DocumentFormat.Yaml : DocumentFormat.Json;
    }

    /// <summary>Media type of a format.</summary>
    public static string MediaType(DocumentFormat format) => format switch
    {
        DocumentFormat.Yaml => "application/yaml",
        DocumentFormat.Json or DocumentFormat.Arm => "application/json",
        _ => "text/plain; charset=utf-8",
    };
}
