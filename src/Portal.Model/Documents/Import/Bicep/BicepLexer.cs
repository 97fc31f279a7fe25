using System.Globalization;
using System.Text;

namespace Portal.Model.Documents.Import.Bicep;

internal enum BicepTokenKind { Word, Number, Text, Symbol, NewLine, End }

/// <summary>A token with its place. The parts of a text are texts and the tokens between them.</summary>
internal sealed record BicepToken(BicepTokenKind Kind, string Value, int Line, int Column, int Start)
{
    public IReadOnlyList<(string? Text, IReadOnlyList<BicepToken>? Tokens)>? Parts { get; init; }

    public bool Is(string symbol) => Kind is BicepTokenKind.Symbol && Value == symbol;

    public bool IsWord(string word) => Kind is BicepTokenKind.Word && Value == word;
}

/// <summary>Cuts Bicep into tokens. Never fails: what it does not know becomes a symbol, and <paramref name="report"/> hears of broken texts.</summary>
internal sealed class BicepLexer(string text, Action<string, int, int> report)
{
    private const int MostInterpolation = 20;

    private static readonly string[] Symbols = ["...", "==", "!=", "<=", ">=", "=~", "!~", "&&", "||", "??", "=>", "::", ".?"];

    private int at;
    private int line = 1;
    private int lineStart;
    private int interpolation;

    /// <summary>Where the last token ended.</summary>
    public int End { get; private set; }

    private int Column => at - lineStart + 1;

    public BicepToken Next()
    {
        SkipBlanks();
        var token = Read();
        End = at;
        return token;
    }

    private BicepToken Read()
    {
        var (start, column) = (at, Column);
        if (at >= text.Length)
            return new BicepToken(BicepTokenKind.End, "", line, column, start);
        var c = text[at];
        if (c is '\n' or '\r')
        {
            var ofLine = line;
            PassLineBreak();
            return new BicepToken(BicepTokenKind.NewLine, "", ofLine, column, start);
        }
        if (c == '\'')
            return text.AsSpan(at).StartsWith("'''") ? Block() : Quoted();
        if (char.IsAsciiLetter(c) || c == '_')
        {
            while (at < text.Length && (char.IsAsciiLetterOrDigit(text[at]) || text[at] == '_'))
                at++;
            return new BicepToken(BicepTokenKind.Word, text[start..at], line, column, start);
        }
        if (char.IsAsciiDigit(c))
        {
            while (at < text.Length && char.IsAsciiDigit(text[at]))
                at++;
            return new BicepToken(BicepTokenKind.Number, text[start..at], line, column, start);
        }
        var symbol = Array.Find(Symbols, one => text.AsSpan(at).StartsWith(one)) ?? c.ToString();
        at += symbol.Length;
        return new BicepToken(BicepTokenKind.Symbol, symbol, line, column, start);
    }

    private void SkipBlanks()
    {
        while (at < text.Length)
        {
            if (text[at] is ' ' or '\t' or '\u00a0' or '\ufeff')
                at++;
            else if (text.AsSpan(at).StartsWith("//") || text[at] == '#')
                SkipToLineBreak();
            else if (text.AsSpan(at).StartsWith("/*"))
                SkipComment();
            else
                return;
        }
    }

    private void SkipToLineBreak()
    {
        var length = text.AsSpan(at).IndexOfAny('\r', '\n');
        at = length < 0 ? text.Length : at + length;
    }

    private void SkipComment()
    {
        var end = IndexOf("*/", at + 2);
        if (end < 0)
            report("The comment is not closed.", line, Column);
        end = end < 0 ? text.Length : end + 2;
        while (at < end)
            if (text[at] is '\n' or '\r')
                PassLineBreak();
            else
                at++;
    }

    private void PassLineBreak()
    {
        at += text[at] == '\r' && at + 1 < text.Length && text[at + 1] == '\n' ? 2 : 1;
        line++;
        lineStart = at;
    }

    private int IndexOf(string what, int from) => from >= text.Length ? -1 : text.IndexOf(what, from, StringComparison.Ordinal);

    /// <summary>A text over several lines: as it stands, without the line break that it starts with.</summary>
    private BicepToken Block()
    {
        var (start, column, ofLine) = (at, Column, line);
        var end = IndexOf("'''", at + 3);
        // More quotes at the end belong to the text.
        while (end >= 0 && end + 3 < text.Length && text[end + 3] == '\'')
            end++;
        if (end < 0)
            report("The text is not closed with '''.", line, column);
        var from = Math.Min(at + 3, text.Length);
        from += text.AsSpan(from).StartsWith("\r\n") ? 2 : text.AsSpan(from).StartsWith("\n") ? 1 : 0;
        var stop = end < 0 ? text.Length : end;
        var content = from < stop ? text[from..stop] : "";
        end = end < 0 ? text.Length : end + 3;
        while (at < end)
            if (text[at] is '\n' or '\r')
                PassLineBreak();
            else
                at++;
        return new BicepToken(BicepTokenKind.Text, content, ofLine, column, start) { Parts = [(content, null)] };
    }

    private BicepToken Quoted()
    {
        var (start, column, ofLine) = (at, Column, line);
        var parts = new List<(string?, IReadOnlyList<BicepToken>?)>();
        var part = new StringBuilder();
        at++;
        while (true)
        {
            if (at >= text.Length || text[at] is '\n' or '\r')
            {
                report("The text is not closed with a quote.", ofLine, column);
                break;
            }
            if (text[at] == '\'')
            {
                at++;
                break;
            }
            if (text[at] == '\\')
                Escape(part);
            else if (text[at] == '$' && at + 1 < text.Length && text[at + 1] == '{')
            {
                if (part.Length > 0)
                    parts.Add((part.ToString(), null));
                part.Clear();
                at += 2;
                parts.Add((null, Between()));
            }
            else
                part.Append(text[at++]);
        }
        if (part.Length > 0)
            parts.Add((part.ToString(), null));
        return new BicepToken(BicepTokenKind.Text, "", ofLine, column, start) { Parts = parts };
    }

    /// <summary>The tokens up to the brace that ends what is filled in.</summary>
    private List<BicepToken> Between()
    {
        ReadingBudget.CheckDepth(++interpolation > MostInterpolation ? int.MaxValue : 0, line, Column);
        var tokens = new List<BicepToken>();
        var depth = 0;
        while (true)
        {
            SkipBlanks();
            if (at >= text.Length || text[at] is '\n' or '\r')
                break;
            var token = Read();
            if (token.Is("}") && depth-- == 0)
                break;
            depth += token.Is("{") ? 1 : 0;
            tokens.Add(token);
        }
        interpolation--;
        tokens.Add(new BicepToken(BicepTokenKind.End, "", line, Column, at));
        return tokens;
    }

    private void Escape(StringBuilder part)
    {
        var next = at + 1 < text.Length ? text[at + 1] : '\0';
        if (next == 'u' && at + 2 < text.Length && text[at + 2] == '{')
        {
            var end = text.IndexOf('}', at, Math.Min(text.Length - at, 12));
            if (end > 0 && int.TryParse(text.AsSpan(at + 3, end - at - 3), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code) && Rune.IsValid(code))
            {
                part.Append(new Rune(code).ToString());
                at = end + 1;
                return;
            }
        }
        var known = next switch { 'n' => "\n", 'r' => "\r", 't' => "\t", '\\' => "\\", '\'' => "'", '$' => "$", _ => null };
        if (known is null)
            report("The text holds an escape that Bicep does not have.", line, Column);
        part.Append(known ?? "\\");
        at += known is null ? 1 : 2;
    }
}
