using System.Globalization;

namespace Portal.Model.Dataflows;

/// <summary>One piece of a destination topic.</summary>
/// <param name="Literal">Text as it is; null for a variable.</param>
/// <param name="Segment">Segment of the input topic, from 1; 0 = the whole topic.</param>
public readonly record struct TopicPart(string? Literal, int Segment);

/// <summary>A destination topic taken apart: <c>${inputTopic}</c> and <c>${inputTopic.N}</c> are variables.</summary>
/// <param name="Parts">The pieces, in order.</param>
/// <param name="Unknown">The first variable that is not known, as written; null when all are.</param>
public sealed record TopicTemplate(ValueList<TopicPart> Parts, string? Unknown)
{
    private const string Variable = "inputTopic";

    /// <summary>True when every message goes to the same topic.</summary>
    public bool IsStatic => Parts.All(part => part.Literal is not null);

    /// <summary>Takes a topic apart. What is no variable, as a lone <c>$</c>, is text.</summary>
    public static TopicTemplate Parse(string topic)
    {
        var parts = new List<TopicPart>();
        string? unknown = null;
        var at = 0;
        while (at < topic.Length)
        {
            var start = topic.IndexOf("${", at, StringComparison.Ordinal);
            var end = start < 0 ? -1 : topic.IndexOf('}', start);
            if (end < 0)
                break;
            if (start > at)
                parts.Add(new TopicPart(topic[at..start], 0));
            var text = topic[start..(end + 1)];
            if (SegmentOf(text[2..^1]) is { } segment)
                parts.Add(new TopicPart(null, segment));
            else
            {
                unknown ??= text;
                parts.Add(new TopicPart(text, 0));
            }
            at = end + 1;
        }
        if (at < topic.Length)
            parts.Add(new TopicPart(topic[at..], 0));
        return new TopicTemplate([.. parts], unknown);
    }

    private static int? SegmentOf(string name)
    {
        if (name == Variable)
            return 0;
        return name.StartsWith(Variable + ".", StringComparison.Ordinal)
            && int.TryParse(name.AsSpan(Variable.Length + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var segment) && segment > 0
            ? segment
            : null;
    }
}
