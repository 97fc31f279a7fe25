using System.Runtime.CompilerServices;
using k8s;
using Microsoft.Extensions.Logging;
using Portal.Model;

namespace Portal.Stores.Kubernetes;

/// <summary>
/// Keeps one kind of the cache as the cluster has it: a list, then a watch from its version, resumed where it was cut, begun
/// anew when the version is too old or when there is doubt whether the cluster is still there.
/// </summary>
internal sealed class ResourceWatch(ResourceKind kind, ResourceApi api, ResourceCache cache, KubernetesCalls calls, TimeProvider time, ILogger logger)
{
    private const int CalmAttempts = 3;

    private static readonly TimeSpan LastingWatch = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan ShortestWatch = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Unwatched = TimeSpan.FromSeconds(15);

    // A cluster that is back is seen after that at the latest.
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);

    private readonly Lock gate = new();
    private readonly SemaphoreSlim wake = new(0);
    private CancellationTokenSource? watching;

    /// <summary>Raised with null when the kind is listed, with the fault when it cannot be.</summary>
    public event Action<KubernetesFault?>? Reported;

    /// <summary>Raised when a watch was cut: nobody knows yet whether the cluster is still there.</summary>
    public event Action? Cut;

    public ResourceKind Kind => kind;

    /// <summary>Ends the watch that is under way: the kind is listed anew, which tells whether the cluster is there.</summary>
    public void Doubt()
    {
        lock (gate)
            watching?.CancelAfter(TimeSpan.Zero);
    }

    /// <summary>Ends a pause: the cluster has answered somebody else.</summary>
    public void Wake() => wake.Release();

    public async Task RunAsync(CancellationToken stopping)
    {
        string? version = null;
        for (var failures = 0; !stopping.IsCancellationRequested;)
        {
            var started = time.GetTimestamp();
            KubernetesFault fault;
            try
            {
                version ??= await ListAsync(stopping).ConfigureAwait(false);
                await foreach (var change in WatchAsync(version, stopping).ConfigureAwait(false))
                {
                    failures = 0;
                    await TakeAsync(change, stopping).ConfigureAwait(false);
                    version = change.Version ?? version;
                }
                // The server ends every watch after a while; that is no fault. One that ends at once is begun again in peace.
                failures = 0;
                if (time.GetElapsedTime(started) < ShortestWatch)
                    await PauseAsync(ShortestWatch, stopping).ConfigureAwait(false);
                continue;
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception) when (KubernetesFault.Is(exception, stopping))
            {
                fault = KubernetesFault.Of(exception, calls.Connection.Host);
            }
            catch (Exception exception)
            {
                // Whatever it is, what the pages show must not stand still unseen.
                logger.WatchFailed(exception, kind.ToString());
                (version, fault) = (null, KubernetesFault.OfPortal(exception));
            }
            failures = time.GetElapsedTime(started) > LastingWatch ? 1 : failures + 1;
            version = Judge(fault, version, failures);
            var asked = fault.IsOurs || fault.Code is 401 or 403 or 404 ? Unwatched : fault.RetryAfter;
            if (fault.Code != 410 || failures > 1)
                await PauseAsync(KubernetesCalls.Pause(failures, asked, asked is null ? LongestPause : KubernetesCalls.LongestPause), stopping).ConfigureAwait(false);
            // What the kubeconfig says by now: another token, another certificate authority.
            if (version is null && fault is { Code: 401 } or { Cause: "tls-refused" })
                calls.Connection.Renew(null);
        }
    }

    private async Task<string> ListAsync(CancellationToken stopping)
    {
        var (items, version) = await api.ListAsync(kind, stopping).ConfigureAwait(false);
        cache.Replace(kind, [.. items.Select(item => ResourceMap.Read(kind, item))]);
        Reported?.Invoke(null);
        return version;
    }

    private async IAsyncEnumerable<WatchedEvent> WatchAsync(string version, [EnumeratorCancellation] CancellationToken stopping)
    {
        using var limit = new CancellationTokenSource(calls.Connection.WatchLimit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stopping);
        lock (gate)
            watching = either;
        try
        {
            await foreach (var change in api.WatchAsync(kind, version, either.Token).ConfigureAwait(false))
                yield return change;
        }
        finally
        {
            lock (gate)
                watching = null;
        }
    }

    // The version to go on from; null = list anew, which also tells whether the cluster is there.
    private string? Judge(KubernetesFault fault, string? version, int failures)
    {
        if (fault.Code == 410)
        {
            logger.WatchTooOld(kind.ToString());
            return null;
        }
        logger.WatchCut(kind.ToString(), fault.Message);
        Cut?.Invoke();
        // What may be listed but not watched is listed again and again; silence says nothing yet, the list will.
        if (version is null || (!fault.IsPassing && fault.Code != 403))
            Reported?.Invoke(fault);
        return fault is { IsPassing: true, IsTimeout: false } && failures < CalmAttempts ? version : null;
    }

    private async Task PauseAsync(TimeSpan pause, CancellationToken stopping)
    {
        while (wake.Wait(TimeSpan.Zero, CancellationToken.None))
        {
        }
        using var timer = new CancellationTokenSource(pause, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, stopping);
        await wake.WaitAsync(either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task TakeAsync(WatchedEvent change, CancellationToken stopping)
    {
        if (change.Type is not (WatchEventType.Added or WatchEventType.Modified or WatchEventType.Deleted))
            return;
        var live = ResourceMap.Read(kind, change.Object);
        using (await cache.TurnAsync(kind, live.Name, stopping).ConfigureAwait(false))
        {
            if (change.Type is WatchEventType.Deleted)
                cache.Remove(kind, live.Name, live.Uid, isOurs: false);
            else
                cache.Put(kind, live, isOurs: false);
        }
    }
}
