namespace Portal.Messaging.Preview;

/// <summary>How long to wait before the next attempt to connect: doubling from half a second to 30 seconds, with jitter.</summary>
internal static class ReconnectDelay
{
    public static readonly TimeSpan First = TimeSpan.FromMilliseconds(500);

    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    /// <summary>The delay after a number of failures in a row.</summary>
    /// <param name="failures">Failures since it last worked, at least 1.</param>
    /// <param name="random">A number from 0 to below 1: spreads many readers over the upper half of the delay.</param>
    public static TimeSpan After(int failures, double random)
    {
        var doublings = Math.Clamp(failures - 1, 0, 16);
        var whole = Math.Min(First.TotalMilliseconds * Math.Pow(2, doublings), Longest.TotalMilliseconds);
        return TimeSpan.FromMilliseconds(whole * (0.5 + (random / 2)));
    }
}
