using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;

namespace Portal.Model.Dataflows.Expressions;

/// <summary>Types of the expression language.</summary>
public enum ExpressionKind
{
    /// <summary>Missing, JSON null, or the literal <c>()</c>.</summary>
    Empty,
    Boolean,

    /// <summary>64-bit whole number.</summary>
    Int,

    /// <summary>64-bit floating point number.</summary>
    Float,
    Text,

    /// <summary>List of values.</summary>
    Tuple,

    /// <summary>JSON object or nested list: can be copied, not calculated with.</summary>
    Json,

    /// <summary>The expression cannot be evaluated for this message.</summary>
    Error,
}

/// <summary>A value of the expression language. Errors are values too: nothing is thrown for what a message holds.</summary>
public readonly struct ExpressionValue : IEquatable<ExpressionValue>
{
    private readonly long _bits;
    private readonly object? _object;

    private ExpressionValue(ExpressionKind kind, long bits, object? value)
    {
        Kind = kind;
        _bits = bits;
        _object = value;
    }

    public ExpressionKind Kind { get; }

    public static ExpressionValue Empty => default;

    public bool IsEmpty => Kind is ExpressionKind.Empty;

    public bool IsError => Kind is ExpressionKind.Error;

    public bool IsNumber => Kind is ExpressionKind.Int or ExpressionKind.Float;

    /// <summary>True for the boolean true alone.</summary>
    public bool IsTrue => Kind is ExpressionKind.Boolean && _bits != 0;

    /// <summary>The whole number of an Int.</summary>
    public long Int => _bits;

    /// <summary>The number of an Int or Float.</summary>
    public double Number => Kind is ExpressionKind.Int ? _bits : BitConverter.Int64BitsToDouble(_bits);

    /// <summary>The text of a Text, the message of an Error.</summary>
    public string Text => (string)_object!;

    /// <summary>The items of a Tuple.</summary>
    public ImmutableArray<ExpressionValue> Items => (ImmutableArray<ExpressionValue>)_object!;

    /// <summary>The element of a Json.</summary>
    public JsonElement Element => (JsonElement)_object!;

    /// <summary>Name of the type, as <c>typeof</c> gives it.</summary>
    public string TypeName => Kind switch
    {
        ExpressionKind.Text => "string",
        _ => Kind.ToString().ToLowerInvariant(),
    };

    public static ExpressionValue Of(bool value) => new(ExpressionKind.Boolean, value ? 1 : 0, null);

    public static ExpressionValue Of(long value) => new(ExpressionKind.Int, value, null);

    public static ExpressionValue Of(double value) => new(ExpressionKind.Float, BitConverter.DoubleToInt64Bits(value), null);

    public static ExpressionValue Of(string value) => new(ExpressionKind.Text, 0, value);

    public static ExpressionValue Of(ImmutableArray<ExpressionValue> items) => new(ExpressionKind.Tuple, 0, items);

    public static ExpressionValue Error(string message) => new(ExpressionKind.Error, 0, message);

    /// <summary>A whole number where it fits, else the same as Float.</summary>
    public static ExpressionValue Whole(double value) =>
        value is >= long.MinValue and < 9223372036854775808.0 ? Of((long)value) : Of(value);

    /// <summary>A value of a JSON document. The document must live as long as a Json value is used.</summary>
    public static ExpressionValue Of(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.True or JsonValueKind.False:
                return Of(element.ValueKind is JsonValueKind.True);
            case JsonValueKind.Number:
                return element.TryGetInt64(out var whole) ? Of(whole) : Of(element.GetDouble());
            case JsonValueKind.String:
                return Of(element.GetString()!);
            case JsonValueKind.Array:
                var items = ImmutableArray.CreateBuilder<ExpressionValue>(element.GetArrayLength());
                foreach (var item in element.EnumerateArray())
                {
                    if (item.ValueKind is JsonValueKind.Object or JsonValueKind.Array)
                        return new ExpressionValue(ExpressionKind.Json, 0, element);
                    items.Add(Of(item));
                }
                return Of(items.MoveToImmutable());
            case JsonValueKind.Object:
                return new ExpressionValue(ExpressionKind.Json, 0, element);
            default:
                return Empty;
        }
    }

    /// <summary>The value as text, as <c>str::from</c> and a header give it.</summary>
    public string ToText() => Kind switch
    {
        ExpressionKind.Empty => "",
        ExpressionKind.Boolean => IsTrue ? "true" : "false",
        ExpressionKind.Int => _bits.ToString(CultureInfo.InvariantCulture),
        ExpressionKind.Float => Number.ToString("R", CultureInfo.InvariantCulture),
        ExpressionKind.Text or ExpressionKind.Error => Text,
        ExpressionKind.Tuple => $"({string.Join(", ", Items.Select(item => item.ToText()))})",
        _ => Element.GetRawText(),
    };

    /// <summary>Equality of the language: numbers by value, everything else by type and value.</summary>
    public bool Equals(ExpressionValue other)
    {
        if (IsNumber && other.IsNumber)
            return Kind == other.Kind && Kind is ExpressionKind.Int ? _bits == other._bits : Number == other.Number;
        if (Kind != other.Kind)
            return false;
        return Kind switch
        {
            ExpressionKind.Boolean => _bits == other._bits,
            ExpressionKind.Tuple => Items.SequenceEqual(other.Items),
            ExpressionKind.Json => JsonElement.DeepEquals(Element, other.Element),
            _ => Equals(_object, other._object),
        };
    }

    public override bool Equals(object? obj) => obj is ExpressionValue other && Equals(other);

    public override int GetHashCode() => IsNumber ? Number.GetHashCode() : HashCode.Combine(Kind, _bits);

    public static bool operator ==(ExpressionValue left, ExpressionValue right) => left.Equals(right);

    public static bool operator !=(ExpressionValue left, ExpressionValue right) => !left.Equals(right);

    public override string ToString() => ToText();
}
