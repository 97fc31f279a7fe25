using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Portal.KubernetesServer;

/// <summary>What names, labels, annotations, finalizers and owners may be, and the options of a write.</summary>
internal static partial class MetadataRules
{
    private const string NameRule = "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
    private const string KeyRule = "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
    private const string ValueRule = "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";

    [GeneratedRegex(@"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\z")]
    private static partial Regex Name();

    [GeneratedRegex(@"^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]\z")]
    private static partial Regex Key();

    public static IEnumerable<Cause> Check(JsonObject document, JsonObject? live)
    {
        var metadata = document.Object("metadata") ?? [];
        var name = metadata.At("name") ?? "";
        if (name.Length == 0)
            yield return Cause.Required("metadata.name", "name or generateName is required");
        else if (name.Length > 253)
            yield return Cause.Invalid("metadata.name", Json.Quoted(name), "must be no more than 253 characters");
        else if (!Name().IsMatch(name))
            yield return Cause.Invalid("metadata.name", Json.Quoted(name), NameRule);
        foreach (var (key, value) in metadata.Object("labels") ?? [])
        {
            if (!IsKey(key))
                yield return Cause.Invalid("metadata.labels", Json.Quoted(key), KeyRule);
            if (value.At() is { Length: > 0 } text && !Key().IsMatch(text))
                yield return Cause.Invalid("metadata.labels", Json.Quoted(text), ValueRule);
        }
        foreach (var (key, _) in metadata.Object("annotations") ?? [])
            if (!IsKey(key))
                yield return Cause.Invalid("metadata.annotations", Json.Quoted(key), KeyRule);
        foreach (var owner in metadata["ownerReferences"] as JsonArray ?? [])
            if (owner.At("uid") is not { Length: > 0 })
                yield return Cause.Invalid("metadata.ownerReferences.uid", "\"\"", "uid must not be empty");
        if (live?["metadata"].At("deletionTimestamp") is not null)
        {
            var added = Finalizers(document).Except(Finalizers(live)).ToList();
            if (added.Count > 0)
            {
                var cause = Cause.Forbidden("metadata.finalizers", $"no new finalizers can be added if the object is being deleted, found new finalizers []string{{{string.Join(", ", added.Select(Json.Quoted))}}}");
                yield return cause;
                yield return cause;
            }
        }
    }

    public static IEnumerable<string> Finalizers(JsonObject document) => (document["metadata"]?["finalizers"] as JsonArray ?? []).Select(item => item.At() ?? "");

    /// <summary>The options of a write: CreateOptions, UpdateOptions, PatchOptions.</summary>
    public static void CheckOptions(ApiRequest request, string kind, bool isApply = false)
    {
        var causes = new List<Cause>();
        if (request.Query("dryRun") is { } dry && dry != "All")
            causes.Add(Cause.Unsupported("dryRun", $"[]string{{{Json.Quoted(dry)}}}", ["All"]));
        if (request.Query("fieldManager") is { Length: > 128 })
            causes.Add(Cause.TooLong("fieldManager", 128));
        if (isApply && string.IsNullOrEmpty(request.Query("fieldManager")))
            causes.Add(Cause.Required("fieldManager", "is required for apply patch"));
        if (!isApply && request.Query("force") is not null)
            causes.Add(Cause.Forbidden("force", "may not be specified for non-apply patch"));
        if (request.Query("fieldValidation") is { } validation && validation is not ("" or "Ignore" or "Strict" or "Warn"))
            causes.Add(Cause.Unsupported("fieldValidation", Json.Quoted(validation), ["", "Ignore", "Strict", "Warn"]));
        if (causes.Count > 0)
            throw ApiFault.Invalid("meta.k8s.io", kind, "", causes);
    }

    private static bool IsKey(string key) => Key().IsMatch(key[(key.IndexOf('/', StringComparison.Ordinal) + 1)..]);
}
