using System.Text.Json.Nodes;
using Portal.Changes;
using Portal.Model.Documents;
using Portal.Model.Documents.Import;
using Portal.Model.Validation;

namespace Portal.Api;

/// <summary><c>POST /api/v1/import</c>: text in any of the formats gives findings and normalised documents, and saves them when asked to.</summary>
internal static class ImportApi
{
    /// <summary>Bytes of a text with as many characters as are read, were each of them two.</summary>
    private const int MostBytes = 20 * 1024 * 1024;

    public static void Map(RouteGroupBuilder api) =>
        api.MapPost("/import", ImportAsync).WithTags("Import and export").WithName("Import")
            .WithSummary("Reads YAML, JSON, Bicep or ARM JSON; the format is detected. ?apply=true saves each document that is new or differs, whole or not at all; &secrets=true puts the values of Kubernetes secrets into the vault too.")
            .WithBody("text/plain").Produces<object>().ProducesProblem(400).ProducesProblem(413).ProducesProblem(422);

    private static async Task<IResult> ImportAsync(HttpContext context, Imports imports)
    {
        var cancellation = context.RequestAborted;
        foreach (var flag in new[] { "apply", "secrets" })
            if (context.Request.Query[flag].ToString() is { Length: > 0 } text && !bool.TryParse(text, out _))
                return ApiProblem.Invalid(flag, "not-a-switch", $"{flag} is '{text}'.", "Write true or false.");
        if (await DocumentBody.TextAsync(context.Request, cancellation, MostBytes) is not { } body)
            return Refused(StatusCodes.Status413PayloadTooLarge, [Finding.Error("too-large", "", "The text is too large: at most 10 MB are read.", "Split it into several files.")]);
        var result = await Task.Run(() => Importer.Read(body, cancellationToken: cancellation), cancellation);
        if (result.Refusal is { } refusal)
            return Refused(refusal is ImportRefusal.TooDeep ? StatusCodes.Status422UnprocessableEntity : StatusCodes.Status413PayloadTooLarge, result.Findings);
        var items = await imports.CompareAsync(result.Documents, cancellation);
        var apply = Flag(context.Request, "apply");
        var documents = new JsonObject[items.Count];
        foreach (var (at, item) in items.Index().OrderBy(one => Imports.OrderOf(one.Item)))
        {
            var asked = apply && item.CanApply && (!item.IsSecret || Flag(context.Request, "secrets"));
            var problems = asked ? await imports.ApplyAsync(item, cancellation) : [];
            documents[at] = Shown(item, problems);
            if (apply)
                documents[at]["applied"] = asked && problems.Count == 0;
        }
        return Results.Json(new { documents, findings = result.Findings.Select(finding => Shown(finding)) }, ApiJson.Compact);
    }

    private static IResult Refused(int status, IReadOnlyList<Finding> findings) => Results.Problem(
        title: findings[0].Message, detail: findings[0].Fix, statusCode: status,
        extensions: new Dictionary<string, object?> { ["errors"] = findings.Select(ApiError.From).ToList() });

    private static JsonObject Shown(ImportItem item, IReadOnlyList<Finding> problems) => new()
    {
        ["kind"] = item.Document.Kind,
        ["name"] = item.Document.Name,
        ["state"] = item.State.ToString().ToLowerInvariant(),
        ["line"] = item.Document.Line,
        ["document"] = DocumentOf(item.Document),
        ["findings"] = new JsonArray([.. item.Findings.Concat(problems).Select(finding => Shown(finding, item.IsSecret))]),
    };

    /// <summary>The normalised document. Of a secret only its keys: a value is never in an answer, nor is a private key in a config map.</summary>
    private static JsonObject? DocumentOf(ImportedDocument document) => document switch
    {
        { Resource: { } resource } => ResourceJson.Write(resource),
        { Secret: { } secret } => Core(document, "keys", new JsonArray([.. secret.Entries.Keys.Select(key => JsonValue.Create(key))])),
        { ConfigMap: { } map } when !map.Data.Values.Any(text => text.Contains("PRIVATE KEY", StringComparison.Ordinal)) =>
            Core(document, "data", new JsonObject(map.Data.Select(file => KeyValuePair.Create(file.Key, (JsonNode?)JsonValue.Create(file.Value))))),
        _ => null,
    };

    private static JsonObject Core(ImportedDocument document, string member, JsonNode content) => new()
    {
        ["apiVersion"] = "v1",
        ["kind"] = document.Kind,
        ["metadata"] = new JsonObject { ["name"] = document.Name },
        [member] = content,
    };

    private static JsonObject Shown(Finding finding, bool isSecret = false) => new()
    {
        ["code"] = finding.Code,
        ["severity"] = finding.Severity.ToString().ToLowerInvariant(),
        ["path"] = finding.Path,
        ["line"] = finding.Line,
        ["column"] = finding.Column,
        ["before"] = isSecret ? null : finding.Before,
        ["after"] = isSecret ? null : finding.After,
        ["message"] = finding.Message,
        ["fix"] = finding.Fix,
        ["source"] = finding.Source?.ToString(),
    };

    private static bool Flag(HttpRequest request, string name) => bool.TryParse(request.Query[name], out var value) && value;
}
