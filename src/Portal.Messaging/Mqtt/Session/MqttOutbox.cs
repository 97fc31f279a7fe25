namespace Portal.Messaging.Mqtt.Session;

/// <summary>
/// Collects packets and writes them in as few writes as the connection allows: while one write is under way, what comes
/// meanwhile is gathered for the next.
/// </summary>
internal sealed class MqttOutbox(Stream stream, Action<long> written)
{
    // A buffer that grew for one large packet is not kept.
    private const int MostKept = 1024 * 1024;

    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _signal = new(0, 1);
    private MqttPacketWriter _filling = new();
    private MqttPacketWriter _spare = new();
    private long _appended;
    private long _written;
    private (long Position, TaskCompletionSource? Waiter) _waiter;
    private bool _signalled;

    /// <summary>Bytes that wait for their write.</summary>
    public int Waiting
    {
        get
        {
            lock (_gate)
                return _filling.Count;
        }
    }

    /// <summary>When something was written last, as a timestamp of the session's clock.</summary>
    public long LastWrite { get; private set; }

    /// <summary>Adds a packet.</summary>
    /// <returns>Position of its end; it is written once <c>written</c> has been called with as much.</returns>
    public long Add<TState>(TState state, Action<MqttPacketWriter, TState> write)
    {
        long position;
        bool wake;
        lock (_gate)
        {
            var before = _filling.Count;
            write(_filling, state);
            position = _appended += _filling.Count - before;
            wake = !_signalled;
            _signalled = true;
        }

        if (wake)
            _signal.Release();
        return position;
    }

    /// <summary>Waits until everything up to a position is written; at the limit it returns too.</summary>
    public async Task WrittenAsync(long position, CancellationToken limit)
    {
        var waiter = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            if (_written >= position)
                return;
            _waiter = (position, waiter);
        }

        await using var cancelled = limit.Register(() => waiter.TrySetResult());
        await waiter.Task;
    }

    /// <summary>Writes until it is cancelled or the connection breaks.</summary>
    public async Task RunAsync(TimeProvider time, CancellationToken cancellationToken)
    {
        while (true)
        {
            await _signal.WaitAsync(cancellationToken).ConfigureAwait(false);
            await WriteAsync(time, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task WriteAsync(TimeProvider time, CancellationToken cancellationToken)
    {
        MqttPacketWriter writing;
        long position;
        lock (_gate)
        {
            writing = _filling;
            position = _appended;
            _filling = _spare;
            _signalled = false;
        }

        if (writing.Count > 0)
        {
            await stream.WriteAsync(writing.Written, cancellationToken).ConfigureAwait(false);
            await stream.FlushAsync(cancellationToken).ConfigureAwait(false);
            LastWrite = time.GetTimestamp();
            written(position);
            lock (_gate)
            {
                _written = position;
                if (_waiter.Position <= position)
                    _waiter.Waiter?.TrySetResult();
            }
        }

        writing.Clear();
        _spare = writing.Capacity <= MostKept ? writing : new MqttPacketWriter();
    }
}
