using System.Globalization;
using System.Numerics;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Portal.Model.Documents;

/// <summary>Plain scalars: what type they read as, and which texts may be written without quotes.</summary>
internal static partial class YamlScalar
{
    [GeneratedRegex("^[-+]?[0-9]+\\z")]
    private static partial Regex Integer();

    [GeneratedRegex("^0o[0-7]+\\z")]
    private static partial Regex Octal();

    [GeneratedRegex("^0x[0-9a-fA-F]+\\z")]
    private static partial Regex Hexadecimal();

    [GeneratedRegex(@"^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?\z")]
    private static partial Regex Float();

    [GeneratedRegex(@"^([-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN))\z")]
    private static partial Regex NotFinite();

    // What YAML 1.1 readers, Kubernetes among them, take for something else than a text: yes and no, base 60, dates, 1_000.
    [GeneratedRegex(@"^([yYnN]|yes|Yes|YES|no|No|NO|on|On|ON|off|Off|OFF|=|<<|[-+]?0b[01_]+|[-+]?0x[0-9a-fA-F_]+|[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?|[-+]?([0-9][0-9_]*)?\.?[0-9_]*([eE][-+]?[0-9]+)?|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([Tt ].*)?)\z")]
    private static partial Regex OldTypes();

    [GeneratedRegex(@"^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?\z")]
    private static partial Regex JsonNumber();

    /// <summary>Reads a plain scalar. False: a number that JSON cannot hold (infinity, not a number).</summary>
    public static bool TryResolve(string text, out JsonNode? node)
    {
        node = text switch
        {
            "" or "~" or "null" or "Null" or "NULL" => null,
            "true" or "True" or "TRUE" => JsonValue.Create(true),
            "false" or "False" or "FALSE" => JsonValue.Create(false),
            // Every number starts with one of these, and most scalars do not.
            _ when text[0] is '-' or '+' or '.' or (>= '0' and <= '9') && Number(text) is { } number => JsonNode.Parse(number),
            _ => JsonValue.Create(text),
        };
        return !text.Contains('.', StringComparison.Ordinal) || !NotFinite().IsMatch(text);
    }

    /// <summary>True when a text reads as itself without quotes.</summary>
    public static bool IsPlain(string text)
    {
        if (text.Length == 0 || text[0] is ' ' || text[^1] is ' ' or ':' || "-?:,[]{}#&*!|>'\"%@`".Contains(text[0], StringComparison.Ordinal)
            || text.StartsWith("...", StringComparison.Ordinal)
            || text.Contains(": ", StringComparison.Ordinal) || text.Contains(" #", StringComparison.Ordinal)
            || !text.All(IsPrintable))
            return false;
        return !OldTypes().IsMatch(text) && TryResolve(text, out var node) && node?.GetValueKind() is JsonValueKind.String;
    }

    /// <summary>True when a text reads as itself as the name of a member. YamlDotNet takes a name with an asterisk after a space for a text over several lines.</summary>
    public static bool IsPlainName(string text) => IsPlain(text) && !text.Contains(" *", StringComparison.Ordinal);

    /// <summary>True for a character that a line of YAML may hold as it is.</summary>
    public static bool IsPrintable(char c) => c is >= ' ' and <= '~' or (>= '\u00a0' and not '\u2028' and not '\u2029' and not '\ufeff' and not '\ufffe' and not '\uffff');

    private static string? Number(string text)
    {
        if (Integer().IsMatch(text))
            return Whole(text);
        if (Octal().IsMatch(text))
            return text[2..].Aggregate(BigInteger.Zero, (sum, digit) => (sum * 8) + (digit - '0')).ToString(CultureInfo.InvariantCulture);
        if (Hexadecimal().IsMatch(text))
            return BigInteger.Parse("0" + text[2..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture).ToString(CultureInfo.InvariantCulture);
        return Float().IsMatch(text) ? Decimal(text) : null;
    }

    /// <summary>As JSON writes it: no plus sign, no leading zeros.</summary>
    private static string Whole(string text)
    {
        var digits = text.TrimStart('+', '-').TrimStart('0');
        return (text[0] == '-' ? "-" : "") + (digits.Length == 0 ? "0" : digits);
    }

    private static string Decimal(string text)
    {
        if (JsonNumber().IsMatch(text))
            return text;
        var exponentAt = text.AsSpan().IndexOfAny('e', 'E');
        var (mantissa, exponent) = exponentAt < 0 ? (text, "") : (text[..exponentAt], text[exponentAt..]);
        var dot = mantissa.IndexOf('.', StringComparison.Ordinal);
        var (whole, fraction) = dot < 0 ? (mantissa, "") : (mantissa[..dot], mantissa[(dot + 1)..]);
        return Whole(whole.Length == 0 || !char.IsAsciiDigit(whole[^1]) ? whole + "0" : whole) + (fraction.Length == 0 ? "" : "." + fraction) + exponent;
    }
}
