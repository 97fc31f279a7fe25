using System.Text;
using System.Text.Unicode;

namespace Portal.Messaging.Mqtt;

/// <summary>Messages that somebody wrote, before they are published.</summary>
internal static class MqttMessages
{
    /// <summary>Why MQTT cannot carry a message, with what to do; null when it can.</summary>
    public static string? Problem(Message message)
    {
        if (TopicFilter.HasWildcard(message.Topic))
            return $"'{message.Topic}' holds a wildcard; a message goes to one topic. Write a topic without + and #, for example line3/press-07/test.";
        if (TopicFilter.Problem(message.Topic) is { } topic)
            return topic;
        if (message.Key is not null)
            return "MQTT messages have no key. Leave the key empty, or add a user property.";
        if (message.ResponseTopic is { } response && (response.Length == 0 || TopicFilter.HasWildcard(response)))
            return $"The response topic '{response}' is not a topic. Write one without + and #, or leave it empty.";
        string?[] texts = [message.Topic, message.ContentType, message.ResponseTopic, .. message.Properties.Select(property => property.Name)];
        if (texts.Any(text => text is not null && Encoding.UTF8.GetByteCount(text) > ushort.MaxValue)
            || message.Properties.Any(property => property.Value?.Length > ushort.MaxValue) || message.CorrelationData?.Length > ushort.MaxValue)
            return "A property of the message is longer than the 65,535 bytes that MQTT allows. Shorten it.";
        return message.Properties.FirstOrDefault(property => property.Value is { } value && !Utf8.IsValid(value.Span)) is { } binary
            ? $"The user property '{binary.Name}' is not valid UTF-8, which MQTT demands. Send such bytes as correlation data or payload."
            : null;
    }
}
