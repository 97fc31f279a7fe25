using System.Globalization;
using System.Text.Json.Nodes;

namespace Portal.KubernetesServer;

/// <summary>JSON merge patch (RFC 7396, also where strategic merge would do the same) and JSON patch (RFC 6902).</summary>
internal static class Patches
{
    public static void Merge(JsonObject into, JsonObject patch)
    {
        foreach (var (name, value) in patch)
        {
            if (value is null)
                into.Remove(name);
            else if (value is JsonObject map)
                Merge(into.Ensure(name), map);
            else
                into[name] = value.DeepClone();
        }
    }

    /// <exception cref="ApiFault">A test fails, or a path is not there.</exception>
    public static void Json(JsonObject into, JsonArray patch)
    {
        foreach (var step in patch)
        {
            var path = (step.At("path") ?? "").Split('/').Skip(1).Select(part => part.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal)).ToArray();
            var parent = Parent(into, path);
            var value = step!["value"];
            switch (step.At("op"))
            {
                case "test" when JsonNode.DeepEquals(Get(parent, path[^1]), value):
                    break;
                case "replace" when Get(parent, path[^1]) is not null:
                case "add":
                    Set(parent, path[^1], value, step.At("op") == "add");
                    break;
                case "remove" when Get(parent, path[^1]) is not null:
                    if (parent is JsonObject map)
                        map.Remove(path[^1]);
                    else
                        parent!.AsArray().RemoveAt(Index(parent.AsArray(), path[^1]));
                    break;
                default:
                    throw Refused();
            }
        }
    }

    private static ApiFault Refused() => ApiFault.Of(422, "Invalid", "the server rejected our request due to an error in our request", []);

    private static JsonNode Parent(JsonObject root, string[] path)
    {
        if (path.Length == 0)
            throw Refused();
        JsonNode? node = root;
        foreach (var part in path[..^1])
            node = Get(node, part);
        return node ?? throw Refused();
    }

    private static JsonNode? Get(JsonNode? node, string part) => node switch
    {
        JsonObject map => map[part],
        JsonArray list when int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < list.Count => list[index],
        _ => null,
    };

    private static int Index(JsonArray list, string part) => part == "-" ? list.Count : int.Parse(part, NumberStyles.None, CultureInfo.InvariantCulture);

    private static void Set(JsonNode? parent, string part, JsonNode? value, bool inserts)
    {
        if (parent is JsonObject map)
            map[part] = value?.DeepClone();
        else if (parent is JsonArray list && inserts)
            list.Insert(Index(list, part), value?.DeepClone());
        else if (parent is JsonArray { } other)
            other[Index(other, part)] = value?.DeepClone();
        else
            throw Refused();
    }
}
