using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Portal.Model.Documents;

namespace Portal.KubernetesServer;

/// <summary>Create, replace, patch and apply.</summary>
internal sealed class Writes(Storage storage, Access access, TimeProvider time)
{
    private const string PatchTypes = "application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml";

    private string Now => time.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);

    public async Task<(int Code, JsonObject Document)> CreateAsync(ApiRequest request)
    {
        if (request.Subresource.Length > 0)
            throw ApiFault.Of(405, "MethodNotAllowed", $"create is not supported on resources of kind {Json.Quoted(request.Type.Qualified)}", ApiFault.Details("", request.Type.Group, request.Type.Plural));
        MetadataRules.CheckOptions(request, "CreateOptions");
        var (document, duplicates) = await request.DocumentAsync();
        CheckKind(request, document);
        Strict(request, document, duplicates);
        return (201, Create(request, document, null));
    }

    public async Task<(int Code, JsonObject Document)> ReplaceAsync(ApiRequest request)
    {
        if (request.Name is null)
            throw ApiFault.BadRequest("name must be provided");
        MetadataRules.CheckOptions(request, "UpdateOptions");
        var (document, duplicates) = await request.DocumentAsync();
        CheckName(request, document);
        if (Live(request) is not { } live)
            throw ApiFault.NotFound(request.Type, request.Name);
        Strict(request, document, duplicates);
        if (request.Type.IsCustom && document["metadata"].At("resourceVersion") is not { Length: > 0 })
            throw ApiFault.Invalid(request.Type.Group, request.Type.Plural, request.Name, Cause.Invalid("metadata.resourceVersion", "0x0", "must be specified for an update"));
        return (200, Update(request, live, document, updateOfUid: true));
    }

    public async Task<(int Code, JsonObject Document)> PatchAsync(ApiRequest request)
    {
        var media = request.Http.Request.ContentType?.Split(';')[0].Trim() ?? "";
        var isStrategic = media == "application/strategic-merge-patch+json" && !request.Type.IsCustom;
        if (media is not ("application/json-patch+json" or "application/merge-patch+json" or "application/apply-patch+yaml") && !isStrategic)
            throw ApiFault.MediaType(request.Type.IsCustom ? PatchTypes : PatchTypes.Replace("application/apply", "application/strategic-merge-patch+json, application/apply", StringComparison.Ordinal));
        var isApply = media == "application/apply-patch+yaml";
        MetadataRules.CheckOptions(request, "PatchOptions", isApply);
        var body = await request.BodyAsync();
        return isApply ? Apply(request, ReadApplied(request, body)) : (200, Patch(request, media, body));
    }

    private JsonObject? Live(ApiRequest request) => storage.Find(Storage.Key(request.Type, request.Namespace, request.Name!));

    private JsonObject Patch(ApiRequest request, string media, byte[] body)
    {
        var live = Live(request) ?? throw ApiFault.NotFound(request.Type, request.Name!);
        var document = CoreRules.Shown(request.Type, request.Version, live);
        var duplicates = new List<string>();
        var patch = Json.Parse(body, duplicates);
        if (media == "application/json-patch+json")
            Patches.Json(document, patch as JsonArray ?? throw ApiFault.BadRequest("error decoding patch: json: cannot unmarshal object into Go value of type []handlers.jsonPatchOp"));
        else
            Patches.Merge(document, patch as JsonObject ?? throw ApiFault.BadRequest("error decoding patch: json: cannot unmarshal array into Go value of type map[string]interface {}"));
        CheckName(request, document);
        var given = document.Clone();
        if (request.Query("fieldValidation") == "Strict" && request.Type.Schema.Prune(given) is { Count: > 0 } unknown)
        {
            var why = $"strict decoding error: {string.Join(", ", unknown.Select(path => $"unknown field \"{path}\""))}";
            var cause = Cause.Invalid("patch", Json.Quoted(Json.Text(Json.Sorted(document))), why);
            throw ApiFault.Of(422, "Invalid", $" \"\" is invalid: {cause}", new JsonObject { ["causes"] = ApiFault.Causes([cause]) });
        }
        Strict(request, document, duplicates);
        return Update(request, live, document, updateOfUid: false);
    }

    private static JsonObject ReadApplied(ApiRequest request, byte[] body)
    {
        var text = Encoding.UTF8.GetString(body);
        var strict = request.Query("fieldValidation") == "Strict" ? "strict " : "";
        JsonObject document;
        try
        {
            document = Manifest.IsJson(text) ? Json.Parse(body, [])!.AsObject() : Yaml.Read(text) is { Documents: [var only], Findings.Count: 0 } ? only.Root : throw new JsonException();
        }
        catch (JsonException)
        {
            throw ApiFault.BadRequest($"error {strict}decoding YAML: error converting YAML to JSON: yaml: the text is not one document");
        }
        var type = document.At("apiVersion") is { } version ? version : "/";
        if (document.At("kind") != request.Type.Kind || type != request.ApiVersion)
            throw ApiFault.BadRequest($"invalid object type: {type}, Kind={document.At("kind")}");
        if (document["metadata"]?["managedFields"] is not null)
            throw ApiFault.BadRequest("metadata.managedFields must be nil");
        CheckName(request, document);
        return document;
    }

    private (int Code, JsonObject Document) Apply(ApiRequest request, JsonObject applied)
    {
        var type = request.Type;
        if (type.Schema.Untyped(applied) is { } fault)
            throw ApiFault.Internal($"failed to create typed patch object ({applied["metadata"].At("namespace")}/{request.Name}; {request.ApiVersion}, Kind={type.Kind}): {fault}");
        var live = Live(request);
        if (live is null)
        {
            if (request.Subresource.Length > 0)
                throw ApiFault.NotFound(type, request.Name!);
            access.Demand(request, "create");
            if (applied["metadata"].At("uid") is { Length: > 0 } uid)
                throw ApiFault.Conflict(type, request.Name!, $"uid mismatch: the provided object specified uid {uid}, and no existing object was found");
            applied["metadata"]!.AsObject().Remove("resourceVersion");
        }
        var manager = new Manager(request.Manager, "Apply", request.ApiVersion, request.Subresource);
        var before = live is null
            ? new JsonObject { ["apiVersion"] = request.ApiVersion, ["kind"] = type.Kind, ["metadata"] = new JsonObject { ["name"] = request.Name } }
            : CoreRules.Shown(type, request.Version, live);
        CheckVersion(request, applied, live);
        var ownership = Ownership.Read(live?["metadata"]?["managedFields"] as JsonArray);
        CoreRules.Normalise(type, applied);
        var fields = applied.Clone();
        foreach (var member in new[] { "resourceVersion", "uid" })
            fields["metadata"]!.AsObject().Remove(member);
        var (merged, conflicts) = ownership.Apply(before, fields, manager, request.Query("force") == "true", Now, Own(request));
        if (conflicts.Count > 0)
            throw Ownership.Fault(conflicts);
        if (request.Subresource.Length == 0 && type.HasStatus)
            merged.Put("status", before["status"]);
        Strict(request, merged, []);
        return live is null ? (201, Create(request, merged, ownership)) : (200, Store(request, live, merged, ownership));
    }

    private JsonObject Create(ApiRequest request, JsonObject document, Ownership? ownership)
    {
        var type = request.Type;
        var metadata = document.Ensure("metadata");
        if (metadata.At("namespace") is { } given && given != request.Namespace)
            throw ApiFault.BadRequest("the namespace of the provided object does not match the namespace sent on the request");
        if (metadata.At("resourceVersion") is { Length: > 0 })
            throw ApiFault.Internal("resourceVersion should not be set on objects to be created");
        if (type.IsNamespaced && storage.Find($"/namespaces//{request.Namespace}") is null)
            throw ApiFault.Of(404, "NotFound", $"namespaces {Json.Quoted(request.Namespace!)} not found", ApiFault.Details(request.Namespace!, "", "namespaces"));
        foreach (var member in new[] { "selfLink", "deletionTimestamp", "deletionGracePeriodSeconds" })
            metadata.Remove(member);
        if (metadata.At("name") is not { Length: > 0 } && metadata.At("generateName") is { Length: > 0 } prefix)
            metadata["name"] = prefix + "x" + Guid.NewGuid().ToString("n")[..4];
        if (type.IsNamespaced)
            metadata["namespace"] = request.Namespace;
        if (type.HasStatus)
            document.Remove("status");
        CoreRules.Normalise(type, document);
        if (ownership is null)
        {
            ownership = new Ownership();
            ownership.Update(Bare(document), document, new Manager(request.Manager, "Update", request.ApiVersion, ""), Now, Own(request));
        }
        Validate(request, document, null);
        metadata["uid"] = Guid.NewGuid().ToString();
        metadata["creationTimestamp"] = Now;
        metadata.Put("generation", type.IsCustom ? 1L : null);
        metadata.Put("managedFields", ownership.Write());
        if (type is { Group: "", Kind: "Namespace" })
            (document["spec"], document["status"]) = (new JsonObject { ["finalizers"] = new JsonArray("kubernetes") }, new JsonObject { ["phase"] = "Active" });
        foreach (var finalizer in MetadataRules.Finalizers(document).Where(finalizer => !finalizer.Contains('/', StringComparison.Ordinal)))
            request.Warn($"metadata.finalizers: \"{finalizer}\": prefer a domain-qualified finalizer name to avoid accidental conflicts with other finalizer writers");
        var key = Storage.Key(type, request.Namespace, metadata.At("name")!);
        if (storage.Find(key) is { } there)
            throw ApiFault.AlreadyExists(type, metadata.At("name")!, there["metadata"].At("deletionTimestamp") is not null);
        if (request.IsDryRun)
            return Shown(request, document);
        return Shown(request, storage.Write(key, null, document) ?? throw ApiFault.AlreadyExists(type, metadata.At("name")!, false));
    }

    private JsonObject Update(ApiRequest request, JsonObject live, JsonObject document, bool updateOfUid)
    {
        CheckVersion(request, document, live);
        var uid = live["metadata"].At("uid");
        if (document["metadata"].At("uid") is { Length: > 0 } given && given != uid)
        {
            var key = $"/registry/{Storage.Key(request.Type, request.Namespace, request.Name!)}";
            throw ApiFault.Conflict(request.Type, request.Name!, updateOfUid
                ? $"StorageError: invalid object, Code: 4, Key: {key}, ResourceVersion: 0, AdditionalErrorMsg: Precondition failed: UID in precondition: {given}, UID in object meta: {uid}"
                : "the object has been modified; please apply your changes to the latest version and try again");
        }
        CoreRules.Normalise(request.Type, document);
        var ownership = Ownership.Before(live, document, request.Subresource.Length > 0);
        ownership.Update(CoreRules.Shown(request.Type, request.Version, live), document, new Manager(request.Manager, "Update", request.ApiVersion, request.Subresource), Now, Own(request));
        return Store(request, live, document, ownership);
    }

    private JsonObject Store(ApiRequest request, JsonObject live, JsonObject document, Ownership ownership)
    {
        var type = request.Type;
        var was = CoreRules.Shown(type, request.Version, live);
        var now = document.Clone();
        if (request.Subresource == "status")
        {
            now = was.Clone();
            now.Put("status", document["status"]);
        }
        else if (type.HasStatus)
        {
            now.Put("status", was["status"]);
        }
        var metadata = now.Ensure("metadata");
        foreach (var member in new[] { "uid", "creationTimestamp", "generation", "deletionTimestamp", "deletionGracePeriodSeconds", "resourceVersion", "namespace", "selfLink" })
            metadata.Put(member, live["metadata"]![member]);
        metadata.Put("managedFields", ownership.Write());
        if (type.IsCustom && !Same(was, now, "metadata", "status", "apiVersion", "kind"))
            metadata["generation"] = ((long?)live["metadata"]!["generation"] ?? 0) + 1;
        Validate(request, now, live);
        now["apiVersion"] = type.ApiVersion(type.Versions[0]);
        if (JsonNode.DeepEquals(Json.Sorted(Timeless(now)), Json.Sorted(Timeless(live))) || (Same(was, now, "metadata", "apiVersion") && SameMetadata(was, now)))
            return Shown(request, live);
        if (request.IsDryRun)
            return Shown(request, now);
        var key = Storage.Key(type, request.Namespace, request.Name!);
        var seen = live["metadata"].At("resourceVersion");
        if (metadata.At("deletionTimestamp") is not null && !MetadataRules.Finalizers(now).Any())
        {
            _ = storage.Write(key, seen, null) ?? throw ApiFault.Conflict(type, request.Name!);
            return Shown(request, now);
        }
        return Shown(request, storage.Write(key, seen, now) ?? throw ApiFault.Conflict(type, request.Name!));
    }

    private static void Validate(ApiRequest request, JsonObject document, JsonObject? live)
    {
        List<Cause> causes = [.. MetadataRules.Check(document, live), .. request.Type.Schema.Validate(document), .. CoreRules.Check(request.Type, document, live)];
        if (causes.Count > 0)
            throw ApiFault.Invalid(request.Type.Group is "events.k8s.io" ? "" : request.Type.Group, request.Type.Kind, document["metadata"].At("name") ?? "", causes);
    }

    private static void Strict(ApiRequest request, JsonObject document, List<string> duplicates)
    {
        var unknown = request.Type.Schema.Prune(document);
        List<string> faults = [.. duplicates.Select(path => $"duplicate field \"{path}\""), .. unknown.Select(path => $"unknown field \"{path}\"")];
        var validation = request.Query("fieldValidation");
        if (validation == "Strict" && faults.Count > 0)
            throw ApiFault.BadRequest($"{request.Type.Kind} in version \"{request.Version}\" cannot be handled as a {request.Type.Kind}: strict decoding error: {string.Join(", ", faults)}");
        if (validation != "Ignore")
            foreach (var fault in faults)
                request.Warn(fault);
        request.Type.Schema.Default(document);
    }

    private static void CheckKind(ApiRequest request, JsonObject document)
    {
        if (document.At("kind") is { } kind && kind != request.Type.Kind)
            throw ApiFault.Invalid(request.Type.Group, kind, document["metadata"].At("name") ?? "", Cause.Invalid("kind", Json.Quoted(kind), $"must be {request.Type.Kind}"));
    }

    private static void CheckName(ApiRequest request, JsonObject document)
    {
        if (document["metadata"].At("name") is { } name && name != request.Name)
            throw ApiFault.BadRequest($"the name of the object ({name}) does not match the name on the URL ({request.Name})");
        document.Ensure("metadata")["name"] = request.Name;
    }

    private static void CheckVersion(ApiRequest request, JsonObject document, JsonObject? live)
    {
        if (live is not null && document["metadata"].At("resourceVersion") is { Length: > 0 } version && version != live["metadata"].At("resourceVersion"))
            throw ApiFault.Conflict(request.Type, request.Name!);
    }

    // The main path owns all but the status, the status path all but the spec.
    private static Func<FieldSet, FieldSet> Own(ApiRequest request)
        => request.Subresource == "status" ? set => set.Without("spec") : request.Type.HasStatus ? set => set.Without("status") : set => set;

    private static JsonObject Bare(JsonObject document) => new() { ["apiVersion"] = document["apiVersion"]?.DeepClone(), ["kind"] = document["kind"]?.DeepClone(), ["metadata"] = new JsonObject() };

    private static JsonObject Shown(ApiRequest request, JsonObject document) => CoreRules.Shown(request.Type, request.Version, document);

    private static bool Same(JsonObject left, JsonObject right, params string[] but)
    {
        var (first, second) = (left.Clone(), right.Clone());
        foreach (var name in but)
        {
            first.Remove(name);
            second.Remove(name);
        }
        return JsonNode.DeepEquals(first, second);
    }

    private static bool SameMetadata(JsonObject left, JsonObject right) => JsonNode.DeepEquals(Timeless(left)["metadata"], Timeless(right)["metadata"]);

    // A write that changes nothing but the times of owners is none.
    private static JsonObject Timeless(JsonObject document)
    {
        var copy = document.Clone();
        foreach (var entry in copy["metadata"]?["managedFields"] as JsonArray ?? [])
            entry!.AsObject().Remove("time");
        return copy;
    }
}
