using System.Text.Json;
using Portal.Changes;
using Portal.Model.Ports;

namespace Portal.Api;

/// <summary><c>/api/v1/configmaps</c>: PEM bundles of trusted CAs.</summary>
internal static class ConfigMapApi
{
    /// <summary>File that a plain PEM body is stored under.</summary>
    private const string DefaultFile = "ca.crt";
    private const string Pem = "application/x-pem-file";

    public static void Map(RouteGroupBuilder api)
    {
        var configMaps = api.MapGroup("/configmaps").WithTags("Config maps");
        configMaps.MapGet("", async (IConfigMapStore store, CancellationToken cancellation) =>
                Results.Json(new { items = (await store.ListAsync(cancellation)).Select(Shown), problem = store.Hidden is { } hidden ? new { hidden.Message, hidden.Fix } : null }))
            .WithName("ListConfigMaps").WithSummary("All of them; problem says why a target does not know them.").Produces<object>();
        configMaps.MapGet("/{name}", GetAsync)
            .WithName("GetConfigMap").WithSummary("{ name, data: { file: text } }; with Accept: application/x-pem-file the certificates of all its files.").Produces<object>().ProducesProblem(404);
        configMaps.MapPut("/{name}", PutAsync).WithName("PutConfigMap").WithSummary("Writes PEM text under ca.crt, or { data: { file: text } }.")
            .WithBody(Pem, "application/json").Produces<object>().ProducesProblem(400);
        configMaps.MapDelete("/{name}", async (string name, SecretChanges changes, IConfigMapStore store, CancellationToken cancellation) =>
            {
                var lookup = await store.LookUpAsync(name, cancellation);
                if (lookup.Found is null)
                    return lookup.Hidden is { } hidden ? ApiProblem.From(hidden) : ApiProblem.NotFound("config map", name);
                var result = await changes.DeleteConfigMapAsync(name, cancellation);
                return result is StoreResult.Saved ? Results.NoContent() : ApiProblem.From(result);
            }).WithName("DeleteConfigMap").Produces(204).ProducesProblem(404);
    }

    private static async Task<IResult> GetAsync(string name, HttpContext context, IConfigMapStore store)
    {
        var lookup = await store.LookUpAsync(name, context.RequestAborted);
        if (lookup.Found is not { } found)
            return lookup.Hidden is { } hidden ? ApiProblem.From(hidden) : ApiProblem.NotFound("config map", name);
        return context.Request.Headers.Accept.ToString().Contains(Pem, StringComparison.OrdinalIgnoreCase)
            ? Results.Text(string.Concat(found.Data.Values.Select(text => text.TrimEnd() + "\n")), Pem)
            : Results.Json(Shown(found));
    }

    private static async Task<IResult> PutAsync(string name, HttpContext context, SecretChanges changes, IConfigMapStore store)
    {
        if (await DocumentBody.TextAsync(context.Request, context.RequestAborted) is not { } text)
            return Results.Problem(title: "The config map is too large", detail: "Kubernetes takes at most 1 MiB.", statusCode: StatusCodes.Status413PayloadTooLarge);
        var data = context.Request.HasJsonContentType() || text.AsSpan().TrimStart().StartsWith("{") ? FromJson(text) : new Dictionary<string, string> { [DefaultFile] = text };
        if (data is null)
            return ApiProblem.Invalid("data", "json", "The body is not the JSON of a config map.", "Send { \"data\": { \"ca.crt\": \"-----BEGIN CERTIFICATE-----...\" } }, or the PEM text as application/x-pem-file.");
        var existed = await store.FindAsync(name, context.RequestAborted) is not null;
        var result = await changes.SaveConfigMapAsync(new ConfigMap(name, data), context.RequestAborted);
        if (result is not StoreResult.Saved)
            return ApiProblem.From(result);
        var saved = await store.FindAsync(name, context.RequestAborted);
        return Results.Json(Shown(saved!), statusCode: existed ? StatusCodes.Status200OK : StatusCodes.Status201Created);
    }

    private static Dictionary<string, string>? FromJson(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return document.RootElement.GetProperty("data").EnumerateObject().ToDictionary(file => file.Name, file => file.Value.GetString() ?? "");
        }
        catch (Exception failure) when (failure is JsonException or KeyNotFoundException or InvalidOperationException or ArgumentException)
        {
            return null;
        }
    }

    private static object Shown(ConfigMap configMap) => new { name = configMap.Name, data = configMap.Data };
}
