using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Portal.Model.Documents;

/// <summary>The functions of template and Bicep expressions whose value does not depend on Azure.</summary>
internal static class TemplateFunctions
{
    /// <summary>Longest text that an expression may make.</summary>
    public const int MostLength = 1_000_000;

    /// <summary>The value of a call; false when it is not known here.</summary>
    public static bool TryCall(string name, IReadOnlyList<JsonNode?> arguments, out JsonNode? value)
    {
        value = (name.ToLowerInvariant(), arguments) switch
        {
            ("concat", { Count: > 0 }) when arguments.All(one => one is JsonArray) => new JsonArray([.. arguments.SelectMany(one => (JsonArray)one!).Select(one => one?.DeepClone())]),
            ("concat", { Count: > 0 }) when arguments.All(one => one is JsonValue) => Text(string.Concat(arguments.Select(JsonText.Plain))),
            ("format", { Count: > 0 }) when arguments.All(one => one is JsonValue) => Text(Format([.. arguments.Select(one => JsonText.Plain(one)!)])),
            ("string", [JsonValue]) => Text(JsonText.Plain(arguments[0])),
            ("any", [not null]) => arguments[0]!.DeepClone(),
            ("int", [JsonValue]) when long.TryParse(JsonText.Plain(arguments[0]), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) => JsonValue.Create(number),
            ("json", [JsonValue]) => Json(JsonText.Plain(arguments[0])!),
            ("tolower", [JsonValue]) => Known(arguments, text => text.ToLowerInvariant()),
            ("toupper", [JsonValue]) => Known(arguments, text => text.ToUpperInvariant()),
            ("trim", [JsonValue]) => Known(arguments, text => text.Trim()),
            ("replace", [JsonValue, JsonValue, JsonValue]) when JsonText.Plain(arguments[1]) is { Length: > 0 } from => Known(arguments, text => Replace(text, from, JsonText.Plain(arguments[2])!)),
            _ => null,
        };
        return value is not null;
    }

    /// <summary>A change of the first argument, which must be known itself.</summary>
    private static JsonValue? Known(IReadOnlyList<JsonNode?> arguments, Func<string, string?> change) =>
        arguments.Any(one => JsonText.Plain(one) is { } text && UnknownValue.IsIn(text)) ? null : Text(change(JsonText.Plain(arguments[0])!));

    private static JsonValue? Text(string? text) => text is null || text.Length > MostLength ? null : JsonValue.Create(text);

    private static string? Replace(string text, string from, string to) =>
        (long)text.Length / from.Length * Math.Max(to.Length, 1) > MostLength ? null : text.Replace(from, to, StringComparison.Ordinal);

    private static JsonNode? Json(string text)
    {
        try
        {
            return UnknownValue.IsIn(text) ? null : JsonNode.Parse(text, documentOptions: new JsonDocumentOptions { MaxDepth = JsonText.MostDepth / 2 });
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Fills in <c>{0}</c>; widths and formats of numbers are not taken.</summary>
    private static string? Format(string[] arguments)
    {
        var (format, made) = (arguments[0], new StringBuilder());
        for (var at = 0; at < format.Length && made.Length <= MostLength; at++)
        {
            if (format[at] is not ('{' or '}'))
                made.Append(format[at]);
            else if (at + 1 < format.Length && format[at + 1] == format[at])
                made.Append(format[at++]);
            else
            {
                var end = format.IndexOf('}', at);
                if (format[at] == '}' || end < 0 || !int.TryParse(format.AsSpan(at + 1, end - at - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var index) || index >= arguments.Length - 1)
                    return null;
                made.Append(arguments[index + 1]);
                at = end;
            }
        }
        return made.ToString();
    }
}

/// <summary>
/// Stands within a text for what a template does not tell: a parameter without a value, an expression that only Azure can compute, a
/// name that is nowhere declared. Private-use characters mark it, so that it survives concatenation and is found again.
/// </summary>
internal static class UnknownValue
{
    public const char Parameter = 'p';
    public const char Expression = 'e';
    public const char Name = 'b';

    private const char Open = '\uE000';
    private const char Close = '\uE001';
    private const int MostLength = 80;

    public static string Of(char what, string text) => $"{Open}{what}{Shorten(text)}{Close}";

    public static bool IsIn(string text) => text.Contains(Open, StringComparison.Ordinal);

    /// <summary>True when a text is nothing but a name that is not declared.</summary>
    public static bool IsName(string text, out string name)
    {
        var matches = text.Length > 3 && text[0] == Open && text[1] == Name && text.IndexOf(Close, StringComparison.Ordinal) == text.Length - 1;
        name = matches ? text[2..^1] : "";
        return matches;
    }

    /// <summary>What the first mark of a text stands for.</summary>
    public static (char What, string Text) First(string text)
    {
        var open = text.IndexOf(Open, StringComparison.Ordinal);
        var close = open < 0 ? -1 : text.IndexOf(Close, open);
        return close > open + 1 ? (text[open + 1], text[(open + 2)..close]) : (Expression, "");
    }

    /// <summary>The text with a placeholder for each mark.</summary>
    public static string Show(string text)
    {
        var made = new StringBuilder();
        for (var at = 0; at < text.Length; at++)
        {
            if (text[at] == Open)
                made.Append('<').Append(at + 1 < text.Length && text[at + 1] is Parameter or Expression or Name ? "" : "?");
            else if (text[at] == Close)
                made.Append('>');
            else if (at == 0 || text[at - 1] != Open)
                made.Append(text[at]);
        }
        return made.ToString();
    }

    private static string Shorten(string text)
    {
        var line = text.ReplaceLineEndings(" ").Replace(Open, ' ').Replace(Close, ' ');
        return line.Length > MostLength ? line[..MostLength] + "..." : line;
    }
}
