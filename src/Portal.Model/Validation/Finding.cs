namespace Portal.Model.Validation;

/// <summary>Weight of a finding: an error blocks, the others do not.</summary>
public enum Severity { Info, Warning, Error }

/// <summary>One thing to say about a document or a field: what is wrong and what to do.</summary>
/// <param name="Code">Stable code in kebab case, for example <c>host-port-missing</c>.</param>
/// <param name="Severity">Whether it blocks.</param>
/// <param name="Path">Path of the member below the resource, for example <c>spec.mqttSettings.host</c> or <c>metadata.name</c>; empty for the whole.</param>
/// <param name="Message">What is wrong, in one sentence.</param>
/// <param name="Fix">What to write instead, with an example; null when the message says it.</param>
public sealed record Finding(string Code, Severity Severity, string Path, string Message, string? Fix = null)
{
    /// <summary>Line of the text, from 1; null when there is no text.</summary>
    public int? Line { get; init; }

    /// <summary>Column of the text, from 1.</summary>
    public int? Column { get; init; }

    /// <summary>The text as it was, for a finding about a repair.</summary>
    public string? Before { get; init; }

    /// <summary>The text as it became.</summary>
    public string? After { get; init; }

    /// <summary>Day on which the fact of an advice was true.</summary>
    public DateOnly? AsOf { get; init; }

    /// <summary>Where the fact of an advice is documented.</summary>
    public Uri? Source { get; init; }

    public static Finding Error(string code, string path, string message, string? fix = null) => new(code, Severity.Error, path, message, fix);

    public static Finding Warning(string code, string path, string message, string? fix = null) => new(code, Severity.Warning, path, message, fix);

    public static Finding Info(string code, string path, string message, string? fix = null) => new(code, Severity.Info, path, message, fix);
}
