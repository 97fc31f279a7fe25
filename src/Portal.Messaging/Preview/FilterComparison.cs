using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Portal.Messaging.Preview;

/// <summary>A comparison with a literal. Numbers compare as numbers when both sides are numbers, else text without regard to case.</summary>
internal sealed class FilterComparison(string sign, string literal, bool quoted)
{
    /// <summary>The longer ones first, so that a prefix never wins.</summary>
    public static readonly string[] Signs = [">=", "<=", "!=", "==", "=", ">", "<", ":"];

    private readonly decimal? _number = quoted ? null : NumberOf(literal);

    /// <summary>Whether a text (a user property, a header, a JSON string) compares so.</summary>
    public bool Holds(string value) => sign switch
    {
        "=" or "==" => value.Equals(literal, StringComparison.OrdinalIgnoreCase),
        "!=" => !value.Equals(literal, StringComparison.OrdinalIgnoreCase),
        ":" => value.Contains(literal, StringComparison.OrdinalIgnoreCase),
        _ => Orders(_number is { } right && NumberOf(value) is { } left
            ? left.CompareTo(right)
            : string.Compare(value, literal, StringComparison.OrdinalIgnoreCase)),
    };

    /// <summary>Whether the JSON value that a reader stands on compares so.</summary>
    public bool Holds(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.String => Holds(reader.GetString()!),
        JsonTokenType.Number => HoldsNumber(ref reader),
        JsonTokenType.True => Holds("true"),
        JsonTokenType.False => Holds("false"),
        JsonTokenType.Null => Holds("null"),
        _ => false,
    };

    private bool HoldsNumber(ref Utf8JsonReader reader)
    {
        // Text against a number compares with its digits as they were sent.
        if (_number is not { } right || sign == ":")
            return sign is "=" or "==" or "!=" or ":" && Holds(Encoding.ASCII.GetString(reader.ValueSpan));
        var order = reader.TryGetDecimal(out var left) ? left.CompareTo(right)
            : reader.TryGetDouble(out var inexact) ? inexact.CompareTo((double)right)
            : 0;
        return sign switch
        {
            "=" or "==" => order == 0,
            "!=" => order != 0,
            _ => Orders(order),
        };
    }

    private bool Orders(int order) => sign switch
    {
        ">" => order > 0,
        ">=" => order >= 0,
        "<" => order < 0,
        _ => order <= 0,
    };

    private static decimal? NumberOf(string text) =>
        decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null;
}
