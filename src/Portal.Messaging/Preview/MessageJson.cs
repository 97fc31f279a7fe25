using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;

namespace Portal.Messaging.Preview;

/// <summary>
/// A message as the API and downloads show it:
/// <c>{ topic, partition, offset, key, timestamp, qos, retain, contentType, properties: [ { name, value } ], payload: { encoding, value, size, truncated } }</c>.
/// <list type="bullet">
/// <item>What the other protocol alone has is null. The MQTT members responseTopic, correlationData (base64),
/// messageExpiryInterval and payloadFormatIndicator are there only when they were sent.</item>
/// <item>A key is a string; one that is not UTF-8 is <c>{ "encoding": "base64", "value": "..." }</c>.</item>
/// <item>A property whose value is not UTF-8 has its value in base64 and <c>"encoding": "base64"</c>; a Kafka null is null.</item>
/// <item>payload.encoding is <c>json</c> for a complete JSON object or array (any JSON value when the content type says JSON),
/// the value being that JSON with its digits as sent; <c>text</c> for other valid UTF-8; else <c>base64</c>.</item>
/// </list>
/// </summary>
public static class MessageJson
{
    private static readonly JsonWriterOptions _options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The message as one line of JSON.</summary>
    public static string ToText(PreviewMessage message)
    {
        var into = new ArrayBufferWriter<byte>(512 + message.Message.Payload.Length);
        using (var writer = new Utf8JsonWriter(into, _options))
            Write(writer, message);
        return Encoding.UTF8.GetString(into.WrittenSpan);
    }

    /// <summary>Writes the message as one JSON value.</summary>
    public static void Write(Utf8JsonWriter writer, PreviewMessage message)
    {
        var content = message.Message;
        writer.WriteStartObject();
        writer.WriteString("topic"u8, content.Topic);
        WriteNumber(writer, "partition", content.Partition);
        WriteNumber(writer, "offset", content.Offset);
        writer.WritePropertyName("key"u8);
        WriteKey(writer, content.Key);
        writer.WriteString("timestamp"u8, content.Timestamp.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", null));
        WriteNumber(writer, "qos", content.Qos);
        if (content.Retain is { } retain)
            writer.WriteBoolean("retain"u8, retain);
        else
            writer.WriteNull("retain"u8);
        writer.WriteString("contentType"u8, CloudEventView.ContentTypeOf(content));
        WriteMqttExtras(writer, content);
        WriteProperties(writer, content.Properties);
        WritePayload(writer, message);
        writer.WriteEndObject();
    }

    private static void WriteNumber(Utf8JsonWriter writer, string name, long? number)
    {
        if (number is { } value)
            writer.WriteNumber(name, value);
        else
            writer.WriteNull(name);
    }

    private static void WriteKey(Utf8JsonWriter writer, ReadOnlyMemory<byte>? key)
    {
        if (key is not { } bytes)
        {
            writer.WriteNullValue();
        }
        else if (Utf8.IsValid(bytes.Span))
        {
            writer.WriteStringValue(bytes.Span);
        }
        else
        {
            writer.WriteStartObject();
            writer.WriteString("encoding"u8, "base64"u8);
            writer.WriteBase64String("value"u8, bytes.Span);
            writer.WriteEndObject();
        }
    }

    private static void WriteMqttExtras(Utf8JsonWriter writer, Message message)
    {
        if (message.ResponseTopic is not null)
            writer.WriteString("responseTopic"u8, message.ResponseTopic);
        if (message.CorrelationData is { } correlationData)
            writer.WriteBase64String("correlationData"u8, correlationData.Span);
        if (message.MessageExpiryInterval is { } expiry)
            writer.WriteNumber("messageExpiryInterval"u8, expiry);
        if (message.PayloadFormatIndicator is { } indicator)
            writer.WriteNumber("payloadFormatIndicator"u8, indicator);
    }

    private static void WriteProperties(Utf8JsonWriter writer, IReadOnlyList<MessageProperty> properties)
    {
        writer.WriteStartArray("properties"u8);
        foreach (var property in properties)
        {
            writer.WriteStartObject();
            writer.WriteString("name"u8, property.Name);
            if (property.Value is not { } value)
            {
                writer.WriteNull("value"u8);
            }
            else if (Utf8.IsValid(value.Span))
            {
                writer.WriteString("value"u8, value.Span);
            }
            else
            {
                writer.WriteBase64String("value"u8, value.Span);
                writer.WriteString("encoding"u8, "base64"u8);
            }

            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WritePayload(Utf8JsonWriter writer, PreviewMessage message)
    {
        var payload = message.Message.Payload.Span;
        writer.WriteStartObject("payload"u8);
        if (IsJson(message) && JsonText.Compact(payload) is { } json)
        {
            writer.WriteString("encoding"u8, "json"u8);
            writer.WritePropertyName("value"u8);
            writer.WriteRawValue(json.WrittenSpan, skipInputValidation: true);
        }
        else if (PayloadView.TextOf(payload, message.Truncated) is { } text)
        {
            writer.WriteString("encoding"u8, "text"u8);
            writer.WriteString("value"u8, text);
        }
        else
        {
            writer.WriteString("encoding"u8, "base64"u8);
            writer.WriteBase64String("value"u8, payload);
        }

        writer.WriteNumber("size"u8, message.PayloadSize);
        writer.WriteBoolean("truncated"u8, message.Truncated);
        writer.WriteEndObject();
    }

    private static bool IsJson(PreviewMessage message) =>
        !message.Truncated
        && (JsonText.LooksStructured(message.Message.Payload.Span)
            || CloudEventView.ContentTypeOf(message.Message)?.Split(';')[0].Trim().EndsWith("json", StringComparison.OrdinalIgnoreCase) is true);
}
