using System.Globalization;
using System.Text;
using Portal.Model.Dataflows;

namespace Portal.Messaging.Flows;

/// <summary>A destination topic, static or made from the topic of each message.</summary>
internal sealed class DestinationTopic(string template)
{
    private readonly TopicTemplate _template = TopicTemplate.Parse(template);

    /// <summary>The topic of a message; null when it cannot be made, with why.</summary>
    public string? Of(string inputTopic, out string? why)
    {
        why = null;
        if (_template.IsStatic)
            return template;
        var topic = new StringBuilder(template.Length + inputTopic.Length);
        foreach (var part in _template.Parts)
        {
            if (part.Literal is { } literal)
            {
                topic.Append(literal);
                continue;
            }
            if (!TryAppend(topic, inputTopic, part.Segment))
            {
                why = string.Create(CultureInfo.InvariantCulture, $"The topic has {CountSegments(inputTopic)} segments, ${{inputTopic.{part.Segment}}} of the destination needs {part.Segment}. Correct the destination topic, or the filter of the source.");
                return null;
            }
        }
        var made = topic.ToString();
        why = made.Length == 0 || Encoding.UTF8.GetByteCount(made) > ushort.MaxValue ? "The destination topic would be empty or longer than the 65,535 bytes that MQTT allows. Correct the destination topic."
            : made.AsSpan().IndexOfAny('+', '#') >= 0 ? "The destination topic would hold + or #, which MQTT does not allow. Correct the destination topic."
            : MqttText.HasControl(made) ? "The destination topic would hold a control character, for which a broker may end the connection. Correct the sender, or the destination topic."
            : null;
        return why is null ? made : null;
    }

    /// <summary>Segments count from 1; slashes at the start and end of the topic do not count.</summary>
    private static bool TryAppend(StringBuilder into, string topic, int segment)
    {
        if (segment == 0)
        {
            into.Append(topic);
            return true;
        }
        var rest = topic.AsSpan().Trim('/');
        for (var at = 1; ; at++)
        {
            var slash = rest.IndexOf('/');
            if (at == segment)
            {
                into.Append(slash < 0 ? rest : rest[..slash]);
                return rest.Length > 0;
            }
            if (slash < 0)
                return false;
            rest = rest[(slash + 1)..];
        }
    }

    private static int CountSegments(string topic)
    {
        var trimmed = topic.AsSpan().Trim('/');
        return trimmed.Length == 0 ? 0 : trimmed.Count('/') + 1;
    }
}
