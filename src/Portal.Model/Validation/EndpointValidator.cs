using System.Globalization;
using System.Text.RegularExpressions;
using Portal.Model.Dataflows;
using Portal.Model.Endpoints;
using Portal.Model.Fields;

namespace Portal.Model.Validation;

/// <summary>Checks an endpoint against the field table. Gives every finding, never only the first; errors block, the rest does not.</summary>
public static partial class EndpointValidator
{
    [GeneratedRegex("<[^<>]+>|\\$\\{")]
    private static partial Regex Placeholder();

    /// <summary>All findings, the name's first, then in the order of the form.</summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="kind">The kind that it is meant to be; null = inferred.</param>
    /// <param name="dataflows">Dataflows that may use the endpoint; what they need of it is checked too.</param>
    public static IReadOnlyList<Finding> Validate(DataflowEndpoint endpoint, EndpointKind? kind = null, IEnumerable<Dataflow>? dataflows = null)
    {
        var findings = new List<Finding>();
        if (NameRules.CheckResourceName(endpoint.Name) is { } name)
            findings.Add(name);
        if (endpoint.Namespace is { } @namespace && !NameRules.IsKubernetesName(@namespace))
            findings.Add(Finding.Error("namespace", "metadata.namespace", $"'{@namespace}' cannot be a namespace.", $"Write for example {Resource.DefaultNamespace}."));
        if ((kind ?? EndpointKind.Of(endpoint)) is not { } of)
            return findings;
        foreach (var field in EndpointFields.For(endpoint).Where(field => field.AppliesTo(endpoint)))
            findings.AddRange(Check(field, endpoint, of));
        if (dataflows is not null && KafkaRules.CheckSource(endpoint, dataflows) is { } source)
            findings.Add(source);
        return findings;
    }

    /// <summary>The findings of one field.</summary>
    public static IEnumerable<Finding> Check(EndpointField field, DataflowEndpoint endpoint, EndpointKind kind)
    {
        var text = field.GetText(endpoint);
        var ruled = field.Rule?.Invoke(endpoint, kind);
        if (ruled is not null)
            yield return ruled;
        if (ruled is not { Severity: Severity.Error } && (CheckRequired(field, kind, text) ?? CheckText(field, text)) is { } problem)
            yield return problem;
        if (field.Range is { } range && text is not null
            && long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            && (number < range.Least || number > range.Most))
            yield return Finding.Error("out-of-range", field.FullPath, $"{field.Label} is {text}; {Bounds(range)} is allowed.", $"Write a number {Bounds(range)}{(field.Default is { } @default ? $", for example {@default}" : "")}.");
    }

    private static Finding? CheckRequired(EndpointField field, EndpointKind kind, string? text) =>
        // The rule of the host says when it may be missing.
        field.IsRequired && string.IsNullOrWhiteSpace(text) && field.Rule != HostRules.Check
            ? Finding.Error("required", field.FullPath, $"{field.Label} is missing.", field.Example is { } example ? $"Write for example {example}." : ChooseText(field, kind))
            : null;

    /// <summary>What no text of an endpoint may hold.</summary>
    private static Finding? CheckText(EndpointField field, string? text)
    {
        if (field is not EndpointField<string> || string.IsNullOrEmpty(text))
            return null;
        var example = field.Example is { } value ? $"Write for example {value}." : "Write the value itself.";
        if (Placeholder().IsMatch(text))
            return Finding.Error("placeholder", field.FullPath, $"{field.Label} still holds the placeholder '{text}'.", example);
        if (text.Any(char.IsControl))
            return Finding.Error("control-character", field.FullPath, $"{field.Label} holds a line break or another control character.", example);
        return text.Trim() != text ? Finding.Error("blank", field.FullPath, $"{field.Label} starts or ends with a blank.", "Remove the blank.") : null;
    }

    private static string Bounds((long Least, long Most) range) => string.Create(CultureInfo.InvariantCulture, $"from {range.Least} to {range.Most}");

    private static string ChooseText(EndpointField field, EndpointKind kind) => $"Choose one of {string.Join(", ", field.ChoicesFor(kind).Select(choice => choice.Value))}.";
}
