using System.Collections.Immutable;
using System.Text;
using System.Text.Json;

namespace Portal.Messaging.Preview;

/// <summary>How a message carries a CloudEvent: not at all, in properties, or as its payload.</summary>
public enum CloudEventMode { None, Binary, Structured }

/// <summary>One attribute of a CloudEvent.</summary>
public sealed record CloudEventAttribute(string Name, string Value);

/// <summary>
/// The CloudEvent in a message: attributes from MQTT user properties without a prefix, from Kafka headers with <c>ce_</c> or
/// <c>ce-</c>, or from a payload of the content type <c>application/cloudevents+json</c>.
/// </summary>
/// <param name="Mode">How it is carried.</param>
/// <param name="Attributes">The attributes that are there, the required ones first.</param>
/// <param name="Missing">Which of the four required attributes are not there.</param>
public sealed record CloudEventView(CloudEventMode Mode, IReadOnlyList<CloudEventAttribute> Attributes, IReadOnlyList<string> Missing)
{
    private const string StructuredContentType = "application/cloudevents+json";
    private const string DataContentType = "datacontenttype";

    /// <summary>The attributes that every CloudEvent has (CloudEvents 1.0).</summary>
    public static readonly ImmutableArray<string> Required = ["id", "source", "type", "specversion"];

    private static readonly ImmutableArray<string> _optional = ["subject", "time", DataContentType, "dataschema"];

    /// <summary>Looks into a message. Never throws.</summary>
    public static CloudEventView Of(Message message)
    {
        var contentType = ContentTypeOf(message);
        if (contentType?.StartsWith(StructuredContentType, StringComparison.OrdinalIgnoreCase) is true)
            return Of(CloudEventMode.Structured, FromPayload(message.Payload.Span));
        var attributes = FromProperties(message);
        if (!Required.Any(attributes.ContainsKey))
            return new CloudEventView(CloudEventMode.None, [], Required);
        if (contentType is not null)
            attributes[DataContentType] = contentType;
        return Of(CloudEventMode.Binary, attributes);
    }

    /// <summary>MQTT content type, or the Kafka header <c>content-type</c> or <c>Content Type</c>.</summary>
    internal static string? ContentTypeOf(Message message) =>
        message.ContentType
        ?? message.Properties
            .Where(property => IsKafka(message) && property.Value is not null && property.Name.ToLowerInvariant() is "content-type" or "content type")
            .Select(property => TextOf(property.Value!.Value))
            .FirstOrDefault();

    private static CloudEventView Of(CloudEventMode mode, Dictionary<string, string> attributes)
    {
        string[] order = [.. Required, .. _optional];
        var known = order.Where(attributes.ContainsKey);
        var extensions = attributes.Keys.Except(order).Order(StringComparer.Ordinal);
        return new CloudEventView(
            mode,
            [.. known.Concat(extensions).Select(name => new CloudEventAttribute(name, attributes[name]))],
            [.. Required.Where(name => !attributes.ContainsKey(name))]);
    }

    private static Dictionary<string, string> FromProperties(Message message)
    {
        var attributes = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var property in message.Properties)
        {
            var name = property.Name;
            if (IsKafka(message))
            {
                if (!name.StartsWith("ce_", StringComparison.Ordinal) && !name.StartsWith("ce-", StringComparison.Ordinal))
                    continue;
                name = name[3..];
            }
            // Without a prefix an extension cannot be told from any other user property.
            else if (!Required.Contains(name) && !_optional.Contains(name))
            {
                continue;
            }

            if (property.Value is { } value)
                attributes.TryAdd(name, TextOf(value));
        }

        return attributes;
    }

    private static Dictionary<string, string> FromPayload(ReadOnlySpan<byte> payload)
    {
        var attributes = new Dictionary<string, string>(StringComparer.Ordinal);
        try
        {
            // Not the final block: of a payload that was cut the attributes before the cut are shown.
            var reader = new Utf8JsonReader(payload, isFinalBlock: false, default);
            if (!reader.Read() || reader.TokenType is not JsonTokenType.StartObject)
                return attributes;
            while (reader.Read() && reader.TokenType is JsonTokenType.PropertyName)
            {
                var name = reader.GetString()!;
                if (!reader.Read())
                    break;
                if (name is "data" or "data_base64" || reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
                {
                    if (!reader.TrySkip())
                        break;
                }
                else if (reader.TokenType is not JsonTokenType.Null)
                {
                    attributes[name] = reader.TokenType is JsonTokenType.String ? reader.GetString()! : TextOf(reader.ValueSpan);
                }
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // What was read before the error is shown, the rest counts as missing.
        }

        return attributes;
    }

    private static bool IsKafka(Message message) => message.Qos is null;

    private static string TextOf(ReadOnlyMemory<byte> bytes) => TextOf(bytes.Span);

    private static string TextOf(ReadOnlySpan<byte> bytes) => Encoding.UTF8.GetString(bytes);
}
