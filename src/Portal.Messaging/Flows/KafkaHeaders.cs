using System.Globalization;
using System.Text;
using Portal.Model.Endpoints;

namespace Portal.Messaging.Flows;

/// <summary>Headers and key of a Kafka record. The names are those of Azure IoT Operations.</summary>
internal static class KafkaHeaders
{
    public const string PayloadFormatIndicator = "Payload Format Indicator";
    public const string ResponseTopic = "Response Topic";
    public const string MessageExpiryInterval = "Message Expiry Interval";
    public const string CorrelationData = "Correlation Data";
    public const string ContentType = "Content Type";

    private const int BuiltInCount = 5;

    private static readonly MessageProperty Format0 = new(PayloadFormatIndicator, "0"u8.ToArray());
    private static readonly MessageProperty Format1 = new(PayloadFormatIndicator, "1"u8.ToArray());

    /// <summary>The headers of a record made from a message.</summary>
    public static HeaderOutput Write(in TranslationWork work, Func<Guid> newId, Trace? trace)
    {
        var properties = work.Message.Properties;
        var headers = new HeaderOutput(trace, properties.Count + BuiltInCount);
        var plan = work.Plan;
        if (!plan.FromKafka)
            WriteBuiltIns(ref headers, work, trace is not null);
        var events = new CloudEventOutput(work);
        for (var at = 0; at < properties.Count; at++)
        {
            var property = properties[at];
            var index = events.IsActive ? CloudEventSet.IndexOf(property.Name, plan.FromKafka, toKafka: true) : -1;
            if (events.Attribute(index) is { } chosen)
            {
                if (ReferenceEquals(chosen, property))
                    events.Write(ref headers, work, property, index);
                else
                    headers.Drop(property, HeaderDropReason.NameTaken, Rules.CloudEventOnce);
            }
            else if (!plan.FromKafka)
                WriteUserProperty(ref headers, work, property);
            else if (events.IsActive && property.Name.StartsWith("ce-", StringComparison.Ordinal))
                headers.Change(property, property with { Name = CloudEvents.KafkaPrefix + property.Name[3..] }, Rules.CloudEventKafka);
            else
                headers.Keep(property, Rules.KafkaUnchanged);
        }
        events.Generate(ref headers, work, newId);
        return headers;
    }

    /// <summary>The key of a record: by the partition strategy; from Kafka the key of the record read unless the strategy has another.</summary>
    public static ReadOnlyMemory<byte>? Key(FlowPlan plan, Message message, ref HeaderOutput headers)
    {
        switch (plan.PartitionStrategy)
        {
            case PartitionStrategy.Topic:
                return Encoding.UTF8.GetBytes(message.Topic);
            case PartitionStrategy.Property when plan.PartitionKeyProperty is { } name:
                foreach (var property in message.Properties)
                    if (property.Name == name && property.Value is { } value)
                        return value;
                headers.Count(HeaderDropReason.PartitionKeyMissing);
                return message.Key;
            default:
                return message.Key;
        }
    }

    /// <summary>The header that says what remains of an expiry.</summary>
    public static MessageProperty Expiry(uint remaining)
    {
        Span<byte> digits = stackalloc byte[10];
        remaining.TryFormat(digits, out var length, default, CultureInfo.InvariantCulture);
        return new MessageProperty(MessageExpiryInterval, digits[..length].ToArray());
    }

    private static void WriteBuiltIns(ref HeaderOutput headers, in TranslationWork work, bool isTraced)
    {
        var message = work.Message;
        var copies = work.Plan.CopiesProperties;
        if (!copies && !isTraced)
            return;
        if (message.PayloadFormatIndicator is { } format)
            BuiltIn(ref headers, copies, "Payload format indicator", format == 1 ? Format1 : Format0, null, Rules.CopyMqttProperties);
        if (message.ResponseTopic is { } response)
            BuiltIn(ref headers, copies, "Response topic", new MessageProperty(ResponseTopic, Encoding.UTF8.GetBytes(response)), null, Rules.CopyMqttProperties);
        if (work.Remaining is { } remaining)
            BuiltIn(ref headers, copies, "Message expiry interval", Expiry(remaining), isTraced ? Expiry(message.MessageExpiryInterval!.Value).Value : null, isTraced ? Rules.Remaining(work.Spent) : "");
        if (message.CorrelationData is { } correlation)
            BuiltIn(ref headers, copies, "Correlation data", new MessageProperty(CorrelationData, correlation), null, Rules.RawBytes);
        if (work.ContentType is { } type)
            BuiltIn(
                ref headers, copies, "Content type", new MessageProperty(ContentType, Encoding.UTF8.GetBytes(type)),
                isTraced && message.ContentType is { } before ? (ReadOnlyMemory<byte>?)Encoding.UTF8.GetBytes(before) : null, type == message.ContentType ? Rules.CopyMqttProperties : Rules.OutputContentType);
    }

    private static void BuiltIn(ref HeaderOutput headers, bool copies, string field, MessageProperty header, ReadOnlyMemory<byte>? before, string rule)
    {
        if (copies)
            headers.FromField(field, before ?? header.Value, header, rule);
        else
            headers.DropField(field, before ?? header.Value, null, Rules.CopyDisabled);
    }

    private static void WriteUserProperty(ref HeaderOutput headers, in TranslationWork work, MessageProperty property)
    {
        if (!work.Plan.CopiesProperties)
            headers.Drop(property, null, Rules.CopyDisabled);
        else if (IsTaken(property.Name, work))
            headers.Drop(property, HeaderDropReason.NameTaken, Rules.NamedLikeBuiltIn);
        else
            headers.Keep(property, Rules.UserProperty);
    }

    /// <summary>Whether a property of the protocol takes the name in this record.</summary>
    private static bool IsTaken(string name, in TranslationWork work) => name switch
    {
        PayloadFormatIndicator => work.Message.PayloadFormatIndicator is not null,
        ResponseTopic => work.Message.ResponseTopic is not null,
        MessageExpiryInterval => work.Remaining is not null,
        CorrelationData => work.Message.CorrelationData is not null,
        ContentType => work.ContentType is not null,
        _ => false,
    };
}
