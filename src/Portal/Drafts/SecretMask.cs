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
                for (var at = from; at < to; at++)
                    lines[at] = Apply(lines[at]);
            from = to;
        }
        return string.Join('\n', lines);
    }

    private static string Apply(string line) =>
        line.StartsWith("---", StringComparison.Ordinal) || Harmless().IsMatch(line) ? line : line[..^line.AsSpan().TrimStart().Length] + Hidden;
}
