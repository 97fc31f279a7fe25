using System.Globalization;
using System.Text;

namespace Portal.Messaging.Flows;

/// <summary>User properties and content type of an MQTT message.</summary>
internal static class MqttProperties
{
    /// <summary>The user properties of a message; <paramref name="contentType"/> is its content type.</summary>
    public static HeaderOutput Write(in TranslationWork work, Func<Guid> newId, Trace? trace, out string? contentType)
    {
        var properties = work.Message.Properties;
        var headers = new HeaderOutput(trace, properties.Count + 2);
        contentType = work.ContentType;
        var events = new CloudEventOutput(work);
        if (work.Plan.FromKafka)
            FromKafka(ref headers, work, events, ref contentType);
        else
            for (var at = 0; at < properties.Count; at++)
            {
                var index = events.IsActive ? CloudEvents.IndexOf(properties[at].Name) : -1;
                if (events.Attribute(index) is { } chosen && ReferenceEquals(chosen, properties[at]))
                    events.Write(ref headers, work, chosen, index);
                else
                    headers.Keep(properties[at], Rules.MqttUnchanged);
            }
        events.Generate(ref headers, work, newId);
        return headers;
    }

    private static void FromKafka(ref HeaderOutput headers, in TranslationWork work, in CloudEventOutput events, ref string? contentType)
    {
        var message = work.Message;
        var hasKey = WriteKey(ref headers, message);
        var time = (message.Timestamp == default ? work.ReceivedAt : message.Timestamp).ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);
        var timestamp = new MessageProperty(UserProperties.Timestamp, Encoding.UTF8.GetBytes(time));
        headers.FromField("Timestamp", timestamp.Value, timestamp, Rules.KafkaTimestamp);
        for (var at = 0; at < message.Properties.Count; at++)
        {
            var header = message.Properties[at];
            var index = events.IsActive ? CloudEventSet.IndexOf(header.Name, fromKafka: true, toKafka: false) : -1;
            if (events.Attribute(index) is { } chosen)
            {
                if (ReferenceEquals(chosen, header))
                {
                    events.Write(ref headers, work, header, index);
                    if (index == CloudEvents.DataContentType)
                        contentType = work.IsRewritten ? work.DataContentType : Encoding.UTF8.GetString((header.Value ?? default).Span);
                }
                else
                    headers.Drop(header, HeaderDropReason.NameTaken, Rules.CloudEventOnce);
            }
            else if (UserProperties.Problem(header) is { } reason)
                headers.Drop(header, reason, Rules.Of(reason));
            else if (header.Name == UserProperties.Timestamp || (hasKey && header.Name == UserProperties.Key))
                headers.Drop(header, HeaderDropReason.NameTaken, Rules.HeaderNamedLikeBuiltIn);
            else if (events.IsActive && CloudEvents.HasPrefix(header.Name))
                WriteExtension(ref headers, header);
            else
                WriteHeader(ref headers, header);
        }
    }

    private static bool WriteKey(ref HeaderOutput headers, Message message)
    {
        if (message.Key is not { } key)
            return false;
        if (UserProperties.Problem(key.Span) is { } reason)
        {
            headers.DropField("Key", key, reason, Rules.Of(reason));
            return false;
        }
        headers.FromField("Key", key, new MessageProperty(UserProperties.Key, key), Rules.KafkaKey);
        return true;
    }

    /// <summary>An extension attribute goes out without the prefix.</summary>
    private static void WriteExtension(ref HeaderOutput headers, MessageProperty header)
    {
        var name = header.Name[CloudEvents.KafkaPrefix.Length..];
        if (headers.Has(name))
            headers.Drop(header, HeaderDropReason.NameTaken, Rules.CloudEventOnce);
        else
            headers.Change(header, new MessageProperty(name, header.Value ?? ReadOnlyMemory<byte>.Empty), Rules.CloudEventMqtt);
    }

    private static void WriteHeader(ref HeaderOutput headers, MessageProperty header)
    {
        if (header.Value is null)
            headers.Change(header, header with { Value = ReadOnlyMemory<byte>.Empty }, Rules.NullHeader);
        else
            headers.Keep(header, Rules.Header);
    }
}
