namespace Portal.Messaging.Preview;

/// <summary>
/// Counts by whole second over the last minute. Seconds are numbers that only grow, from any start.
/// Not safe for threads: its owner locks.
/// </summary>
internal sealed class RateMeter
{
    private readonly int[] _counts = new int[PreviewLimits.HistorySeconds + 1];
    private readonly long _first;
    private long _current;

    public RateMeter(long firstSecond) => _first = _current = firstSecond;

    /// <summary>Counts into a second of the last minute; what is older is not counted.</summary>
    public void Add(long second)
    {
        MoveTo(second);
        if (second >= _first && second > _current - _counts.Length)
            _counts[second % _counts.Length]++;
    }

    /// <summary>What was counted in the last whole second.</summary>
    public int LastSecond(long now) => CountOf(now - 1, now);

    /// <summary>Counts of the last whole seconds since the first, the oldest first.</summary>
    public IReadOnlyList<int> History(long now)
    {
        var seconds = (int)Math.Clamp(now - _first, 0, PreviewLimits.HistorySeconds);
        var history = new int[seconds];
        for (var i = 0; i < seconds; i++)
            history[i] = CountOf(now - seconds + i, now);
        return history;
    }

    /// <summary>False when the history is nothing but zeros and stays so without another message.</summary>
    public bool Moves(long now) => CountOf(now, now) > 0 || History(now).Any(count => count > 0);

    private int CountOf(long second, long now)
    {
        MoveTo(now);
        return second >= _first && second > _current - _counts.Length ? _counts[second % _counts.Length] : 0;
    }

    private void MoveTo(long second)
    {
        if (second - _current >= _counts.Length)
        {
            Array.Clear(_counts);
            _current = second;
        }

        while (_current < second)
            _counts[++_current % _counts.Length] = 0;
    }
}
