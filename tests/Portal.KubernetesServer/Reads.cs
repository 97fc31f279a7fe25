using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Portal.KubernetesServer;

/// <summary>Get and list.</summary>
internal sealed class Reads(Storage storage, TimeProvider time, ServerOptions options)
{
    public async Task GetAsync(ApiRequest request)
    {
        if (request.Subresource.Length > 0 && !(request.Subresource == "status" && request.Type.HasStatus))
            throw ApiFault.NotFound(request.Type, request.Name!);
        var (form, _) = Answers.Accepted(request.Http);
        await WaitForAsync(request.Revision());
        var stored = storage.Find(Storage.Key(request.Type, request.Namespace, request.Name!)) ?? throw ApiFault.NotFound(request.Type, request.Name!);
        var shown = CoreRules.Shown(request.Type, request.Version, stored);
        await Answers.JsonAsync(request.Http, 200, form switch
        {
            Form.Table => Tables.Table(request.Type, [shown], new JsonObject { ["resourceVersion"] = shown["metadata"].At("resourceVersion") }, request.Query("includeObject"), true, time.GetUtcNow()),
            Form.Metadata => Tables.Partial(shown),
            _ => shown,
        });
    }

    public async Task ListAsync(ApiRequest request)
    {
        var (form, _) = Answers.Accepted(request.Http);
        var limit = request.Number("limit") is > 0 and var most ? (int)most : int.MaxValue;
        var revision = request.Revision();
        CheckListOptions(request, isWatch: false);
        var selectors = Selectors.Read(request.Type, request.Query("labelSelector"), request.Query("fieldSelector"));
        var (start, at) = ReadContinue(request.Query("continue"), revision);
        if (request.Query("resourceVersionMatch") == "Exact")
            at = revision!.Value < storage.Oldest ? throw ApiFault.Of(410, "Expired", "The resourceVersion for the provided list is too old.") : revision;
        else
            await WaitForAsync(revision);
        if (revision == 0)
            limit = int.MaxValue;

        var prefix = Storage.Prefix(request.Type) + (request.Namespace is null ? "" : request.Namespace + "/");
        var (items, current) = storage.List(prefix, at);
        var matching = items.Where(item => string.CompareOrdinal(item.Key[prefix.Length..] + "\0", start) > 0 && selectors.Match(CoreRules.Shown(request.Type, request.Version, item.Value))).ToList();
        var page = matching.Take(limit).ToList();
        var metadata = new JsonObject { ["resourceVersion"] = current.ToString(CultureInfo.InvariantCulture) };
        // With a selector the server cannot know whether more match; a token comes whenever more are behind.
        var isMore = page.Count == limit && items.Any(item => string.CompareOrdinal(item.Key, page[^1].Key) > 0);
        if (request.Type.IsCustom && form is Form.Whole || isMore)
            metadata["continue"] = isMore ? WriteContinue(page[^1].Key[prefix.Length..], current) : "";
        if (isMore && selectors.IsEmpty)
            metadata["remainingItemCount"] = matching.Count - page.Count;
        await Answers.JsonAsync(request.Http, 200, Body(request, form, [.. page.Select(item => CoreRules.Shown(request.Type, request.Version, item.Value))], metadata));
    }

    /// <summary>Holds a read back until its version is there; the server gives up after a while.</summary>
    public async Task WaitForAsync(long? revision)
    {
        if (revision is null || revision <= storage.Revision)
            return;
        await Task.Delay(options.FutureWait, time);
        if (revision > storage.Revision)
        {
            var fault = ApiFault.Of(504, "Timeout", string.Create(CultureInfo.InvariantCulture, $"Timeout: Too large resource version: {revision}, current: {storage.Revision}"), new JsonObject
            {
                ["causes"] = ApiFault.Causes([]),
                ["retryAfterSeconds"] = 1,
            });
            fault.Status!["details"]!["causes"] = new JsonArray(new JsonObject { ["reason"] = "ResourceVersionTooLarge", ["message"] = "Too large resource version" });
            throw new ApiFault(504, fault.Status) { RetryAfter = 1 };
        }
    }

    public static void CheckListOptions(ApiRequest request, bool isWatch)
    {
        var (match, initial, hasVersion) = (request.Query("resourceVersionMatch"), request.Query("sendInitialEvents"), request.Query("resourceVersion") is { Length: > 0 });
        var causes = new List<Cause>();
        if (isWatch)
        {
            if (match is not null && initial is null)
                causes.Add(Cause.Forbidden("resourceVersionMatch", "resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided"));
            if (initial is not null && match != "NotOlderThan")
                causes.Add(Cause.Forbidden("resourceVersionMatch", "sendInitialEvents requires setting resourceVersionMatch to NotOlderThan"));
        }
        else
        {
            if (match is not null && !hasVersion)
                causes.Add(Cause.Forbidden("resourceVersionMatch", "resourceVersionMatch is forbidden unless resourceVersion is provided"));
            if (match is not (null or "" or "Exact" or "NotOlderThan"))
                causes.Add(Cause.Unsupported("resourceVersionMatch", Json.Quoted(match), ["Exact", "NotOlderThan", ""]));
            if (initial is not null)
                causes.Add(Cause.Forbidden("sendInitialEvents", "sendInitialEvents is forbidden for list"));
        }
        if (causes.Count > 0)
            throw ApiFault.Invalid("meta.k8s.io", "ListOptions", "", causes);
    }

    private JsonObject Body(ApiRequest request, Form form, IReadOnlyList<JsonObject> items, JsonObject metadata)
    {
        switch (form)
        {
            case Form.Table:
                return Tables.Table(request.Type, items, metadata, request.Query("includeObject"), true, time.GetUtcNow());
            case Form.Metadata:
                return new JsonObject { ["kind"] = "PartialObjectMetadataList", ["apiVersion"] = "meta.k8s.io/v1", ["metadata"] = metadata, ["items"] = new JsonArray([.. items.Select(Tables.Partial)]) };
            default:
                foreach (var item in request.Type.IsCustom ? [] : items)
                {
                    item.Remove("kind");
                    item.Remove("apiVersion");
                }
                return new JsonObject { ["kind"] = request.Type.ListKind, ["apiVersion"] = request.ApiVersion, ["metadata"] = metadata, ["items"] = new JsonArray([.. items]) };
        }
    }

    private (string Start, long? At) ReadContinue(string? token, long? revision)
    {
        if (string.IsNullOrEmpty(token))
            return ("", null);
        if (revision is not null)
            throw ApiFault.BadRequest("specifying resource version is not allowed when using continue");
        var bytes = Convert.FromBase64String(token.Replace('-', '+').Replace('_', '/').PadRight((token.Length + 3) / 4 * 4, '='));
        if (bytes is not [(byte)'{', ..])
            throw ApiFault.BadRequest(string.Create(CultureInfo.InvariantCulture, $"invalid continue token: continue key is not valid: invalid character '\\u{bytes[0]:x4}' looking for beginning of value"));
        var node = JsonNode.Parse(bytes)!;
        var (start, at) = (node.At("start")!.TrimStart('/'), (long)node["rv"]!);
        if (at >= 0 && at < storage.Oldest)
        {
            var fault = ApiFault.Of(410, "Expired", "The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was returned and now may show up in the list.");
            fault.Status!["metadata"]!["continue"] = WriteContinue(start.TrimEnd('\0'), -1);
            throw fault;
        }
        return (start, at < 0 ? null : at);
    }

    private static string WriteContinue(string last, long revision)
        => Convert.ToBase64String(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(new { v = "meta.k8s.io/v1", rv = revision, start = last + "\0" })))
            .TrimEnd('=').Replace('+', '-').Replace('/', '_');
}
