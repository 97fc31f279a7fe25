using System.Runtime.InteropServices;
using System.Text.Json;
using Portal.Model.Dataflows.Expressions;

namespace Portal.Messaging.Flows;

/// <summary>One rule applied to one set of fields: the rule itself, or one match of its wildcard.</summary>
/// <param name="rule">The rule.</param>
/// <param name="captured">Segments that the wildcard stands for; empty without one.</param>
/// <param name="match">The field of the first input that the wildcard found; null without one.</param>
internal sealed class MapInstance(MapRule rule, string[] captured, JsonElement? match)
{
    private string[][]? _fields;

    public MapRule Rule => rule;

    /// <summary>Set when a later rule of less coverage takes its fields.</summary>
    public bool IsOverridden { get; set; }

    /// <summary>How many segments the wildcard stands for.</summary>
    public int Rank => captured.Length;

    /// <summary>Path of the output with the wildcard filled in.</summary>
    public string[] Output => Fill(rule.Output!);

    /// <summary>The paths of the payload that it reads.</summary>
    public string[][] Fields => _fields ??= [.. rule.Inputs.Where(input => input.Root is FieldRoot.Payload).Select(Fill)];

    /// <summary>Whether every input beyond the first is there.</summary>
    public bool IsWhole(FieldReader fields)
    {
        for (var at = 1; at < rule.Inputs.Count; at++)
            if (rule.Inputs[at] is { Root: FieldRoot.Payload } path && fields.Element(Fill(path)) is null)
                return false;
        return true;
    }

    /// <summary>The element of the first input when it is a field of the payload; null otherwise.</summary>
    public JsonElement? Element(FieldReader fields) => match ?? (rule.Inputs[0].Root is FieldRoot.Payload ? fields.Element(Fill(rule.Inputs[0])) : null);

    /// <summary>The value of one input.</summary>
    public ExpressionValue Value(FieldReader fields, int input)
    {
        var path = rule.Inputs[input];
        if (input == 0 && match is { } found)
            return ExpressionValue.Of(found);
        if (path.Root is not FieldRoot.Payload)
            return fields.Value(path);
        return fields.Element(Fill(path)) is { } element ? ExpressionValue.Of(element) : default;
    }

    /// <summary>The values of all inputs.</summary>
    public ExpressionValue[] Values(FieldReader fields)
    {
        var values = new ExpressionValue[rule.Inputs.Count];
        for (var at = 0; at < values.Length; at++)
            values[at] = Value(fields, at);
        return values;
    }

    private string[] Fill(FieldPath path) =>
        !path.HasWildcard ? ImmutableCollectionsMarshal.AsArray(path.Segments.Items)!
        : path.Segments.Count == 1 ? captured
        : [.. path.Segments.Items.AsSpan(0, path.Wildcard), .. captured, .. path.Segments.Items.AsSpan()[(path.Wildcard + 1)..]];
}

/// <summary>Finds what each rule applies to, and which rules override others.</summary>
internal static class MapMatcher
{
    /// <summary>
    /// The instances of all rules in their order. A rule overrides what an earlier one does with the same fields when its
    /// wildcard covers fewer segments; otherwise both apply (mapping reference, "second rule" and "specialization").
    /// </summary>
    public static List<MapInstance> Match(IReadOnlyList<MapRule> rules, FieldReader fields)
    {
        var instances = new List<MapInstance>();
        foreach (var rule in rules)
        {
            var earlier = instances.Count;
            if (rule.HasWildcard)
                AddMatches(instances, rule, fields);
            else
                instances.Add(new MapInstance(rule, [], null));
            Override(instances, earlier);
        }
        return instances;
    }

    private static void AddMatches(List<MapInstance> instances, MapRule rule, FieldReader fields)
    {
        var first = rule.Inputs[0];
        var (before, after) = (first.Wildcard, first.Segments.Count - first.Wildcard - 1);
        foreach (var leaf in fields.Leaves)
        {
            if (leaf.Path.Length <= before + after || !StartsWith(leaf.Path, first, before) || !EndsWith(leaf.Path, first, after))
                continue;
            var instance = new MapInstance(rule, before + after == 0 ? leaf.Path : leaf.Path[before..^after], leaf.Value);
            // Every input must be there for the same captured segments.
            if (instance.IsWhole(fields))
                instances.Add(instance);
        }
    }

    private static bool StartsWith(string[] path, FieldPath pattern, int count)
    {
        for (var at = 0; at < count; at++)
            if (path[at] != pattern.Segments[at])
                return false;
        return true;
    }

    private static bool EndsWith(string[] path, FieldPath pattern, int count)
    {
        for (var at = 1; at <= count; at++)
            if (path[^at] != pattern.Segments[^at])
                return false;
        return true;
    }

    private static void Override(List<MapInstance> instances, int earlier)
    {
        for (var late = earlier; late < instances.Count; late++)
        {
            var fields = instances[late].Fields;
            if (fields.Length == 0)
                continue;
            for (var at = 0; at < earlier; at++)
                if (instances[at].Rank > instances[late].Rank && AreWithin(instances[at].Fields, fields))
                    instances[at].IsOverridden = true;
        }
    }

    private static bool AreWithin(string[][] inner, string[][] outer)
    {
        foreach (var field in inner)
        {
            var isWithin = false;
            foreach (var path in outer)
                isWithin |= IsWithin(field, path);
            if (!isWithin)
                return false;
        }
        return true;
    }

    /// <summary>True for the same field, and for one inside of it.</summary>
    private static bool IsWithin(string[] field, string[] path) => field.AsSpan().StartsWith(path);
}
