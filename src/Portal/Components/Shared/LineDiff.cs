namespace Portal.Components.Shared;

/// <summary>What happened to a line.</summary>
public enum LineChange
{
    Same,
    Added,
    Removed,
    Gap,
}

/// <summary>One line of a unified diff; for a gap the text is empty and <paramref name="Skipped"/> counts what is left out.</summary>
public readonly record struct DiffLine(LineChange Change, string Text, int Skipped = 0);

/// <summary>The mark of a line in <see cref="CodeView"/>.</summary>
public enum LineMark
{
    Added,
    Changed,
}

/// <summary>Line by line comparison of two documents of a page's size.</summary>
public static class LineDiff
{
    /// <summary>Every line of both texts, in order.</summary>
    public static IReadOnlyList<DiffLine> Compare(string before, string after)
    {
        var (a, b) = (Split(before), Split(after));
        var start = 0;
        while (start < a.Length && start < b.Length && a[start] == b[start])
            start++;
        var end = 0;
        while (end < a.Length - start && end < b.Length - start && a[^(end + 1)] == b[^(end + 1)])
            end++;
        var result = a.Take(start).Select(Same).ToList();
        Middle(a[start..^end], b[start..^end], result);
        result.AddRange(a.TakeLast(end).Select(Same));
        return result;
    }

    /// <summary>Changed lines with some lines around them; longer same runs become a gap.</summary>
    public static IReadOnlyList<DiffLine> Unified(string before, string after, int context = 3)
    {
        var all = Compare(before, after);
        var near = new bool[all.Count];
        for (var i = 0; i < all.Count; i++)
        {
            if (all[i].Change == LineChange.Same)
                continue;
            for (var j = Math.Max(0, i - context); j <= Math.Min(all.Count - 1, i + context); j++)
                near[j] = true;
        }
        var result = new List<DiffLine>();
        for (var i = 0; i < all.Count; i++)
        {
            if (near[i])
                result.Add(all[i]);
            else if (result.Count > 0 && result[^1].Change == LineChange.Gap)
                result[^1] = result[^1] with { Skipped = result[^1].Skipped + 1 };
            else
                result.Add(new DiffLine(LineChange.Gap, "", 1));
        }
        return result;
    }

    /// <summary>Marks of the lines of <paramref name="after"/>, counted from 1: replaced lines are changed, further ones added.</summary>
    public static IReadOnlyDictionary<int, LineMark> Marks(string before, string after)
    {
        var marks = new Dictionary<int, LineMark>();
        var (line, removed) = (0, 0);
        foreach (var diff in Compare(before, after))
        {
            if (diff.Change == LineChange.Removed)
            {
                removed++;
                continue;
            }
            line++;
            if (diff.Change == LineChange.Added)
                marks[line] = removed-- > 0 ? LineMark.Changed : LineMark.Added;
            else
                removed = 0;
        }
        return marks;
    }

    private static DiffLine Same(string text) => new(LineChange.Same, text);

    private static string[] Split(string text) => text.Length == 0 ? [] : text.ReplaceLineEndings("\n").TrimEnd('\n').Split('\n');

    // Longest common subsequence; the equal head and tail are gone already, so the table stays small.
    private static void Middle(string[] a, string[] b, List<DiffLine> result)
    {
        var common = new int[a.Length + 1, b.Length + 1];
        for (var i = a.Length - 1; i >= 0; i--)
            for (var j = b.Length - 1; j >= 0; j--)
                common[i, j] = a[i] == b[j] ? common[i + 1, j + 1] + 1 : Math.Max(common[i + 1, j], common[i, j + 1]);
        var (x, y) = (0, 0);
        while (x < a.Length || y < b.Length)
        {
            if (x < a.Length && y < b.Length && a[x] == b[y])
            {
                result.Add(Same(a[x]));
                (x, y) = (x + 1, y + 1);
            }
            else if (x < a.Length && (y == b.Length || common[x + 1, y] >= common[x, y + 1]))
            {
                result.Add(new DiffLine(LineChange.Removed, a[x++]));
            }
            else
            {
                result.Add(new DiffLine(LineChange.Added, b[y++]));
            }
        }
    }
}
