using System.Globalization;

namespace Portal.Messaging.Flows;

/// <summary>What the translation inspector says of each rule.</summary>
internal static class Rules
{
    public const string CopyMqttProperties = "Copy MQTT properties";
    public const string CopyDisabled = "Copy MQTT properties is disabled";
    public const string RawBytes = "Raw bytes, not decoded";
    public const string UserProperty = "User property";
    public const string Header = "Kafka header";
    public const string NamedLikeBuiltIn = "User property named like a built-in";
    public const string HeaderNamedLikeBuiltIn = "Header named like a built-in";
    public const string NullHeader = "Kafka null becomes an empty text";
    public const string NotUtf8 = "Not valid UTF-8, MQTT cannot carry it";
    public const string TooLarge = "64 KB or more, MQTT cannot carry it";
    public const string ControlCharacter = "Holds a control character, for which MQTT brokers end the connection";
    public const string KafkaKey = "Kafka key";
    public const string KafkaTimestamp = "Kafka timestamp, milliseconds since 1970";
    public const string TimeOfReceipt = "Time of receipt";
    public const string RecordTimestamp = "Timestamp of the record";
    public const string NeverForwarded = "Never forwarded";
    public const string CloudEventKafka = "CloudEvents, Kafka binding";
    public const string CloudEventMqtt = "CloudEvents, MQTT binding";
    public const string CloudEventOnce = "CloudEvents, an attribute is sent once";
    public const string CloudEventContentType = "CloudEvents, content type of the output";
    public const string CloudEventSchema = "CloudEvents, schema of the output";
    public const string MqttUnchanged = "MQTT to MQTT, unchanged";
    public const string KafkaUnchanged = "Kafka to Kafka, unchanged";
    public const string Payload = "Payload as received";
    public const string OutputContentType = "Content type of the transformed payload";
    public const string DestinationTopic = "Destination topic";
    public const string Qos = "QoS of the destination endpoint";
    public const string RetainKeep = "Retain is Keep";
    public const string RetainNever = "Retain is Never";
    public const string RetainClear = "Retain is clear from Kafka to MQTT";
    public const string StrategyTopic = "Partition strategy Topic";
    public const string StrategyProperty = "Partition strategy Property";
    public const string StrategyPropertyMissing = "Partition key property is missing, as with Default";
    public const string StrategyDefault = "Partition strategy Default, spread evenly";
    public const string StrategyStatic = "Partition strategy Static, from the instance";
    public const string KeyKept = "Kafka to Kafka, the key is kept";
    public const string HeaderAdd = "Destination header, AddIfNotPresent";
    public const string HeaderReplace = "Destination header, AddOrReplace";
    public const string HeaderRemove = "Destination header, Remove";

    public static string Missing(string attribute) => $"CreateOrRemap, {attribute} was missing";

    public static string Remaining(long spent) => string.Create(CultureInfo.InvariantCulture, $"Remaining seconds, {spent} s spent here");

    public static string Murmur2(int partitions) => string.Create(CultureInfo.InvariantCulture, $"murmur2 of the key, {partitions} partitions");

    public const string Murmur2Unknown = "murmur2 of the key";

    /// <summary>The rule behind a reason for which MQTT cannot carry a header.</summary>
    public static string Of(HeaderDropReason reason) => reason switch
    {
        HeaderDropReason.NotUtf8 => NotUtf8,
        HeaderDropReason.TooLarge => TooLarge,
        _ => ControlCharacter,
    };
}
