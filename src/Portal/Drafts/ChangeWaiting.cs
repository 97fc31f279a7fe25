using Portal.Model.Ports;

namespace Portal.Drafts;

/// <summary>Waits for a change of what only a list shows until it is done or somebody wants to wait no longer.</summary>
internal sealed class ChangeWaiting
{
    private CancellationTokenSource? _waiting;

    public bool IsOn => _waiting is not null;

    /// <summary>Waits no longer; what was taken goes on where it was taken.</summary>
    public void Stop() => _waiting?.Cancel();

    public async Task<StoreResult> ForAsync(Func<CancellationToken, Task<StoreResult>> change)
    {
        using var waiting = _waiting = new CancellationTokenSource();
        try
        {
            return await change(waiting.Token);
        }
        catch (OperationCanceledException) when (waiting.IsCancellationRequested)
        {
            return StoreFailure.StoppedInList;
        }
        finally
        {
            _waiting = null;
        }
    }
}
