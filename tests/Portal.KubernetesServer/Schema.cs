using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Portal.KubernetesServer;

/// <summary>A structural schema: pruning, defaulting, validation, and the stricter check that an apply makes.</summary>
internal sealed class Schema(JsonObject root)
{
    private const string Preserve = "x-kubernetes-preserve-unknown-fields";

    private static readonly string[] Metadata =
    [
        "name", "generateName", "namespace", "selfLink", "uid", "resourceVersion", "generation", "creationTimestamp", "deletionTimestamp",
        "deletionGracePeriodSeconds", "labels", "annotations", "ownerReferences", "finalizers", "managedFields",
    ];

    /// <summary>A schema that lets everything through.</summary>
    public static Schema Open { get; } = new(new JsonObject { ["type"] = "object", [Preserve] = true });

    public JsonObject Root => root;

    /// <summary>A schema of free members at the top and nothing else.</summary>
    public static Schema Of(params string[] members) => new(new JsonObject
    {
        ["type"] = "object",
        ["properties"] = new JsonObject(members.Select(name => KeyValuePair.Create(name, (JsonNode?)new JsonObject { [Preserve] = true }))),
    });

    /// <summary>Removes what is not described and nulls of what is; the paths of what was not described.</summary>
    public IReadOnlyList<string> Prune(JsonObject document)
    {
        var unknown = new List<string>();
        var metadata = document["metadata"] as JsonObject ?? [];
        foreach (var name in metadata.Select(member => member.Key).Except(Metadata).ToList())
        {
            unknown.Add($"metadata.{name}");
            metadata.Remove(name);
        }
        PruneObject(document, root, "", unknown, ["apiVersion", "kind", "metadata"]);
        unknown.Sort(StringComparer.Ordinal);
        return unknown;
    }

    /// <summary>Fills in defaults below parents that exist.</summary>
    public void Default(JsonObject document) => Default(document, root);

    /// <summary>Every fault.</summary>
    public IReadOnlyList<Cause> Validate(JsonObject document)
    {
        var causes = new List<Cause>();
        Validate(document, root, "", causes);
        return causes;
    }

    /// <summary>What keeps a document from being a typed patch; null = nothing does.</summary>
    public string? Untyped(JsonObject document) => Untyped(document, root, "");

    private static void PruneObject(JsonObject document, JsonObject schema, string path, List<string> unknown, string[] always)
    {
        var properties = schema.Object("properties");
        var keeps = schema[Preserve] is not null || (properties is null && schema["additionalProperties"] is not null);
        foreach (var (name, value) in document.ToList())
        {
            var below = path.Length == 0 ? name : $"{path}.{name}";
            if (always.Contains(name))
                continue;
            if (properties?[name] is JsonObject described)
            {
                if (value is null)
                    document.Remove(name);
                else
                    PruneValue(value, described, below, unknown);
            }
            else if (!keeps)
            {
                unknown.Add(below);
                document.Remove(name);
            }
        }
    }

    private static void PruneValue(JsonNode value, JsonObject schema, string path, List<string> unknown)
    {
        if (value is JsonObject map)
            PruneObject(map, schema, path, unknown, []);
        else if (value is JsonArray list && schema["items"] is JsonObject items)
            for (var index = 0; index < list.Count; index++)
                if (list[index] is { } item)
                    PruneValue(item, items, Item(path, index), unknown);
    }

    private static void Default(JsonNode? value, JsonObject schema)
    {
        if (value is JsonArray list && schema["items"] is JsonObject items)
        {
            foreach (var item in list)
                Default(item, items);
        }
        else if (value is JsonObject map)
        {
            foreach (var (name, described) in schema.Object("properties") ?? [])
            {
                if (!map.ContainsKey(name) && described!["default"] is { } given)
                    map[name] = given.DeepClone();
                Default(map[name], described!.AsObject());
            }
        }
    }

    private static void Validate(JsonNode value, JsonObject schema, string path, List<Cause> causes)
    {
        var type = schema.At("type");
        if (type is not null && !Is(value, type))
        {
            causes.Add(new("FieldValueTypeInvalid", path, $"Invalid value: \"{TypeOf(value)}\": {path} in body must be of type {type}: \"{TypeOf(value)}\""));
            CheckEnum(value, schema, path, causes);
            return;
        }
        CheckEnum(value, schema, path, causes);
        switch (value)
        {
            case JsonObject map:
                foreach (var name in schema["required"] as JsonArray ?? [])
                    if (map[(string)name!] is null)
                        causes.Add(Cause.Required(path.Length == 0 ? (string)name! : $"{path}.{name}"));
                foreach (var (name, described) in schema.Object("properties") ?? [])
                    if (map[name] is { } member)
                        Validate(member, described!.AsObject(), path.Length == 0 ? name : $"{path}.{name}", causes);
                break;
            case JsonArray list:
                if ((int?)schema["maxItems"] is { } most && list.Count > most)
                    causes.Add(new("FieldValueTooMany", path, $"Too many: {list.Count}: must have at most {most} items"));
                if ((int?)schema["minItems"] is { } least && list.Count < least)
                    causes.Add(Cause.Invalid(path, list.Count.ToString(CultureInfo.InvariantCulture), $"{path} in body should have at least {least} items"));
                for (var index = 0; index < list.Count && schema["items"] is JsonObject; index++)
                    if (list[index] is { } item)
                        Validate(item, schema["items"]!.AsObject(), Item(path, index), causes);
                break;
            case JsonValue scalar:
                CheckScalar(scalar, schema, path, causes);
                break;
        }
    }

    private static void CheckScalar(JsonValue value, JsonObject schema, string path, List<Cause> causes)
    {
        if (value.GetValueKind() is JsonValueKind.String)
        {
            var text = value.GetValue<string>();
            if ((int?)schema["maxLength"] is { } most && text.Length > most)
                causes.Add(Cause.TooLong(path, most));
            if ((int?)schema["minLength"] is { } least && text.Length < least)
                causes.Add(Cause.Invalid(path, Json.Quoted(text), $"{path} in body should be at least {least} chars long"));
            if (schema.At("pattern") is { } pattern && !Regex.IsMatch(text, pattern, RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1)))
                causes.Add(Cause.Invalid(path, Json.Quoted(text), $"{path} in body should match '{pattern}'"));
        }
        else if (value.GetValueKind() is JsonValueKind.Number)
        {
            var number = decimal.Parse(value.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture);
            if (schema["maximum"] is { } most && number > (decimal)most)
                causes.Add(Cause.Invalid(path, value.ToJsonString(), $"{path} in body should be less than or equal to {most}"));
            if (schema["minimum"] is { } least && number < (decimal)least)
                causes.Add(Cause.Invalid(path, value.ToJsonString(), $"{path} in body should be greater than or equal to {least}"));
        }
    }

    private static void CheckEnum(JsonNode value, JsonObject schema, string path, List<Cause> causes)
    {
        if (schema["enum"] is JsonArray allowed && !allowed.Any(item => JsonNode.DeepEquals(item, value)))
            causes.Add(Cause.Unsupported(path, Json.Text(value), allowed.Select(item => (string)item!)));
    }

    private static string? Untyped(JsonNode? value, JsonObject schema, string path)
    {
        var type = schema.At("type");
        if (value is null || type is null)
            return null;
        if (!Is(value, type))
            return $"{path}: expected {Expected(type)}, got {TypeOf(value) switch { "integer" => "int", "number" => "float", "object" => "map", "array" => "list", var other => other }}";
        if (value is not JsonObject map || schema.Object("properties") is not { } properties)
            return null;
        foreach (var (name, member) in map)
        {
            if (path.Length == 0 && name is "apiVersion" or "kind" or "metadata")
                continue;
            var fault = properties[name] is JsonObject described
                ? Untyped(member, described, $"{path}.{name}")
                : schema[Preserve] is null ? $"{path}.{name}: field not declared in schema" : null;
            if (fault is not null)
                return fault;
        }
        return null;
    }

    private static string Expected(string type) => type switch { "integer" or "number" => "numeric (int or float)", "object" => "map", "array" => "list", _ => type };

    private static bool Is(JsonNode value, string type) => TypeOf(value) is var actual && (actual == type || (type == "number" && actual == "integer"));

    private static string TypeOf(JsonNode value) => value.GetValueKind() switch
    {
        JsonValueKind.Object => "object",
        JsonValueKind.Array => "array",
        JsonValueKind.String => "string",
        JsonValueKind.Number => value.ToJsonString().AsSpan().IndexOfAny('.', 'e', 'E') < 0 ? "integer" : "number",
        _ => "boolean",
    };

    private static string Item(string path, int index) => new StringBuilder(path).Append(CultureInfo.InvariantCulture, $"[{index}]").ToString();
}
