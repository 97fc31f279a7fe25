using Confluent.Kafka;
using Portal.Messaging.Preview;

namespace Portal.Messaging.Kafka;

/// <summary>Where a reader stands in each partition, over all its connections.</summary>
internal sealed class KafkaPositions(PreviewRequest request)
{
    private readonly Dictionary<int, long> _next = [];
    private readonly HashSet<int> _skipping = [];
    private HashSet<int>? _known;

    /// <summary>Offsets to assign. What has no position yet starts as the request says; partitions that were added later from their beginning.</summary>
    public IReadOnlyList<TopicPartitionOffset> Starts(IConsumer<byte[], byte[]> consumer, KafkaTopicLook topic, IReadOnlyList<int> partitions, CancellationToken cancellationToken)
    {
        foreach (var added in partitions.Where(partition => _known?.Contains(partition) is false))
            _next.TryAdd(added, Offset.Beginning.Value);
        _known ??= [.. partitions];
        _known.UnionWith(partitions);
        var without = partitions.Where(partition => !_next.ContainsKey(partition)).Select(partition => new TopicPartition(topic.Topic, partition)).ToList();
        IEnumerable<TopicPartitionOffset> first = without.Count == 0 ? [] : request.Start switch
        {
            PreviewStart.Beginning => without.Select(partition => new TopicPartitionOffset(partition, Offset.Beginning)),
            PreviewStart.Time => AtTime(consumer, topic, without, cancellationToken),
            PreviewStart.Offset => without.Select(partition => AtOffset(consumer, topic, partition, cancellationToken)),
            _ => without.Select(partition => new TopicPartitionOffset(partition, Offset.End)),
        };
        return
        [
            .. first,
            .. partitions.Where(_next.ContainsKey).Select(partition => new TopicPartitionOffset(topic.Topic, partition, _next[partition])),
        ];
    }

    /// <summary>A message was read.</summary>
    /// <returns>False when it lies before the start.</returns>
    public bool Read(int partition, long offset, Timestamp timestamp)
    {
        _next[partition] = offset + 1;
        if (!_skipping.Contains(partition))
            return true;
        if (timestamp.UnixTimestampMs < request.From!.Value.ToUnixTimeMilliseconds())
            return false;
        _skipping.Remove(partition);
        return true;
    }

    /// <summary>The end of a partition was reached; for a reader that starts now this is where it starts, over lost connections too.</summary>
    public void ReachedEnd(int partition, long offset)
    {
        if (_next.GetValueOrDefault(partition, -1) < 0)
            _next[partition] = offset;
    }

    private IEnumerable<TopicPartitionOffset> AtTime(IConsumer<byte[], byte[]> consumer, KafkaTopicLook topic, List<TopicPartition> partitions, CancellationToken cancellationToken)
    {
        var found = OffsetsAt(consumer, topic, partitions, request.From!.Value, cancellationToken);
        var nothing = found.Where(start => start.Offset == Offset.End).Select(start => start.TopicPartition).ToList();
        if (nothing.Count == 0)
            return found;
        // Some brokers (the demo Kafka) do not look up times: they find nothing after 1970 either. There the reader looks itself.
        var ever = OffsetsAt(consumer, topic, nothing, DateTimeOffset.UnixEpoch, cancellationToken);
        _skipping.UnionWith(ever.Where(start => start.Offset == Offset.End).Select(start => start.Partition.Value));
        return found.Select(start => _skipping.Contains(start.Partition.Value) ? new TopicPartitionOffset(start.TopicPartition, Offset.Beginning) : start);
    }

    private static List<TopicPartitionOffset> OffsetsAt(
        IConsumer<byte[], byte[]> consumer, KafkaTopicLook topic, List<TopicPartition> partitions, DateTimeOffset time, CancellationToken cancellationToken) =>
        [.. topic.Ask(
            () => consumer.OffsetsForTimes(partitions.Select(partition => new TopicPartitionTimestamp(partition, new Timestamp(time))), KafkaTopicLook.Slice), cancellationToken)
            .Select(start => new TopicPartitionOffset(start.TopicPartition, start.Offset))];

    // An offset that is not there yet, or not any more, becomes the nearest one.
    private TopicPartitionOffset AtOffset(IConsumer<byte[], byte[]> consumer, KafkaTopicLook topic, TopicPartition partition, CancellationToken cancellationToken)
    {
        var range = topic.Ask(() => consumer.QueryWatermarkOffsets(partition, KafkaTopicLook.Slice), cancellationToken);
        return new TopicPartitionOffset(partition, Math.Clamp(request.Offset!.Value, range.Low.Value, Math.Max(range.Low.Value, range.High.Value)));
    }
}
