using System.Text;
using System.Text.Unicode;

namespace Portal.Messaging.Flows;

/// <summary>What became of one property on its way.</summary>
public enum PropertyChange
{
    /// <summary>It goes on with the same meaning.</summary>
    Copied,

    /// <summary>It goes on under another name or in another form.</summary>
    Renamed,

    /// <summary>The dataflow made it.</summary>
    Generated,

    /// <summary>It does not go on.</summary>
    Dropped,
}

/// <summary>One property of a message: a field of the protocol, the payload, a user property or a header.</summary>
/// <param name="Name">Its name as people know it, for example <c>Content type</c>; of a header its key.</param>
/// <param name="Value">Its bytes; null = a Kafka null, or a value that is not known.</param>
/// <param name="IsHeader">Whether it is a user property or a header.</param>
public sealed record ExplainedProperty(string Name, ReadOnlyMemory<byte>? Value, bool IsHeader)
{
    /// <summary>The value for people: text when it is readable UTF-8, else bytes in hexadecimal; null when there is none.</summary>
    public string? Text => Value is not { } value ? null
        : Utf8.IsValid(value.Span) && Encoding.UTF8.GetString(value.Span) is var text && !text.Any(c => char.IsControl(c) && c is not ('\t' or '\r' or '\n')) ? text
        : string.Join(' ', Convert.ToHexString(value.Span).Chunk(2).Select(pair => new string(pair)));
}

/// <summary>One line of the translation inspector.</summary>
/// <param name="Change">What happened.</param>
/// <param name="Input">The property of the message received; null when there is none.</param>
/// <param name="Output">The property of the message sent; null when there is none.</param>
/// <param name="Rule">The rule that did it, for people.</param>
/// <param name="Counted">Reason under which the header drops count it; null when they do not.</param>
public sealed record TranslationStep(PropertyChange Change, ExplainedProperty? Input, ExplainedProperty? Output, string Rule, HeaderDropReason? Counted = null);

/// <summary>A translation with what happened to every property.</summary>
/// <param name="Result">What <see cref="MessageTranslator.Translate"/> gives for the same message and times.</param>
/// <param name="Steps">The steps in the order of the inspector; a message that is dropped has those up to the drop.</param>
public sealed record Explanation(Translation Result, IReadOnlyList<TranslationStep> Steps);

/// <summary>Collects the steps of one translation.</summary>
internal sealed class Trace(int? partitions)
{
    private readonly List<TranslationStep?> _steps = [];

    /// <summary>Partitions of the destination topic; null = not known.</summary>
    public int? Partitions => partitions;

    public IReadOnlyList<TranslationStep> Steps => [.. _steps.OfType<TranslationStep>()];

    public int Add(PropertyChange change, ExplainedProperty? input, ExplainedProperty? output, string rule, HeaderDropReason? counted = null)
    {
        _steps.Add(new TranslationStep(change, input, output, rule, counted));
        return _steps.Count - 1;
    }

    /// <summary>A step for a field that is text on both sides.</summary>
    public void Field(PropertyChange change, string? inputName, string? input, string? outputName, string? output, string rule) =>
        Add(change, inputName is null ? null : Of(inputName, input), outputName is null ? null : Of(outputName, output), rule);

    /// <summary>Takes the output of an earlier step away; what was made and is not sent leaves no step.</summary>
    public void TakeBack(int step, string rule) =>
        _steps[step] = _steps[step] is { Input: not null } earlier ? earlier with { Change = PropertyChange.Dropped, Output = null, Rule = rule } : null;

    public static ExplainedProperty Of(string name, string? value) => new(name, value is null ? (ReadOnlyMemory<byte>?)null : Encoding.UTF8.GetBytes(value), false);
}
