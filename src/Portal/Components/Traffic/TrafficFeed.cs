using Portal.Messaging.Preview;

namespace Portal.Components.Traffic;

/// <summary>
/// What one viewer sees of a live topic. A loop waits for changes and asks for a render, at most ten times a second however fast
/// messages come. Everything but the loop runs on the page's dispatcher.
/// </summary>
public sealed class TrafficFeed : IAsyncDisposable
{
    /// <summary>Rows kept on the page.</summary>
    public const int MostRows = 500;

    /// <summary>New rows a second; more than that nobody can read.</summary>
    public const int MostPerSecond = 200;

    /// <summary>Shortest time between two renders.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    // Rates change by whole seconds, so a tree more often would be work for nothing.
    private static readonly TimeSpan _topicsInterval = TimeSpan.FromSeconds(1);

    private readonly IPreview _preview;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _loop;
    private readonly DateTimeOffset _opened;
    private Dictionary<long, TrafficRow> _made = [];
    private MessageFilter _filter;
    private DateTimeOffset _topicsAt = DateTimeOffset.MinValue;
    private long? _pausedAt;

    public TrafficFeed(IPreview preview, PreviewRequest request, MessageFilter filter, TimeProvider time, Func<Task> render)
    {
        (_preview, _filter, _time, Request, _opened) = (preview, filter, time, request, time.GetUtcNow());
        Status = preview.Status;
        _loop = RunAsync(render);
    }

    public PreviewRequest Request { get; }

    public PreviewStatus Status { get; private set; }

    /// <summary>The newest first.</summary>
    public IReadOnlyList<TrafficRow> Rows { get; private set; } = [];

    public IReadOnlyList<TopicNode> Topics { get; private set; } = [];

    public double ShownPerSecond { get; private set; }

    public double MatchedPerSecond { get; private set; }

    public bool IsPaused => _pausedAt is not null;

    /// <summary>Messages that came since the pause began.</summary>
    public long NewSincePause => Math.Max(0, Status.Received - (_pausedAt ?? Status.Received));

    /// <summary>How long the page has been waiting for a first message.</summary>
    public TimeSpan Open => _time.GetUtcNow() - _opened;

    public void Pause()
    {
        Take();
        _pausedAt = Status.Received;
    }

    public void Resume()
    {
        _pausedAt = null;
        Take();
    }

    public void Filter(MessageFilter filter)
    {
        _filter = filter;
        Take();
        if (_pausedAt is { } sequence)
            Show(_preview.Newest(filter.Predicate, MostRows, sequence));
    }

    /// <summary>Takes over what the reader has; a paused page keeps its rows.</summary>
    public void Take()
    {
        Status = _preview.Status;
        var now = _time.GetUtcNow();
        if (now - _topicsAt >= _topicsInterval)
            (Topics, _topicsAt) = (TopicNode.Tree(_preview.TopicRates()), now);
        if (IsPaused)
            return;
        var sample = _preview.Sample(_filter.Predicate, MostRows, MostPerSecond);
        // Both count by their own second; a message at the border must not show more than came.
        MatchedPerSecond = Math.Min(sample.MatchedPerSecond, Status.PerSecond);
        ShownPerSecond = Math.Min(sample.ShownPerSecond, MatchedPerSecond);
        Show(sample.Rows);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _loop;
        await _preview.DisposeAsync();
        _stop.Dispose();
    }

    private void Show(IReadOnlyList<PreviewMessage> messages)
    {
        Rows = [.. messages.Select(message => _made.GetValueOrDefault(message.Sequence) ?? new TrafficRow(message))];
        _made = Rows.ToDictionary(row => row.Sequence);
    }

    private async Task RunAsync(Func<Task> render)
    {
        try
        {
            while (true)
            {
                await _preview.WaitForChangeAsync(_stop.Token);
                await render();
                await Task.Delay(Interval, _time, _stop.Token);
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The page is gone.
        }
    }
}
