namespace Portal.Stores.Tests.Support;

/// <summary>A clock that shows the time that a test gives it; timers run in real time.</summary>
internal sealed class TestClock(DateTimeOffset now) : TimeProvider
{
    public DateTimeOffset Now { get; set; } = now;

    public override DateTimeOffset GetUtcNow() => Now;
}
