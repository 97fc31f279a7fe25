using System.Globalization;
using System.Text;

namespace Portal.Model.Dataflows.Expressions;

internal enum TokenKind { End, Number, Text, Input, Name, Sign }

/// <summary>One word of a formula.</summary>
internal readonly record struct Token(TokenKind Kind, string Word, ExpressionValue Value, int Column);

/// <summary>Takes a formula apart into words.</summary>
internal sealed class ExpressionLexer(string text)
{
    private static readonly string[] Signs = ["&&", "||", "==", "!=", "<=", ">=", "(", ")", ",", "+", "-", "*", "/", "%", "^", "<", ">", "!"];

    private int _at;

    public Token Next()
    {
        while (_at < text.Length && char.IsWhiteSpace(text[_at]))
            _at++;
        var column = _at + 1;
        if (_at == text.Length)
            return new Token(TokenKind.End, "the end", default, column);
        var c = text[_at];
        if (char.IsAsciiDigit(c) || (c == '.' && _at + 1 < text.Length && char.IsAsciiDigit(text[_at + 1])))
            return Number(column);
        if (c is '"' or '\'')
            return Text(c, column);
        if (c == '$')
            return Input(column);
        if (char.IsAsciiLetter(c) || c == '_')
            return new Token(TokenKind.Name, Take(one => char.IsAsciiLetterOrDigit(one) || one is '_' or ':'), default, column);
        foreach (var sign in Signs)
            if (text.AsSpan(_at).StartsWith(sign))
            {
                _at += sign.Length;
                return new Token(TokenKind.Sign, sign, default, column);
            }
        throw Wrong(
            c is '?' ? "expression-unsupported" : "expression-syntax", column, $"'{c}' is not known here.",
            c == '=' ? "Write == to compare." : c is '&' or '|' ? $"Write {c}{c}." : "Use + - * / % ^ < > <= >= == != && || ! ( ) and functions.");
    }

    public static ExpressionException Wrong(string code, int column, string message, string fix) => new(new ExpressionProblem(code, column, message, fix));

    private Token Number(int column)
    {
        var start = _at;
        Take(char.IsAsciiDigit);
        var isFloat = false;
        if (_at < text.Length && text[_at] == '.')
        {
            isFloat = true;
            _at++;
            Take(char.IsAsciiDigit);
        }
        if (_at < text.Length && text[_at] is 'e' or 'E')
        {
            isFloat = true;
            _at++;
            if (_at < text.Length && text[_at] is '+' or '-')
                _at++;
            if (Take(char.IsAsciiDigit).Length == 0)
                throw Wrong("expression-syntax", column, "A number ends in the middle of its exponent.", "Write for example 1e3.");
        }
        if (_at < text.Length && (char.IsAsciiLetter(text[_at]) || text[_at] is '_' or '.'))
            throw Wrong("expression-syntax", column, $"'{text[start..(_at + 1)]}' is no number.", "Put an operator between a number and a name.");
        var word = text[start.._at];
        var value = !isFloat && long.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var whole)
            ? ExpressionValue.Of(whole)
            : ExpressionValue.Of(double.Parse(word, NumberStyles.Float, CultureInfo.InvariantCulture));
        return new Token(TokenKind.Number, word, value, column);
    }

    private Token Text(char quote, int column)
    {
        var value = new StringBuilder();
        for (_at++; _at < text.Length && text[_at] != quote; _at++)
        {
            if (text[_at] != '\\' || _at + 1 == text.Length)
            {
                value.Append(text[_at]);
                continue;
            }
            _at++;
            value.Append(text[_at] switch
            {
                'n' => '\n',
                't' => '\t',
                'r' => '\r',
                '\\' or '"' or '\'' => text[_at],
                _ => throw Wrong("expression-syntax", _at, $"'\\{text[_at]}' is no escape.", "Write \\\\ for a backslash, \\n for a new line."),
            });
        }
        if (_at == text.Length)
            throw Wrong("expression-syntax", column, "A text has no closing quote.", $"Write {quote} at its end.");
        _at++;
        return new Token(TokenKind.Text, "a text", ExpressionValue.Of(value.ToString()), column);
    }

    private Token Input(int column)
    {
        _at++;
        var digits = Take(char.IsAsciiDigit);
        if (digits.Length is > 0 and < 6)
            return new Token(TokenKind.Input, "$" + digits, ExpressionValue.Of(long.Parse(digits, CultureInfo.InvariantCulture)), column);
        var name = Take(one => char.IsAsciiLetterOrDigit(one) || one is '_' or '.');
        throw Wrong("expression-input", column, $"'${digits}{name}' is no input.", "List the field in inputs and write $1 for the first of them.");
    }

    private string Take(Func<char, bool> belongs)
    {
        var start = _at;
        while (_at < text.Length && belongs(text[_at]))
            _at++;
        return text[start.._at];
    }
}
