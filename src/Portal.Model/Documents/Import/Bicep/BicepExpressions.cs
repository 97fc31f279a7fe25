using System.Globalization;
using System.Text.Json.Nodes;
using Portal.Model.Validation;

namespace Portal.Model.Documents.Import.Bicep;

/// <summary>Reads values. Where one is broken a finding says where, and reading goes on behind it.</summary>
internal partial class BicepExpressions(string text, Func<BicepToken> read, Func<int> end, ReadingBudget budget, List<Finding> findings) : BicepTokens(text, read, end, budget, findings)
{
    private static readonly string[][] Levels = [["??"], ["||"], ["&&"], ["==", "!=", "=~", "!~"], ["<", ">", "<=", ">="], ["+", "-"], ["*", "/", "%"]];

    private int depth;

    public BicepValue Value()
    {
        var start = Current;
        ReadingBudget.CheckDepth(++depth, start.Line, start.Column);
        Budget.Take(1, start.Line, start.Column);
        var value = Operation(0);
        if (NextPast("?"))
        {
            SkipNewLines();
            Take();
            SkipNewLines();
            var then = Value();
            if (NextPast(":"))
                SkipNewLines();
            if (!TakeIf(":"))
                SyntaxError("A colon is missing after the value for yes.", Current);
            SkipNewLines();
            value = new BicepChoice(value, then, Value(), TextFrom(start), start.Line, start.Column);
        }
        depth--;
        return value;
    }

    private bool NextPast(string symbol)
    {
        var distance = 0;
        while (distance < 50 && Peek(distance).Kind is BicepTokenKind.NewLine)
            distance++;
        return Peek(distance).Is(symbol);
    }

    private BicepValue Operation(int level)
    {
        if (level == Levels.Length)
            return Unary();
        var start = Current;
        var left = Operation(level + 1);
        while (Current.Kind is BicepTokenKind.Symbol && Levels[level].Contains(Current.Value))
        {
            Budget.Take(1, start.Line, start.Column);
            var symbol = Take().Value;
            SkipNewLines();
            left = new BicepOperation(symbol, left, Operation(level + 1), TextFrom(start), start.Line, start.Column);
        }
        return left;
    }

    private BicepValue Unary()
    {
        var start = Current;
        if (!start.Is("!") && !start.Is("-"))
            return Suffixes(Primary(), start);
        Take();
        ReadingBudget.CheckDepth(++depth, start.Line, start.Column);
        var of = Unary();
        depth--;
        return start.Value == "-" && of is BicepLiteral { Value: JsonValue number } && number.TryGetValue<long>(out var value)
            ? new BicepLiteral(JsonValue.Create(-value), start.Line, start.Column)
            : new BicepOperation(start.Value, of, null, TextFrom(start), start.Line, start.Column);
    }

    private BicepValue Suffixes(BicepValue value, BicepToken start)
    {
        while (Current.Kind is BicepTokenKind.Symbol && Current.Value is "." or ".?" or "::" or "[" or "!" or "(")
        {
            // A bracket behind a value on the same line is an item of it; behind a blank it may start something else.
            if (value is BicepObject or BicepArray or BicepLiteral or BicepOther or BicepLoop)
                return value;
            Budget.Take(1, start.Line, start.Column);
            var symbol = Take();
            if (symbol.Value == "[")
            {
                TakeIf("?");
                var key = Value();
                if (!TakeIf("]"))
                    SyntaxError("A closing bracket is missing.", Current);
                value = new BicepAccess(value, key, TextFrom(start), start.Line, start.Column);
            }
            else if (symbol.Value == "(")
                value = new BicepCall(value is BicepName name ? name.Name : "", Arguments(), TextFrom(start), start.Line, start.Column);
            else if (symbol.Value != "!" && Current.Kind is BicepTokenKind.Word)
            {
                var member = Take();
                value = new BicepAccess(value, new BicepString([(member.Value, null)], member.Line, member.Column), TextFrom(start), start.Line, start.Column);
            }
        }
        return value;
    }

    private List<BicepValue> Arguments()
    {
        var arguments = new List<BicepValue>();
        SkipNewLines();
        while (!Current.Is(")") && Current.Kind is not BicepTokenKind.End)
        {
            var before = Current;
            arguments.Add(Value());
            SkipNewLines();
            TakeIf(",");
            SkipNewLines();
            if (ReferenceEquals(before, Current))
                Take();
        }
        if (!TakeIf(")"))
            SyntaxError("A closing parenthesis is missing.", Current);
        return arguments;
    }

    private BicepValue Primary()
    {
        var token = Current;
        switch (token.Kind)
        {
            case BicepTokenKind.Number:
                Take();
                return long.TryParse(token.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                    ? new BicepLiteral(JsonValue.Create(number), token.Line, token.Column)
                    : new BicepLiteral(JsonNode.Parse(token.Value.TrimStart('0') is { Length: > 0 } digits ? digits : "0"), token.Line, token.Column);
            case BicepTokenKind.Text:
                Take();
                return new BicepString([.. token.Parts!.Select(Part)], token.Line, token.Column);
            case BicepTokenKind.Word:
                Take();
                return token.Value switch
                {
                    "true" => new BicepLiteral(JsonValue.Create(true), token.Line, token.Column),
                    "false" => new BicepLiteral(JsonValue.Create(false), token.Line, token.Column),
                    "null" => new BicepLiteral(null, token.Line, token.Column),
                    _ => new BicepName(token.Value, token.Line, token.Column),
                };
            case BicepTokenKind.Symbol when token.Value == "{":
                return Object();
            case BicepTokenKind.Symbol when token.Value == "[":
                return Array();
            case BicepTokenKind.Symbol when token.Value == "(":
                return Parenthesis();
            default:
                SyntaxError(token.Kind is BicepTokenKind.NewLine or BicepTokenKind.End ? "A value is missing." : $"'{token.Value}' is no value.", token);
                if (token.Kind is BicepTokenKind.Symbol && token.Value is not ("}" or "]" or ")" or ","))
                    Take();
                return new BicepOther(token.Value, token.Line, token.Column);
        }
    }

    private (string?, BicepValue?) Part((string? Text, IReadOnlyList<BicepToken>? Tokens) part)
    {
        if (part.Tokens is not { } tokens)
            return (part.Text, null);
        var next = 0;
        var inner = new BicepExpressions(Source, () => tokens[Math.Min(next++, tokens.Count - 1)], () => tokens[^1].Start, Budget, Findings) { depth = depth };
        var value = inner.Value();
        if (inner.Current.Kind is not BicepTokenKind.End)
            SyntaxError("What is filled in between ${ and } cannot be read.", inner.Current);
        return (null, value);
    }

    private BicepValue Parenthesis()
    {
        var start = Take();
        SkipNewLines();
        var value = Value();
        SkipNewLines();
        if (!TakeIf(")"))
        {
            SyntaxError("A closing parenthesis is missing.", Current);
            SkipLine();
            return new BicepOther(TextFrom(start), start.Line, start.Column);
        }
        return value;
    }

    private BicepValue Array()
    {
        var start = Take();
        SkipNewLines();
        if (Current.IsWord("for"))
            return Loop(start);
        var items = new List<BicepValue>();
        while (!Current.Is("]") && Current.Kind is not BicepTokenKind.End)
        {
            var before = Current;
            items.Add(Value());
            while (Current.Kind is BicepTokenKind.NewLine || Current.Is(","))
                Take();
            if (ReferenceEquals(before, Current))
                Take();
        }
        if (!TakeIf("]"))
            SyntaxError("The list is not closed with ].", start);
        return new BicepArray(items, start.Line, start.Column);
    }

    /// <summary><c>[for item in list: value]</c>, also with an index.</summary>
    private BicepValue Loop(BicepToken start)
    {
        Take();
        var (item, index) = ("", (string?)null);
        if (TakeIf("("))
        {
            item = Take().Value;
            TakeIf(",");
            index = Take().Value;
            TakeIf(")");
        }
        else
            item = Take().Value;
        if (Current.IsWord("in"))
            Take();
        else
            SyntaxError("The word in is missing.", Current);
        var source = Value();
        if (!TakeIf(":"))
            SyntaxError("A colon is missing.", Current);
        SkipNewLines();
        var body = Body();
        SkipNewLines();
        if (!TakeIf("]"))
            SyntaxError("The list is not closed with ].", start);
        return new BicepLoop(item, index, source, body, start.Line, start.Column);
    }

    /// <summary>A value, also under a condition.</summary>
    protected BicepValue Body()
    {
        var start = Current;
        if (!start.IsWord("if"))
            return Value();
        Take();
        var condition = Primary();
        SkipNewLines();
        return new BicepConditional(condition, Value(), start.Line, start.Column);
    }
}
