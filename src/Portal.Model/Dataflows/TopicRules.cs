using System.Text;

namespace Portal.Model.Dataflows;

/// <summary>What topics and filters of MQTT (section 4.7) and topics of Kafka look like.</summary>
public static class TopicRules
{
    private const int MostKafkaCharacters = 249;

    /// <summary>What is wrong with an MQTT filter and what to write; null when it is valid.</summary>
    public static string? FilterProblem(string filter)
    {
        if (filter.Length == 0)
            return "The topic is missing. Write a topic or a filter, for example line3/#.";
        if (MqttText.HasControl(filter))
            return "The topic holds a control character, for which a broker may end the connection. Remove it.";
        if (Encoding.UTF8.GetByteCount(filter) > ushort.MaxValue)
            return "The topic is longer than the 65,535 bytes that MQTT allows. Write a shorter one.";
        var levels = filter.Split('/');
        for (var i = 0; i < levels.Length; i++)
        {
            if (levels[i].Contains('#', StringComparison.Ordinal) && (levels[i] != "#" || i < levels.Length - 1))
                return "In a topic filter # stands alone on the last level. Write for example line3/#.";
            if (levels[i].Contains('+', StringComparison.Ordinal) && levels[i] != "+")
                return "In a topic filter + stands alone on its level. Write for example line3/+/state.";
        }

        return null;
    }

    /// <summary>What is wrong with a Kafka topic and what to write; null when it is valid.</summary>
    public static string? KafkaProblem(string topic)
    {
        if (topic.Length == 0)
            return "The topic is missing. Write the name of a Kafka topic, for example line3-telemetry.";
        if (topic.Contains("${", StringComparison.Ordinal))
            return "Kafka topics are static; variables such as ${inputTopic} work for MQTT destinations only. Write the name of one topic.";
        if (topic.AsSpan().IndexOfAny('+', '#', '*') >= 0)
            return "Kafka topics take no wildcards. Write the name of one topic; a source may list several.";
        if (topic is "." or ".." || topic.Length > MostKafkaCharacters || !topic.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-'))
            return $"A Kafka topic has 1 to {MostKafkaCharacters} of a-z, A-Z, 0-9, dot, underscore and hyphen. Write for example line3-telemetry.";
        return null;
    }

    /// <summary>What is wrong with the topic of an MQTT destination and what to write; null when it is valid.</summary>
    public static string? DestinationProblem(string topic)
    {
        if (topic.Length == 0)
            return "The topic is missing. Write a topic, for example processed/${inputTopic}.";
        if (topic.AsSpan().IndexOfAny('+', '#') >= 0)
            return "A destination topic takes no + and no #: a message goes to one topic. Write it without, or with ${inputTopic} and ${inputTopic.N}.";
        if (MqttText.HasControl(topic) || Encoding.UTF8.GetByteCount(topic) > ushort.MaxValue)
            return FilterProblem(topic);
        return TopicTemplate.Parse(topic).Unknown is { } unknown
            ? $"The variable {unknown} is not known{(unknown.Contains("outputTopic", StringComparison.Ordinal) ? " in a dataflow, only in data flow graphs" : "")}. Write ${{inputTopic}} for the whole topic, ${{inputTopic.1}} for its first segment."
            : null;
    }
}
