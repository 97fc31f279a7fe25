using System.Text.RegularExpressions;

namespace Portal.Model.Documents.Import;

/// <summary>What a text is written in.</summary>
internal enum TextFormat { Yaml, Json, Bicep }

/// <summary>Tells the formats apart by how a text starts and by what only Bicep has.</summary>
internal static partial class FormatDetector
{
    [GeneratedRegex(@"^[ \t]*(?:resource[ \t]+\w+[ \t]+'|param[ \t]+\w+[ \t]+\w|param[ \t]+\w+[ \t]*=|var[ \t]+\w+[ \t]*=|targetScope[ \t]*=|module[ \t]+\w+[ \t]+'|output[ \t]+\w+[ \t]+\w+[ \t]*=|using[ \t]+'|@\w+\()", RegexOptions.Multiline)]
    private static partial Regex BicepStatement();

    [GeneratedRegex(@"^[A-Za-z_]\w*[ \t]*:[ \t]*\{[ \t]*(?://.*)?\z")]
    private static partial Regex OpensBicepObject();

    public static TextFormat Detect(string text)
    {
        var isCommented = false;
        var first = "";
        var at = 0;
        while (first.Length == 0 && NextLine(text, ref at) is { } line)
        {
            var bare = line.Trim([' ', '\t', '\ufeff', '\u00a0', '\r']);
            isCommented |= bare.StartsWith("//", StringComparison.Ordinal) || bare.StartsWith("/*", StringComparison.Ordinal);
            if (bare.StartsWith("/*", StringComparison.Ordinal) && text.IndexOf("*/", at - line.Length, StringComparison.Ordinal) is > 0 and var end)
                at = Math.Max(at, end + 2);
            else if (bare.Length > 0 && bare[0] != '#' && !bare.StartsWith("//", StringComparison.Ordinal))
                first = bare;
        }
        if (first.Length > 0 && first[0] is '{' or '[')
            return BracketFormat(text, first, at, isCommented);
        if (isCommented)
            return TextFormat.Bicep;
        if (first.StartsWith("---", StringComparison.Ordinal) || first.StartsWith('%') || first.StartsWith("apiVersion", StringComparison.OrdinalIgnoreCase) || first.StartsWith("kind:", StringComparison.OrdinalIgnoreCase))
            return TextFormat.Yaml;
        if (BicepStatement().IsMatch(text))
            return TextFormat.Bicep;
        // A brace at the end of a line: YAML parts the members behind it with commas, Bicep does not.
        return OpensBicepObject().IsMatch(first) && !HasCommaAtLineEnd(text) ? TextFormat.Bicep : TextFormat.Yaml;
    }

    private static TextFormat BracketFormat(string text, string first, int at, bool isCommented)
    {
        var rest = first[1..].Trim();
        while (rest.Length == 0 || rest.StartsWith("//", StringComparison.Ordinal))
        {
            if (NextLine(text, ref at) is not { } line)
                break;
            rest = line.Trim();
        }
        if (rest.Length == 0 || rest[0] is '"' or '}' or ']' or '{' or '[' || rest.StartsWith("/*", StringComparison.Ordinal))
            return TextFormat.Json;
        return first[0] == '{' && first.TrimEnd().Length == 1 && !HasCommaAtLineEnd(text) ? TextFormat.Bicep : isCommented ? TextFormat.Json : TextFormat.Yaml;
    }

    private static bool HasCommaAtLineEnd(string text)
    {
        var at = 0;
        while (NextLine(text, ref at) is { } line)
            if (line.AsSpan().TrimEnd().EndsWith(","))
                return true;
        return false;
    }

    private static string? NextLine(string text, ref int at)
    {
        if (at >= text.Length)
            return null;
        var length = text.AsSpan(at).IndexOf('\n');
        var line = text.Substring(at, length < 0 ? text.Length - at : length);
        at = length < 0 ? text.Length : at + length + 1;
        return line;
    }
}
