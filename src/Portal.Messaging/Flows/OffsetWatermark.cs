using Confluent.Kafka;

namespace Portal.Messaging.Flows;

/// <summary>
/// The offsets up to which everything of a partition is finished, for the partitions that are assigned now. What came with
/// an earlier assignment is not stored: another consumer may have gone on from there. Safe for threads.
/// </summary>
internal sealed class OffsetWatermark
{
    private readonly Lock _gate = new();
    private readonly Dictionary<(string Topic, int Partition), State> _partitions = [];
    private int _generation;

    public void Assign(IEnumerable<TopicPartition> partitions)
    {
        lock (_gate)
        {
            _generation++;
            foreach (var partition in partitions)
                _partitions[(partition.Topic, partition.Partition.Value)] = new State(_generation);
        }
    }

    public void Revoke(IEnumerable<TopicPartition> partitions)
    {
        lock (_gate)
            foreach (var partition in partitions)
                _partitions.Remove((partition.Topic, partition.Partition.Value));
    }

    /// <summary>The assignment that a record comes with; -1 when its partition is not assigned any more.</summary>
    public int GenerationOf(string topic, int partition)
    {
        lock (_gate)
            return _partitions.TryGetValue((topic, partition), out var state) ? state.Generation : -1;
    }

    /// <summary>A record is finished; to be called in the order of receipt.</summary>
    public void Done(string topic, int partition, long offset, int generation)
    {
        lock (_gate)
            if (_partitions.TryGetValue((topic, partition), out var state) && state.Generation == generation)
                (state.Next, state.IsNew) = (offset + 1, true);
    }

    /// <summary>Offsets to store: those that moved since the last call.</summary>
    public List<TopicPartitionOffset> Take()
    {
        var moved = new List<TopicPartitionOffset>();
        lock (_gate)
        {
            foreach (var ((topic, partition), state) in _partitions)
            {
                if (!state.IsNew)
                    continue;
                state.IsNew = false;
                moved.Add(new TopicPartitionOffset(topic, partition, state.Next));
            }
        }

        return moved;
    }

    private sealed class State(int generation)
    {
        public int Generation { get; } = generation;

        public long Next { get; set; }

        public bool IsNew { get; set; }
    }
}
