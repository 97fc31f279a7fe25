using Portal.Messaging.Preview;
using Portal.Model.Endpoints;

namespace Portal.Components.Dataflows;

/// <summary>Messages of a dataflow's source as they come now, through the readers that all viewers share; the dataflow itself loses none.</summary>
internal sealed class LiveMessages : IAsyncDisposable
{
    /// <summary>Topics that are watched; a dataflow seldom has more.</summary>
    private const int MostTopics = 5;

    private const string SharedPrefix = "$share/";

    private readonly IReadOnlyList<IPreview> _previews;
    private readonly CancellationTokenSource _closed = new();

    public LiveMessages(IPreviewService previews, DataflowEndpoint source, IEnumerable<string> topics) =>
        _previews = [.. topics.Select(Alone).Where(topic => topic.Length > 0).Distinct(StringComparer.Ordinal).Take(MostTopics).Select(topic => previews.Open(new PreviewRequest(source, topic)))];

    /// <summary>What keeps messages from being read; null when nothing does.</summary>
    public PreviewStatus? Problem => _previews.Select(preview => preview.Status).FirstOrDefault(status => status.State is PreviewState.Failed);

    /// <summary>The newest message that is another than the one shown; waits for one. <paramref name="changed"/> is called when the state of a reader may have changed.</summary>
    public async Task<PreviewMessage?> NextAsync(PreviewMessage? shown, Func<Task> changed)
    {
        if (_previews.Count == 0)
            return null;
        while (!_closed.IsCancellationRequested)
        {
            using var turn = CancellationTokenSource.CreateLinkedTokenSource(_closed.Token);
            var waits = _previews.Select(preview => preview.WaitForChangeAsync(turn.Token)).ToList();
            if (Newest() is { } newest && !ReferenceEquals(newest, shown))
            {
                await EndAsync(turn, waits);
                return newest;
            }
            await Task.WhenAny(waits);
            await EndAsync(turn, waits);
            if (!_closed.IsCancellationRequested)
                await changed();
        }
        return null;
    }

    public async ValueTask DisposeAsync()
    {
        await _closed.CancelAsync();
        foreach (var preview in _previews)
            await preview.DisposeAsync();
    }

    private PreviewMessage? Newest() => _previews.SelectMany(preview => preview.Newest(null, 1)).MaxBy(message => message.Received);

    private static async Task EndAsync(CancellationTokenSource turn, List<Task> waits)
    {
        await turn.CancelAsync();
        // Ended by the token, or by a change that the next turn sees.
        await Task.WhenAll(waits.Select(wait => wait.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default)));
    }

    // A preview never joins a shared subscription: it would take messages from those who share it.
    private static string Alone(string filter)
    {
        if (!filter.StartsWith(SharedPrefix, StringComparison.Ordinal))
            return filter;
        var slash = filter.IndexOf('/', SharedPrefix.Length);
        return slash < 0 ? "" : filter[(slash + 1)..];
    }
}
