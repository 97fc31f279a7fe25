using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Portal.Model.Endpoints;
using Portal.Model.Validation;

namespace Portal.Model.Fields;

/// <summary>A field with its type: how the value is read from and put into the record.</summary>
/// <typeparam name="T">A reference type or a nullable value type; null = not set.</typeparam>
public sealed class EndpointField<T> : EndpointField
{
    public required Func<DataflowEndpoint, T?> Get { get; init; }

    public required Func<DataflowEndpoint, T?, DataflowEndpoint> Set { get; init; }

    private static readonly Type ValueType = Nullable.GetUnderlyingType(typeof(T)) ?? typeof(T);

    public override string? GetText(DataflowEndpoint endpoint) => Get(endpoint) switch
    {
        null => null,
        long number => number.ToString(CultureInfo.InvariantCulture),
        var value => value.ToString(),
    };

    public override FieldSetResult SetText(DataflowEndpoint endpoint, string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
            return new FieldSetResult(Set(endpoint, default), null);
        return TryParse(text.Trim(), out var value) ? new FieldSetResult(Set(endpoint, value), null) : new FieldSetResult(endpoint, WrongType(text));
    }

    public override JsonNode? GetJson(DataflowEndpoint endpoint) => Get(endpoint) switch
    {
        null => null,
        long number => JsonValue.Create(number),
        var value => JsonValue.Create(value.ToString()),
    };

    public override FieldSetResult SetJson(DataflowEndpoint endpoint, JsonNode? node)
    {
        if (node is null)
            return new FieldSetResult(Set(endpoint, default), null);
        var kind = node.GetValueKind();
        var expected = ValueType == typeof(long) ? JsonValueKind.Number : JsonValueKind.String;
        var text = kind is JsonValueKind.String ? node.GetValue<string>() : node.ToJsonString();
        if (kind == expected && (text.Length == 0 || TryParse(text, out _)))
            return SetTextExactly(endpoint, text);
        return new FieldSetResult(endpoint, WrongType(text, kind));
    }

    private FieldSetResult SetTextExactly(DataflowEndpoint endpoint, string text) =>
        TryParse(text, out var value)
            ? new FieldSetResult(Set(endpoint, value), null)
            : new FieldSetResult(endpoint, WrongType(text));

    private static bool TryParse(string text, out T? value)
    {
        value = default;
        if (ValueType == typeof(string))
        {
            value = (T)(object)text;
            return true;
        }
        if (ValueType == typeof(long))
        {
            if (!long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
                return false;
            value = (T)(object)number;
            return true;
        }
        // Enum.TryParse would take numbers and lists of names.
        if (!Enum.GetNames(ValueType).Contains(text, StringComparer.Ordinal))
            return false;
        value = (T)Enum.Parse(ValueType, text);
        return true;
    }

    private Finding WrongType(string text, JsonValueKind? kind = null)
    {
        if (ValueType == typeof(long))
            return Finding.Error("not-a-number", FullPath, $"{Label} is not a whole number: '{Shorten(text)}'.", RangeText is { } range ? $"Write a whole number {range}." : "Write a whole number.");
        if (ValueType == typeof(string))
            return Finding.Error("not-a-text", FullPath, $"{Label} must be a text, but a JSON {kind?.ToString().ToLowerInvariant()} stands there.", "Put the value in quotes.");
        var names = string.Join(", ", Enum.GetNames(ValueType));
        return Finding.Error("unknown-value", FullPath, $"{Label} has no value '{Shorten(text)}'.", $"Write one of {names}.");
    }

    private string? RangeText => Range is { } range ? string.Create(CultureInfo.InvariantCulture, $"from {range.Least} to {range.Most}") : null;

    private static string Shorten(string text) => text.Length <= 40 ? text : text[..40] + "...";
}
