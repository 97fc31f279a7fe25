using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Portal.Model.Documents.Editing;

/// <summary>
/// Writes a changed document over the text that it was read from, so that comments, quotes, order and blank lines stay but
/// for the lines of members that differ. Pure; whoever uses it reads the result back and compares.
/// </summary>
internal sealed partial class ManifestEditor
{
    private readonly string text;
    private readonly bool isJson;
    private readonly string newline;
    private readonly List<Edit> edits = [];

    private ManifestEditor(string text, bool isJson) =>
        (this.text, this.isJson, newline) = (text, isJson, text.Contains("\r\n", StringComparison.Ordinal) ? "\r\n" : "\n");

    /// <summary>The text with the changes; null when they cannot be made in place.</summary>
    /// <param name="text">The text.</param>
    /// <param name="isJson">True for JSON, false for YAML.</param>
    /// <param name="was">What the text says.</param>
    /// <param name="now">What it shall say.</param>
    public static string? Apply(string text, bool isJson, JsonObject was, JsonObject now)
    {
        var root = isJson ? JsonSpans.Read(text) : YamlSpans.Read(text);
        if (root is null || root.Entries.Count == 0 || now.Count == 0)
            return null;
        var editor = new ManifestEditor(text, isJson);
        return editor.ChangeNode(root, was, now) ? editor.Result() : null;
    }

    /// <summary>Characters to replace, in the order in which they were asked for.</summary>
    private readonly record struct Edit(int Start, int End, string With);

    private string Result()
    {
        var result = new StringBuilder(text.Length + 256);
        var at = 0;
        foreach (var edit in edits.OrderBy(edit => edit.Start))
        {
            result.Append(text, at, Math.Max(edit.Start - at, 0)).Append(newline == "\n" ? edit.With : edit.With.Replace("\n", newline, StringComparison.Ordinal));
            at = Math.Max(at, edit.End);
        }
        return result.Append(text, at, text.Length - at).ToString();
    }

    private void Replace(int start, int end, string with) => edits.Add(new Edit(start, end, with));

    /// <summary>True when the entries were changed one by one; false when the whole must be written anew.</summary>
    private bool ChangeNode(NodeSpan node, JsonNode was, JsonNode now)
    {
        if (node.Entries.Count == 0 || node.IsList != now is JsonArray || now is JsonObject { Count: 0 } or JsonArray { Count: 0 })
            return false;
        var before = edits.Count;
        var done = (node.IsFlow, node.IsList) switch
        {
            (false, false) => ChangeMembers(node, (JsonObject)was, (JsonObject)now),
            (false, true) => ChangeItems(node, (JsonArray)was, (JsonArray)now),
            (true, false) => ChangeFlowMembers(node, (JsonObject)was, (JsonObject)now),
            (true, true) => ChangeFlowItems(node, (JsonArray)was, (JsonArray)now),
        };
        if (!done)
            edits.RemoveRange(before, edits.Count - before);
        return done;
    }

    private bool ChangeValue(EntrySpan entry, JsonNode? was, JsonNode? now, bool inFlow)
    {
        if (JsonNode.DeepEquals(was, now))
            return true;
        if (entry.Value is NodeSpan node && was is not null && now is not null && was is JsonArray == now is JsonArray && now is JsonObject or JsonArray && ChangeNode(node, was, now))
            return true;
        if (!inFlow)
            return WriteValue(entry, now);
        Replace(entry.Value.Start, entry.Value.End, (isJson ? null : InQuotesOf(entry.Value, now)) ?? FlowText(now, IndentOfLine(entry.Value.Start)));
        return true;
    }

    /// <summary>The names that are in both, in the order of the new document, each with the new ones that follow it; "" for those before the first.</summary>
    private static List<(string After, List<string> Names)> Added(JsonObject was, JsonObject now)
    {
        var groups = new List<(string After, List<string> Names)>();
        var after = "";
        foreach (var (name, _) in now)
        {
            if (was.ContainsKey(name))
                after = name;
            else if (groups.Count > 0 && groups[^1].After == after)
                groups[^1].Names.Add(name);
            else
                groups.Add((after, [name]));
        }
        return groups;
    }

    /// <summary>How many entries at both ends are equal, so that what is inserted or removed between them is found.</summary>
    private static (int Head, int Tail) SameEnds(JsonArray was, JsonArray now)
    {
        var (head, tail, most) = (0, 0, Math.Min(was.Count, now.Count));
        while (head < most && JsonNode.DeepEquals(was[head], now[head]))
            head++;
        while (tail < most - head && JsonNode.DeepEquals(was[^(tail + 1)], now[^(tail + 1)]))
            tail++;
        return (head, tail);
    }

    /// <summary>A text in the quotes of the YAML that it replaces; null when there were none, or it does not fit into them.</summary>
    private static string? InQuotesOf(Span old, JsonNode? now)
    {
        if (old is not ScalarSpan { Look: ScalarLook.SingleQuoted or ScalarLook.DoubleQuoted } quoted || now?.GetValueKind() is not JsonValueKind.String)
            return null;
        var value = now.GetValue<string>();
        if (quoted.Look is ScalarLook.DoubleQuoted)
            return value.Contains('\n', StringComparison.Ordinal) ? null : YamlWriter.Quote(value);
        return value.All(YamlScalar.IsPrintable) ? "'" + value.Replace("'", "''", StringComparison.Ordinal) + "'" : null;
    }

    private int LineStart(int at) => at == 0 ? 0 : text.LastIndexOf('\n', at - 1) + 1;

    /// <summary>The line break of the line, or the end of the text.</summary>
    private int LineBreak(int at)
    {
        var end = text.IndexOf('\n', Math.Min(at, text.Length));
        return end < 0 ? text.Length : end > at && text[end - 1] == '\r' ? end - 1 : end;
    }

    /// <summary>The character behind the line break.</summary>
    private int NextLine(int at)
    {
        var end = text.IndexOf('\n', Math.Min(at, text.Length));
        return end < 0 ? text.Length : end + 1;
    }

    private bool StartsLine(int at) => text.AsSpan(LineStart(at)..at).IsWhiteSpace();

    /// <summary>True when nothing but a comment follows on the line.</summary>
    private bool EndsLine(int at)
    {
        var rest = text.AsSpan(at..LineBreak(at));
        var comment = rest.TrimStart();
        return comment.IsEmpty || (comment[0] == '#' && comment.Length < rest.Length);
    }

    private string IndentOfLine(int at)
    {
        var start = LineStart(at);
        var end = start;
        while (end < text.Length && text[end] is ' ' or '\t')
            end++;
        return text[start..end];
    }
}
