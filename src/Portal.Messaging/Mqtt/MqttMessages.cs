using System.Buffers;
using System.Text;
using System.Text.Unicode;
using MQTTnet;
using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace Portal.Messaging.Mqtt;

/// <summary>Messages of the portal to and from those of the MQTT client library.</summary>
internal static class MqttMessages
{
    /// <summary>A received message; of the payload at most so many bytes are copied.</summary>
    /// <remarks>The library does not tell a payload format indicator or expiry of 0 from one that was not sent: both are null.</remarks>
    public static Message ToMessage(MqttApplicationMessage received, DateTimeOffset time, int mostPayload = int.MaxValue) => new()
    {
        Topic = received.Topic,
        Payload = received.Payload.Slice(0, Math.Min(received.Payload.Length, mostPayload)).ToArray(),
        Timestamp = time,
        Properties = received.UserProperties is { Count: > 0 } properties
            ? [.. properties.Select(property => new MessageProperty(property.Name, property.ValueBuffer.ToArray()))]
            : [],
        Qos = (int)received.QualityOfServiceLevel,
        Retain = received.Retain,
        PayloadFormatIndicator = received.PayloadFormatIndicator is MqttPayloadFormatIndicator.CharacterData ? 1 : null,
        TopicAlias = received.TopicAlias == 0 ? null : received.TopicAlias,
        ContentType = received.ContentType,
        ResponseTopic = received.ResponseTopic,
        CorrelationData = received.CorrelationData is { } correlationData ? correlationData : (ReadOnlyMemory<byte>?)null,
        MessageExpiryInterval = received.MessageExpiryInterval == 0 ? null : received.MessageExpiryInterval,
    };

    /// <summary>A message to publish.</summary>
    public static MqttApplicationMessage ToApplicationMessage(Message message, int qos) => new()
    {
        Topic = message.Topic,
        Payload = new ReadOnlySequence<byte>(message.Payload),
        QualityOfServiceLevel = (MqttQualityOfServiceLevel)qos,
        Retain = message.Retain ?? false,
        PayloadFormatIndicator = message.PayloadFormatIndicator == 1 ? MqttPayloadFormatIndicator.CharacterData : MqttPayloadFormatIndicator.Unspecified,
        ContentType = message.ContentType,
        ResponseTopic = message.ResponseTopic,
        CorrelationData = message.CorrelationData?.ToArray(),
        MessageExpiryInterval = message.MessageExpiryInterval ?? 0,
        UserProperties = [.. message.Properties.Select(property => new MqttUserProperty(property.Name, property.Value ?? ReadOnlyMemory<byte>.Empty))],
    };

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
