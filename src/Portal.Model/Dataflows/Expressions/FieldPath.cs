using System.Text.RegularExpressions;

namespace Portal.Model.Dataflows.Expressions;

/// <summary>What a path of a rule leads to.</summary>
public enum FieldRoot
{
    /// <summary>A field of the JSON payload.</summary>
    Payload,

    /// <summary><c>$metadata.topic</c>: the topic that the message came on.</summary>
    Topic,

    /// <summary><c>$metadata.user_property.key</c> or <c>$metadata.header.key</c>; the key is the only segment.</summary>
    Property,

    /// <summary><c>$metadata.system_property.content_type</c>.</summary>
    ContentType,
}

/// <summary>
/// A path of a rule: segments with dots between them, one that starts with a quote goes to the next quote, <c>*</c> stands for
/// one or more segments. <c>$source.</c> and <c>$.</c> in front mean the payload, as no prefix does.
/// </summary>
/// <param name="Root">What it leads to.</param>
/// <param name="Segments">Names from the root on; the wildcard is <c>*</c> at <paramref name="Wildcard"/>.</param>
/// <param name="Wildcard">Index of the wildcard; -1 = none.</param>
/// <param name="Text">As written.</param>
public sealed partial record FieldPath(FieldRoot Root, ValueList<string> Segments, int Wildcard, string Text)
{
    private const string Metadata = "$metadata.";

    private static readonly string[] PropertyPrefixes = ["user_property.", "header."];

    public bool HasWildcard => Wildcard >= 0;

    [GeneratedRegex(@"\?\s*\$last\b", RegexOptions.IgnoreCase)]
    private static partial Regex LastKnown();

    [GeneratedRegex(@"\s\?\?\s*\S")]
    private static partial Regex DefaultValue();

    /// <summary>Reads a path; null with a problem when this portal does not run it.</summary>
    public static FieldPath? Parse(string text, out ExpressionProblem? problem)
    {
        problem = Unsupported(text);
        if (problem is not null)
            return null;
        if (text.StartsWith(Metadata, StringComparison.Ordinal))
            return OfMetadata(text, out problem);
        var prefix = text.StartsWith("$source.", StringComparison.Ordinal) ? 8 : text.StartsWith("$.", StringComparison.Ordinal) ? 2 : 0;
        if (Split(text, prefix, out problem) is not { } segments)
            return null;
        var wildcards = segments.Where(segment => segment.IsWildcard).ToList();
        if (wildcards.Count > 1)
            problem = new ExpressionProblem("path-wildcard", 1, $"'{text}' holds more than one *.", "Write one * a path.");
        else if (segments.Find(segment => segment.HasPartialWildcard) is { Name: { } partial })
            problem = new ExpressionProblem("path-wildcard", 1, $"In '{partial}' the * is only a part of the name.", "Let * stand for a whole segment, or put the name in double quotes.");
        return problem is null ? new FieldPath(FieldRoot.Payload, [.. segments.Select(segment => segment.Name)], segments.FindIndex(segment => segment.IsWildcard), text) : null;
    }

    private static ExpressionProblem? Unsupported(string text)
    {
        if (LastKnown().Match(text) is { Success: true } last)
            return new ExpressionProblem("path-unsupported", last.Index + 1, "Last-known values ('? $last') are not supported.", "Remove '? $last', and handle the missing field with if($1 == (), ..., ...).");
        if (DefaultValue().Match(text) is { Success: true } @default)
            return new ExpressionProblem("path-unsupported", @default.Index + 2, "Default values ('??') work in data flow graphs only.", "Remove '??', and write if($1 == (), default, $1) as expression.");
        if (text.StartsWith("$context", StringComparison.Ordinal))
            return new ExpressionProblem("path-unsupported", 1, "Fields of a dataset ('$context') are not supported.", "Use fields of the message.");
        return null;
    }

    private static FieldPath? OfMetadata(string text, out ExpressionProblem? problem)
    {
        problem = null;
        var rest = text[Metadata.Length..];
        if (rest == "topic")
            return new FieldPath(FieldRoot.Topic, [], -1, text);
        if (rest == "system_property.content_type")
            return new FieldPath(FieldRoot.ContentType, [], -1, text);
        foreach (var prefix in PropertyPrefixes)
        {
            if (!rest.StartsWith(prefix, StringComparison.Ordinal))
                continue;
            var key = rest[prefix.Length..];
            if (key is ['"', .., '"'] or ['\'', .., '\''] && key.Length > 1)
                key = key[1..^1];
            if (key is not ("" or "*"))
                return new FieldPath(FieldRoot.Property, [key], -1, text);
            problem = new ExpressionProblem("path-metadata", Metadata.Length + prefix.Length + 1, $"'{text}' names no {(prefix[0] == 'h' ? "header" : "user property")}.", $"Write for example {Metadata}{prefix}unit.");
            return null;
        }
        problem = new ExpressionProblem(
            "path-unsupported", 1, $"The metadata field '{text}' is not supported.",
            "Use $metadata.topic, $metadata.user_property.<key>, $metadata.header.<key> or $metadata.system_property.content_type.");
        return null;
    }

    private static List<Segment>? Split(string text, int start, out ExpressionProblem? problem)
    {
        problem = null;
        var segments = new List<Segment>();
        for (var at = start; ;)
        {
            var isQuoted = at < text.Length && text[at] is '"' or '\'' && text.IndexOf(text[at], at + 1) > 0;
            int end;
            if (isQuoted)
            {
                var close = text.IndexOf(text[at], at + 1);
                end = close + 1;
                if (end < text.Length && text[end] != '.')
                {
                    problem = new ExpressionProblem("path-syntax", end + 1, $"After the quoted part of '{text}' something stands that is no dot.", "Put a dot after the closing quote, or quote the whole segment.");
                    return null;
                }
                segments.Add(new Segment(text[(at + 1)..close], true));
            }
            else
            {
                end = text.IndexOf('.', at);
                end = end < 0 ? text.Length : end;
                if (end == at)
                {
                    problem = new ExpressionProblem("path-syntax", at + 1, text.Length == start ? "The path is empty." : $"A part of the path '{text}' is empty.", "Write names with single dots between them, for example Payload.Temperature.");
                    return null;
                }
                segments.Add(new Segment(text[at..end], false));
            }
            if (end >= text.Length)
                return segments;
            at = end + 1;
        }
    }

    private readonly record struct Segment(string Name, bool IsQuoted)
    {
        public bool IsWildcard => !IsQuoted && Name == "*";

        public bool HasPartialWildcard => !IsQuoted && Name != "*" && Name.Contains('*', StringComparison.Ordinal);
    }
}
