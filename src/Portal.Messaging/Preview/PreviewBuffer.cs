using Portal.Messaging.Connections;

namespace Portal.Messaging.Preview;

/// <summary>
/// What a shared reader knows: its messages, rates and state. One reader writes, any number of viewers look; the lock is
/// held for single steps only, never while a filter runs.
/// </summary>
internal sealed class PreviewBuffer(TimeProvider time, int mostMessages = PreviewLimits.Messages, long mostBytes = PreviewLimits.Bytes)
{
    private readonly Lock _gate = new();
    private readonly PreviewRing _ring = new(mostMessages, mostBytes);
    private readonly RateMeter _rate = new(SecondOf(time));
    private readonly TopicRates _topics = new(SecondOf(time), PreviewLimits.Topics);
    private PreviewState _state = PreviewState.Connecting;
    private Problem? _problem;
    private DateTimeOffset? _nextTry;
    private long _version;
    private TaskCompletionSource? _waiting;

    /// <summary>The second that rates are counted into.</summary>
    public long CurrentSecond => SecondOf(time);

    /// <summary>Grows with every change.</summary>
    public long Version => Interlocked.Read(ref _version);

    public PreviewStatus Status
    {
        get
        {
            var second = CurrentSecond;
            lock (_gate)
            {
                return new PreviewStatus(
                    _state, _ring.Next - 1, _rate.LastSecond(second), _ring.Count, _ring.Span, _rate.History(second),
                    _problem?.Cause, _problem?.Explanation, _problem?.Fix, _nextTry);
            }
        }
    }

    public void Add(Message message, long payloadSize)
    {
        var received = time.GetUtcNow();
        var second = CurrentSecond;
        TaskCompletionSource? waiting;
        lock (_gate)
        {
            _ring.Add(received, message, payloadSize);
            _rate.Add(second);
            _topics.Add(message.Topic, second);
            waiting = Changed();
        }

        waiting?.TrySetResult();
    }

    /// <summary>Says where the reader stands; Closed is the last word.</summary>
    public void Set(PreviewState state, Problem? problem = null, DateTimeOffset? nextTry = null)
    {
        TaskCompletionSource? waiting;
        lock (_gate)
        {
            if (_state is PreviewState.Closed)
                return;
            (_state, _problem, _nextTry) = (state, problem, nextTry);
            waiting = Changed();
        }

        waiting?.TrySetResult();
    }

    /// <inheritdoc cref="PreviewRing.Copy"/>
    public int Copy(long from, Span<PreviewMessage> into)
    {
        lock (_gate)
            return _ring.Copy(from, into);
    }

    /// <summary>Sequences of the oldest and the newest message kept.</summary>
    public (long Oldest, long Newest) Kept
    {
        get
        {
            lock (_gate)
                return (_ring.Oldest, _ring.Next - 1);
        }
    }

    public IReadOnlyList<(string Topic, double PerSecond)> TopicRates()
    {
        var second = CurrentSecond;
        lock (_gate)
            return _topics.Rates(second);
    }

    /// <summary>Completes as soon as the version is another one.</summary>
    public Task ChangeSince(long version)
    {
        lock (_gate)
        {
            if (_version != version)
                return Task.CompletedTask;
            _waiting ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _waiting.Task;
        }
    }

    /// <summary>True while rates change by the passing of time alone.</summary>
    public bool RatesMove
    {
        get
        {
            var second = CurrentSecond;
            lock (_gate)
                return _rate.Moves(second);
        }
    }

    private TaskCompletionSource? Changed()
    {
        Interlocked.Increment(ref _version);
        var waiting = _waiting;
        _waiting = null;
        return waiting;
    }

    private static long SecondOf(TimeProvider time) => time.GetTimestamp() / time.TimestampFrequency;
}
