using System.Globalization;
using System.Text;
using System.Text.Json;
using Portal.Model.Dataflows.Expressions;

namespace Portal.Messaging.Flows;

/// <summary>What a transformation made of a message.</summary>
/// <param name="Payload">The payload to send.</param>
/// <param name="IsRewritten">Whether the rules made it; else it is the one received.</param>
/// <param name="Headers">Headers to add in their order; one without a value is removed.</param>
/// <param name="Drop">Why the message does not go on; null when it does.</param>
/// <param name="Why">For people, when it does not.</param>
/// <param name="Rule">The rule to show for the payload.</param>
internal readonly record struct TransformOutcome(
    ReadOnlyMemory<byte> Payload, bool IsRewritten, IReadOnlyList<TransformedHeader> Headers, DropReason? Drop, string? Why, string Rule)
{
    public static TransformOutcome Dropped(DropReason reason, string why, string rule) => new(default, false, [], reason, why, rule);
}

/// <summary>A header that a rule writes.</summary>
internal sealed record TransformedHeader(string Name, string? Value, string Rule);

/// <summary>Runs the rules of a transformation: filters, then maps. Never throws for what a message holds.</summary>
/// <remarks>
/// Filters: a message goes on when every condition is true; one that is not true, missing included, drops it as filtered.
/// A value of the wrong type, a division by zero, and a payload that is no JSON object where a rule needs one make it
/// untranslatable. A map rule whose value is missing, or no number that JSON has, leaves its field out.
/// </remarks>
internal sealed class FlowTransform(TransformationRules rules)
{
    private const string NoJson = "The payload is no JSON object, which the transformation needs. Correct the sender, or remove the transformation.";

    private readonly bool _readsPayload = rules.Filters.SelectMany(filter => filter.Inputs).Concat(rules.Maps.SelectMany(map => map.Inputs)).Any(input => input.Root is FieldRoot.Payload);

    private readonly string _mapRule = MapRuleOf(rules);

    public TransformOutcome Run(Message message)
    {
        JsonDocument? document = null;
        try
        {
            if (_readsPayload)
            {
                document = JsonDocument.Parse(WithoutMark(message.Payload));
                if (document.RootElement.ValueKind is not JsonValueKind.Object)
                    return TransformOutcome.Dropped(DropReason.Untranslatable, NoJson, "Transform, JSON object");
            }
            return Run(new FieldReader(message, document?.RootElement), message);
        }
        // Lone surrogates in texts are found only when they are read.
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return TransformOutcome.Dropped(DropReason.Untranslatable, NoJson, "Transform, JSON object");
        }
        finally
        {
            document?.Dispose();
        }
    }

    private TransformOutcome Run(FieldReader fields, Message message)
    {
        foreach (var filter in rules.Filters)
        {
            var value = Evaluate(filter.Condition, filter.Inputs, fields);
            if (value.IsTrue)
                continue;
            var rule = string.Create(CultureInfo.InvariantCulture, $"Transform rule {filter.Number}, filter {filter.Condition.Source}");
            return value.Kind is ExpressionKind.Boolean or ExpressionKind.Empty
                ? TransformOutcome.Dropped(DropReason.Filtered, $"{rule} is not true.", rule)
                : TransformOutcome.Dropped(DropReason.Untranslatable, $"{rule}: {(value.IsError ? value.Text : $"its value is a {value.TypeName}, not true or false")}. Correct the expression or the sender.", rule);
        }
        if (rules.Maps.Count == 0)
            return new TransformOutcome(message.Payload, false, [], null, null, Rules.Payload);
        var output = new JsonOutput();
        List<TransformedHeader>? headers = null;
        foreach (var instance in MapMatcher.Match(rules.Maps, fields))
        {
            if (instance.IsOverridden || instance.Rule.Output is not { } target)
                continue;
            var rule = instance.Rule;
            var element = rule.Value is null ? instance.Element(fields) : null;
            var value = rule.Value is null ? (element is null ? instance.Value(fields, 0) : default) : rule.Value.Evaluate(instance.Values(fields));
            if (value.IsError)
            {
                var name = string.Create(CultureInfo.InvariantCulture, $"Transform rule {rule.Number}, map {rule.Name}");
                return TransformOutcome.Dropped(DropReason.Untranslatable, $"{name}: {value.Text}. Correct the expression or the sender.", name);
            }
            if (target.Root is FieldRoot.Payload)
                output.Set(instance.Output, element, value);
            else
                (headers ??= []).Add(new TransformedHeader(target.Segments[0], TextOf(element, value), string.Create(CultureInfo.InvariantCulture, $"Transform rule {rule.Number}, map {rule.Name}")));
        }
        return new TransformOutcome(
            rules.WritesPayload ? output.ToBytes() : message.Payload, rules.WritesPayload, headers ?? (IReadOnlyList<TransformedHeader>)[], null, null, rules.WritesPayload ? _mapRule : Rules.Payload);
    }

    private static ExpressionValue Evaluate(Expression expression, Model.ValueList<FieldPath> inputs, FieldReader fields)
    {
        var values = new ExpressionValue[inputs.Count];
        for (var at = 0; at < values.Length; at++)
            values[at] = fields.Value(inputs[at]);
        return expression.Evaluate(values);
    }

    private static string? TextOf(JsonElement? element, ExpressionValue value)
    {
        if (element is { } json)
            return json.ValueKind switch { JsonValueKind.Null => null, JsonValueKind.String => json.GetString(), _ => json.GetRawText() };
        return value.IsEmpty ? null : value.ToText();
    }

    private static ReadOnlyMemory<byte> WithoutMark(ReadOnlyMemory<byte> payload) => payload.Span.StartsWith(Encoding.UTF8.Preamble) ? payload[3..] : payload;

    /// <summary>"Transform rule 2, map temp_c"; of several rules the numbers, passing through is not worth one.</summary>
    private static string MapRuleOf(TransformationRules rules)
    {
        var maps = rules.Maps.Where(map => map.Output is null or { Root: FieldRoot.Payload }).ToList();
        var telling = maps.Where(map => !map.IsPassThrough).ToList();
        return telling.Count switch
        {
            0 => maps.Count == 0 ? Rules.Payload : string.Create(CultureInfo.InvariantCulture, $"Transform rule {maps[0].Number}, pass through"),
            1 => string.Create(CultureInfo.InvariantCulture, $"Transform rule {telling[0].Number}, map {telling[0].Name}"),
            _ => $"Transform rules {string.Join(", ", telling.Select(map => map.Number.ToString(CultureInfo.InvariantCulture)))}",
        };
    }
}
