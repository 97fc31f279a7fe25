using Portal.Changes;
using Portal.Model;
using Portal.Model.Ports;

namespace Portal.Api;

/// <summary><c>GET /api/v1/export</c>: any selection of resources as one file.</summary>
internal static class ExportApi
{
    private const string Shape = "Add for example ?format=bicep&name=line3&name=line4.";

    private static readonly Dictionary<string, ResourceKind> Kinds = new(StringComparer.OrdinalIgnoreCase)
    {
        ["endpoints"] = ResourceKind.DataflowEndpoint,
        ["dataflows"] = ResourceKind.Dataflow,
        ["profiles"] = ResourceKind.DataflowProfile,
    };

    public static void Map(RouteGroupBuilder api) =>
        api.MapGet("/export", ExportAsync).WithTags("Import and export").WithName("Export")
            .WithSummary("The resources ?name=... (each may stand several times; none = all) of ?kind=endpoints|dataflows|profiles (endpoints by default) as ?format=yaml|bicep|arm; &files=each gives a zip with a YAML file each.")
            .Produces(200, contentType: "application/yaml").ProducesProblem(400).ProducesProblem(404);

    private static async Task<IResult> ExportAsync(HttpContext context, IResourceStore store, Exports exports)
    {
        var query = context.Request.Query;
        var each = query["files"].ToString().Equals("each", StringComparison.OrdinalIgnoreCase);
        ExportForm? form = query["format"].ToString().ToLowerInvariant() switch
        {
            "" or "yaml" => each ? ExportForm.YamlFiles : ExportForm.Yaml,
            "bicep" => ExportForm.Bicep,
            "arm" => ExportForm.Arm,
            _ => null,
        };
        if (form is null)
            return ApiProblem.Invalid("format", "format", $"There is no format '{query["format"]}'.", "Ask for one of yaml, bicep, arm.");
        var kinds = new HashSet<ResourceKind>();
        foreach (var kind in query["kind"].Count == 0 ? ["endpoints"] : query["kind"].OfType<string>())
        {
            if (!Kinds.TryGetValue(kind, out var known))
                return ApiProblem.Invalid("kind", "kind", $"There is no kind '{kind}'.", "Ask for endpoints, dataflows or profiles; several are given one after the other.");
            kinds.Add(known);
        }
        var listing = await store.ListAsync(context.RequestAborted);
        var all = listing.Resources.Where(stored => kinds.Contains(stored.Value.Kind));
        var names = query["name"].OfType<string>().ToHashSet(StringComparer.Ordinal);
        var selection = names.Count == 0 ? [.. all] : all.Where(stored => names.Contains(stored.Value.Name)).ToList();
        if (names.Except(selection.Select(stored => stored.Value.Name)).FirstOrDefault() is { } missing)
            return ApiProblem.NotFound("resource of the kinds asked for", missing);
        if (selection.Count == 0)
            return Results.Problem(title: "Nothing to export", detail: "No resource of the kinds asked for is stored. " + Shape, statusCode: StatusCodes.Status404NotFound);
        var file = await exports.RunAsync(selection, form.Value, cancellationToken: context.RequestAborted);
        return Results.File(file.Content, file.ContentType, file.FileName);
    }
}
