using Microsoft.Extensions.Options;
using Portal.Messaging.Connections;

namespace Portal.Messaging.Probes;

/// <summary>Limits how many tests run at once and how many start in a minute.</summary>
internal sealed class TestGate(IOptions<TestOptions> options, TimeProvider clock)
{
    private static readonly TimeSpan _window = TimeSpan.FromMinutes(1);
    private readonly Lock _lock = new();
    private readonly Queue<long> _starts = new();
    private int _running;

    /// <summary>Lets a test in; the problem when it may not start. Call <see cref="Leave"/> after each test that was let in.</summary>
    public Problem? TryEnter()
    {
        var limits = options.Value;
        lock (_lock)
        {
            while (_starts.TryPeek(out var start) && clock.GetElapsedTime(start) >= _window)
                _starts.Dequeue();
            if (_running >= limits.Concurrent)
                return TooMany($"{limits.Concurrent} tests run already, which is the most at once", "Concurrent");
            if (_starts.Count >= limits.PerMinute)
                return TooMany($"{limits.PerMinute} tests were started in the last minute, which is the most", "PerMinute");
            _starts.Enqueue(clock.GetTimestamp());
            _running++;
            return null;
        }
    }

    public void Leave()
    {
        lock (_lock)
            _running--;
    }

    private static Problem TooMany(string what, string key) => new(
        "too-many-tests", $"{what}.", $"Wait a moment and test again, or raise {TestOptions.Section}:{key}.")
    { Summary = "Too many tests" };
}
