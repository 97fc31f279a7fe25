namespace Portal.Stores.Tests.Support;

/// <summary>A clock whose waits are fifty times shorter than asked for; it remembers what was asked.</summary>
internal sealed class QuickTime : TimeProvider
{
    private const int Faster = 50;
    private readonly System.Collections.Concurrent.ConcurrentQueue<TimeSpan> waits = new();

    public IReadOnlyList<TimeSpan> Waits => [.. waits];

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (dueTime > TimeSpan.Zero)
            waits.Enqueue(dueTime);
        return base.CreateTimer(callback, state, Shorter(dueTime), Shorter(period));
    }

    private static TimeSpan Shorter(TimeSpan time) => time <= TimeSpan.Zero ? time : time / Faster;
}
