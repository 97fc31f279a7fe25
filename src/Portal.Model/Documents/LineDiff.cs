namespace Portal.Model.Documents;

/// <summary>Whether a line is in both texts, only in the new one, or only in the old one.</summary>
public enum LineMark { Same, Added, Removed }

/// <summary>One line of a comparison.</summary>
/// <param name="Mark">Where the line is.</param>
/// <param name="Text">The line without its end.</param>
/// <param name="Before">Its number in the old text, from 1; null when it is not there.</param>
/// <param name="After">Its number in the new text.</param>
public sealed record DiffLine(LineMark Mark, string Text, int? Before, int? After);

/// <summary>Line by line comparison of two texts (Myers 1986).</summary>
public static class LineDiff
{
    /// <summary>Most changed lines that are told apart; beyond it the changed part counts as replaced.</summary>
    private const int MostChanges = 2000;

    /// <summary>All lines of both texts in the order in which they are shown; removed lines stand before added ones.</summary>
    public static IReadOnlyList<DiffLine> Compute(string before, string after)
    {
        var (old, now) = (Lines(before), Lines(after));
        var head = 0;
        while (head < old.Length && head < now.Length && old[head] == now[head])
            head++;
        var tail = 0;
        while (tail < old.Length - head && tail < now.Length - head && old[^(tail + 1)] == now[^(tail + 1)])
            tail++;
        var lines = new List<DiffLine>(old.Length + now.Length);
        for (var at = 0; at < head; at++)
            lines.Add(new DiffLine(LineMark.Same, old[at], at + 1, at + 1));
        AddMiddle(lines, old.AsSpan(head, old.Length - head - tail), now.AsSpan(head, now.Length - head - tail), head);
        for (var at = tail; at > 0; at--)
            lines.Add(new DiffLine(LineMark.Same, old[^at], old.Length - at + 1, now.Length - at + 1));
        return lines;
    }

    private static string[] Lines(string text)
    {
        var normal = text.ReplaceLineEndings("\n");
        return normal.Length == 0 ? [] : (normal.EndsWith('\n') ? normal[..^1] : normal).Split('\n');
    }

    private static void AddMiddle(List<DiffLine> lines, ReadOnlySpan<string> old, ReadOnlySpan<string> now, int offset)
    {
        var same = Same(old, now);
        var (i, j) = (0, 0);
        foreach (var (atOld, atNow) in same.Append((old.Length, now.Length)))
        {
            for (; i < atOld; i++)
                lines.Add(new DiffLine(LineMark.Removed, old[i], offset + i + 1, null));
            for (; j < atNow; j++)
                lines.Add(new DiffLine(LineMark.Added, now[j], null, offset + j + 1));
            if (i < old.Length && j < now.Length)
                lines.Add(new DiffLine(LineMark.Same, old[i], offset + ++i, offset + ++j));
        }
    }

    /// <summary>Pairs of equal lines on a shortest path from one text to the other.</summary>
    private static List<(int Old, int Now)> Same(ReadOnlySpan<string> old, ReadOnlySpan<string> now)
    {
        var most = Math.Min(old.Length + now.Length, MostChanges);
        var trace = new List<int[]>();
        var reach = new int[(2 * most) + 3];
        for (var changes = 0; changes <= most; changes++)
        {
            trace.Add(reach.AsSpan(most - changes, (2 * changes) + 3).ToArray());
            for (var diagonal = -changes; diagonal <= changes; diagonal += 2)
            {
                var at = most + 1 + diagonal;
                var i = diagonal == -changes || (diagonal != changes && reach[at - 1] < reach[at + 1]) ? reach[at + 1] : reach[at - 1] + 1;
                while (i < old.Length && i - diagonal < now.Length && old[i] == now[i - diagonal])
                    i++;
                reach[at] = i;
                if (i >= old.Length && i - diagonal >= now.Length)
                    return WalkBack(trace, old.Length, now.Length);
            }
        }
        return [];
    }

    private static List<(int Old, int Now)> WalkBack(List<int[]> trace, int i, int j)
    {
        var pairs = new List<(int, int)>();
        for (var changes = trace.Count - 1; changes >= 0; changes--)
        {
            var reach = trace[changes];
            var diagonal = i - j;
            var at = changes + 1 + diagonal;
            var down = diagonal == -changes || (diagonal != changes && reach[at - 1] < reach[at + 1]);
            var fromI = changes == 0 ? 0 : down ? reach[at + 1] : reach[at - 1];
            var fromJ = changes == 0 ? 0 : fromI - (down ? diagonal + 1 : diagonal - 1);
            while (i > fromI && j > fromJ)
                pairs.Add((--i, --j));
            (i, j) = (fromI, fromJ);
        }
        pairs.Reverse();
        return pairs;
    }
}
