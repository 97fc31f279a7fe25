using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Portal.Model.Documents;

/// <summary>Writes JSON as block style YAML.</summary>
internal sealed class YamlWriter
{
    private readonly StringBuilder text = new();

    public string Write(JsonObject root)
    {
        if (root.Count == 0)
            return "{}\n";
        WriteMembers(root, 0, false);
        return text.ToString();
    }

    /// <summary>Lines with the members, each behind so many spaces.</summary>
    public static string Members(JsonObject members, int indent)
    {
        var writer = new YamlWriter();
        writer.WriteMembers(members, indent, false);
        return writer.text.ToString();
    }

    /// <summary>Lines with the items, each hyphen behind so many spaces.</summary>
    public static string Items(JsonArray items, int indent)
    {
        var writer = new YamlWriter();
        writer.WriteItems(items, indent, false);
        return writer.text.ToString();
    }

    /// <summary>A value without members or items, for the place behind a colon; lines below it stand behind so many spaces.</summary>
    public static string Leaf(JsonNode? value, int indent)
    {
        var writer = new YamlWriter();
        writer.WriteLeaf(value, indent);
        return writer.text.ToString(1, writer.text.Length - 2);
    }

    /// <param name="members">Members to write.</param>
    /// <param name="indent">Spaces before each.</param>
    /// <param name="startsLine">True when the first one stands behind a hyphen.</param>
    private void WriteMembers(JsonObject members, int indent, bool startsLine)
    {
        foreach (var (name, value) in members)
        {
            if (!startsLine)
                text.Append(' ', indent);
            startsLine = false;
            text.Append(YamlScalar.IsPlainName(name) ? name : Quote(name)).Append(':');
            if (value is JsonObject { Count: > 0 } child)
            {
                text.Append('\n');
                WriteMembers(child, indent + 2, false);
            }
            else if (value is JsonArray { Count: > 0 } list)
            {
                text.Append('\n');
                WriteItems(list, indent + 2, false);
            }
            else
                WriteLeaf(value, indent + 2);
        }
    }

    private void WriteItems(JsonArray list, int indent, bool startsLine)
    {
        foreach (var item in list)
        {
            if (!startsLine)
                text.Append(' ', indent);
            startsLine = false;
            text.Append('-');
            if (item is JsonObject { Count: > 0 } child)
            {
                text.Append(' ');
                WriteMembers(child, indent + 2, true);
            }
            else if (item is JsonArray { Count: > 0 } inner)
            {
                text.Append(' ');
                WriteItems(inner, indent + 2, true);
            }
            else
                WriteLeaf(item, indent + 2);
        }
    }

    private void WriteLeaf(JsonNode? value, int indent)
    {
        text.Append(' ');
        if (value is JsonValue && value.GetValueKind() is JsonValueKind.String)
            WriteText(value.GetValue<string>(), indent);
        else
            text.Append(value is null ? "null" : JsonText.Compact(value));
        text.Append('\n');
    }

    private void WriteText(string value, int indent)
    {
        if (YamlScalar.IsPlain(value))
            text.Append(value);
        else if (!IsLiteral(value))
            text.Append(Quote(value));
        else
        {
            // Exactly one newline at the end is what | means; none is |-, more are |+.
            var body = value.TrimEnd('\n');
            text.Append('|').Append((value.Length - body.Length) switch { 0 => "-", 1 => "", _ => "+" });
            foreach (var line in (value.EndsWith('\n') ? value[..^1] : value).Split('\n'))
            {
                text.Append('\n');
                if (line.Length > 0)
                    text.Append(' ', indent).Append(line);
            }
        }
    }

    /// <summary>True for lines that a literal block gives back as they are.</summary>
    private static bool IsLiteral(string value) =>
        value.Contains('\n', StringComparison.Ordinal) && value.TrimEnd('\n').Length > 0 && value[0] is not (' ' or '\n')
        && value.Split('\n').All(line => line.All(YamlScalar.IsPrintable) && (line.Length == 0 || !string.IsNullOrWhiteSpace(line)));

    /// <summary>The text in double quotes.</summary>
    public static string Quote(string value)
    {
        var quoted = new StringBuilder("\"");
        foreach (var c in value)
            quoted.Append(c switch
            {
                '"' => "\\\"",
                '\\' => "\\\\",
                '\n' => "\\n",
                '\r' => "\\r",
                '\t' => "\\t",
                _ when YamlScalar.IsPrintable(c) => c.ToString(),
                _ => "\\u" + ((int)c).ToString("X4", CultureInfo.InvariantCulture),
            });
        return quoted.Append('"').ToString();
    }
}
