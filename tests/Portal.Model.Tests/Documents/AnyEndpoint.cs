using System.Text.Json.Nodes;
using CsCheck;
using Portal.Model.Endpoints;
using Portal.Model.Fields;
using Portal.Model.Validation;
using Portal.Tests.Shared;

namespace Portal.Model.Tests.Documents;

/// <summary>Endpoints by chance.</summary>
internal static class AnyEndpoint
{
    /// <summary>Pieces of text that a format may trip over.</summary>
    private static readonly string[] Pieces =
    [
        "a", "Z", "line3", "0123", "1e3", "true", "no", "null", "~", " ", "  ", "'", "\"", "\\", "$", "${", "}", "$ConnectionString", "#", " #", ":", ": ", "-", "- ", "[", "]", "{", "%", "@", "`",
        "&", "*", "!", "|", ">", "?", ",", "ä", "ß", "日本", "😀", "=", "<<", "2024-11-01", "12:30", "0x1F", "EOF", ";", "`id`", "$(id)", "\u00a0", "\u2028", "\ufeff", "..", "---",
    ];

    private static readonly string[] Controls = ["\n", "\r", "\t", "\r\n", "\u0001", "\u001b", "\u0085", "\u007f", "\n\n", "\n  x", " \n"];

    public static Gen<string> Text { get; } = Pick(Pieces).Array[1, 6].Select(string.Concat);

    public static Gen<string> WildText { get; } = Pick([.. Pieces, .. Controls, ""]).Array[0, 8].Select(string.Concat);

    public static Gen<T> Pick<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(at => values[at]);

    /// <summary>Endpoints that the validator has no error for.</summary>
    public static Gen<DataflowEndpoint> Valid { get; } = Endpoint(Text.Select(text => text.Trim()), valid: true)
        .Where(endpoint => !EndpointValidator.Validate(endpoint).Any(finding => finding.Severity is Severity.Error));

    /// <summary>Endpoints as a half-filled form or a careless hand may leave them.</summary>
    public static Gen<DataflowEndpoint> Wild { get; } = Endpoint(WildText, valid: false);

    private static Gen<DataflowEndpoint> Endpoint(Gen<string> text, bool valid) =>
        Gen.Select(Pick([.. ValidEndpoint.Cases]), Gen.Bool, Gen.Bool, Pick<string?>(null, "azure-iot-operations", "plant-7")).SelectMany((@case, isFull, hasHostType, @namespace) =>
        {
            var start = (isFull ? @case.Full : @case.Basic) with { Namespace = @namespace, HostType = hasHostType ? @case.Kind.HostType : null };
            var fields = EndpointFields.For(@case.Kind).Where(field => !valid || !field.Path.EndsWith(".method", StringComparison.Ordinal));
            var filled = fields.Aggregate(Gen.Const(start), (endpoint, field) => Gen.Select(endpoint, Value(field, text, valid), (before, value) => value is null ? before : value(before, field)));
            return valid ? filled : Gen.Select(filled, text, (endpoint, name) => endpoint with { Name = name });
        });

    /// <summary>A change of a field; null leaves it as it is.</summary>
    private static Gen<Func<DataflowEndpoint, EndpointField, DataflowEndpoint>?> Value(EndpointField field, Gen<string> text, bool valid)
    {
        var nothing = Gen.Const((Func<DataflowEndpoint, EndpointField, DataflowEndpoint>?)null);
        var json = field switch
        {
            { Choices.Length: > 0 } => Pick([.. field.Choices.Select(choice => choice.Value)]).Select(value => field.Range is null ? JsonValue.Create(value) : JsonValue.Create(long.Parse(value))),
            { Range: { } range } => (valid ? Gen.Long[range.Least, range.Most] : Gen.Long).Select(value => JsonValue.Create(value)),
            _ when valid && (field.Rule is not null || field.Path.EndsWith(".host", StringComparison.Ordinal)) => null,
            _ => text.Select(value => JsonValue.Create(value)),
        };
        if (json is null)
            return nothing;
        var set = json.Select(value => (Func<DataflowEndpoint, EndpointField, DataflowEndpoint>?)((endpoint, of) => of.SetJson(endpoint, value).Endpoint));
        var clear = Gen.Const<Func<DataflowEndpoint, EndpointField, DataflowEndpoint>?>((endpoint, of) => of.Clear(endpoint));
        return Gen.OneOf(nothing, set, clear);
    }
}
