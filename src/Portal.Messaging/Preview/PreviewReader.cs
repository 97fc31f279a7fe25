using Microsoft.Extensions.Logging;
using Portal.Messaging.Connections;

namespace Portal.Messaging.Preview;

/// <summary>Keeps one source connected for as long as there are viewers: tries again with growing delay, and says how it stands.</summary>
internal sealed class PreviewReader(
    IPreviewSource source, PreviewBuffer buffer, Func<Problem, CancellationToken, Task<Problem>> lookCloser, TimeProvider time, ILogger logger) : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private (string Cause, Problem Closer)? _looked;
    private Task _running = Task.CompletedTask;

    public PreviewBuffer Buffer => buffer;

    /// <summary>Viewers at the moment; its owner counts.</summary>
    public int Viewers { get; set; }

    public void Start() => _running = Task.Run(RunAsync);

    /// <summary>Ends the reader and waits until its connection is closed.</summary>
    public async ValueTask DisposeAsync()
    {
        buffer.Set(PreviewState.Closed);
        await _stop.CancelAsync();
        await _running;
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        var failures = 0;
        try
        {
            while (true)
            {
                var started = time.GetTimestamp();
                var problem = await TryAsync();
                // A connection that held for a while was a good one; one that breaks at once would else be tried for ever without a pause.
                failures = time.GetElapsedTime(started) > ReconnectDelay.Longest ? 1 : failures + 1;
                var delay = ReconnectDelay.After(failures, Random.Shared.NextDouble());
                buffer.Set(PreviewState.Failed, problem, time.GetUtcNow() + delay);
                await Task.Delay(delay, time, _stop.Token);
                buffer.Set(PreviewState.Failed, problem);
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The last viewer left.
        }
    }

    private async Task<Problem> ReadAsync()
    {
        try
        {
            return await source.ReadAsync(buffer, _stop.Token);
        }
        catch (ConnectionException e)
        {
            return await LookCloserAsync(e.Problem);
        }
    }

    // Once for each cause in a row, so that a reader that fails for hours tests nothing for hours.
    private async Task<Problem> LookCloserAsync(Problem problem)
    {
        if (_looked?.Cause != problem.Cause)
            _looked = (problem.Cause, await lookCloser(problem, _stop.Token));
        return _looked.Value.Closer;
    }

    private async Task<Problem> TryAsync()
    {
        try
        {
            return await ReadAsync();
        }
        catch (Exception e) when (e is not OperationCanceledException || !_stop.IsCancellationRequested)
        {
            // Nobody foresaw this one: the reader must live on, and the log must tell.
            Log.ReaderFailed(logger, e);
            return new Problem("preview-failed", $"The preview failed unexpectedly: {e.Message}", "Look into the log of the portal; the preview tries again by itself.");
        }
    }
}
