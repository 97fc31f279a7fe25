using System.Text.RegularExpressions;

namespace Portal.Components.Shared;

/// <summary>Languages that <see cref="CodeView"/> colours.</summary>
public enum CodeLanguage
{
    Plain,
    Yaml,
    Json,
    Bicep,
    Shell,
}

/// <summary>A piece of a line and its colour class, null for plain text.</summary>
internal readonly record struct CodeToken(string Text, string? Tone);

/// <summary>Splits a document into coloured lines. Colour only: a text that is not valid is shown as it is.</summary>
internal static partial class CodeTokens
{
    private const string Key = "yk";
    private const string Word = "yw";
    private const string Number = "yn";
    private const string String = "ys";
    private const string Comment = "yc";

    public static IReadOnlyList<IReadOnlyList<CodeToken>> Lines(string code, CodeLanguage language)
    {
        var lines = code.ReplaceLineEndings("\n").TrimEnd('\n').Split('\n');
        if (language == CodeLanguage.Yaml)
            return YamlLines(lines);
        var pattern = language switch
        {
            CodeLanguage.Json => Json(),
            CodeLanguage.Bicep => Bicep(),
            CodeLanguage.Shell => Shell(),
            _ => null,
        };
        return [.. lines.Select(line => pattern is null ? [new CodeToken(line, null)] : Split(line, pattern))];
    }

    private static List<IReadOnlyList<CodeToken>> YamlLines(string[] lines)
    {
        var result = new List<IReadOnlyList<CodeToken>>(lines.Length);
        int? block = null;
        foreach (var line in lines)
        {
            var indent = line.Length - line.TrimStart().Length;
            if (block is { } depth && (line.Length == indent || indent > depth))
            {
                result.Add([new CodeToken(line, String)]);
                continue;
            }
            block = BlockScalar().IsMatch(line) ? indent : null;
            result.Add(Split(line, Yaml()));
        }
        return result;
    }

    // Every group of a pattern is named after its colour; what no group takes stays plain.
    private static List<CodeToken> Split(string line, Regex pattern)
    {
        var tokens = new List<CodeToken>();
        var at = 0;
        foreach (Match match in pattern.Matches(line))
        {
            foreach (var tone in (string[])[Comment, Key, String, Number, Word])
            {
                var group = match.Groups[tone];
                if (!group.Success || group.Length == 0 || group.Index < at)
                    continue;
                if (group.Index > at)
                    tokens.Add(new CodeToken(line[at..group.Index], null));
                tokens.Add(new CodeToken(group.Value, tone));
                at = group.Index + group.Length;
                break;
            }
        }
        if (at < line.Length)
            tokens.Add(new CodeToken(line[at..], null));
        return tokens;
    }

    [GeneratedRegex(@"[|>][+-]?\d?\s*$")]
    private static partial Regex BlockScalar();

    [GeneratedRegex("""
        (?<yc>(?<=^|\s)\#.*$|^---|^\.\.\.) |
        (?<yk>(?<=^\s*(?:-\s+)*)(?:"[^"]*"|'[^']*'|[^\s:\#"'\-][^:\#"']*))(?=:(?:\s|$)) |
        (?<=:\s+|-\s+) (?: (?<yw>(?:true|false|null|~|[A-Z][A-Za-z0-9]*)(?=\s*$)) | (?<yn>-?\d+(?:\.\d+)?(?=\s*$)) | (?<ys>[^\s\#\-{\[|>&*][^\#]*|\{\}|\[\]|-[^\s].*) )
        """, RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Yaml();

    [GeneratedRegex("""
        (?<yk>"(?:[^"\\]|\\.)*")(?=\s*:) |
        (?<yw>"[A-Z][A-Za-z0-9]*"|\b(?:true|false|null)\b) |
        (?<ys>"(?:[^"\\]|\\.)*"?) |
        (?<yn>-?\b\d+(?:\.\d+)?(?:[eE][+-]?\d+)?\b)
        """, RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Json();

    [GeneratedRegex("""
        (?<yc>//.*$) |
        (?<yw>'[A-Z][A-Za-z0-9]*'|^\s*@\w+|\b(?:targetScope|param|var|resource|module|output|type|func|import|existing|if|for|in|true|false|null)\b(?!\s*:)) |
        (?<yk>(?:'[^']*'|[A-Za-z_]\w*)(?=\s*:(?!:))) |
        (?<ys>'(?:[^'\\]|\\.)*'?) |
        (?<yn>\b\d+\b)
        """, RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Bicep();

    [GeneratedRegex("""
        (?<yc>(?<=^|\s)\#.*$|\\$) |
        (?<ys>'[^']*'?|"(?:[^"\\]|\\.)*"?) |
        (?<yk>(?<=\s|^)--?[A-Za-z][\w\-]*) |
        (?<yn>\$\{?\w+\}?|(?<=\s)\d+(?=\s|$)) |
        (?<yw>^\s*(?:az|kubectl|bicep|cat|export)\b|(?<=\|\s*)(?:az|kubectl)\b)
        """, RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Shell();
}
