using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Portal.Model.Validation;

namespace Portal.Model.Documents.Import.Bicep;

/// <summary>
/// Computes what values are where the file itself tells; the rest becomes an <see cref="UnknownValue"/>, so that it is named where it is used.
/// </summary>
internal sealed class BicepEvaluator(BicepFile file, ReadingBudget budget, List<Finding> findings)
{
    private readonly Dictionary<string, JsonNode?> known = [];
    private readonly HashSet<string> open = [];
    private readonly Dictionary<string, BicepResource> resources = file.Resources.GroupBy(resource => resource.Symbol).ToDictionary(group => group.Key, group => group.First());
    private readonly Dictionary<string, JsonNode?> items = [];

    /// <summary>The value; the places of its members go below <paramref name="at"/>.</summary>
    public JsonNode? Value(BicepValue value, TextPosition at, int depth = 0)
    {
        ReadingBudget.CheckDepth(depth, value.Line, value.Column);
        budget.Take(1, value.Line, value.Column);
        return value switch
        {
            BicepLiteral literal => literal.Value?.DeepClone(),
            BicepString text => Text(text, at, depth),
            BicepObject members => Members(members, at, depth),
            BicepArray list => Items(list, at, depth),
            BicepName name => Named(name, at, depth),
            BicepAccess access => Below(access, at, depth),
            BicepCall call => Call(call, at, depth),
            BicepChoice choice => Value(choice.Condition, at, depth + 1)?.ToJsonString() switch
            {
                "true" => Value(choice.Then, at, depth + 1),
                "false" => Value(choice.Else, at, depth + 1),
                _ => Unknown(choice.Text),
            },
            BicepOperation operation => Operation(operation, at, depth),
            BicepLoop loop => Loop(loop, at, depth),
            BicepConditional conditional => Value(conditional.Body, at, depth + 1),
            BicepOther other => Unknown(other.Text),
            _ => null,
        };
    }

    /// <summary>Runs something for each item of a loop; once where there is no loop, not at all where the list is not known.</summary>
    public bool ForEach(BicepLoop loop, Action body)
    {
        if (Value(loop.Source, new TextPosition(loop.Line, loop.Column)) is not JsonArray source)
            return false;
        var before = (items.GetValueOrDefault(loop.Item), loop.Index is null ? null : items.GetValueOrDefault(loop.Index));
        for (var at = 0; at < source.Count; at++)
        {
            items[loop.Item] = source[at];
            if (loop.Index is not null)
                items[loop.Index] = JsonValue.Create((long)at);
            body();
        }
        items.Remove(loop.Item);
        if (before.Item1 is not null)
            items[loop.Item] = before.Item1;
        if (loop.Index is not null)
            items.Remove(loop.Index);
        return true;
    }

    private JsonNode? Text(BicepString text, TextPosition at, int depth)
    {
        if (text.Plain is { } plain)
            return JsonValue.Create(plain);
        var made = new StringBuilder();
        foreach (var (part, value) in text.Parts)
        {
            made.Append(value is null ? part : JsonText.Plain(Value(value, at, depth + 1)));
            if (made.Length > TemplateFunctions.MostLength)
                return Unknown("a text that is too long");
        }
        var whole = JsonValue.Create(made.ToString());
        budget.TakeCopy(whole, depth, text.Line, text.Column);
        return whole;
    }

    private JsonObject Members(BicepObject members, TextPosition at, int depth)
    {
        var made = new JsonObject();
        foreach (var member in members.Members)
        {
            if (member.Name is null)
                Spread(made, member, depth);
            else if (!made.TryAdd(member.Name, Value(member.Value, at.Add(member.Name, member.Line, member.Column), depth + 1)))
                Report(Finding.Error("duplicate-member", "", $"The member '{member.Name}' stands twice.", "Remove one of them."), member.Line, member.Column);
        }
        return made;
    }

    private void Spread(JsonObject made, BicepMember member, int depth)
    {
        if (Value(member.Value, new TextPosition(member.Line, member.Column), depth + 1) is JsonObject spread)
            foreach (var (name, value) in spread)
                made[name] = value?.DeepClone();
        else
            Report(Finding.Error("expression-unknown", "", "What the three dots add is not known here.", "Write the members themselves."), member.Line, member.Column);
    }

    private JsonArray Items(BicepArray list, TextPosition at, int depth)
    {
        var made = new JsonArray();
        foreach (var item in list.Items)
            made.Add(Value(item, at.AddItem(item.Line, item.Column), depth + 1));
        return made;
    }

    private JsonNode? Loop(BicepLoop loop, TextPosition at, int depth)
    {
        var made = new JsonArray();
        return ForEach(loop, () => made.Add(Value(loop.Body, at.AddItem(loop.Line, loop.Column), depth + 1))) ? made : Unknown("the list of a loop");
    }

    private JsonNode? Named(BicepName name, TextPosition at, int depth)
    {
        if (items.TryGetValue(name.Name, out var item))
            return Copy(item, name, depth);
        if (known.TryGetValue(name.Name, out var value))
            return Copy(value, name, depth);
        if (resources.ContainsKey(name.Name) || file.Others.Contains(name.Name))
            return Unknown(name.Name);
        var isParameter = file.Parameters.TryGetValue(name.Name, out var source);
        if (!isParameter && !file.Variables.TryGetValue(name.Name, out source))
            return JsonValue.Create(UnknownValue.Of(UnknownValue.Name, name.Name));
        if (source is null)
            return JsonValue.Create(UnknownValue.Of(UnknownValue.Parameter, name.Name));
        // A variable that needs itself has no value.
        if (!open.Add(name.Name))
            return Unknown(name.Name);
        value = Value(source, new TextPosition(at.Line, at.Column), depth + 1);
        open.Remove(name.Name);
        known[name.Name] = value;
        return Copy(value, name, depth);
    }

    private JsonNode? Copy(JsonNode? value, BicepValue of, int depth)
    {
        budget.TakeCopy(value, depth, of.Line, of.Column);
        return value?.DeepClone();
    }

    private JsonNode? Below(BicepAccess access, TextPosition at, int depth)
    {
        var key = Value(access.Key, at, depth + 1);
        // The name of a resource of the file is known; its id and what it will hold are not.
        if (access.Of is BicepName { Name: var symbol } && resources.TryGetValue(symbol, out var resource) && !items.ContainsKey(symbol))
            return JsonText.Plain(key) == "name" ? NameOf(resource, depth + 1) : Unknown(access.Text);
        var below = (Value(access.Of, at, depth + 1), key) switch
        {
            (JsonObject members, JsonValue name) when name.GetValueKind() is JsonValueKind.String => members[name.GetValue<string>()],
            (JsonArray list, JsonValue index) when index.TryGetValue<long>(out var number) && number < list.Count => list[(int)number],
            _ => null,
        };
        return below?.DeepClone() ?? Unknown(access.Text);
    }

    /// <summary>The name of a resource as it is written.</summary>
    public JsonNode? NameOf(BicepResource resource, int depth = 0)
    {
        var body = resource.Body switch { BicepConditional conditional => conditional.Body, var other => other };
        var name = (body as BicepObject)?.Members.FirstOrDefault(member => member.Name == "name")?.Value;
        if (name is null || !open.Add("name of " + resource.Symbol))
            return Unknown(resource.Symbol + ".name");
        var value = Value(name, new TextPosition(name.Line, name.Column), depth);
        open.Remove("name of " + resource.Symbol);
        return value;
    }

    private JsonNode? Call(BicepCall call, TextPosition at, int depth)
    {
        var arguments = call.Arguments.Select(argument => Value(argument, at, depth + 1)).ToList();
        if (!TemplateFunctions.TryCall(call.Function, arguments, out var value))
            return Unknown(call.Text);
        budget.TakeCopy(value, depth, call.Line, call.Column);
        return value;
    }

    private JsonNode? Operation(BicepOperation operation, TextPosition at, int depth)
    {
        var left = Value(operation.Left, at, depth + 1);
        var right = operation.Right is null ? null : Value(operation.Right, at, depth + 1);
        if (new[] { left, right }.Any(side => ImportSource.TextOf(side) is { } text && UnknownValue.IsIn(text)))
            return Unknown(operation.Text);
        return (operation.Operator, operation.Right) switch
        {
            ("==", not null) => JsonValue.Create(JsonNode.DeepEquals(left, right)),
            ("!=", not null) => JsonValue.Create(!JsonNode.DeepEquals(left, right)),
            ("??", not null) => left ?? right,
            ("!", null) when left is JsonValue value && value.TryGetValue<bool>(out var yes) => JsonValue.Create(!yes),
            ("&&", not null) when Flags(left, right) is { } flags => JsonValue.Create(flags.Left && flags.Right),
            ("||", not null) when Flags(left, right) is { } flags => JsonValue.Create(flags.Left || flags.Right),
            _ => Unknown(operation.Text),
        };
    }

    private static (bool Left, bool Right)? Flags(JsonNode? left, JsonNode? right) =>
        left is JsonValue one && right is JsonValue two && one.TryGetValue<bool>(out var first) && two.TryGetValue<bool>(out var second) ? (first, second) : null;

    private static JsonNode? Unknown(string text) => JsonValue.Create(UnknownValue.Of(UnknownValue.Expression, text));

    private void Report(Finding finding, int line, int column)
    {
        if (findings.Count < ReadingBudget.MostFindings)
            findings.Add(finding with { Line = line, Column = column });
    }
}
