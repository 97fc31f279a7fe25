namespace Portal.Messaging.Flows;

/// <summary>Bounds of every dataflow.</summary>
internal sealed record FlowLimits
{
    /// <summary>Most payload bytes in flight in one instance; the message that exceeds it is the last one read.</summary>
    public long WindowBytes { get; init; } = 64 * 1024 * 1024;

    /// <summary>Most messages in flight from a Kafka source.</summary>
    public int KafkaWindow { get; init; } = 20_000;

    /// <summary>Longest time that a stop waits for what is in flight.</summary>
    public TimeSpan Drain { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>A consumer that is gone without a word is replaced in its group after this time.</summary>
    public TimeSpan KafkaSession { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>A destination that confirms nothing for so long counts as not connected.</summary>
    public TimeSpan Silence { get; init; } = TimeSpan.FromSeconds(30);
}
