namespace Portal.Messaging.Preview;

/// <summary>
/// Messages a second by topic over the last whole seconds, for a bounded number of topics. Silent topics stay listed with 0
/// until their place is needed. Not safe for threads: its owner locks.
/// </summary>
internal sealed class TopicRates
{
    private const int Window = 5;
    private const int SilentSeconds = 60;
    private const int LongestTopic = 4096;

    private readonly Dictionary<string, Counter> _topics = new(StringComparer.Ordinal);
    private readonly long _first;
    private readonly int _mostTopics;
    private long _sweptAt;

    public TopicRates(long firstSecond, int mostTopics)
    {
        _first = _sweptAt = firstSecond;
        _mostTopics = mostTopics;
    }

    public void Add(string topic, long second)
    {
        if (!_topics.TryGetValue(topic, out var counter))
        {
            if (topic.Length > LongestTopic || !HasRoom(second))
                return;
            _topics.Add(topic, counter = new Counter());
        }

        counter.Add(second);
    }

    /// <summary>The busiest first, then by name.</summary>
    public IReadOnlyList<(string Topic, double PerSecond)> Rates(long now)
    {
        var seconds = (int)Math.Clamp(now - _first, 1, Window);
        return [.. _topics
            .Select(topic => (Topic: topic.Key, PerSecond: (double)topic.Value.Sum(now, seconds) / seconds))
            .OrderByDescending(topic => topic.PerSecond)
            .ThenBy(topic => topic.Topic, StringComparer.Ordinal)];
    }

    // Swept at most once a second, so that a stream of ever new topics costs no more than a look into the dictionary.
    private bool HasRoom(long second)
    {
        if (_topics.Count < _mostTopics)
            return true;
        if (_sweptAt >= second)
            return false;
        _sweptAt = second;
        foreach (var (topic, counter) in _topics)
        {
            if (counter.LastSecond < second - SilentSeconds)
                _topics.Remove(topic);
        }

        return _topics.Count < _mostTopics;
    }

    private sealed class Counter
    {
        private readonly int[] _counts = new int[Window + 1];

        public long LastSecond { get; private set; } = long.MinValue;

        public void Add(long second)
        {
            LastSecond = Math.Max(LastSecond, Math.Max(second - _counts.Length, -1));
            while (LastSecond < second)
                _counts[++LastSecond % _counts.Length] = 0;
            _counts[second % _counts.Length]++;
        }

        // The whole seconds before now, as far as this topic has any.
        public int Sum(long now, int seconds)
        {
            var sum = 0;
            for (var second = Math.Max(now - seconds, LastSecond - Window); second < now && second <= LastSecond; second++)
            {
                if (second >= 0)
                    sum += _counts[second % _counts.Length];
            }

            return sum;
        }
    }
}
