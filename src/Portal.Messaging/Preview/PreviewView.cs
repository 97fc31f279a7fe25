namespace Portal.Messaging.Preview;

/// <summary>
/// One viewer's filtered rows. Each message meets the filter once: a call goes on where the last one ended, as long as the
/// filter stays the same. Rows stay when the ring has dropped their messages. Not safe for threads: its owner locks.
/// </summary>
internal sealed class PreviewView(PreviewBuffer buffer, TimeProvider time)
{
    private const int Chunk = 512;
    private const long MostBytes = 8 * 1024 * 1024;

    private readonly PreviewMessage[] _chunk = new PreviewMessage[Chunk];
    private readonly Queue<PreviewMessage> _rows = new();
    private Func<PreviewMessage, bool>? _filter;
    private RateMeter _matched = new(0);
    private RateMeter _shown = new(0);
    private bool _begun;
    private long _scanned;
    private long _bytes;
    private double _allowance;
    private long _allowedAt;

    /// <summary>The newest rows, the newest first.</summary>
    /// <param name="perSecond">At most so many new rows a second, an even sample of what came; null = all.</param>
    public PreviewSample Rows(Func<PreviewMessage, bool>? filter, int most, int? perSecond)
    {
        if (!_begun || !ReferenceEquals(filter, _filter))
            StartOver(filter);
        var fresh = Scan();
        Show(_begun && perSecond is { } limit ? Spread(fresh, Allowed(limit, fresh.Count)) : fresh.Skip(fresh.Count - most), most);
        _begun = true;
        var second = buffer.CurrentSecond;
        return new PreviewSample([.. _rows.Reverse()], _shown.LastSecond(second), _matched.LastSecond(second));
    }

    /// <summary>The newest messages in the ring up to a sequence that match, the newest first.</summary>
    public IReadOnlyList<PreviewMessage> UpTo(long sequence, Func<PreviewMessage, bool>? filter, int most)
    {
        var found = new List<PreviewMessage>();
        var (oldest, newest) = buffer.Kept;
        var end = Math.Min(sequence, newest);
        while (end >= oldest && found.Count < most)
        {
            var start = Math.Max(oldest, end - Chunk + 1);
            var count = buffer.Copy(start, _chunk.AsSpan(0, (int)(end - start + 1)));
            for (var i = count - 1; i >= 0 && found.Count < most; i--)
            {
                // The ring may have moved on meanwhile and copied later ones instead.
                if (_chunk[i].Sequence <= end && (filter is null || filter(_chunk[i])))
                    found.Add(_chunk[i]);
            }

            end = start - 1;
        }

        Array.Clear(_chunk);
        return found;
    }

    /// <summary>So many of the messages at even distances, the newest always among them.</summary>
    internal static IEnumerable<PreviewMessage> Spread(IReadOnlyList<PreviewMessage> messages, int most) =>
        messages.Count <= most
            ? messages
            : Enumerable.Range(1, most).Select(i => messages[(int)((long)i * messages.Count / most) - 1]);

    private void StartOver(Func<PreviewMessage, bool>? filter)
    {
        (_filter, _begun, _scanned, _bytes, _allowance) = (filter, false, 0, 0, 0);
        _rows.Clear();
        _allowedAt = time.GetTimestamp();
        var second = buffer.CurrentSecond;
        _matched = new RateMeter(Math.Max(0, second - PreviewLimits.HistorySeconds));
        _shown = new RateMeter(second);
    }

    private List<PreviewMessage> Scan()
    {
        var fresh = new List<PreviewMessage>();
        // Where the ring ends now: messages that come meanwhile are the next call's.
        var newest = buffer.Kept.Newest;
        var now = time.GetUtcNow();
        var second = buffer.CurrentSecond;
        while (_scanned < newest)
        {
            var count = buffer.Copy(_scanned + 1, _chunk);
            foreach (var message in _chunk.AsSpan(0, count))
            {
                if (_filter is not null && !_filter(message))
                    continue;
                fresh.Add(message);
                var age = (long)Math.Clamp((now - message.Received).TotalSeconds, 0, second);
                _matched.Add(second - age);
            }

            _scanned = _chunk[count - 1].Sequence;
        }

        Array.Clear(_chunk);
        return fresh;
    }

    private void Show(IEnumerable<PreviewMessage> messages, int most)
    {
        var second = buffer.CurrentSecond;
        foreach (var message in messages)
        {
            _rows.Enqueue(message);
            _bytes += PreviewRing.CostOf(message.Message);
            _shown.Add(second);
        }

        while (_rows.Count > most || (_bytes > MostBytes && _rows.Count > 1))
            _bytes -= PreviewRing.CostOf(_rows.Dequeue().Message);
    }

    // At most a fifth of a second is saved up, so that a burst after a silence does not replace every row at once.
    private int Allowed(int perSecond, int wanted)
    {
        var now = time.GetTimestamp();
        _allowance = Math.Min(Math.Max(1, perSecond / 5.0), _allowance + (time.GetElapsedTime(_allowedAt, now).TotalSeconds * perSecond));
        _allowedAt = now;
        var whole = Math.Min((int)_allowance, wanted);
        _allowance -= whole;
        return whole;
    }
}
