using System.Globalization;
using Portal.Model.Endpoints;

namespace Portal.Messaging.Flows;

/// <summary>The steps of the fields of the protocols, in the order of the inspector.</summary>
internal static class TraceFields
{
    private const string Topic = "Topic", Key = "Key", Partition = "Partition", Timestamp = "Timestamp", Payload = "Payload", Qos = "QoS", Retain = "Retain";

    /// <summary>Topic, key, partition, timestamp and payload of a record.</summary>
    public static void RecordFields(this Trace trace, in TranslationWork work, DateTimeOffset timestamp, in TransformOutcome made)
    {
        var (plan, message) = (work.Plan, work.Message);
        var unused = default(HeaderOutput);
        var key = KafkaHeaders.Key(plan, message, ref unused);
        var isByTopic = plan.PartitionStrategy is PartitionStrategy.Topic;
        if (isByTopic)
            trace.Field(PropertyChange.Copied, Topic, message.Topic, Key, message.Topic, Rules.StrategyTopic);
        trace.Field(
            isByTopic ? PropertyChange.Generated : message.Topic == work.Topic ? PropertyChange.Copied : PropertyChange.Renamed,
            isByTopic ? null : Topic, message.Topic, Topic, work.Topic, Rules.DestinationTopic);
        KeySteps(trace, plan, message, key, isByTopic, unused.Drops.PartitionKeyMissing > 0);
        trace.Add(PropertyChange.Generated, null, PartitionOf(trace, plan, key, out var rule), rule);
        SourceSteps(trace, plan, message);
        trace.Field(
            plan.FromKafka ? PropertyChange.Copied : PropertyChange.Generated, plan.FromKafka ? Timestamp : null, Time(message.Timestamp), Timestamp, Time(timestamp),
            plan.FromKafka ? Rules.RecordTimestamp : Rules.TimeOfReceipt);
        PayloadStep(trace, work, made);
    }

    /// <summary>Topic, QoS, retain, payload and the properties of MQTT alone.</summary>
    public static void MqttFields(this Trace trace, in TranslationWork work, in TransformOutcome made)
    {
        var (plan, message) = (work.Plan, work.Message);
        trace.Field(message.Topic == work.Topic ? PropertyChange.Copied : PropertyChange.Renamed, Topic, message.Topic, Topic, work.Topic, Rules.DestinationTopic);
        trace.Field(PropertyChange.Generated, null, null, Qos, plan.Qos.ToString(CultureInfo.InvariantCulture), Rules.Qos);
        SourceSteps(trace, plan, message);
        if (plan.FromKafka)
            trace.Field(PropertyChange.Generated, null, null, Retain, "0", Rules.RetainClear);
        else if (message.Retain is { } retain)
            trace.Field(
                plan.KeepsRetain || !retain ? PropertyChange.Copied : PropertyChange.Dropped, Retain, retain ? "1" : "0",
                plan.KeepsRetain || !retain ? Retain : null, retain ? "1" : "0", plan.KeepsRetain ? Rules.RetainKeep : Rules.RetainNever);
        PayloadStep(trace, work, made);
        if (plan.FromKafka)
            return;
        if (message.PayloadFormatIndicator is { } format)
            Same(trace, "Payload format indicator", format.ToString(CultureInfo.InvariantCulture));
        if (message.ResponseTopic is { } response)
            Same(trace, "Response topic", response);
        if (work.Remaining is { } remaining)
            trace.Field(
                PropertyChange.Copied, "Message expiry interval", message.MessageExpiryInterval!.Value.ToString(CultureInfo.InvariantCulture),
                "Message expiry interval", remaining.ToString(CultureInfo.InvariantCulture), Rules.Remaining(work.Spent));
        if (message.CorrelationData is { } correlation)
            trace.Add(PropertyChange.Copied, new ExplainedProperty("Correlation data", correlation, false), new ExplainedProperty("Correlation data", correlation, false), Rules.RawBytes);
    }

    /// <summary>The content type of an MQTT message.</summary>
    public static void ContentType(this Trace trace, in TranslationWork work, string? contentType)
    {
        var before = work.Message.ContentType;
        if (contentType is null)
            return;
        trace.Field(
            before == contentType ? PropertyChange.Copied : before is null ? PropertyChange.Generated : PropertyChange.Renamed,
            before is null ? null : "Content type", before, "Content type", contentType,
            work.IsRewritten && before != contentType ? Rules.OutputContentType : work.Plan.FromKafka ? Rules.CloudEventMqtt : Rules.MqttUnchanged);
    }

    private static void KeySteps(Trace trace, FlowPlan plan, Message message, ReadOnlyMemory<byte>? key, bool isByTopic, bool isMissing)
    {
        if (isMissing)
            trace.Add(PropertyChange.Dropped, new ExplainedProperty(plan.PartitionKeyProperty!, null, true), null, Rules.StrategyPropertyMissing, HeaderDropReason.PartitionKeyMissing);
        else if (plan.PartitionStrategy is PartitionStrategy.Property && plan.PartitionKeyProperty is not null)
            trace.Add(PropertyChange.Copied, new ExplainedProperty(plan.PartitionKeyProperty, key, true), new ExplainedProperty(Key, key, false), Rules.StrategyProperty);
        if (message.Key is not { } received)
            return;
        var isKept = key is { } kept && kept.Equals(received) && !isByTopic;
        trace.Add(
            isKept ? PropertyChange.Copied : PropertyChange.Dropped, new ExplainedProperty(Key, received, false), isKept ? new ExplainedProperty(Key, key, false) : null,
            isKept ? Rules.KeyKept : isByTopic ? Rules.StrategyTopic : Rules.StrategyProperty);
    }

    private static ExplainedProperty PartitionOf(Trace trace, FlowPlan plan, ReadOnlyMemory<byte>? key, out string rule)
    {
        if (plan.PartitionStrategy is PartitionStrategy.Static)
        {
            rule = Rules.StrategyStatic;
            return Trace.Of(Partition, trace.Partitions is { } all ? plan.StaticPartition(all)?.ToString(CultureInfo.InvariantCulture) : null);
        }
        if (key is { } bytes && trace.Partitions is { } count)
        {
            rule = Rules.Murmur2(count);
            return Trace.Of(Partition, Murmur2.Partition(bytes.Span, count).ToString(CultureInfo.InvariantCulture));
        }
        rule = key is null ? Rules.StrategyDefault : Rules.Murmur2Unknown;
        return Trace.Of(Partition, null);
    }

    /// <summary>Fields of the source that are its own affair.</summary>
    private static void SourceSteps(Trace trace, FlowPlan plan, Message message)
    {
        if (message.Partition is { } partition)
            trace.Field(PropertyChange.Dropped, Partition, partition.ToString(CultureInfo.InvariantCulture), null, null, Rules.NeverForwarded);
        if (message.Offset is { } offset)
            trace.Field(PropertyChange.Dropped, "Offset", offset.ToString(CultureInfo.InvariantCulture), null, null, Rules.NeverForwarded);
        if (message.Qos is { } qos)
            trace.Field(PropertyChange.Dropped, Qos, qos.ToString(CultureInfo.InvariantCulture), null, null, Rules.NeverForwarded);
        if (message.TopicAlias is { } alias)
            trace.Field(PropertyChange.Dropped, "Topic alias", alias.ToString(CultureInfo.InvariantCulture), null, null, Rules.NeverForwarded);
        if (plan.ToKafka && message.Retain is { } retain)
            trace.Field(PropertyChange.Dropped, Retain, retain ? "1" : "0", null, null, Rules.NeverForwarded);
    }

    private static void PayloadStep(Trace trace, in TranslationWork work, in TransformOutcome made) => trace.Add(
        work.IsRewritten ? PropertyChange.Renamed : PropertyChange.Copied,
        new ExplainedProperty(Payload, work.Message.HasNoValue ? (ReadOnlyMemory<byte>?)null : work.Message.Payload, false),
        // MQTT has no null: it gets an empty payload.
        new ExplainedProperty(Payload, work.HasNoValue ? (ReadOnlyMemory<byte>?)null : made.Payload, false),
        made.Rule);

    private static void Same(Trace trace, string name, string value) => trace.Field(PropertyChange.Copied, name, value, name, value, Rules.MqttUnchanged);

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", null);
}
