using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Portal.Model.Endpoints;
using Portal.Model.Validation;

namespace Portal.Messaging.Flows;

/// <summary>
/// A message that people write: the shape in which the API shows messages (<see cref="Preview.MessageJson"/>). Everything but
/// <c>topic</c> may be left out. A payload is an object with <c>encoding</c> json, text or base64 and <c>value</c>.
/// </summary>
public static class SampleMessage
{
    private static readonly JsonSerializerOptions _compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Reads a message; null when a finding is an error. All findings at once.</summary>
    /// <param name="json">The message.</param>
    /// <param name="source">Protocol that it is of: decides what the members mean.</param>
    /// <param name="now">Timestamp of a message that has none.</param>
    /// <param name="path">Path of the message in the whole body, for findings.</param>
    /// <param name="findings">Where problems go.</param>
    public static Message? Read(JsonObject json, Wire source, DateTimeOffset now, string path, List<Finding> findings)
    {
        var reader = new Reader(json, path, findings);
        var before = findings.Count;
        var topic = reader.Text("topic");
        if (string.IsNullOrEmpty(topic))
            reader.Add("required", "topic", "The message has no topic.", "Write for example \"topic\": \"line3/press-07/telemetry\".");
        var isMqtt = source is Wire.Mqtt;
        var message = new Message
        {
            Topic = topic ?? "",
            Timestamp = reader.Time("timestamp") ?? now,
            Payload = reader.Payload(),
            HasNoValue = !isMqtt && json.ContainsKey("payload") && json["payload"] is null,
            Properties = reader.Properties(),
            Key = isMqtt ? null : reader.Bytes("key"),
            Partition = isMqtt ? null : (int?)reader.Number("partition", 0, int.MaxValue),
            Offset = isMqtt ? null : reader.Number("offset", 0, long.MaxValue),
            Qos = isMqtt ? (int)(reader.Number("qos", 0, 2) ?? 1) : null,
            Retain = isMqtt ? reader.Flag("retain") ?? false : null,
            TopicAlias = isMqtt ? (int?)reader.Number("topicAlias", 1, ushort.MaxValue) : null,
            ContentType = isMqtt ? reader.Text("contentType") : null,
            ResponseTopic = isMqtt ? reader.Text("responseTopic") : null,
            CorrelationData = isMqtt ? reader.Base64("correlationData") : null,
            MessageExpiryInterval = isMqtt ? (uint?)reader.Number("messageExpiryInterval", 0, uint.MaxValue) : null,
            PayloadFormatIndicator = isMqtt ? (int?)reader.Number("payloadFormatIndicator", 0, 1) : null,
        };
        return findings.Count == before ? message : null;
    }

    private sealed class Reader(JsonObject json, string path, List<Finding> findings)
    {
        public void Add(string code, string member, string message, string fix) => findings.Add(Finding.Error(code, $"{path}.{member}", message, fix));

        public string? Text(string member)
        {
            if (json[member] is not { } node)
                return null;
            if (node.GetValueKind() is JsonValueKind.String)
                return node.GetValue<string>();
            Add("not-a-text", member, $"{member} must be a text.", "Put it in quotes.");
            return null;
        }

        public long? Number(string member, long least, long most)
        {
            if (json[member] is not { } node)
                return null;
            if (node.GetValueKind() is JsonValueKind.Number && long.TryParse(node.ToJsonString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most)
                return number;
            Add("out-of-range", member, $"{member} must be a whole number.", string.Create(CultureInfo.InvariantCulture, $"Write a number from {least} to {most}."));
            return null;
        }

        public bool? Flag(string member)
        {
            if (json[member] is not { } node)
                return null;
            if (node.GetValueKind() is JsonValueKind.True or JsonValueKind.False)
                return node.GetValue<bool>();
            Add("not-a-switch", member, $"{member} must be true or false.", "Write it without quotes.");
            return null;
        }

        public DateTimeOffset? Time(string member)
        {
            if (Text(member) is not { } text)
                return null;
            if (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time))
                return time;
            Add("not-a-time", member, $"'{text}' is no time.", "Write for example 2026-11-22T14:02:51.204Z.");
            return null;
        }

        public ReadOnlyMemory<byte>? Base64(string member) => Text(member) is { } text ? Decode(text, member) : null;

        /// <summary>A text, or <c>{ encoding: "base64", value }</c>.</summary>
        public ReadOnlyMemory<byte>? Bytes(string member) => json[member] switch
        {
            null => null,
            JsonObject encoded => Encoded(encoded, member),
            _ => Text(member) is { } text ? Encoding.UTF8.GetBytes(text) : null,
        };

        public ReadOnlyMemory<byte> Payload()
        {
            switch (json["payload"])
            {
                case null:
                    return default;
                case JsonObject payload when payload["encoding"]?.ToString() == "json":
                    return Encoding.UTF8.GetBytes(payload["value"]?.ToJsonString(_compact) ?? "null");
                case JsonObject payload:
                    return Encoded(payload, "payload") ?? default;
                default:
                    return Text("payload") is { } text ? Encoding.UTF8.GetBytes(text) : default;
            }
        }

        public IReadOnlyList<MessageProperty> Properties()
        {
            if (json["properties"] is not { } node)
                return [];
            var properties = new List<MessageProperty>();
            for (var at = 0; node is JsonArray list && at < list.Count; at++)
            {
                var member = string.Create(CultureInfo.InvariantCulture, $"properties[{at}]");
                if (list[at] is JsonObject property && property["name"] is JsonValue name && name.TryGetValue(out string? text))
                    properties.Add(new MessageProperty(text, property["value"] is null ? null : Encoded(property, member)));
                else
                    Add("not-a-property", member, "A property is an object with name and value.", "Write for example { \"name\": \"unit\", \"value\": \"degC\" }.");
            }
            if (node is not JsonArray)
                Add("not-a-list", "properties", "properties must be a list.", "Write it in [ ].");
            return properties;
        }

        private ReadOnlyMemory<byte>? Encoded(JsonObject encoded, string member)
        {
            if (encoded["value"] is not JsonValue value || !value.TryGetValue(out string? text))
            {
                Add("not-a-text", member + ".value", "The value must be a text.", "Put it in quotes; for JSON write \"encoding\": \"json\".");
                return null;
            }
            switch (encoded["encoding"]?.ToString())
            {
                case null or "text":
                    return Encoding.UTF8.GetBytes(text);
                case "base64":
                    return Decode(text, member + ".value");
                default:
                    Add("unknown-value", member + ".encoding", $"The encoding '{encoded["encoding"]}' is not known.", "Write json, text or base64.");
                    return null;
            }
        }

        private ReadOnlyMemory<byte>? Decode(string text, string member)
        {
            var bytes = new byte[(text.Length * 3 / 4) + 3];
            if (Convert.TryFromBase64String(text, bytes, out var length))
                return bytes.AsMemory(0, length);
            Add("not-base64", member, "The value is no base64.", "Write base64 with its padding, or another encoding.");
            return null;
        }
    }
}
