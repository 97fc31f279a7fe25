using System.Globalization;
using Portal.Components.Shared;
using Portal.Messaging;
using Portal.Resources;

namespace Portal.Components.Traffic;

/// <summary>Everything about a message that is not its payload, as names and values.</summary>
internal static class MessageProperties
{
    public static IEnumerable<(string Name, string Value)> Of(Message message, TimeZoneInfo zone)
    {
        var isKafka = message.Partition is not null;
        yield return (Text.Traffic_Topic, message.Topic);
        if (isKafka)
        {
            yield return (Text.Traffic_Partition, string.Create(CultureInfo.InvariantCulture, $"{message.Partition}, {message.Offset}"));
            yield return (Text.Traffic_Key, message.Key is { } key ? TrafficWords.TextOrHex(key.Span) : Text.Traffic_NoKey);
            yield return (Text.Traffic_Timestamp, Ages.Full(TimeZoneInfo.ConvertTime(message.Timestamp, zone)));
        }
        if (message.Qos is { } qos)
            yield return (Text.Traffic_QosRetain, $"{qos}, {(message.Retain is true ? Text.Traffic_Retained : Text.Traffic_NotRetained)}");
        if (message.ContentType is { } contentType)
            yield return (Text.Traffic_ContentType, contentType);
        if (message.PayloadFormatIndicator is { } format)
            yield return (Text.Traffic_PayloadFormat, format == 1 ? "1, UTF-8" : "0");
        if (message.MessageExpiryInterval is { } expiry)
            yield return (Text.Traffic_Expiry, Text.Time_Seconds.With(expiry));
        if (message.ResponseTopic is { } response)
            yield return (Text.Traffic_ResponseTopic, response);
        if (message.CorrelationData is { } correlation)
            yield return (Text.Traffic_Correlation, TrafficWords.Hex(correlation.Span));
        foreach (var property in message.Properties)
            yield return ((isKafka ? Text.Traffic_Header : Text.Traffic_UserProperty).With(property.Name), property.Value is { } value ? TrafficWords.TextOrHex(value.Span) : Text.Traffic_Null);
    }
}
