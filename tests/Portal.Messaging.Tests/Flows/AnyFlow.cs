using CsCheck;
using Portal.Model;
using Portal.Model.Dataflows;
using Portal.Model.Endpoints;

namespace Portal.Messaging.Tests.Flows;

/// <summary>Flows and messages by chance, full of names that clash and of bytes that are no text.</summary>
internal static class AnyFlow
{
    private static readonly string[] Names =
    [
        "unit", "id", "ce_id", "ce-id", "type", "ce_type", "source", "ce_source", "specversion", "ce_specversion", "time", "ce-time", "datacontenttype", "content-type", "ce_datacontenttype",
        "dataschema", "subject", "Content Type", "Correlation Data", "Message Expiry Interval", "Response Topic", "Payload Format Indicator", "Key", "Timestamp", "ce_ext", "ext", "", "na\0me", "ü",
    ];

    private static Gen<T> Pick<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(at => values[at]);

    private static readonly Gen<ReadOnlyMemory<byte>?> Value = Gen.Frequency(
        (6, Gen.String[Gen.Char['a', 'ÿ'], 0, 6].Select(text => (ReadOnlyMemory<byte>?)Flow.Bytes(text))),
        (1, Gen.Byte.Array[0, 6].Select(bytes => (ReadOnlyMemory<byte>?)bytes)),
        (1, Pick<ReadOnlyMemory<byte>?>(null, ReadOnlyMemory<byte>.Empty, new byte[65_536], Flow.Bytes("a\0b"))));

    private static readonly Gen<MessageProperty> Property = Gen.Select(Pick(Names), Value, (name, value) => new MessageProperty(name, value));

    private static readonly Gen<MessageProperty> TextProperty =
        Gen.Select(Pick(Names), Gen.String[Gen.Char['a', 'ÿ'], 0, 6], (name, value) => new MessageProperty(name, Flow.Bytes(value)));

    public static Gen<Message> Kafka { get; } = Gen.Select(Property.Array[0, 10], Value, (headers, key) => Flow.Kafka() with { Properties = headers, Key = key });

    public static Gen<Message> Mqtt { get; } = Gen.Select(
        TextProperty.Array[0, 10], Pick<int?>(null, 0, 1), Pick<uint?>(null, 0, 1, 2, 300), Pick(null, "", "application/json"), Value, Pick("a", "a/b/c", "line3/press-07/telemetry"), Gen.Bool,
        (properties, format, expiry, type, correlation, topic, retain) => Flow.Mqtt() with
        {
            Topic = topic,
            Properties = properties,
            PayloadFormatIndicator = format,
            MessageExpiryInterval = expiry,
            ContentType = type,
            CorrelationData = correlation,
            Retain = retain,
            ResponseTopic = retain ? "r" : null,
        });

    private static readonly Gen<ValueList<DestinationHeader>> Actions = Gen.Select(Pick(Enum.GetValues<HeaderAction>()), Pick(Names), (action, name) =>
        new DestinationHeader { Action = action, Key = name, Value = action is HeaderAction.Remove ? null : "set" }).Array[0, 3].Select(actions => new ValueList<DestinationHeader>([.. actions]));

    private static readonly Gen<BrokerSettings> Destination = Gen.Select(
        Gen.Bool, Pick(Enum.GetValues<CloudEventAttributes>()), Pick(Enum.GetValues<OperationalMode>()), Pick(Enum.GetValues<PartitionStrategy>()), Pick(Enum.GetValues<RetainPolicy>()),
        (isKafka, events, copies, strategy, retain) => isKafka
            ? (BrokerSettings)new KafkaSettings { CloudEventAttributes = events, CopyMqttProperties = copies, PartitionStrategy = strategy, PartitionKeyProperty = "unit" }
            : new MqttSettings { CloudEventAttributes = events, Retain = retain });

    /// <summary>A flow of any pair with a message of its source.</summary>
    public static Gen<(Flow Flow, Message Message)> All { get; } = Gen.Bool.SelectMany(fromKafka => Gen.Select(
        Destination, fromKafka ? Kafka : Mqtt, Actions, Pick("out", "x/${inputTopic.2}"),
        (destination, message, actions, topic) => (
            new Flow(fromKafka ? new KafkaSettings() : new MqttSettings(), destination) { Headers = actions, Topic = destination is MqttSettings ? topic : "out" }, message)));
}
