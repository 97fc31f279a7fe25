using Portal.Model.Endpoints;
using Portal.Model.Validation;

namespace Portal.Model.Fields;

public static partial class EndpointFields
{
    private const long Most32BitUnsigned = uint.MaxValue;

    private static DataflowEndpoint WithKafka(DataflowEndpoint endpoint, Func<KafkaSettings, KafkaSettings> change) =>
        With(endpoint, settings => change((KafkaSettings)settings));

    private static DataflowEndpoint WithBatching(DataflowEndpoint endpoint, Func<BatchingSettings, BatchingSettings> change) =>
        WithKafka(endpoint, kafka => kafka with { Batching = change(kafka.Batching) });

    private static bool Batches(DataflowEndpoint endpoint) => endpoint.Kafka?.Batching.Mode is not OperationalMode.Disabled;

    private static IEnumerable<EndpointField> KafkaAdvanced()
    {
        const string root = "kafkaSettings";
        yield return new EndpointField<string>
        {
            Path = root + ".consumerGroupId",
            Label = "Consumer group ID",
            Help = "Group in which dataflows read. Required when a dataflow reads from this endpoint; unique in the Kafka cluster.",
            Section = SourceSection,
            Effect = FieldEffect.Source,
            Example = "portal-line3",
            Az = Az("--group-id"),
            Get = endpoint => endpoint.Kafka?.ConsumerGroupId,
            Set = (endpoint, value) => WithKafka(endpoint, kafka => kafka with { ConsumerGroupId = value }),
        };
        yield return new EndpointField<KafkaCompression?>
        {
            Path = root + ".compression",
            Label = "Compression",
            Help = "Compression of the batches sent. Independent of batching.",
            Section = DestinationSection,
            Effect = FieldEffect.Destination,
            Input = FieldInput.Choice,
            Choices = Choices(
                (KafkaCompression.None, "None", "Batches are sent as they are."),
                (KafkaCompression.Gzip, "Gzip", "Good ratio, moderate speed."),
                (KafkaCompression.Snappy, "Snappy", "Moderate ratio, fast. Event Hubs does not take it."),
                (KafkaCompression.Lz4, "Lz4", "Low ratio, very fast. Event Hubs does not take it.")),
            Default = nameof(KafkaCompression.None),
            Rule = KafkaRules.CheckCompression,
            Az = Az("--compression"),
            Get = endpoint => endpoint.Kafka?.Compression,
            Set = (endpoint, value) => WithKafka(endpoint, kafka => kafka with { Compression = value }),
        };
        yield return new EndpointField<OperationalMode?>
        {
            Path = root + ".batching.mode",
            Label = "Batching enabled",
            Help = "Collects messages into batches before they are sent. Off: one message a batch.",
            Section = DestinationSection,
            Effect = FieldEffect.Destination,
            Input = FieldInput.Switch,
            Choices = OnOff,
            Default = nameof(OperationalMode.Enabled),
            Az = Az("--disable-batching", nameof(OperationalMode.Disabled)),
            Get = endpoint => endpoint.Kafka?.Batching.Mode,
            Set = (endpoint, value) => WithBatching(endpoint, batching => batching with { Mode = value }),
        };
        yield return BatchingNumber(
            "latencyMs", "--latency", "Batching latency", "Longest time that a message waits for its batch.", "ms", 65535, "5",
            batching => batching.LatencyMs, (batching, value) => batching with { LatencyMs = value });
        yield return BatchingNumber(
            "maxBytes", "--max-bytes", "Maximum bytes", "A batch is sent when it holds this many bytes.", "bytes", Most32BitUnsigned, "1000000",
            batching => batching.MaxBytes, (batching, value) => batching with { MaxBytes = value }, KafkaRules.CheckMaxBytes);
        yield return BatchingNumber(
            "maxMessages", "--message-count", "Message count", "A batch is sent when it holds this many messages.", "messages", Most32BitUnsigned, "100000",
            batching => batching.MaxMessages, (batching, value) => batching with { MaxMessages = value }, KafkaRules.CheckMaxMessages);
        yield return new EndpointField<PartitionStrategy?>
        {
            Path = root + ".partitionStrategy",
            Label = "Partition handling strategy",
            Help = "How messages are assigned to partitions.",
            Section = DestinationSection,
            Effect = FieldEffect.Destination,
            Input = FieldInput.Choice,
            Choices = Choices(
                (PartitionStrategy.Default, "Default", "No key: messages spread evenly over the partitions."),
                (PartitionStrategy.Static, "Static", "One fixed partition for each instance of the dataflow."),
                (PartitionStrategy.Topic, "Topic", "The MQTT topic is the key: one topic stays in one partition, in order."),
                (PartitionStrategy.Property, "Property", "The value of an MQTT user property is the key.")),
            Default = nameof(PartitionStrategy.Default),
            Az = Az("--partition-strategy"),
            Get = endpoint => endpoint.Kafka?.PartitionStrategy,
            Set = (endpoint, value) => WithKafka(endpoint, kafka => kafka with { PartitionStrategy = value }),
        };
        yield return new EndpointField<string>
        {
            Path = root + ".partitionKeyProperty",
            Label = "Partition key property",
            Help = "Name of the MQTT user property whose value is the key. No API version of Azure has this member: it stays in YAML only.",
            Section = DestinationSection,
            Effect = FieldEffect.DestinationFromMqtt,
            Example = "device-id",
            IsInAzure = false,
            AppliesTo = endpoint => endpoint.Kafka?.PartitionStrategy is PartitionStrategy.Property,
            Rule = KafkaRules.CheckPartitionKey,
            Get = endpoint => endpoint.Kafka?.PartitionKeyProperty,
            Set = (endpoint, value) => WithKafka(endpoint, kafka => kafka with { PartitionKeyProperty = value }),
        };
        yield return new EndpointField<KafkaAcks?>
        {
            Path = root + ".kafkaAcks",
            Label = "Kafka acknowledgment",
            Help = "What counts as delivered.",
            Section = DestinationSection,
            Effect = FieldEffect.Destination,
            Input = FieldInput.Choice,
            Choices = Choices(
                (KafkaAcks.All, "All", "The leader and all in-sync replicas have the message. Safest."),
                (KafkaAcks.One, "One", "The leader has the message. It is lost if the leader fails before it is copied."),
                (KafkaAcks.Zero, "Zero", "Nothing is awaited: at most once, messages may be lost.")),
            Default = nameof(Endpoints.KafkaAcks.All),
            Rule = KafkaRules.CheckAcks,
            Az = Az("--acks"),
            Get = endpoint => endpoint.Kafka?.KafkaAcks,
            Set = (endpoint, value) => WithKafka(endpoint, kafka => kafka with { KafkaAcks = value }),
        };
        yield return new EndpointField<OperationalMode?>
        {
            Path = root + ".copyMqttProperties",
            Label = "Copy MQTT properties",
            Help = "Turns MQTT 5 properties and user properties into Kafka headers.",
            Section = DestinationSection,
            Effect = FieldEffect.DestinationFromMqtt,
            Input = FieldInput.Switch,
            Choices = OnOff,
            Default = nameof(OperationalMode.Enabled),
            Az = Az("--disable-broker-props-copy", nameof(OperationalMode.Disabled)),
            Get = endpoint => endpoint.Kafka?.CopyMqttProperties,
            Set = (endpoint, value) => WithKafka(endpoint, kafka => kafka with { CopyMqttProperties = value }),
        };
        yield return CloudEvents(root);
    }

    private static EndpointField<long?> BatchingNumber(
        string member, string option, string label, string help, string unit, long most, string @default,
        Func<BatchingSettings, long?> get, Func<BatchingSettings, long?, BatchingSettings> set,
        Func<DataflowEndpoint, EndpointKind, Finding?>? rule = null) => new()
        {
            Path = "kafkaSettings.batching." + member,
            Label = label,
            Help = help,
            Section = DestinationSection,
            Effect = FieldEffect.Destination,
            Input = FieldInput.Number,
            Unit = unit,
            Range = (0, most),
            Default = @default,
            AppliesTo = Batches,
            Rule = rule,
            Az = Az(option),
            Get = endpoint => endpoint.Kafka is { } kafka ? get(kafka.Batching) : null,
            Set = (endpoint, value) => WithBatching(endpoint, batching => set(batching, value)),
        };
}
