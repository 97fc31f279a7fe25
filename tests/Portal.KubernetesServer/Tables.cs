using System.Globalization;
using System.Text.Json.Nodes;

namespace Portal.KubernetesServer;

/// <summary>Objects as kubectl prints them, and objects cut to their metadata.</summary>
internal static class Tables
{
    private const string NameHelp = "Name must be unique within a namespace. Is required when creating resources, although some resources may allow a client to request the generation of an appropriate name automatically. Name is primarily intended for creation idempotence and configuration definition. Cannot be updated. More info: https://kubernetes.io/docs/concepts/overview/working-with-objects/names#names";

    private static readonly IReadOnlyList<Column> Plain = [new("Age", "date", ".metadata.creationTimestamp", null, 0)];

    public static JsonObject Table(ResourceType type, IEnumerable<JsonObject> items, JsonObject metadata, string? include, bool withColumns, DateTimeOffset now)
    {
        var columns = type.Columns.Count > 0 ? type.Columns : Plain;
        return new JsonObject
        {
            ["kind"] = "Table",
            ["apiVersion"] = "meta.k8s.io/v1",
            ["metadata"] = metadata,
            ["columnDefinitions"] = withColumns ? new JsonArray([Definition(new("Name", "string", "", NameHelp, 0), "name"), .. columns.Select(column => Definition(column, ""))]) : null,
            ["rows"] = new JsonArray([.. items.Select(item => new JsonObject
            {
                ["cells"] = new JsonArray([item.At("metadata", "name"), .. columns.Select(column => Cell(item, column, now))]),
                ["object"] = include switch { "None" => null, "Object" => item.Clone(), _ => Partial(item) },
            })]),
        };
    }

    public static JsonObject Partial(JsonObject item) => new()
    {
        ["kind"] = "PartialObjectMetadata",
        ["apiVersion"] = "meta.k8s.io/v1",
        ["metadata"] = item["metadata"]?.DeepClone(),
    };

    private static JsonObject Definition(Column column, string format) => new()
    {
        ["name"] = column.Name,
        ["type"] = column.Type,
        ["format"] = format,
        ["description"] = column.Description ?? $"Custom resource definition column (in JSONPath format): {column.Path}",
        ["priority"] = column.Priority,
    };

    private static JsonNode? Cell(JsonObject item, Column column, DateTimeOffset now)
    {
        JsonNode? value = item;
        foreach (var name in column.Path.Split('.', StringSplitOptions.RemoveEmptyEntries))
            value = (value as JsonObject)?[name];
        if (column.Type == "date" && value.At() is { } time)
            return Age(now - DateTimeOffset.Parse(time, CultureInfo.InvariantCulture));
        return value?.DeepClone();
    }

    private static string Age(TimeSpan age) => age.TotalSeconds switch
    {
        < 120 => string.Create(CultureInfo.InvariantCulture, $"{Math.Max(0, (int)age.TotalSeconds)}s"),
        < 7200 => string.Create(CultureInfo.InvariantCulture, $"{(int)age.TotalMinutes}m"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{(int)age.TotalHours}h"),
    };
}
