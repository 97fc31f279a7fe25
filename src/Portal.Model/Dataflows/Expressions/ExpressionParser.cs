using System.Collections.Immutable;
using System.Globalization;

namespace Portal.Model.Dataflows.Expressions;

/// <summary>Reads a formula by precedence: <c>||</c>, <c>&amp;&amp;</c>, equality, comparison, sums, products, signs, powers.</summary>
internal sealed class ExpressionParser
{
    private const int MostDepth = 60;

    private static readonly Dictionary<string, (int Level, Func<ExpressionValue, ExpressionValue, ExpressionValue> Apply, bool TakesEmpty)> Binary = new()
    {
        ["=="] = (3, Operators.Equal, true),
        ["!="] = (3, Operators.NotEqual, true),
        ["<"] = (4, Operators.Less, false),
        [">"] = (4, Operators.Greater, false),
        ["<="] = (4, Operators.LessOrEqual, false),
        [">="] = (4, Operators.GreaterOrEqual, false),
        ["+"] = (5, Operators.Add, false),
        ["-"] = (5, Operators.Subtract, false),
        ["*"] = (6, Operators.Multiply, false),
        ["/"] = (6, Operators.Divide, false),
        ["%"] = (6, Operators.Modulo, false),
    };

    private readonly ExpressionLexer _lexer;
    private readonly int _inputs;
    private Token _token;
    private int _depth;

    public ExpressionParser(string text, int inputs)
    {
        if (text.Length > Expression.MostCharacters)
            throw ExpressionLexer.Wrong("expression-long", Expression.MostCharacters + 1, $"The expression has more than {Expression.MostCharacters} characters.", "Write a shorter one, or several rules.");
        _lexer = new ExpressionLexer(text);
        _inputs = inputs;
        _token = _lexer.Next();
    }

    public Node Parse()
    {
        if (_token.Kind is TokenKind.End)
            throw ExpressionLexer.Wrong("expression-syntax", 1, "The expression is empty.", "Write for example $1 > 20.");
        var node = Level(1);
        return _token.Kind is TokenKind.End ? node : throw Unexpected();
    }

    private Node Level(int level)
    {
        if (++_depth > MostDepth * 8)
            throw ExpressionLexer.Wrong("expression-deep", _token.Column, "The expression is nested too deep.", "Write it flatter, or as several rules.");
        var left = level > 6 ? Sign() : Level(level + 1);
        while (_token.Kind is TokenKind.Sign && LevelOf(_token.Word) == level)
        {
            var sign = Take().Word;
            var right = level > 6 ? Sign() : Level(level + 1);
            left = sign switch
            {
                "||" => new LogicNode(false, left, right),
                "&&" => new LogicNode(true, left, right),
                _ => new BinaryNode(Binary[sign].Apply, Binary[sign].TakesEmpty, left, right),
            };
        }
        _depth--;
        return left;
    }

    private static int LevelOf(string sign) => sign switch
    {
        "||" => 1,
        "&&" => 2,
        _ => Binary.TryGetValue(sign, out var known) ? known.Level : 0,
    };

    private Node Sign()
    {
        if (_token is not { Kind: TokenKind.Sign, Word: "-" or "!" })
            return Power();
        if (++_depth > MostDepth * 8)
            throw ExpressionLexer.Wrong("expression-deep", _token.Column, "The expression is nested too deep.", "Write it flatter, or as several rules.");
        var isNot = Take().Word == "!";
        var node = new UnaryNode(isNot ? Operators.Not : Operators.Negate, Sign());
        _depth--;
        return node;
    }

    private Node Power()
    {
        var left = Primary();
        if (_token is not { Kind: TokenKind.Sign, Word: "^" })
            return left;
        Take();
        return new BinaryNode(Operators.Power, false, left, Sign());
    }

    private Node Primary()
    {
        switch (_token.Kind)
        {
            case TokenKind.Number or TokenKind.Text:
                return new ConstantNode(Take().Value);
            case TokenKind.Input:
                return Input();
            case TokenKind.Name:
                return Name();
            case TokenKind.Sign when _token.Word == "(":
                Take();
                var items = List();
                return items.Length switch
                {
                    0 => new ConstantNode(ExpressionValue.Empty),
                    1 => items[0],
                    _ => new TupleNode(items),
                };
            default:
                throw Unexpected();
        }
    }

    private InputNode Input()
    {
        var token = Take();
        var number = token.Value.Int;
        return number >= 1 && number <= _inputs
            ? new InputNode((int)number - 1)
            : throw ExpressionLexer.Wrong(
                "expression-input", token.Column, string.Create(CultureInfo.InvariantCulture, $"{token.Word} is used, but there {(_inputs == 1 ? "is 1 input" : $"are {_inputs} inputs")}."),
                "Add the field to inputs, or write the number of one that is there.");
    }

    private Node Name()
    {
        var token = Take();
        switch (token.Word)
        {
            case "true" or "false":
                return new ConstantNode(ExpressionValue.Of(token.Word == "true"));
            case "and" or "or" or "not":
                throw ExpressionLexer.Wrong("expression-unsupported", token.Column, $"The word '{token.Word}' is no operator.", token.Word switch { "and" => "Write &&.", "or" => "Write ||.", _ => "Write !." });
        }
        if (_token is not { Kind: TokenKind.Sign, Word: "(" })
            throw ExpressionLexer.Wrong("expression-syntax", token.Column, $"'{token.Word}' is no value.", "Write texts in quotes, fields as $1, functions with ( ).");
        var function = Functions.Find(token.Word);
        if (token.Word != "if" && function is null)
            throw Functions.OnlyIn(token.Word) is { } place
                ? ExpressionLexer.Wrong("expression-unsupported", token.Column, $"The function {token.Word} works in {place} only.", "Do without it in a dataflow.")
                : ExpressionLexer.Wrong("expression-function", token.Column, $"There is no function {token.Word}.", Functions.Suggest(token.Word));
        Take();
        var arguments = List();
        var (least, most) = function is null ? (3, 3) : (function.Least, function.Most);
        if (arguments.Length < least || arguments.Length > most)
            throw ExpressionLexer.Wrong(
                "expression-arguments", token.Column, string.Create(CultureInfo.InvariantCulture, $"{token.Word} has {arguments.Length} arguments."),
                string.Create(CultureInfo.InvariantCulture, $"Write {(least == most ? $"{least}" : $"{least} to {most}")}."));
        return function is null ? new IfNode(arguments[0], arguments[1], arguments[2]) : new CallNode(function, arguments);
    }

    /// <summary>Values with commas between them, up to the closing bracket.</summary>
    private ImmutableArray<Node> List()
    {
        var items = ImmutableArray.CreateBuilder<Node>();
        while (_token is not { Kind: TokenKind.Sign, Word: ")" })
        {
            if (items.Count > 0)
            {
                if (_token is not { Kind: TokenKind.Sign, Word: "," })
                    throw Unexpected();
                Take();
            }
            items.Add(Level(1));
        }
        Take();
        return items.ToImmutable();
    }

    private Token Take()
    {
        var token = _token;
        _token = _lexer.Next();
        return token;
    }

    private ExpressionException Unexpected() => ExpressionLexer.Wrong(
        "expression-syntax", _token.Column, _token.Kind is TokenKind.End ? "The expression ends too early." : $"{_token.Word} is not expected here.", "Check brackets, commas and operators before this place.");
}
