namespace Portal.Tests.Shared;

/// <summary>Damages a text as careless and hostile hands do: letters lost and doubled, lines swapped, brackets opened, binary junk.</summary>
public static class TextMutation
{
    private static readonly string[] Junk =
    [
        "{", "}", "[", "]", "(", ")", ":", ": ", ",", "'", "\"", "'''", "\\", "\n", "\r\n", "\t", " ", "  ", "- ", "---\n", "...\n", "#", "//", "/*", "*/", "&a ", "*a", "<<: ", "!!str ", "? ", "| ", ">-\n",
        "${", "${a}", "<X>", "__X__", "{{ x }}", "null", "true", "0", "-1", "1e9", "99999999999999999999", "None", "\0", "\u0001", "\ufffd", "\u2028", "\ud83d", "ä", "resource a 'b@c' = {", "param x string\n",
        "[for i in x: {", "[parameters('x')]", "[[", "if (", "@a(", "\"a\": 1,", "a: 1\n", "kafkaSettings: {}\n", "spec:\n", "%YAML 9.9\n", "= ", "?? ", "? a : b",
    ];

    /// <summary>The text after one to a few damages.</summary>
    public static string Of(string text, Random random)
    {
        for (var times = random.Next(1, 4); times > 0; times--)
            text = Once(text, random);
        return text;
    }

    private static string Once(string text, Random random)
    {
        var at = random.Next(text.Length + 1);
        var length = Math.Min(random.Next(1, 12), text.Length - at);
        switch (random.Next(9))
        {
            case 0:
                return text.Remove(at, length);
            case 1:
                return text.Insert(at, Junk[random.Next(Junk.Length)]);
            case 2:
                return text.Remove(at, length).Insert(at, Junk[random.Next(Junk.Length)]);
            case 3:
                return text.Insert(at, text.Substring(at, length));
            case 4:
                return text[..at];
            case 5 when at < text.Length:
                return text.Remove(at, 1).Insert(at, ((char)random.Next(1, 0x250)).ToString());
            case 6:
                return string.Concat(Enumerable.Repeat(Junk[random.Next(Junk.Length)], random.Next(1, 200))) + text;
            case 7:
                return SwapLines(text, random);
            default:
                // The case of a stretch.
                var part = text.Substring(at, length);
                return text.Remove(at, length).Insert(at, random.Next(2) == 0 ? part.ToUpperInvariant() : part.ToLowerInvariant());
        }
    }

    private static string SwapLines(string text, Random random)
    {
        var lines = text.Split('\n');
        var (one, two) = (random.Next(lines.Length), random.Next(lines.Length));
        (lines[one], lines[two]) = (lines[two], lines[one]);
        return string.Join('\n', lines);
    }
}
