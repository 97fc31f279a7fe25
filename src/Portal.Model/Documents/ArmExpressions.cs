using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace Portal.Model.Documents;

/// <summary>The few template expressions that our own templates and simple ones use: parameters, variables, format and concat.</summary>
internal sealed class ArmExpressions(JsonObject template)
{
    private const int MostDepth = 20;

    /// <summary>The value of a text: itself, or that of the expression in it. False when it cannot be known from the template.</summary>
    public bool TryEvaluate(string text, out JsonNode? value) => TryEvaluate(text, 0, out value);

    private bool TryEvaluate(string text, int depth, out JsonNode? value)
    {
        value = JsonValue.Create(text);
        if (!text.StartsWith('[') || !text.EndsWith(']'))
            return true;
        if (text.StartsWith("[[", StringComparison.Ordinal))
        {
            value = JsonValue.Create(text[1..]);
            return true;
        }
        var at = 1;
        value = Term(text, ref at, depth);
        return value is not null && at == text.Length - 1;
    }

    private JsonNode? Term(string text, ref int at, int depth)
    {
        if (depth > MostDepth)
            return null;
        if (text[at] == '\'')
            return Literal(text, ref at);
        var start = at;
        while (at < text.Length && char.IsAsciiLetterOrDigit(text[at]))
            at++;
        var name = text[start..at];
        if (name.Length == 0 || at >= text.Length || text[at] != '(')
            return null;
        at++;
        var arguments = new List<string>();
        while (at < text.Length && text[at] != ')')
        {
            if (text[at] is ' ' or ',')
                at++;
            else if (Term(text, ref at, depth + 1) is { } argument)
                arguments.Add(JsonText.Plain(argument)!);
            else
                return null;
        }
        at++;
        return Call(name, arguments, depth);
    }

    private JsonNode? Call(string name, List<string> arguments, int depth) => (name.ToLowerInvariant(), arguments.Count) switch
    {
        ("parameters", 1) => Stored(JsonPaths.Find(template, "parameters") is JsonObject parameters ? (parameters[arguments[0]] as JsonObject)?["defaultValue"] : null, depth),
        ("variables", 1) => Stored(JsonPaths.Find(template, "variables") is JsonObject variables ? variables[arguments[0]] : null, depth),
        ("concat", > 0) => JsonValue.Create(string.Concat(arguments)),
        ("format", > 0) => Format(arguments),
        _ => null,
    };

    private JsonNode? Stored(JsonNode? node, int depth)
    {
        if (node is JsonValue && node.GetValueKind() is System.Text.Json.JsonValueKind.String)
            return TryEvaluate(node.GetValue<string>(), depth + 1, out var value) ? value : null;
        return node?.DeepClone();
    }

    private static JsonValue? Format(List<string> arguments)
    {
        try
        {
            return JsonValue.Create(string.Format(CultureInfo.InvariantCulture, arguments[0], [.. arguments.Skip(1)]));
        }
        catch (FormatException)
        {
            return null;
        }
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
