using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Portal.KubernetesServer;

/// <summary>What the built-in kinds do beside keeping what they are given.</summary>
internal static partial class CoreRules
{
    private const int MostBytes = 1024 * 1024;

    private static readonly (string Core, string Event)[] EventNames =
    [
        ("involvedObject", "regarding"), ("message", "note"), ("reportingComponent", "reportingController"),
        ("source", "deprecatedSource"), ("firstTimestamp", "deprecatedFirstTimestamp"), ("lastTimestamp", "deprecatedLastTimestamp"),
    ];

    [GeneratedRegex(@"^[-._a-zA-Z0-9]+\z")]
    private static partial Regex ConfigKey();

    [GeneratedRegex(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}(Z|[+-]\d\d:\d\d)\z")]
    private static partial Regex MicroTime();

    /// <summary>Turns what was written into what is stored: stringData, defaults, one form of events.</summary>
    public static void Normalise(ResourceType type, JsonObject document)
    {
        if (type is { Group: "", Kind: "Secret" })
            NormaliseSecret(document);
        if (type.Kind is "Event")
            CheckTime(type, document["eventTime"]);
    }

    public static IEnumerable<Cause> Check(ResourceType type, JsonObject document, JsonObject? live)
    {
        if (type is { Group: "", Kind: "Secret" or "ConfigMap" })
        {
            var data = document.Object("data") ?? [];
            foreach (var (key, _) in data)
                if (!ConfigKey().IsMatch(key))
                    yield return Cause.Invalid($"data[{key}]", Json.Quoted(key), "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')");
            if (data.Sum(entry => type.Kind == "Secret" ? Convert.FromBase64String(entry.Value.At() ?? "").Length : Encoding.UTF8.GetByteCount(entry.Value.At() ?? "")) > MostBytes)
                yield return Cause.TooLong("data", MostBytes);
            foreach (var key in new[] { "tls.crt", "tls.key" }.Where(key => document.At("type") == "kubernetes.io/tls" && !data.ContainsKey(key)))
                yield return Cause.Required($"data[{key}]");
            if (live is not null && document.At("type") != live.At("type"))
                yield return Cause.Invalid("type", Json.Quoted(document.At("type") ?? ""), "field is immutable");
            if ((bool?)live?["immutable"] is true && !JsonNode.DeepEquals(live["data"], document["data"]))
                yield return Cause.Forbidden("data", "field is immutable when `immutable` is set");
        }
        if (type is { Group: "events.k8s.io" })
            foreach (var member in new[] { "reportingController", "reportingInstance", "action", "reason", "type" }.Where(member => document.At(member) is not { Length: > 0 }))
                yield return Cause.Required(member);
    }

    /// <summary>What is stored, as one of its groups and versions shows it.</summary>
    public static JsonObject Shown(ResourceType type, string version, JsonObject stored)
    {
        if (type.IsCustom)
        {
            var custom = stored.Clone();
            custom["apiVersion"] = type.ApiVersion(version);
            // Older objects are seen through the schema of today.
            type.Schema.Prune(custom);
            type.Schema.Default(custom);
            return Json.Sorted(custom)!.AsObject();
        }
        var shown = new JsonObject { ["kind"] = type.Kind, ["apiVersion"] = type.ApiVersion(version) };
        foreach (var (name, value) in stored)
            if (name is not ("kind" or "apiVersion"))
                shown[name] = value?.DeepClone();
        if (type.Kind is "Event")
            Rename(shown, type.Group.Length == 0);
        return shown;
    }

    private static void Rename(JsonObject document, bool toCore)
    {
        foreach (var (core, name) in EventNames)
        {
            var (from, to) = toCore ? (name, core) : (core, name);
            if (document.ContainsKey(from) && !document.ContainsKey(to))
            {
                document[to] = document[from]?.DeepClone();
                document.Remove(from);
            }
        }
        document.TryAdd(toCore ? "source" : "deprecatedSource", new JsonObject());
        document.TryAdd(toCore ? "firstTimestamp" : "deprecatedFirstTimestamp", null);
        document.TryAdd(toCore ? "lastTimestamp" : "deprecatedLastTimestamp", null);
    }

    private static void NormaliseSecret(JsonObject document)
    {
        foreach (var (_, value) in document.Object("data") ?? [])
            CheckBase64(value.At() ?? "");
        foreach (var (key, value) in document.Object("stringData") ?? [])
            document.Ensure("data")[key] = Convert.ToBase64String(Encoding.UTF8.GetBytes(value.At() ?? ""));
        document.Remove("stringData");
        document.TryAdd("type", "Opaque");
    }

    private static void CheckBase64(string text)
    {
        for (var index = 0; index < text.Length; index++)
            if (!char.IsAsciiLetterOrDigit(text[index]) && text[index] is not ('+' or '/' or '='))
                throw ApiFault.BadRequest(string.Create(CultureInfo.InvariantCulture, $"Secret in version \"v1\" cannot be handled as a Secret: illegal base64 data at input byte {index}"));
    }

    private static void CheckTime(ResourceType type, JsonNode? time)
    {
        if (time.At() is { } text && !MicroTime().IsMatch(text))
            throw ApiFault.BadRequest($"{type.Kind} in version \"v1\" cannot be handled as a {type.Kind}: parsing time {Json.Quoted(text)} as \"2006-01-02T15:04:05.000000Z07:00\": cannot parse \"{text[19..]}\" as \".000000\"");
    }
}
