namespace Portal.Messaging.Flows;

/// <summary>Why a message does not go on, as the ledger counts it.</summary>
public enum DropReason
{
    /// <summary>Its message expiry interval ran out here.</summary>
    Expired,

    /// <summary>A filter of the transformation is not true for it.</summary>
    Filtered,

    /// <summary>It cannot be made into a message of the destination: no such topic segment, payload that the transformation cannot read.</summary>
    Untranslatable,

    /// <summary>The destination refuses this one message for good. Never given by the translator.</summary>
    Rejected,
}

/// <summary>Why a header or user property was left out although nobody asked for that.</summary>
public enum HeaderDropReason
{
    /// <summary>Its value or name is not valid UTF-8, which MQTT demands.</summary>
    NotUtf8,

    /// <summary>Its value or name has 65,536 bytes or more.</summary>
    TooLarge,

    /// <summary>It holds U+0000, which MQTT forbids, or another control character or non-character, for which brokers end the connection.</summary>
    ControlCharacter,

    /// <summary>A property of the protocol or a CloudEvents attribute takes its name.</summary>
    NameTaken,

    /// <summary>No drop of a header: the partition key property is missing, so that the message is spread as with Default.</summary>
    PartitionKeyMissing,
}

/// <summary>Headers left out of one message, by reason.</summary>
public readonly record struct HeaderDrops(int NotUtf8 = 0, int TooLarge = 0, int ControlCharacter = 0, int NameTaken = 0, int PartitionKeyMissing = 0)
{
    public static HeaderDrops None => default;

    public bool IsEmpty => this == default;

    /// <summary>Headers that are not in the output, all reasons together.</summary>
    public int Headers => NotUtf8 + TooLarge + ControlCharacter + NameTaken;

    public int this[HeaderDropReason reason] => reason switch
    {
        HeaderDropReason.NotUtf8 => NotUtf8,
        HeaderDropReason.TooLarge => TooLarge,
        HeaderDropReason.ControlCharacter => ControlCharacter,
        HeaderDropReason.NameTaken => NameTaken,
        HeaderDropReason.PartitionKeyMissing => PartitionKeyMissing,
        _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, null),
    };

    /// <summary>One more of a reason.</summary>
    public HeaderDrops And(HeaderDropReason reason) => reason switch
    {
        HeaderDropReason.NotUtf8 => this with { NotUtf8 = NotUtf8 + 1 },
        HeaderDropReason.TooLarge => this with { TooLarge = TooLarge + 1 },
        HeaderDropReason.ControlCharacter => this with { ControlCharacter = ControlCharacter + 1 },
        HeaderDropReason.NameTaken => this with { NameTaken = NameTaken + 1 },
        HeaderDropReason.PartitionKeyMissing => this with { PartitionKeyMissing = PartitionKeyMissing + 1 },
        _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, null),
    };
}

/// <summary>What became of one message: a message to send, or a reason for which it does not go on.</summary>
/// <param name="Message">
/// The message to send; null when it is dropped. To Kafka: Topic, Payload, Key (null = none), Timestamp, Properties = headers
/// (a null value stays null); Partition is not set, see <see cref="FlowPlan.StaticPartition"/>. To MQTT: Topic, Payload, Qos, Retain,
/// ContentType, ResponseTopic, CorrelationData, PayloadFormatIndicator, MessageExpiryInterval, Properties = user properties.
/// </param>
/// <param name="Drop">Why it does not go on; null when it does.</param>
/// <param name="Why">
/// For people, with what to do; null when it goes on. Holds nothing of the payload and is the same for messages of the same
/// shape, so that a log can say it once.
/// </param>
/// <param name="Headers">Headers left out; counted for messages that go on only.</param>
public readonly record struct Translation(Message? Message, DropReason? Drop, string? Why, HeaderDrops Headers)
{
    /// <summary>A message that goes on.</summary>
    public static Translation Of(Message message, HeaderDrops headers) => new(message, null, null, headers);

    /// <summary>A message that does not.</summary>
    public static Translation Dropped(DropReason reason, string why) => new(null, reason, why, default);
}
