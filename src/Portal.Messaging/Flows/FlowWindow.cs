using System.Numerics;

namespace Portal.Messaging.Flows;

/// <summary>
/// The messages in flight of one instance, in the order of receipt: bounded in number and bytes. A message leaves it only
/// at the head, so that the source is acknowledged in order and never past one that is still on its way.
/// </summary>
/// <remarks>One thread adds; any thread ends messages.</remarks>
internal sealed class FlowWindow
{
    // Places are made as messages need them: a large window would else make one for each message until it has seen them all.
    private const int FirstPlaces = 256;

    private readonly int _capacity;
    private readonly long _mostBytes;
    private readonly FlowCounters _counters;
    private readonly Action<FlowSlot> _acknowledge;
    private readonly TimeProvider _time;
    private readonly Lock _gate = new();
    private FlowSlot?[] _ring;
    private TaskCompletionSource? _room;
    private TaskCompletionSource? _empty;
    private long _head;
    private long _tail;
    private long _bytesIn;
    private long _bytesGone;
    private bool _isClosed;

    /// <param name="acknowledge">Called for each message that leaves, in order, one after the other.</param>
    public FlowWindow(int capacity, long mostBytes, FlowCounters counters, Action<FlowSlot> acknowledge, TimeProvider time)
    {
        (_capacity, _mostBytes, _counters, _acknowledge, _time) = (capacity, mostBytes, counters, acknowledge, time);
        // One more than the capacity: a source notices that the window is full after the message that filled it.
        _ring = new FlowSlot?[Math.Min(FirstPlaces, (int)BitOperations.RoundUpToPowerOf2((uint)capacity + 2))];
    }

    /// <summary>Sequence of the oldest message in flight.</summary>
    public long Head => Volatile.Read(ref _head);

    /// <summary>Sequence that the next message gets; as many were received.</summary>
    public long Tail => Volatile.Read(ref _tail);

    /// <summary>Payload bytes received.</summary>
    public long BytesIn => Volatile.Read(ref _bytesIn);

    /// <summary>True when nothing more may be added now.</summary>
    public bool IsFull => Volatile.Read(ref _isClosed) || Tail - Head >= _capacity || BytesIn - Volatile.Read(ref _bytesGone) >= _mostBytes;

    /// <summary>When the oldest message in flight came, as a timestamp; null when there is none.</summary>
    public long? OldestAt
    {
        get
        {
            lock (_gate)
                return _head == Tail ? null : At(_head).ReceivedAt;
        }
    }

    public FlowSlot At(long sequence)
    {
        var ring = Volatile.Read(ref _ring);
        return ring[sequence & (ring.Length - 1)]!;
    }

    public void Add(Message message, ushort packetId, int generation, FlowTrace? trace = null)
    {
        var tail = _tail;
        if (tail - Head >= _ring.Length)
            MakePlaces();
        var slot = _ring[tail & (_ring.Length - 1)] ??= new FlowSlot();
        slot.Use(tail, message, packetId, generation, _time.GetTimestamp(), trace);
        Volatile.Write(ref _bytesIn, _bytesIn + message.Payload.Length);
        Volatile.Write(ref _tail, tail + 1);
    }

    /// <summary>Ends a message; everything that is done at the head leaves.</summary>
    public void End(FlowSlot slot, FlowOutcome outcome)
    {
        var sequence = slot.Sequence;
        if (slot.TryEnd(outcome) && sequence == Head)
            Advance();
    }

    /// <summary>Completes when something can be added again.</summary>
    public Task RoomAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (!IsFull)
                return Task.CompletedTask;
            _room ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _room.Task.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Takes nothing more, and completes when nothing is in flight.</summary>
    public Task DrainAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            Volatile.Write(ref _isClosed, true);
            if (_head == Tail)
                return Task.CompletedTask;
            _empty ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _empty.Task.WaitAsync(cancellationToken);
        }
    }

    // Messages in flight are found in the old ring as well as in the new one, so nobody has to wait for the change.
    private void MakePlaces()
    {
        var larger = new FlowSlot?[_ring.Length * 2];
        for (var sequence = _tail - _ring.Length; sequence < _tail; sequence++)
            larger[sequence & (larger.Length - 1)] = At(sequence);
        Volatile.Write(ref _ring, larger);
    }

    private void Advance()
    {
        lock (_gate)
        {
            var now = 0L;
            while (_head < Tail && At(_head) is { IsDone: true } slot)
            {
                now = now == 0 ? _time.GetTimestamp() : now;
                _acknowledge(slot);
                _counters.Count(slot, now);
                Volatile.Write(ref _bytesGone, _bytesGone + slot.Message.Payload.Length);
                slot.Free();
                // A full fence: whoever ends the next message right now sees the new head, or its end is seen here.
                Interlocked.Exchange(ref _head, _head + 1);
            }

            if (now == 0)
                return;
            _counters.EndRun();
            if (_room is not null && !IsFull)
            {
                _room.SetResult();
                _room = null;
            }

            if (_empty is not null && _head == Tail)
                _empty.TrySetResult();
        }
    }
}
