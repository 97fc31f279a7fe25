using Microsoft.Extensions.Options;
using Portal.Messaging.Connections;

namespace Portal.Messaging.Probes;

/// <summary>Why a test may not start now, and when it may be tried again.</summary>
internal sealed record GateRefusal(Problem Problem, TimeSpan RetryAfter);

/// <summary>Limits how many tests run at once and how many start in a minute, of one user and in all: one for the process, whatever is tested.</summary>
public sealed class TestGate(IOptions<TestOptions> options, TimeProvider clock)
{
    private static readonly TimeSpan _window = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan _moment = TimeSpan.FromSeconds(1);
    private readonly Lock _lock = new();
    private readonly Use _all = new();
    private readonly Dictionary<string, Use> _users = new(StringComparer.Ordinal);

    /// <summary>Lets a test in; the refusal when it may not start. Call <see cref="Leave"/> after each test that was let in.</summary>
    internal GateRefusal? TryEnter(string user)
    {
        var limits = options.Value;
        lock (_lock)
        {
            Forget();
            var own = _users.GetValueOrDefault(user) ?? new Use();
            var refusal = Refuse(_all, limits.Concurrent, limits.PerMinute, "", "")
                ?? Refuse(own, limits.ConcurrentPerUser ?? limits.Concurrent, limits.PerMinutePerUser ?? limits.PerMinute, " of yours", "PerUser");
            if (refusal is not null)
                return refusal;
            var now = clock.GetTimestamp();
            foreach (var use in new[] { _all, own })
            {
                use.Starts.Enqueue(now);
                use.Running++;
            }
            _users[user] = own;
            return null;
        }
    }

    internal void Leave(string user)
    {
        lock (_lock)
        {
            _all.Running--;
            _users[user].Running--;
        }
    }

    private void Forget()
    {
        foreach (var (user, use) in _users.Append(new("", _all)))
        {
            while (use.Starts.TryPeek(out var start) && clock.GetElapsedTime(start) >= _window)
                use.Starts.Dequeue();
            if (use is { Starts.Count: 0, Running: 0 } && use != _all)
                _users.Remove(user);
        }
    }

    private GateRefusal? Refuse(Use use, int concurrent, int perMinute, string whose, string suffix) =>
        use.Running >= concurrent ? TooMany($"{concurrent} tests{whose} run already, which is the most at once", nameof(TestOptions.Concurrent) + suffix, _moment)
        : use.Starts.Count >= perMinute ? TooMany($"{perMinute} tests{whose} were started in the last minute, which is the most", nameof(TestOptions.PerMinute) + suffix, _window - clock.GetElapsedTime(use.Starts.Peek()))
        : null;

    private static GateRefusal TooMany(string what, string key, TimeSpan wait)
    {
        var seconds = Math.Max(1, Math.Ceiling(wait.TotalSeconds));
        return new GateRefusal(
            new Problem("too-many-tests", $"{what}.", $"Wait {seconds:0} s and test again, or raise {TestOptions.Section}:{key}.") { Summary = "Too many tests" },
            TimeSpan.FromSeconds(seconds));
    }

    private sealed class Use
    {
        public Queue<long> Starts { get; } = new();

        public int Running { get; set; }
    }
}
