using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Portal.KubernetesServer;

/// <summary>JSON as the API server reads and writes it.</summary>
internal static class Json
{
    private static readonly JsonSerializerOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly JsonSerializerOptions Indented = new(Compact) { WriteIndented = true };

    /// <summary>Reads a body. Members given twice are noted by their path; the last one wins.</summary>
    /// <exception cref="JsonException">It is no JSON.</exception>
    public static JsonNode? Parse(byte[] body, List<string> duplicates)
    {
        var reader = new Utf8JsonReader(body);
        reader.Read();
        var node = ReadValue(ref reader, "", duplicates);
        reader.Read();
        return node;
    }

    public static string Text(JsonNode? node, bool pretty = false) => node?.ToJsonString(pretty ? Indented : Compact) ?? "null";

    /// <summary>A text as Go's %q shows it.</summary>
    public static string Quoted(string text) => JsonSerializer.Serialize(text, Compact);

    /// <summary>The same with the members of every object in alphabetical order, as custom resources are written.</summary>
    public static JsonNode? Sorted(JsonNode? node) => node switch
    {
        JsonObject map => new JsonObject(map.OrderBy(member => member.Key, StringComparer.Ordinal).Select(member => KeyValuePair.Create(member.Key, Sorted(member.Value)))),
        JsonArray list => new JsonArray([.. list.Select(Sorted)]),
        _ => node?.DeepClone(),
    };

    /// <summary>The text at a path of members; null when it is missing or no text.</summary>
    public static string? At(this JsonNode? node, params ReadOnlySpan<string> path)
    {
        foreach (var name in path)
            node = (node as JsonObject)?[name];
        return node is JsonValue value && value.GetValueKind() is JsonValueKind.String ? value.GetValue<string>() : null;
    }

    public static JsonObject? Object(this JsonNode? node, string name) => (node as JsonObject)?[name] as JsonObject;

    public static JsonObject Ensure(this JsonObject node, string name)
    {
        if (node[name] is not JsonObject child)
            node[name] = child = [];
        return child;
    }

    public static JsonObject Clone(this JsonObject node) => node.DeepClone().AsObject();

    /// <summary>Puts a value, or removes the member when there is none.</summary>
    public static void Put(this JsonObject node, string name, JsonNode? value)
    {
        if (value is null)
            node.Remove(name);
        else
            node[name] = value.Parent is null ? value : value.DeepClone();
    }

    private static JsonNode? ReadValue(ref Utf8JsonReader reader, string path, List<string> duplicates)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                var map = new JsonObject();
                while (reader.Read() && reader.TokenType is not JsonTokenType.EndObject)
                {
                    var name = reader.GetString()!;
                    var below = path.Length == 0 ? name : $"{path}.{name}";
                    if (map.ContainsKey(name))
                        duplicates.Add(below);
                    reader.Read();
                    map[name] = ReadValue(ref reader, below, duplicates);
                }
                return map;
            case JsonTokenType.StartArray:
                var list = new JsonArray();
                while (reader.Read() && reader.TokenType is not JsonTokenType.EndArray)
                    list.Add(ReadValue(ref reader, string.Create(CultureInfo.InvariantCulture, $"{path}[{list.Count}]"), duplicates));
                return list;
            case JsonTokenType.Number:
                var text = Encoding.UTF8.GetString(reader.ValueSpan);
                // 5.0 is the integer 5.
                return decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number == decimal.Truncate(number) && Math.Abs(number) < long.MaxValue
                    ? JsonValue.Create((long)number)
                    : JsonNode.Parse(text);
            case JsonTokenType.String:
                return JsonValue.Create(reader.GetString());
            case JsonTokenType.Null:
                return null;
            default:
                return JsonValue.Create(reader.GetBoolean());
        }
    }
}
