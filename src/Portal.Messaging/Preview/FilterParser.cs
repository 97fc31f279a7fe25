using System.Diagnostics.CodeAnalysis;
using System.Text;
using Portal.Messaging.Mqtt;

namespace Portal.Messaging.Preview;

/// <summary>Reads the text of a <see cref="MessageFilter"/> by recursive descent. The first error ends it.</summary>
internal sealed class FilterParser(string text)
{
    private const int DeepestNesting = 64;
    private const string Fields = "topic:, key:, text:, property: and json:";

    private int _position;
    private int _depth;

    public FilterError? Error { get; private set; }

    public Func<PreviewMessage, bool> Parse()
    {
        var predicate = Or();
        SkipBlanks();
        if (Error is null && _position < text.Length)
            Fail(_position, "This closing parenthesis has no opening one. Remove it.");
        return predicate;
    }

    private Func<PreviewMessage, bool> Or()
    {
        var left = And();
        while (Error is null && TakeWord("or"))
        {
            var (first, second) = (left, And());
            left = message => first(message) || second(message);
        }

        return left;
    }

    private Func<PreviewMessage, bool> And()
    {
        var left = Not();
        while (Error is null && (TakeWord("and") || (!AtEnd && !SeesWord("or"))))
        {
            var (first, second) = (left, Not());
            left = message => first(message) && second(message);
        }

        return left;
    }

    private Func<PreviewMessage, bool> Not()
    {
        var start = _position;
        if (++_depth > DeepestNesting)
            return Fail(start, $"The filter nests deeper than {DeepestNesting} levels. Write it with fewer parentheses.");
        var predicate = TakeWord("not") ? Negate(Not()) : Primary();
        _depth--;
        return predicate;
    }

    private static Func<PreviewMessage, bool> Negate(Func<PreviewMessage, bool> inner) => message => !inner(message);

    private Func<PreviewMessage, bool> Primary()
    {
        SkipBlanks();
        if (_position == text.Length || text[_position] == ')' || SeesWord("and") || SeesWord("or"))
            return Fail(_position, "A condition is missing here. Write one, for example topic:line3/# or text:\"alarm\".");
        if (text[_position] == '(')
            return Parentheses();
        if (text[_position] == '"')
            return TryQuoted(out var quoted) ? FilterTerms.Text(quoted, whole: false) : Nothing;
        return Term();
    }

    private Func<PreviewMessage, bool> Parentheses()
    {
        var opening = _position++;
        var inner = Or();
        if (Error is not null)
            return inner;
        SkipBlanks();
        if (_position == text.Length)
            return Fail(opening, "This parenthesis is not closed. Write a ) where the group ends.");
        _position++;
        return inner;
    }

    private Func<PreviewMessage, bool> Term()
    {
        var start = _position;
        while (_position < text.Length && char.IsAsciiLetter(text[_position]))
            _position++;
        var name = text[start.._position];
        var sign = _position < text.Length ? text[_position] : ' ';
        if (name.Length > 0 && sign is ':' or '=')
        {
            switch (name.ToLowerInvariant())
            {
                case "topic":
                    return Topic(whole: sign == '=');
                case "key":
                    return Valued("what the key holds, for example key:press-07", value => FilterTerms.Key(value, sign == '='));
                case "text":
                    return Valued("what the payload holds, for example text:alarm", value => FilterTerms.Text(value, sign == '='));
                case "property" when sign == ':':
                    return Property();
                case "json" when sign == ':':
                    return Json();
                case "property" or "json":
                    return Fail(_position, $"Write a colon after {name}, for example property:unit=degC or json:$.temp_c>70.");
                default:
                    if (sign == ':')
                        return Fail(start, $"There is no field \"{name}\". Fields are {Fields}; to search the payload for text with a colon, put it in quotes.");
                    break;
            }
        }

        _position = start;
        return TryBare(out var word) ? FilterTerms.Text(word, whole: false) : Nothing;
    }

    private Func<PreviewMessage, bool> Topic(bool whole)
    {
        var start = _position + 1;
        return Valued("a topic, for example topic:line3/#", value =>
        {
            if (whole)
                return message => message.Message.Topic == value;
            if (!TopicFilter.HasWildcard(value))
                return message => message.Message.Topic.Contains(value, StringComparison.OrdinalIgnoreCase);
            if (TopicFilter.Problem(value) is { } problem)
                return Fail(start, problem);
            return message => TopicFilter.Matches(value, message.Message.Topic);
        });
    }

    private Func<PreviewMessage, bool> Property()
    {
        _position++;
        var start = _position;
        if (!TryValue(stopAtOperator: true, out var name))
            return Nothing;
        if (name.Length == 0)
            return Fail(start, "The name of the property is missing. Write for example property:unit=degC.");
        return Comparison(out var comparison) ? FilterTerms.Property(name, comparison) : Nothing;
    }

    private Func<PreviewMessage, bool> Json()
    {
        _position++;
        var (path, problem, at) = JsonPath.Parse(text, _position);
        if (path is null)
            return Fail(at, problem);
        _position = at;
        return Comparison(out var comparison) ? FilterTerms.Json(path, comparison) : Nothing;
    }

    // What stands after the name of a property or a path; nothing there means "exists".
    private bool Comparison(out FilterComparison? comparison)
    {
        comparison = null;
        var end = _position;
        SkipBlanks();
        var start = _position;
        var sign = FilterComparison.Signs.FirstOrDefault(sign => string.CompareOrdinal(text, start, sign, 0, sign.Length) == 0);
        if (sign is null)
        {
            _position = end;
            return true;
        }

        _position += sign.Length;
        SkipBlanks();
        var quoted = _position < text.Length && text[_position] == '"';
        var at = _position;
        if (!TryValue(stopAtOperator: false, out var value))
            return false;
        if (value.Length == 0 && !quoted)
        {
            Fail(at, $"A value is missing after {sign}. Write one, for example {sign}70 or {sign}\"RUN\".");
            return false;
        }

        comparison = new FilterComparison(sign, value, quoted);
        return true;
    }

    private Func<PreviewMessage, bool> Valued(string what, Func<string, Func<PreviewMessage, bool>> term)
    {
        var start = ++_position;
        if (!TryValue(stopAtOperator: false, out var value))
            return Nothing;
        return value.Length == 0 ? Fail(start, $"A value is missing here. Write {what}.") : term(value);
    }

    private bool TryValue(bool stopAtOperator, [NotNullWhen(true)] out string? value)
    {
        if (_position < text.Length && text[_position] == '"')
            return TryQuoted(out value);
        var start = _position;
        while (_position < text.Length && !EndsWord(text[_position]) && !(stopAtOperator && text[_position] is '=' or '!' or '<' or '>' or ':'))
            _position++;
        value = text[start.._position];
        return true;
    }

    private bool TryBare([NotNullWhen(true)] out string? word) => TryValue(stopAtOperator: false, out word);

    private bool TryQuoted([NotNullWhen(true)] out string? value)
    {
        var opening = _position++;
        var unescaped = new StringBuilder();
        for (; _position < text.Length; _position++)
        {
            var c = text[_position];
            if (c == '"')
            {
                _position++;
                value = unescaped.ToString();
                return true;
            }

            if (c == '\\' && _position + 1 < text.Length && text[_position + 1] is '"' or '\\')
                c = text[++_position];
            unescaped.Append(c);
        }

        value = null;
        Fail(opening, "This quote is not closed. Write a \" where the text ends (\\\" for a quote inside it).");
        return false;
    }

    private bool AtEnd
    {
        get
        {
            SkipBlanks();
            return _position == text.Length || text[_position] == ')';
        }
    }

    private bool TakeWord(string word)
    {
        if (!SeesWord(word))
            return false;
        _position += word.Length;
        return true;
    }

    private bool SeesWord(string word)
    {
        SkipBlanks();
        return string.Compare(text, _position, word, 0, word.Length, StringComparison.OrdinalIgnoreCase) == 0
            && (_position + word.Length == text.Length || EndsWord(text[_position + word.Length]));
    }

    private void SkipBlanks()
    {
        while (_position < text.Length && char.IsWhiteSpace(text[_position]))
            _position++;
    }

    private static bool EndsWord(char c) => char.IsWhiteSpace(c) || c is '(' or ')';

    private static bool Nothing(PreviewMessage message) => false;

    private Func<PreviewMessage, bool> Fail(int position, string message)
    {
        Error ??= new FilterError(position, message);
        _position = text.Length;
        return Nothing;
    }
}
