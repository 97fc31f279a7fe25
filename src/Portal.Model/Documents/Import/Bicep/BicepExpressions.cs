using System.Globalization;
using System.Text.Json.Nodes;
using Portal.Model.Validation;

namespace Portal.Model.Documents.Import.Bicep;

/// <summary>Reads values. Where one is broken a finding says where, and reading goes on behind it.</summary>
internal class BicepExpressions(string text, Func<BicepToken> read, Func<int> end, ReadingBudget budget, List<Finding> findings) : BicepTokens(text, read, end, budget, findings)
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

    protected virtual BicepObject Object()
    {
        var start = Take();
        var members = new List<BicepMember>();
        while (true)
        {
            while (Current.Kind is BicepTokenKind.NewLine || Current.Is(","))
                Take();
            if (Current.Is("}") || Current.Kind is BicepTokenKind.End)
                break;
            if (!Special() && Member() is { } member)
                members.Add(member);
        }
        if (!TakeIf("}"))
            SyntaxError("The object is not closed with }.", start);
        return new BicepObject(members, start.Line, start.Column);
    }

    /// <summary>Takes what may stand between members and is none.</summary>
    protected virtual bool Special() => false;

    /// <summary>A member with its value; null when there is none to read.</summary>
    protected BicepMember? Member()
    {
        var name = Take();
        Budget.Take(1, name.Line, name.Column);
        if (name.Is("..."))
            return Spread(name);
        var text = name.Kind switch
        {
            BicepTokenKind.Word or BicepTokenKind.Number => name.Value,
            BicepTokenKind.Text when name.Parts!.All(part => part.Text is not null) => string.Concat(name.Parts!.Select(part => part.Text)),
            _ => null,
        };
        if (text is null || text.Length > ReadingBudget.MostNameLength || !TakeIf(":"))
        {
            SyntaxError(text is null ? $"'{name.Value}' is not the name of a member." : $"A colon is missing after '{(text.Length > 100 ? text[..100] : text)}'.", name);
            SkipLine();
            return null;
        }
        if (Current.Kind is BicepTokenKind.NewLine && Indented(name) is { } members)
            return new BicepMember(text, members, name.Line, name.Column);
        var value = Current.Kind is BicepTokenKind.NewLine ? NoValue(name) : Body();
        if (value is not null && Current.Kind is not (BicepTokenKind.NewLine or BicepTokenKind.End) && !Current.Is("}") && !Current.Is(","))
        {
            SyntaxError($"Something stands behind the value of '{text}'.", Current);
            SkipLine();
        }
        return value is null ? null : new BicepMember(text, value, name.Line, name.Column);
    }

    private BicepValue? NoValue(BicepToken name)
    {
        SyntaxError($"The value of '{name.Value}' is missing.", name);
        return null;
    }

    private BicepMember? Spread(BicepToken dots)
    {
        if (Current.Kind is BicepTokenKind.NewLine or BicepTokenKind.End || Current.Is("}"))
        {
            Report("bicep-elision", Severity.Info, "Three dots stand for something that was left out; nothing is read for them.", null, dots.Line, dots.Column);
            return null;
        }
        return new BicepMember(null, Value(), dots.Line, dots.Column);
    }

    /// <summary>Members that are only indented below a name, as YAML has them and one page of the documentation shows.</summary>
    private BicepObject? Indented(BicepToken name)
    {
        bool IsBelow()
        {
            var next = 0;
            while (next < 50 && Peek(next).Kind is BicepTokenKind.NewLine)
                next++;
            return Peek(next).Kind is BicepTokenKind.Word or BicepTokenKind.Text && Peek(next + 1).Is(":") && Peek(next).Column > name.Column;
        }

        if (!IsBelow())
            return null;
        ReadingBudget.CheckDepth(++depth, name.Line, name.Column);
        Report("bicep-no-braces", Severity.Warning, $"The members of '{name.Value}' stand without braces, which is no Bicep: they are read as an object.", "Put { behind the colon and } behind the members.", name.Line, name.Column);
        var members = new List<BicepMember>();
        while (IsBelow())
        {
            SkipNewLines();
            if (Member() is { } member)
                members.Add(member);
        }
        depth--;
        return new BicepObject(members, name.Line, name.Column);
    }
}
