using System.Text.Json;
using System.Text.Json.Nodes;

namespace Portal.Model.Documents.Editing;

/// <summary>Changes of members and items inside brackets: JSON, and YAML in flow style.</summary>
internal sealed partial class ManifestEditor
{
    private bool ChangeFlowMembers(NodeSpan node, JsonObject was, JsonObject now)
    {
        var entries = node.Entries;
        // Comments between the commas belong to a member that nobody can name.
        if (entries.Count == 0 || !entries.Any(entry => now.ContainsKey(entry.Name)) || HasComment(node))
            return false;
        for (var at = 0; at < entries.Count; at++)
        {
            if (now.TryGetPropertyValue(entries[at].Name, out var value))
            {
                if (!ChangeValue(entries[at], was[entries[at].Name], value, inFlow: true))
                    return false;
                continue;
            }
            var from = at;
            while (at + 1 < entries.Count && !now.ContainsKey(entries[at + 1].Name))
                at++;
            if (at + 1 < entries.Count)
                Replace(entries[from].Start, entries[at + 1].Start, "");
            else
                Replace(entries[from - 1].Value.End, entries[at].Value.End, "");
        }
        var lead = text[(node.Start + 1)..entries[0].Start];
        var separator = lead.Contains('\n', StringComparison.Ordinal) ? "\n" + IndentOfLine(entries[0].Start) : " ";
        foreach (var (after, names) in Added(was, now))
        {
            var members = names.Select(name => FlowName(name) + ": " + FlowText(now[name], separator == " " ? null : separator[1..])).ToList();
            if (after.Length == 0)
                Replace(entries[0].Start, entries[0].Start, string.Concat(members.Select(member => member + "," + separator)));
            else
            {
                var end = entries.First(entry => entry.Name == after).Value.End;
                Replace(end, end, string.Concat(members.Select(member => "," + separator + member)));
            }
        }
        return true;
    }

    private bool ChangeFlowItems(NodeSpan node, JsonArray was, JsonArray now)
    {
        if (was.Count != now.Count)
            return false;
        for (var at = 0; at < was.Count; at++)
            if (!ChangeValue(node.Entries[at], was[at], now[at], inFlow: true))
                return false;
        return true;
    }

    private bool HasComment(NodeSpan node)
    {
        if (isJson)
            return false;
        var at = node.Start;
        foreach (var entry in node.Entries)
        {
            if (text.AsSpan(at..entry.Start).Contains('#'))
                return true;
            at = entry.Value.End;
        }
        return text.AsSpan(at..node.End).Contains('#');
    }

    private string FlowName(string name) => !isJson && IsPlainInFlow(name) ? name : Quoted(name);

    /// <param name="now">The value.</param>
    /// <param name="indent">Blanks of the line that it stands in; null to write it on one line.</param>
    private string FlowText(JsonNode? now, string? indent)
    {
        if (now is null)
            return "null";
        if (now.GetValueKind() is JsonValueKind.String)
            return !isJson && IsPlainInFlow(now.GetValue<string>()) ? now.GetValue<string>() : Quoted(now.GetValue<string>());
        if (isJson)
            return indent is null ? JsonText.Compact(now) : JsonText.Indented(now).Replace("\n", "\n" + indent, StringComparison.Ordinal);
        return now switch
        {
            JsonObject members => "{" + string.Join(", ", members.Select(member => FlowName(member.Key) + ": " + FlowText(member.Value, null))) + "}",
            JsonArray items => "[" + string.Join(", ", items.Select(item => FlowText(item, null))) + "]",
            _ => JsonText.Compact(now),
        };
    }

    private string Quoted(string value) => isJson ? JsonText.Compact(JsonValue.Create(value)) : YamlWriter.Quote(value);

    private static bool IsPlainInFlow(string value) => YamlScalar.IsPlain(value) && value.AsSpan().IndexOfAny(",[]{}") < 0;
}
