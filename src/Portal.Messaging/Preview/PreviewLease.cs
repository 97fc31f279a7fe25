namespace Portal.Messaging.Preview;

/// <summary>One viewer of a shared reader.</summary>
internal sealed class PreviewLease(PreviewBuffer buffer, TimeProvider time, Action left) : IPreview
{
    private static readonly TimeSpan _ratePeriod = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly PreviewView _newest = new(buffer, time);
    private readonly PreviewView _sampled = new(buffer, time);
    private long _seen = buffer.Version;
    private long? _toldAt;
    private int _disposed;

    public PreviewStatus Status => buffer.Status;

    public IReadOnlyList<PreviewMessage> Newest(Func<PreviewMessage, bool>? filter, int most, long? upTo = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(most);
        lock (_gate)
            return upTo is { } sequence ? _newest.UpTo(sequence, filter, most) : _newest.Rows(filter, most, perSecond: null).Rows;
    }

    public PreviewSample Sample(Func<PreviewMessage, bool>? filter, int most, int perSecond)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(most);
        ArgumentOutOfRangeException.ThrowIfNegative(perSecond);
        lock (_gate)
            return _sampled.Rows(filter, most, perSecond);
    }

    public (IReadOnlyList<PreviewMessage> Messages, long Lost) After(long sequence, int most)
    {
        var messages = new PreviewMessage[Math.Min(most, PreviewLimits.Messages)];
        var count = buffer.Copy(sequence + 1, messages);
        return count == 0 ? ([], 0) : (messages[..count], messages[0].Sequence - sequence - 1);
    }

    public IReadOnlyList<(string Topic, double PerSecond)> TopicRates() => buffer.TopicRates();

    public async Task WaitForChangeAsync(CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed) != 0, this);
        if (_toldAt is { } last && PreviewLimits.ChangePeriod - time.GetElapsedTime(last) is { Ticks: > 0 } rest)
            await Task.Delay(rest, time, cancellationToken);
        var change = buffer.ChangeSince(_seen);
        // Rates fall by time alone, so somebody has to look at them until they are zero.
        if (buffer.RatesMove)
            await ChangeOrTickAsync(change, cancellationToken);
        else
            await change.WaitAsync(cancellationToken);
        _seen = buffer.Version;
        _toldAt = time.GetTimestamp();
    }

    public ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
            left();
        return ValueTask.CompletedTask;
    }

    private async Task ChangeOrTickAsync(Task change, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Task.WhenAny(change, Task.Delay(_ratePeriod, time, either.Token));
        await either.CancelAsync();
        cancellationToken.ThrowIfCancellationRequested();
    }
}
