using System.Globalization;
using System.Text.Json.Nodes;

namespace Portal.KubernetesServer;

/// <summary>Delete, of one object and of a collection.</summary>
internal sealed class Deletes(Storage storage, TimeProvider time)
{
    private static readonly string[] Policies = ["Foreground", "Background", "Orphan", "nil"];

    public async Task<JsonObject> DeleteAsync(ApiRequest request)
    {
        if (request.Subresource.Length > 0)
            throw ApiFault.Of(405, "MethodNotAllowed", $"delete is not supported on resources of kind {Json.Quoted(request.Type.Qualified)}", ApiFault.Details("", request.Type.Group, request.Type.Plural));
        var options = await OptionsAsync(request);
        var key = Storage.Key(request.Type, request.Namespace, request.Name!);
        var live = storage.Find(key) ?? throw ApiFault.NotFound(request.Type, request.Name!);
        CheckPreconditions(request, options, live);
        return Delete(request, key, live, options.At("propagationPolicy") ?? request.Query("propagationPolicy"));
    }

    public async Task<JsonObject> DeleteCollectionAsync(ApiRequest request)
    {
        await OptionsAsync(request);
        var selectors = Selectors.Read(request.Type, request.Query("labelSelector"), request.Query("fieldSelector"));
        var (items, revision) = storage.List(Storage.Prefix(request.Type) + (request.Namespace is null ? "" : request.Namespace + "/"));
        var gone = items.Where(item => selectors.Match(item.Value)).ToList();
        foreach (var (key, live) in gone)
            Delete(request, key, live, null);
        return new JsonObject
        {
            ["kind"] = request.Type.ListKind,
            ["apiVersion"] = request.ApiVersion,
            ["metadata"] = new JsonObject { ["continue"] = "", ["resourceVersion"] = revision.ToString(CultureInfo.InvariantCulture) },
            ["items"] = new JsonArray([.. gone.Select(item => CoreRules.Shown(request.Type, request.Version, item.Value))]),
        };
    }

    private static async Task<JsonObject> OptionsAsync(ApiRequest request)
    {
        var body = await request.BodyAsync();
        var options = body.Length == 0 ? [] : Json.Parse(body, []) as JsonObject ?? [];
        if (options.At("kind") is { } kind && kind != "DeleteOptions")
            throw ApiFault.Internal($"no kind {Json.Quoted(kind)} is registered for version {Json.Quoted(options.At("apiVersion") ?? "")} in scheme \"k8s.io/apimachinery/pkg/apis/meta/internalversion/scheme/register.go:27\"");
        var policy = options.At("propagationPolicy") ?? request.Query("propagationPolicy");
        if (policy is not null && options["orphanDependents"] is not null)
            throw ApiFault.Invalid("meta.k8s.io", "DeleteOptions", "", Cause.Invalid("propagationPolicy", Json.Quoted(policy), "orphanDependents and deletionPropagation cannot be both set"));
        if (policy is not null && !Policies.Contains(policy))
            throw ApiFault.Invalid("meta.k8s.io", "DeleteOptions", "", Cause.Unsupported("propagationPolicy", Json.Quoted(policy), Policies));
        return options;
    }

    private static void CheckPreconditions(ApiRequest request, JsonObject options, JsonObject live)
    {
        var (uid, version) = (live["metadata"].At("uid"), live["metadata"].At("resourceVersion"));
        if (options["preconditions"].At("uid") is { } givenUid && givenUid != uid)
            throw ApiFault.Conflict(request.Type, request.Name!, $"the UID in the precondition ({givenUid}) does not match the UID in record ({uid}). The object might have been deleted and then recreated", byKind: true);
        if (options["preconditions"].At("resourceVersion") is { } given && given != version)
            throw ApiFault.Conflict(request.Type, request.Name!, $"the ResourceVersion in the precondition ({given}) does not match the ResourceVersion in record ({version}). The object might have been modified", byKind: true);
    }

    private JsonObject Delete(ApiRequest request, string key, JsonObject live, string? policy)
    {
        var metadata = live["metadata"]!.AsObject();
        if (policy is "Foreground" or "Orphan" && metadata.At("deletionTimestamp") is null)
            metadata.Put("finalizers", new JsonArray([.. MetadataRules.Finalizers(live).Append(policy == "Foreground" ? "foregroundDeletion" : "orphan").Select(item => JsonValue.Create(item))]));
        var seen = metadata.At("resourceVersion");
        if (MetadataRules.Finalizers(live).Any())
        {
            if (metadata.At("deletionTimestamp") is null && !request.IsDryRun)
            {
                metadata["deletionTimestamp"] = time.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
                metadata["deletionGracePeriodSeconds"] = 0L;
                metadata["generation"] = ((long?)metadata["generation"] ?? 0) + 1;
                live = storage.Write(key, seen, live) ?? throw ApiFault.Conflict(request.Type, metadata.At("name")!);
            }
            return CoreRules.Shown(request.Type, request.Version, live);
        }
        if (!request.IsDryRun && storage.Write(key, seen, null) is null)
            throw ApiFault.Conflict(request.Type, metadata.At("name")!);
        var details = ApiFault.Details(metadata.At("name")!, request.Type.Group, request.Type.Plural);
        details["uid"] = metadata.At("uid");
        return new JsonObject { ["kind"] = "Status", ["apiVersion"] = "v1", ["metadata"] = new JsonObject(), ["status"] = "Success", ["details"] = details };
    }
}
