namespace Portal.Components.Layout.Commands;

/// <summary>How the palette compares: every word of the query somewhere in the title, in any case.</summary>
internal static class CommandMatch
{
    public static bool Fits(string title, string query) =>
        query.Split(' ', StringSplitOptions.RemoveEmptyEntries).All(word => title.Contains(word, StringComparison.OrdinalIgnoreCase));

    /// <summary>The title in pieces; what the query's words cover is bold.</summary>
    public static IEnumerable<(string Text, bool Bold)> Pieces(string title, string query)
    {
        var bold = new bool[title.Length];
        foreach (var word in query.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var at = title.IndexOf(word, StringComparison.OrdinalIgnoreCase);
            if (at >= 0)
                Array.Fill(bold, true, at, word.Length);
        }
        var start = 0;
        for (var i = 1; i <= title.Length; i++)
        {
            if (i < title.Length && bold[i] == bold[start])
                continue;
            yield return (title[start..i], bold[start]);
            start = i;
        }
    }
}
