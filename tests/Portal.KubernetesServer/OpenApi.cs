using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Portal.KubernetesServer;

/// <summary>OpenAPI v3 of each group version: enough for explain, for validation and for finding out that dry run works.</summary>
internal sealed class OpenApi(Func<IReadOnlyList<ResourceType>> types)
{
    public async Task<bool> TryAnswerAsync(HttpContext http)
    {
        var path = http.Request.Path.Value!;
        if (path == "/openapi/v2")
        {
            await OpenApiV2.AnswerAsync(http, types());
            return true;
        }
        if (path == "/openapi/v3")
        {
            var paths = new JsonObject();
            foreach (var (group, version) in types().SelectMany(type => type.Versions.Select(version => (type.Group, version))).Distinct())
                paths[Place(group, version)] = new JsonObject { ["serverRelativeURL"] = $"/openapi/v3/{Place(group, version)}?hash={Hash(Document(group, version))}" };
            await Answers.TextAsync(http, 200, Json.Text(new JsonObject { ["paths"] = paths }));
            return true;
        }
        var found = types().SelectMany(type => type.Versions.Select(version => (type.Group, Version: version))).Distinct().FirstOrDefault(item => path == "/openapi/v3/" + Place(item.Group, item.Version));
        if (found.Version is null)
            return false;
        var document = Document(found.Group, found.Version);
        var hash = Hash(document);
        http.Response.Headers.ETag = $"\"{hash}\"";
        http.Response.Headers.Vary = "Accept";
        if (http.Request.Query["hash"].ToString() is { Length: > 0 } asked && asked != hash)
        {
            http.Response.StatusCode = 301;
            http.Response.Headers.Location = $"{path}?hash={hash}";
        }
        else if (http.Request.Headers.IfNoneMatch.ToString() == $"\"{hash}\"")
        {
            http.Response.StatusCode = 304;
        }
        else
        {
            http.Response.ContentType = "application/json";
            await http.Response.WriteAsync(document, http.RequestAborted);
        }
        return true;
    }

    private static string Place(string group, string version) => group.Length == 0 ? $"api/{version}" : $"apis/{group}/{version}";

    private static string Hash(string text) => Convert.ToHexString(SHA512.HashData(Encoding.UTF8.GetBytes(text)));

    // Kinds are named by the group read backwards.
    private static string NameOf(ResourceType type, string version)
        => type.IsCustom ? $"{string.Join('.', type.Group.Split('.').Reverse())}.{version}.{type.Kind}" : $"io.k8s.api.{(type.Group.Length == 0 ? "core" : type.Group.Split('.')[0])}.{version}.{type.Kind}";

    private string Document(string group, string version)
    {
        var (paths, schemas) = (new JsonObject(), new JsonObject { ["io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"] = new JsonObject { ["type"] = "object" } });
        foreach (var type in types().Where(type => type.Group == group && type.Versions.Contains(version)))
        {
            var kind = new JsonObject { ["group"] = group, ["version"] = version, ["kind"] = type.Kind };
            var root = "/" + Place(group, version) + (type.IsNamespaced ? "/namespaces/{namespace}/" : "/") + type.Plural;
            paths[root] = new JsonObject { ["get"] = Operation("list", kind), ["post"] = Operation("post", kind, "dryRun", "fieldManager", "fieldValidation") };
            paths[root + "/{name}"] = new JsonObject
            {
                ["get"] = Operation("get", kind),
                ["put"] = Operation("put", kind, "dryRun", "fieldManager", "fieldValidation"),
                ["patch"] = Operation("patch", kind, "dryRun", "fieldManager", "fieldValidation", "force"),
                ["delete"] = Operation("delete", kind, "dryRun"),
            };
            var schema = type.Schema.Root.Clone();
            var properties = schema.Ensure("properties");
            properties["apiVersion"] = new JsonObject { ["type"] = "string" };
            properties["kind"] = new JsonObject { ["type"] = "string" };
            properties["metadata"] = new JsonObject { ["allOf"] = new JsonArray(new JsonObject { ["$ref"] = "#/components/schemas/io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta" }) };
            schema["x-kubernetes-group-version-kind"] = new JsonArray(kind.Clone());
            schemas[NameOf(type, version)] = schema;
        }
        return Json.Text(new JsonObject
        {
            ["openapi"] = "3.0.0",
            ["info"] = new JsonObject { ["title"] = "Kubernetes CRD Swagger", ["version"] = "v0.1.0" },
            ["paths"] = paths,
            ["components"] = new JsonObject { ["schemas"] = schemas },
        });
    }

    private static JsonObject Operation(string action, JsonObject kind, params string[] parameters) => new()
    {
        ["parameters"] = new JsonArray([.. parameters.Select(name => new JsonObject { ["name"] = name, ["in"] = "query", ["schema"] = new JsonObject { ["type"] = "string" } })]),
        ["responses"] = new JsonObject { ["200"] = new JsonObject { ["description"] = "OK" } },
        ["x-kubernetes-action"] = action,
        ["x-kubernetes-group-version-kind"] = kind.Clone(),
    };
}
