using Confluent.Kafka;
using Portal.Messaging.Connections;
using Portal.Messaging.Preview;

namespace Portal.Messaging.Kafka;

/// <summary>Consumes a topic into a buffer on the calling thread, until the connection ends.</summary>
internal sealed class KafkaConsumeLoop(
    IConsumer<byte[], byte[]> consumer, KafkaTopicLook topic, KafkaConnection connection, KafkaPositions positions, PreviewBuffer buffer, TimeProvider time)
{
    private static readonly TimeSpan _slice = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan _lookPeriod = TimeSpan.FromSeconds(10);

    // A partition whose broker is down says nothing at all: the others are not held up for longer than this.
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(5);

    private readonly HashSet<int> _silent = [];
    private KafkaTopicFound? _found;
    private long _assignedAt;
    private int? _warnedOf;

    /// <returns>Why it ended.</returns>
    /// <exception cref="ConnectionException">The same, out of a question to the cluster.</exception>
    public Problem Run(KafkaTopicFound found, CancellationToken cancellationToken)
    {
        Assign(found, cancellationToken);
        var lookedAt = time.GetTimestamp();
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                if (consumer.Consume(_slice) is { } record)
                    Take(record);
            }
            catch (ConsumeException e)
            {
                return connection.Explain(e.Error);
            }

            if (connection.Failure is { } failure)
                return failure;
            if (!SaysWhatIsRead())
                return KafkaConnection.NoAnswer();
            if (time.GetElapsedTime(lookedAt) < _lookPeriod)
                continue;
            // Finds partitions that were added and brokers that do not answer any more.
            var now = topic.Look(poll: null, cancellationToken);
            if (!now.Partitions.SequenceEqual(_found!.Partitions) || !now.Leaderless.SequenceEqual(_found.Leaderless))
                Assign(now, cancellationToken);
            lookedAt = time.GetTimestamp();
        }
    }

    private void Assign(KafkaTopicFound found, CancellationToken cancellationToken)
    {
        _found = found;
        var readable = found.Partitions.Except(found.Leaderless).ToList();
        if (readable.Count == 0)
            throw new ConnectionException(connection.Explain(new Error(ErrorCode.LeaderNotAvailable)));
        consumer.Assign(positions.Starts(consumer, topic, readable, cancellationToken));
        _silent.Clear();
        _silent.UnionWith(readable);
        _assignedAt = time.GetTimestamp();
    }

    private void Take(ConsumeResult<byte[], byte[]> record)
    {
        var partition = record.Partition.Value;
        _silent.Remove(partition);
        if (record.IsPartitionEOF)
        {
            positions.ReachedEnd(partition, record.Offset.Value);
            return;
        }

        if (positions.Read(partition, record.Offset.Value, record.Message.Timestamp))
            buffer.Add(KafkaMessages.ToMessage(record, time.GetUtcNow(), PreviewLimits.PayloadBytes), record.Message.Value?.Length ?? 0);
    }

    // Every partition has shown its end or a message: only then it is certain that all are read. False when none has in time.
    private bool SaysWhatIsRead()
    {
        if (_silent.Count > 0 && time.GetElapsedTime(_assignedAt) < _patience)
            return true;
        if (_silent.Count + _found!.Leaderless.Count == _found.Partitions.Count)
            return false;
        var unread = _silent.Count + _found.Leaderless.Count;
        if (unread != _warnedOf)
            buffer.Set(PreviewState.Reading, unread == 0 ? null : Unread(unread));
        _warnedOf = unread;
        return true;
    }

    private Problem Unread(int count) => connection.Explain(new Error(ErrorCode.LeaderNotAvailable)) with
    {
        Explanation = $"{count} of {_found!.Partitions.Count} partitions cannot be read: their brokers are down or just starting. The others are read.",
    };
}
