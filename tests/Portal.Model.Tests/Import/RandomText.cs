using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Portal.Model.Documents;

namespace Portal.Model.Tests.Import;

/// <summary>Writes a document by another hand: members in any order and case, other quotes, comments in between.</summary>
internal sealed class RandomText(Random random)
{
    private const string Indent = "  ";

    /// <summary>Members in another order, their names and the values of enums in another case.</summary>
    public JsonObject Disorder(JsonObject root, Func<string, bool> isEnum) => (JsonObject)Disorder(root, isEnum, "")!;

    private JsonNode? Disorder(JsonNode? node, Func<string, bool> isEnum, string path)
    {
        if (node is not JsonObject members)
            return node is JsonValue value && value.TryGetValue<string>(out var text) && isEnum(path) ? JsonValue.Create(Case(text)) : node?.DeepClone();
        var made = members.Select(member => KeyValuePair.Create(path.Length == 0 ? member.Key : Case(member.Key), Disorder(member.Value, isEnum, path.Length == 0 ? member.Key : path + "." + member.Key))).ToArray();
        random.Shuffle(made);
        return new JsonObject(made);
    }

    private string Case(string name) => random.Next(4) switch
    {
        0 => name.ToUpperInvariant(),
        1 => name.ToLowerInvariant(),
        2 => char.ToUpperInvariant(name[0]) + name[1..],
        _ => name,
    };

    public string Json(JsonNode? node, int depth = 0)
    {
        switch (node)
        {
            case JsonObject members:
                var lines = members.Select(member => Line(depth + 1) + JsonSerializer.Serialize(member.Key) + Blank() + ":" + Blank() + Json(member.Value, depth + 1)).ToList();
                return "{" + string.Join("," + Comment("//"), lines) + (lines.Count > 0 && random.Next(3) == 0 ? "," : "") + Comment("//") + Line(depth) + "}";
            case JsonArray items:
                return "[" + string.Join(", ", items.Select(item => Json(item, depth + 1))) + "]";
            default:
                return node is null ? "null" : random.Next(2) == 0 ? node.ToJsonString() : JsonText.Compact(node);
        }
    }

    public string Yaml(JsonObject members, int depth = 0)
    {
        var text = new StringBuilder();
        foreach (var (name, value) in members)
        {
            var indent = string.Concat(Enumerable.Repeat(Indent, depth));
            if (random.Next(5) == 0)
                text.Append(indent).Append("# '\"{ a note: here\n");
            text.Append(indent).Append(name).Append(':');
            if (value is JsonObject { Count: > 0 } child && random.Next(6) > 0)
                text.Append(random.Next(4) == 0 ? " # below\n" : "\n").Append(Yaml(child, depth + 1));
            else
                text.Append(' ').Append(value is JsonObject flow ? flow.ToJsonString() : Scalar(value)).Append(random.Next(5) == 0 ? " # behind\n" : "\n");
        }
        return text.ToString();
    }

    private string Scalar(JsonNode? value)
    {
        if (value?.GetValueKind() is not JsonValueKind.String)
            return value is null ? "~" : random.Next(4) == 0 ? '"' + value.ToJsonString() + '"' : value.ToJsonString();
        var text = value.GetValue<string>();
        return random.Next(3) switch
        {
            0 => value.ToJsonString(),
            1 when text.All(c => c is >= ' ' and not '\u2028' and not '\ufeff' and not '\u0085') => "'" + text.Replace("'", "''") + "'",
            _ => Portal.Model.Documents.Yaml.Write(new JsonObject { ["a"] = text })[3..^1],
        };
    }

    /// <summary>A file with one endpoint; some of its texts are parameters and variables.</summary>
    public string Bicep(string name, JsonObject properties)
    {
        var head = new StringBuilder("// made by hand\nparam site string = 'plant'\n");
        var body = BicepValue(properties, 1, head);
        return head + "\nresource target 'Microsoft.IoTOperations/instances/dataflowEndpoints@2025-10-01' = {\n"
            + $"  name: {(random.Next(2) == 0 ? "'${site}/" + name + "'" : Quote(name))}\n  properties: {body}\n}}\n";
    }

    private string BicepValue(JsonNode? node, int depth, StringBuilder head)
    {
        var indent = "\n" + string.Concat(Enumerable.Repeat(Indent, depth + 1));
        switch (node)
        {
            case JsonObject members:
                return "{" + string.Concat(members.Select(member => indent + (random.Next(5) == 0 ? Quote(member.Key) : member.Key) + ": " + BicepValue(member.Value, depth + 1, head) + Comment("//"))) + indent[..^2] + "}";
            case JsonValue when node.GetValueKind() is JsonValueKind.String && random.Next(4) == 0:
                var variable = "v" + head.Length.ToString(CultureInfo.InvariantCulture);
                head.Append(random.Next(2) == 0 ? "var " + variable : "param " + variable + " string").Append(" = ").Append(Quote(node.GetValue<string>())).Append('\n');
                return random.Next(2) == 0 ? variable : "'${" + variable + "}'";
            case JsonValue when node.GetValueKind() is JsonValueKind.String:
                return Quote(node.GetValue<string>());
            default:
                return node is null ? "null" : node.ToJsonString();
        }
    }

    private static string Quote(string text)
    {
        var made = new StringBuilder("'");
        foreach (var c in text)
            made.Append(c switch { '\'' => "\\'", '\\' => "\\\\", '$' => "\\$", _ when char.IsControl(c) || c is '\u2028' or '\ufeff' => $"\\u{{{(int)c:x}}}", _ => c.ToString() });
        return made.Append('\'').ToString();
    }

    private string Comment(string mark) => random.Next(6) == 0 ? $" {mark} it's {{ a \"note\": [\n" : "";

    private string Line(int depth) => "\n" + string.Concat(Enumerable.Repeat(Indent, depth));

    private string Blank() => random.Next(3) == 0 ? " " : "";
}
