using System.Text.Json.Nodes;

namespace Portal.Model.Documents.Editing;

/// <summary>Changes of members and items that stand below each other.</summary>
internal sealed partial class ManifestEditor
{
    private bool ChangeMembers(NodeSpan node, JsonObject was, JsonObject now)
    {
        var kept = node.Entries.Where(entry => now.ContainsKey(entry.Name)).ToList();
        if (kept.Count == 0)
            return false;
        foreach (var entry in node.Entries)
        {
            if (!(now.TryGetPropertyValue(entry.Name, out var value) ? ChangeValue(entry, was[entry.Name], value, inFlow: false) : RemoveLines(entry)))
                return false;
        }
        var first = node.Entries[0];
        foreach (var (after, names) in Added(was, now))
        {
            var members = new JsonObject(names.Select(name => KeyValuePair.Create(name, now[name]?.DeepClone())));
            var lines = YamlWriter.Members(members, first.Start - LineStart(first.Start));
            if (after.Length == 0 && StartsLine(first.Start))
                Replace(LineStart(first.Start), LineStart(first.Start), lines);
            else
                InsertBelow((after.Length == 0 ? kept[0] : node.Entries.First(entry => entry.Name == after)).Value.End, lines);
        }
        return true;
    }

    private bool ChangeItems(NodeSpan node, JsonArray was, JsonArray now)
    {
        var (head, tail) = SameEnds(was, now);
        var (oldEnd, newEnd) = (was.Count - tail, now.Count - tail);
        var both = Math.Min(oldEnd, newEnd);
        for (var at = head; at < both; at++)
            if (!ChangeValue(node.Entries[at], was[at], now[at], inFlow: false))
                return false;
        for (var at = both; at < oldEnd; at++)
            if (!RemoveLines(node.Entries[at]))
                return false;
        if (both >= newEnd)
            return true;
        var first = node.Entries[0].Start;
        var lines = YamlWriter.Items(new JsonArray([.. Enumerable.Range(both, newEnd - both).Select(at => now[at]?.DeepClone())]), first - LineStart(first));
        if (both > 0)
            InsertBelow(node.Entries[both - 1].Value.End, lines);
        else if (StartsLine(first))
            Replace(LineStart(first), LineStart(first), lines);
        else
            return false;
        return true;
    }

    private bool RemoveLines(EntrySpan entry)
    {
        if (!StartsLine(entry.Start) || !EndsLine(entry.Value.End))
            return false;
        Replace(LineStart(entry.Start), NextLine(entry.Value.End), "");
        return true;
    }

    private void InsertBelow(int end, string lines)
    {
        var at = NextLine(end);
        Replace(at, at, at > 0 && text[at - 1] != '\n' ? "\n" + lines : lines);
    }

    /// <summary>Writes another value behind a colon or a hyphen.</summary>
    private bool WriteValue(EntrySpan entry, JsonNode? now)
    {
        var (value, indent) = (entry.Value, entry.Start - LineStart(entry.Start));
        var below = now switch
        {
            JsonObject { Count: > 0 } members => YamlWriter.Members(members, indent + 2),
            JsonArray { Count: > 0 } items => YamlWriter.Items(items, indent + 2),
            _ => null,
        };
        var (line, body) = below is null ? Split(InQuotesOf(value, now) ?? YamlWriter.Leaf(now, indent + 2)) : ("", below);
        var isOneLine = LineStart(value.End) == LineStart(entry.Head);
        if (isOneLine)
        {
            if (body.Length > 0 && !EndsLine(value.End))
                return false;
            Replace(line.Length == 0 || value.Start == value.End ? entry.Head : value.Start, value.End, value.Start == value.End && line.Length > 0 ? " " + line : line);
            if (body.Length > 0)
                InsertBelow(value.End, body);
            return true;
        }
        if (!EndsLine(value.End))
            return false;
        if (LineStart(value.Start) == LineStart(entry.Head))
        {
            // Starts behind the colon and goes on below: a block of text, or the members of an item.
            Replace(entry.Head, NextLine(value.End), (line.Length > 0 ? " " + line : "") + "\n" + body);
            return true;
        }
        if (line.Length > 0)
            Replace(entry.Head, entry.Head, " " + line);
        Replace(NextLine(entry.Head), NextLine(value.End), body);
        return true;
    }

    private static (string Line, string Body) Split(string leaf)
    {
        var end = leaf.IndexOf('\n', StringComparison.Ordinal);
        return end < 0 ? (leaf, "") : (leaf[..end], leaf[(end + 1)..] + "\n");
    }
}
