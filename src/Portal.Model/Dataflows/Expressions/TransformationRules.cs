using System.Globalization;
using Portal.Model.Validation;

namespace Portal.Model.Dataflows.Expressions;

/// <summary>A filter that can be run.</summary>
/// <param name="Number">Number of the rule among all of the transformation, from 1.</param>
/// <param name="Inputs">Its fields.</param>
/// <param name="Condition">What must be true for a message to go on.</param>
public sealed record FilterRule(int Number, ValueList<FieldPath> Inputs, Expression Condition);

/// <summary>A map rule that can be run.</summary>
/// <param name="Number">Number of the rule among all of the transformation, from 1; filters come first.</param>
/// <param name="Inputs">Its fields.</param>
/// <param name="Output">Where its value goes; null = it removes what its inputs name.</param>
/// <param name="Value">Its value; null = the first input as it is.</param>
public sealed record MapRule(int Number, ValueList<FieldPath> Inputs, FieldPath? Output, Expression? Value)
{
    /// <summary>Whether it makes one output for each match of a wildcard.</summary>
    public bool HasWildcard => Inputs.Any(input => input.HasWildcard);

    /// <summary>Whether it copies every field as it is.</summary>
    public bool IsPassThrough => Value is null && Inputs.Count == 1 && Output is { Root: FieldRoot.Payload } && Inputs[0].Segments == Output.Segments && HasWildcard;

    /// <summary>What people call it: its first field, or what it makes.</summary>
    public string Name => Inputs.Count > 0 ? Inputs[0].Text : Output?.Text ?? "";
}

/// <summary>The rules of a transformation, read once.</summary>
/// <param name="Filters">Conditions that must all be true.</param>
/// <param name="Maps">Rules that make the output; empty = the payload stays as it is.</param>
public sealed record TransformationRules(ValueList<FilterRule> Filters, ValueList<MapRule> Maps)
{
    /// <summary>Whether a rule writes into the payload; else it stays as it is.</summary>
    public bool WritesPayload => Maps.Any(map => map.Output is { Root: FieldRoot.Payload });

    /// <summary>Reads the rules; every construct that cannot be run is an error with its place.</summary>
    /// <param name="transformation">The transformation.</param>
    /// <param name="path">Path of its settings, for example <c>spec.operations[1].builtInTransformationSettings</c>.</param>
    /// <param name="findings">Where problems go; without an error the rules can be run.</param>
    public static TransformationRules Compile(Transformation transformation, string path, List<Finding> findings)
    {
        var reader = new RuleReader(path, findings);
        var filters = transformation.Filters.Select((filter, at) => reader.Read(filter, at)).OfType<FilterRule>();
        var maps = transformation.Maps.Select((map, at) => reader.Read(map, at, transformation.Filters.Count)).OfType<MapRule>();
        return new TransformationRules([.. filters], [.. maps]);
    }
}

/// <summary>Reads single rules.</summary>
internal sealed class RuleReader(string path, List<Finding> findings)
{
    public FilterRule? Read(TransformationFilter filter, int at)
    {
        var place = Place("filter", at);
        var inputs = Inputs(filter.Inputs, place);
        foreach (var (input, index) in (inputs ?? []).Select((input, index) => (input, index)))
            if (input.HasWildcard)
                Add("path-wildcard", $"{place}.inputs[{Number(index)}]", "A filter takes no wildcard.", "Name the field.");
        if (string.IsNullOrWhiteSpace(filter.Expression))
        {
            Add("required", place + ".expression", "The filter has no expression.", "Write a condition that is true for messages that go on, for example $1 > 20.");
            return null;
        }
        return Parse(filter.Expression, filter.Inputs.Count, place) is { } condition && inputs is not null ? new FilterRule(at + 1, [.. inputs], condition) : null;
    }

    public MapRule? Read(TransformationMap map, int at, int filters)
    {
        var place = Place("map", at);
        var inputs = Inputs(map.Inputs, place);
        var value = string.IsNullOrWhiteSpace(map.Expression) ? null : Parse(map.Expression, map.Inputs.Count, place);
        if (map.Output is null)
        {
            Add("required", place + ".output", "The rule has no output.", "Write the field that the value goes to; an empty text removes the inputs.");
            return null;
        }
        var output = map.Output.Length == 0 ? null : Path(map.Output, place + ".output");
        if (inputs is null || (output is null && map.Output.Length > 0) || (value is null && !string.IsNullOrWhiteSpace(map.Expression)))
            return null;
        var rule = new MapRule(filters + at + 1, [.. inputs], output, value);
        return Fits(rule, place) ? rule : null;
    }

    private bool Fits(MapRule rule, string place)
    {
        var before = findings.Count;
        if (rule.Output is null && rule.Value is not null)
            Add("removal-expression", place + ".expression", "A rule with an empty output removes fields and has no expression.", "Remove the expression, or write an output.");
        if (rule.Output is null && rule.Inputs.Count == 0)
            Add("required", place + ".inputs", "A rule with an empty output names no field to remove.", "List the fields.");
        if (rule is { Output: not null, Value: null } && rule.Inputs.Count != 1)
            Add("expression-required", place + ".expression", rule.Inputs.Count == 0 ? "The rule has neither inputs nor an expression." : "Several inputs need an expression that makes one value of them.", "Write for example $1 + \" \" + $2.");
        if (rule.Output?.Root is FieldRoot.Topic or FieldRoot.ContentType)
            Add("path-unsupported", place + ".output", $"'{rule.Output.Text}' cannot be written by a dataflow.", "Write a field, $metadata.user_property.<key> or $metadata.header.<key>; set the topic in the destination.");
        var isFirst = rule.Inputs.Count > 0 && rule.Inputs[0].HasWildcard;
        if (rule.HasWildcard && !isFirst)
            Add("path-wildcard", place + ".inputs[0]", "The first input must hold the * that the others share.", "Put an input with * first.");
        else if (rule.HasWildcard && rule.Output is { HasWildcard: false })
            Add("path-wildcard", place + ".output", "The inputs hold a *, the output does not: several values would go to one field.", "Put * into the output.");
        else if (!rule.HasWildcard && rule.Output is { HasWildcard: true })
            Add("path-wildcard", place + ".output", "The output holds a * that no input fills.", "Put * into the first input, or name the output.");
        return findings.Count == before;
    }

    private List<FieldPath>? Inputs(ValueList<string> texts, string place)
    {
        var paths = texts.Select((text, at) => Path(text, $"{place}.inputs[{Number(at)}]")).ToList();
        return paths.Contains(null) ? null : [.. paths.OfType<FieldPath>()];
    }

    private FieldPath? Path(string text, string place)
    {
        var parsed = FieldPath.Parse(text, out var problem);
        if (problem is not null)
            Add(problem.Code, place, problem.Message, problem.Fix);
        return parsed;
    }

    private Expression? Parse(string text, int inputs, string place)
    {
        var parsed = Expression.Parse(text, inputs, out var problem);
        if (problem is not null)
            Add(problem.Code, place + ".expression", string.Create(CultureInfo.InvariantCulture, $"At character {problem.Column}: {problem.Message}"), problem.Fix);
        return parsed;
    }

    private void Add(string code, string place, string message, string fix) => findings.Add(Finding.Error(code, place, message, fix));

    private string Place(string list, int at) => $"{path}.{list}[{Number(at)}]";

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
