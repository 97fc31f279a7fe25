namespace Portal.Components.Shared;

/// <summary>One slow clock for all ages on a page, so that "3 min ago" does not stay so for an hour.</summary>
public sealed class AgeTicker : IDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(10);
    private readonly ITimer _timer;

    public AgeTicker(TimeProvider time) => _timer = time.CreateTimer(_ => Tick?.Invoke(), null, Period, Period);

    public event Action? Tick;

    public void Dispose() => _timer.Dispose();
}
