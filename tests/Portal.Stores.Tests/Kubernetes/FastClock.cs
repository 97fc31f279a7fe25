using System.Collections.Concurrent;

namespace Portal.Stores.Tests.Kubernetes;

/// <summary>A clock whose timers go off a hundred times as soon, and that remembers how long each was to take.</summary>
internal sealed class FastClock : TimeProvider
{
    private const int Factor = 100;

    private readonly ConcurrentQueue<TimeSpan> asked = new();

    /// <summary>How long the timers so far were to take.</summary>
    public IReadOnlyCollection<TimeSpan> Asked => asked;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (dueTime > TimeSpan.Zero)
            asked.Enqueue(dueTime);
        return System.CreateTimer(callback, state, dueTime > TimeSpan.Zero ? dueTime / Factor : dueTime, period > TimeSpan.Zero ? period / Factor : period);
    }
}
