using System.Globalization;
using System.Text.Json;

namespace Portal.Messaging.Preview;

/// <summary>A path into a JSON document: <c>$.name</c>, <c>['name']</c>, <c>[0]</c>, <c>[*]</c> and <c>.*</c> (RFC 9535 without filters and <c>..</c>).</summary>
internal sealed class JsonPath
{
    private const int MostSteps = 32;
    private const string Example = "Write for example $.temp_c, $.tool.id, $['m s'] or $.items[0].";

    private readonly Step[] _steps;

    private JsonPath(IEnumerable<Step> steps) => _steps = [.. steps];

    /// <summary>Reads a path in a text from a position on. <c>$.</c> may be left out.</summary>
    /// <returns>The path and where it ends, or the problem and where it is.</returns>
    public static (JsonPath? Path, string Problem, int At) Parse(string text, int start)
    {
        var steps = new List<Step>();
        var at = start;
        var rooted = at < text.Length && text[at] == '$' && (at + 1 == text.Length || !IsName(text[at + 1]));
        if (rooted)
            at++;
        while (at < text.Length && steps.Count < MostSteps)
        {
            var c = text[at];
            if (c == '[')
            {
                if (!TryBracket(text, ref at, out var step))
                    return (null, "This bracket holds no name in quotes, number or *. " + Example, at);
                steps.Add(step);
            }
            else if (c == '.' || (steps.Count == 0 && !rooted && IsName(c)))
            {
                var from = c == '.' ? at + 1 : at;
                for (at = from; at < text.Length && IsName(text[at]);)
                    at++;
                if (at == from)
                    return (null, "A name is missing in the path. " + Example, at);
                var name = text[from..at];
                steps.Add(name == "*" ? new Step(null, null) : new Step(name, null));
            }
            else
            {
                break;
            }
        }

        if (steps.Count == MostSteps)
            return (null, $"The path has more than {MostSteps - 1} steps. Write a shorter one.", at);
        return rooted || steps.Count > 0 ? (new JsonPath(steps), "", at) : (null, "The JSON path is missing. " + Example, at);
    }

    /// <summary>Whether a JSON text holds a value at this path that compares so; null = whether it holds one. Never throws.</summary>
    public bool IsIn(ReadOnlySpan<byte> json, FilterComparison? comparison)
    {
        // Looked at first, because payloads that are no JSON at all would cost an exception each.
        var first = json.TrimStart(" \t\r\n"u8);
        if (first.IsEmpty || (_steps.Length > 0 && first[0] is not ((byte)'{' or (byte)'[')))
            return false;
        try
        {
            // Not the final block: a payload that was cut ends quietly.
            var reader = new Utf8JsonReader(json, isFinalBlock: false, default);
            return reader.Read() && Finds(ref reader, 0, comparison) is true;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Not JSON, or a string that is no valid text: no value to compare.
            return false;
        }
    }

    // True: found. False: not here, the reader stands on the end of the value. Null: the text ended.
    private bool? Finds(ref Utf8JsonReader reader, int index, FilterComparison? comparison)
    {
        if (index == _steps.Length)
            return comparison is null || comparison.Holds(ref reader) ? true : Skips(ref reader);
        var step = _steps[index];
        if (reader.TokenType is JsonTokenType.StartObject && step.Index is null)
            return FindsInObject(ref reader, step.Name, index, comparison);
        if (reader.TokenType is JsonTokenType.StartArray && step.Name is null)
            return FindsInArray(ref reader, step.Index, index, comparison);
        return Skips(ref reader);
    }

    private bool? FindsInObject(ref Utf8JsonReader reader, string? name, int index, FilterComparison? comparison)
    {
        while (reader.Read())
        {
            if (reader.TokenType is JsonTokenType.EndObject)
                return false;
            var here = name is null || reader.ValueTextEquals(name);
            if (!reader.Read())
                return null;
            var found = here ? Finds(ref reader, index + 1, comparison) : Skips(ref reader);
            if (found is not false)
                return found;
        }

        return null;
    }

    private bool? FindsInArray(ref Utf8JsonReader reader, int? wanted, int index, FilterComparison? comparison)
    {
        for (var i = 0; reader.Read(); i++)
        {
            if (reader.TokenType is JsonTokenType.EndArray)
                return false;
            var found = wanted is null || wanted == i ? Finds(ref reader, index + 1, comparison) : Skips(ref reader);
            if (found is not false)
                return found;
        }

        return null;
    }

    private static bool? Skips(ref Utf8JsonReader reader) => reader.TrySkip() ? false : null;

    private static bool TryBracket(string text, ref int at, out Step step)
    {
        step = default;
        var from = at + 1;
        if (from < text.Length && text[from] is '\'' or '"')
        {
            var quote = text.IndexOf(text[from], from + 1);
            if (quote < 0 || quote + 1 >= text.Length || text[quote + 1] != ']')
                return false;
            step = new Step(text[(from + 1)..quote], null);
            at = quote + 2;
            return true;
        }

        var close = text.IndexOf(']', from);
        if (close < 0)
            return false;
        var inside = text.AsSpan(from, close - from).Trim();
        if (inside is not "*")
        {
            if (!int.TryParse(inside, NumberStyles.None, CultureInfo.InvariantCulture, out var index))
                return false;
            step = new Step(null, index);
        }

        at = close + 1;
        return true;
    }

    private static bool IsName(char c) =>
        !char.IsWhiteSpace(c) && c is not ('.' or '[' or ']' or '=' or '!' or '<' or '>' or ':' or '(' or ')' or '"' or '\'');

    /// <summary>A member, an element, or with neither every one of them.</summary>
    private readonly record struct Step(string? Name, int? Index);
}
