using System.Text.RegularExpressions;

namespace Portal.Drafts;

/// <summary>Hides the values of Kubernetes secrets in a text that a page shows. Strict: what it does not know within a secret, it hides.</summary>
internal static partial class SecretMask
{
    public const string Hidden = "\u2022\u2022\u2022\u2022\u2022\u2022";

    [GeneratedRegex("""\bkind["']?\s*:\s*["']?Secret\b|\bstringData["']?\s*:""")]
    private static partial Regex Secret();

    // Lines that say what the secret is, not what is in it.
    [GeneratedRegex("""^\s*(-\s+)*(["']?(apiVersion|kind|name|namespace|type|immutable)["']?\s*:\s*["']?[\w./-]*["']?,?|["']?(metadata|data|stringData|items|labels|annotations)["']?\s*:\s*[{\[]?|[{}\[\],\s-]*|#.*)\s*\z""")]
    private static partial Regex Harmless();

    // Whatever stands deeper than this is a value.
    [GeneratedRegex("""^\s*(-\s+)*["']?(data|stringData)["']?\s*:""")]
    private static partial Regex Values();

    /// <summary>The text with as many lines as before.</summary>
    /// <param name="text">The text.</param>
    /// <param name="secretLines">Lines, from 1, on which documents start that are known to be secrets.</param>
    public static string Apply(string text, IEnumerable<int> secretLines)
    {
        var known = secretLines.ToHashSet();
        if (known.Count == 0 && !Secret().IsMatch(text))
            return text;
        var lines = text.Split('\n');
        for (var from = 0; from < lines.Length;)
        {
            var to = from + 1;
            while (to < lines.Length && !lines[to].StartsWith("---", StringComparison.Ordinal))
                to++;
            if (Enumerable.Range(from + 1, to - from).Any(known.Contains) || Secret().IsMatch(string.Join('\n', lines[from..to])))
                Hide(lines.AsSpan(from, to - from));
            from = to;
        }
        return string.Join('\n', lines);
    }

    private static void Hide(Span<string> lines)
    {
        int? values = null;
        foreach (ref var line in lines)
        {
            var indent = line.Length - line.AsSpan().TrimStart().Length;
            if (indent == line.Length || line.StartsWith("---", StringComparison.Ordinal))
                continue;
            values = values is { } depth && indent > depth ? depth : null;
            var isHarmless = values is null && Harmless().IsMatch(line);
            if (values is null && Values().IsMatch(line))
                values = indent;
            if (!isHarmless)
                line = line[..indent] + Hidden;
        }
    }
}
