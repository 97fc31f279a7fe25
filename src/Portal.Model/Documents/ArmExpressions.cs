using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Portal.Model.Documents.Import;

namespace Portal.Model.Documents;

/// <summary>
/// The few template expressions that our own templates and simple ones use: parameters, variables, their members, and functions whose
/// value does not depend on Azure. Lenient: what cannot be known becomes an <see cref="UnknownValue"/>, so that the rest is still read.
/// </summary>
internal sealed class ArmExpressions(JsonObject template, ReadingBudget? budget = null)
{
    private const int MostDepth = 20;
    private const int MostTerms = 2_000;

    private readonly bool lenient = budget is not null;
    private readonly ReadingBudget used = budget ?? new ReadingBudget();
    private int terms;

    /// <summary>The value of a text: itself, or that of the expression in it. False when it cannot be known from the template.</summary>
    public bool TryEvaluate(string text, out JsonNode? value)
    {
        terms = 0;
        return TryEvaluate(text, 0, out value);
    }

    private bool TryEvaluate(string text, int depth, out JsonNode? value)
    {
        value = JsonValue.Create(text);
        if (!text.StartsWith('[') || !text.EndsWith(']') || text.Length < 2)
            return true;
        if (text.StartsWith("[[", StringComparison.Ordinal))
        {
            value = JsonValue.Create(text[1..]);
            return true;
        }
        var at = 1;
        value = Term(text, ref at, depth);
        if (value is not null && at == text.Length - 1)
        {
            used.TakeCopy(value, 0, 1, 1);
            return true;
        }
        value = lenient ? JsonValue.Create(UnknownValue.Of(UnknownValue.Expression, text)) : null;
        return false;
    }

    private JsonNode? Term(string text, ref int at, int depth)
    {
        if (depth > MostDepth || ++terms > MostTerms)
            return null;
        var value = at < text.Length ? Start(text, ref at, depth) : null;
        while (value is not null && at < text.Length && text[at] is '.' or '[')
            value = Below(value, text, ref at);
        return value;
    }

    private JsonNode? Start(string text, ref int at, int depth)
    {
        if (text[at] == '\'')
            return Literal(text, ref at);
        var start = at;
        if (char.IsAsciiDigit(text[at]))
        {
            while (at < text.Length && char.IsAsciiDigit(text[at]))
                at++;
            return long.TryParse(text.AsSpan(start, at - start), out var number) ? JsonValue.Create(number) : null;
        }
        while (at < text.Length && (char.IsAsciiLetterOrDigit(text[at]) || text[at] == '_'))
            at++;
        var name = text[start..at];
        if (name.Length == 0 || at >= text.Length || text[at] != '(')
            return null;
        at++;
        var arguments = new List<JsonNode?>();
        while (at < text.Length && text[at] != ')')
        {
            if (text[at] is ' ' or ',' or '\n' or '\r' or '\t')
                at++;
            else if (Term(text, ref at, depth + 1) is { } argument)
                arguments.Add(argument);
            else
                return null;
        }
        at++;
        return Call(name, arguments, depth, at <= text.Length ? text[start..at] : name);
    }

    private JsonNode? Call(string name, List<JsonNode?> arguments, int depth, string text) => (name.ToLowerInvariant(), arguments) switch
    {
        ("parameters", [JsonValue of]) => Stored(Parameter(JsonText.Plain(of)!), UnknownValue.Parameter, JsonText.Plain(of)!, depth),
        ("variables", [JsonValue of]) => Stored((template["variables"] as JsonObject)?[JsonText.Plain(of)!], UnknownValue.Expression, text, depth),
        _ => TemplateFunctions.TryCall(name, arguments, out var value) ? value : Unknown(UnknownValue.Expression, text),
    };

    private JsonNode? Parameter(string name) =>
        (template["parameters"] as JsonObject)?[name] is JsonObject declared && declared["type"]?.ToString().StartsWith("secure", StringComparison.OrdinalIgnoreCase) is not true ? declared["defaultValue"] : null;

    private JsonNode? Stored(JsonNode? node, char what, string name, int depth)
    {
        if (node is JsonValue && node.GetValueKind() is JsonValueKind.String)
            return TryEvaluate(node.GetValue<string>(), depth + 1, out var value) ? value : Unknown(what, name);
        if (node is null)
            return Unknown(what, name);
        used.TakeCopy(node, 0, 1, 1);
        return Evaluate(node, depth + 1);
    }

    /// <summary>An object or list with the expressions in it evaluated.</summary>
    private JsonNode? Evaluate(JsonNode? node, int depth) => node switch
    {
        JsonObject members when depth <= MostDepth => new JsonObject(members.Select(member => KeyValuePair.Create(member.Key, Evaluate(member.Value, depth + 1)))),
        JsonArray items when depth <= MostDepth => new JsonArray([.. items.Select(item => Evaluate(item, depth + 1))]),
        JsonValue when node.GetValueKind() is JsonValueKind.String => TryEvaluate(node.GetValue<string>(), depth, out var value) ? value : Unknown(UnknownValue.Expression, node.GetValue<string>()),
        _ => node?.DeepClone(),
    };

    private JsonNode? Unknown(char what, string text) => lenient ? JsonValue.Create(UnknownValue.Of(what, text)) : null;

    /// <summary>The member or item that follows a value: <c>.name</c>, <c>['name']</c>, <c>[0]</c>.</summary>
    private JsonNode? Below(JsonNode value, string text, ref int at)
    {
        var start = at;
        JsonNode? below = null;
        if (text[at++] == '.')
        {
            while (at < text.Length && (char.IsAsciiLetterOrDigit(text[at]) || text[at] == '_'))
                at++;
            below = (value as JsonObject)?[text[(start + 1)..at]];
        }
        else
        {
            var index = Term(text, ref at, MostDepth);
            if (index is null || at >= text.Length || text[at++] != ']')
                return null;
            below = value switch
            {
                JsonObject members when index.GetValueKind() is JsonValueKind.String => members[index.GetValue<string>()],
                JsonArray items when index.GetValueKind() is JsonValueKind.Number && (long)index < items.Count => items[(int)(long)index],
                _ => null,
            };
        }
        return below?.DeepClone() ?? Unknown(UnknownValue.Expression, (value is JsonValue ? UnknownValue.First(value.ToString()).Text : "") + text[start..at]);
    }

    private static JsonValue? Literal(string text, ref int at)
    {
        var value = new StringBuilder();
        for (at++; at < text.Length; at++)
        {
            if (text[at] != '\'')
                value.Append(text[at]);
            else if (at + 1 < text.Length && text[at + 1] == '\'')
                value.Append(text[at++]);
            else
            {
                at++;
                return JsonValue.Create(value.ToString());
            }
        }
        return null;
    }
}
