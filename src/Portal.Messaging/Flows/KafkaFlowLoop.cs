using Confluent.Kafka;
using Portal.Messaging.Connections;
using Portal.Messaging.Kafka;

namespace Portal.Messaging.Flows;

/// <summary>Consumes on the calling thread. While the window is full its partitions are paused, and it goes on polling so that it stays in the group.</summary>
internal sealed class KafkaFlowLoop
{
    private static readonly TimeSpan _slice = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan _patience = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan _lookPeriod = TimeSpan.FromSeconds(2);

    // Longer than a destination needs, and shorter than the group waits for a member.
    private static readonly TimeSpan _longestRevocation = TimeSpan.FromSeconds(3);

    private readonly KafkaConnection _connection;
    private readonly IReadOnlyList<string> _topics;
    private readonly IFlowIntake _intake;
    private readonly TimeProvider _time;
    private readonly IConsumer<byte[], byte[]> _consumer;
    private readonly OffsetWatermark _watermark = new();
    private readonly ManualResetEventSlim _progress = new();
    private readonly Queue<ConsumeResult<byte[], byte[]>> _held = new();
    private long _added;
    private long _done;
    private bool _isPaused;
    private bool _isDown;
    private long _lookedAt;

    public KafkaFlowLoop(KafkaConnection connection, ConsumerConfig config, IReadOnlyList<string> topics, IFlowIntake intake, TimeProvider time)
    {
        (_connection, _topics, _intake, _time) = (connection, topics, intake, time);
        _consumer = connection.BuildConsumer(config, Assigned, Revoked, Lost);
    }

    /// <summary>Asks the cluster for a topic; gives the brokers.</summary>
    /// <exception cref="ConnectionException">It does not exist, or nobody answers.</exception>
    public IReadOnlyList<BrokerMetadata> Look(string topic, CancellationToken cancellationToken) =>
        new KafkaTopicLook(_consumer.Handle, topic, _connection, _time).Look(() => _consumer.Consume(TimeSpan.Zero), cancellationToken).Brokers;

    /// <returns>Why it ended.</returns>
    public Problem Run(CancellationToken cancellationToken)
    {
        _consumer.Subscribe(_topics);
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            StoreDone();
            if (_connection.Failure is { } failure && !MayGoOn(failure))
                return failure;
            if (_intake.IsFull)
            {
                WaitForRoom();
            }
            else if (_isPaused && _consumer.Assignment.Count > 0)
            {
                _consumer.Resume(_consumer.Assignment);
                _isPaused = false;
            }

            try
            {
                Take(_intake.IsFull || _held.Count == 0 ? _consumer.Consume(_intake.IsFull ? _slice / 2 : _slice) : _held.Dequeue());
            }
            catch (ConsumeException e) when (e.Error.Code is ErrorCode.Local_MaxPollExceeded)
            {
                // The group went on without this member; the next poll joins again.
            }
            catch (ConsumeException e)
            {
                return _connection.Explain(e.Error);
            }
        }
    }

    /// <summary>A record is finished, from whatever thread.</summary>
    public void Done(FlowSlot slot)
    {
        _watermark.Done(slot.Message.Topic, slot.Message.Partition!.Value, slot.Message.Offset!.Value, slot.Generation);
        Interlocked.Increment(ref _done);
        if (!_progress.IsSet)
            _progress.Set();
    }

    /// <summary>Stores what is finished and leaves the group.</summary>
    public void Close()
    {
        StoreDone();
        if (_connection.Failure is null)
            _consumer.Close();
        _consumer.Dispose();
        _progress.Dispose();
    }

    private void Take(ConsumeResult<byte[], byte[]>? record)
    {
        if (record is null)
            return;
        if (_isDown)
            Up();
        if (_intake.IsFull)
        {
            // It comes from a partition that was assigned meanwhile.
            _held.Enqueue(record);
            Pause();
            return;
        }

        var generation = _watermark.GenerationOf(record.Topic, record.Partition.Value);
        if (generation < 0)
            return;
        Interlocked.Increment(ref _added);
        _intake.Add(KafkaMessages.ToMessage(record, _time.GetUtcNow()), 0, generation);
    }

    private void WaitForRoom()
    {
        if (_isPaused)
            return;
        var started = _time.GetTimestamp();
        while (_intake.IsFull)
        {
            _progress.Reset();
            if (_intake.IsFull)
                _progress.Wait(_slice / 10);
            if (_time.GetElapsedTime(started) < _patience)
                continue;
            Pause();
            return;
        }
    }

    private void Pause()
    {
        _consumer.Pause(_consumer.Assignment);
        _isPaused = true;
    }

    // The library connects again by itself after a mere break; whatever else is wrong needs a new client.
    private bool MayGoOn(Problem failure)
    {
        if (failure.Cause != KafkaConnection.LostCause)
            return false;
        if (!_isDown)
        {
            _isDown = true;
            _intake.SourceIs(failure);
        }
        else if (_time.GetElapsedTime(_lookedAt) > _lookPeriod)
        {
            _lookedAt = _time.GetTimestamp();
            try
            {
                using var client = new DependentAdminClientBuilder(_consumer.Handle).Build();
                client.GetMetadata(_topics[0], _slice);
                Up();
            }
            catch (KafkaException)
            {
                // Still down; what is in flight waits, and the next look comes soon.
            }
        }

        return true;
    }

    private void Up()
    {
        _isDown = false;
        _connection.Recover();
        _intake.SourceIs(null);
    }

    private void Assigned(List<TopicPartition> partitions)
    {
        _watermark.Assign(partitions);
        // A partition that comes back may still be paused from before.
        _isPaused = true;
        if (!_isDown)
            _intake.SourceIs(null);
    }

    // Finishes what can be finished in time; what is not comes again to whoever reads the partition next.
    private void Revoked(List<TopicPartition> partitions)
    {
        var started = _time.GetTimestamp();
        while (Interlocked.Read(ref _done) < Interlocked.Read(ref _added) && _time.GetElapsedTime(started) < _longestRevocation)
        {
            _progress.Reset();
            _progress.Wait(_slice / 2);
        }

        StoreDone();
        Commit();
        Lost(partitions);
    }

    private void Lost(List<TopicPartition> partitions)
    {
        _watermark.Revoke(partitions);
        _held.Clear();
    }

    private void StoreDone()
    {
        var moved = _watermark.Take();
        try
        {
            foreach (var offset in moved)
                _consumer.StoreOffset(offset);
        }
        catch (KafkaException e) when (e.Error.Code is ErrorCode.Local_State or ErrorCode.Local_UnknownPartition)
        {
            // The partition was taken away: its records come again elsewhere.
        }
    }

    private void Commit()
    {
        try
        {
            _consumer.Commit();
        }
        catch (KafkaException)
        {
            // Nothing is new, or the coordinator is gone: what was not committed comes again, as after every break.
        }
    }
}
