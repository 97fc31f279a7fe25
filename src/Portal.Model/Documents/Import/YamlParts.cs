namespace Portal.Model.Documents.Import;

/// <summary>One document of a YAML text, so that one that is broken does not take the others with it.</summary>
/// <param name="Text">Its text, with the marker that starts it.</param>
/// <param name="LinesBefore">Lines before it.</param>
/// <param name="End">Characters up to its end.</param>
internal readonly record struct YamlPart(string Text, int LinesBefore, int End);

/// <summary>Cuts a YAML text at its document markers: <c>---</c> and <c>...</c> at the start of a line are nothing else in YAML.</summary>
internal static class YamlParts
{
    public static IEnumerable<YamlPart> Split(string text)
    {
        var (start, at, lines, linesBefore) = (0, 0, 0, 0);
        var isEmpty = true;
        while (at < text.Length)
        {
            var line = LineAt(text, at);
            if (line.Starts && !isEmpty)
            {
                yield return new YamlPart(text[start..at], linesBefore, at);
                (start, linesBefore, isEmpty) = (at, lines, true);
            }
            isEmpty &= line.IsEmpty;
            lines += line.HasBreak ? 1 : 0;
            if (line.Ends)
            {
                if (!isEmpty)
                    yield return new YamlPart(text[start..line.Next], linesBefore, line.Next);
                (start, linesBefore, isEmpty) = (line.Next, lines, true);
            }
            at = line.Next;
        }
        if (!isEmpty)
            yield return new YamlPart(text[start..], linesBefore, text.Length);
    }

    /// <summary>What a line is: whether it starts or ends a document, and whether it adds nothing to one (blanks, comments, directives).</summary>
    private static (int Next, bool HasBreak, bool Starts, bool Ends, bool IsEmpty) LineAt(string text, int at)
    {
        var end = text.AsSpan(at).IndexOfAny("\r\n\u0085\u2028\u2029");
        var stop = end < 0 ? text.Length : at + end;
        var next = end < 0 ? text.Length : stop + (text.AsSpan(stop).StartsWith("\r\n") ? 2 : 1);
        var line = text.AsSpan(at, stop - at);
        var starts = IsMarker(line, "---");
        var ends = IsMarker(line, "...");
        // Directives belong to the document behind them.
        return (next, end >= 0, starts, ends, ends || IsBlank(line) || line[0] == '%' || (starts && IsBlank(line[3..])));
    }

    private static bool IsMarker(ReadOnlySpan<char> line, string marker) => line.StartsWith(marker) && (line.Length == 3 || char.IsWhiteSpace(line[3]));

    private static bool IsBlank(ReadOnlySpan<char> line) => line.TrimStart() is [] or ['#', ..];
}
