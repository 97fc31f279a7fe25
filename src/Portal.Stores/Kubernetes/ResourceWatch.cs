using k8s;
using Microsoft.Extensions.Logging;
using Portal.Model;

namespace Portal.Stores.Kubernetes;

/// <summary>
/// Keeps one kind of the cache as the cluster has it: a list, then a watch from its version, resumed where it was cut, begun
/// anew when the version is too old.
/// </summary>
internal sealed class ResourceWatch(ResourceKind kind, ResourceApi api, ResourceCache cache, KubernetesCalls calls, TimeProvider time, ILogger logger)
{
    private const int CalmAttempts = 3;

    // The server ends a watch after five minutes; one that says nothing for longer has lost its connection.
    private static readonly TimeSpan LongestWatch = TimeSpan.FromSeconds(ResourceApi.WatchSeconds + 30);
    private static readonly TimeSpan LastingWatch = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Unwatched = TimeSpan.FromSeconds(15);

    /// <summary>Raised with null when the kind is listed, with the fault when it cannot be.</summary>
    public event Action<KubernetesFault?>? Reported;

    public ResourceKind Kind => kind;

    public async Task RunAsync(CancellationToken stopping)
    {
        string? version = null;
        for (var failures = 0; !stopping.IsCancellationRequested;)
        {
            var started = time.GetTimestamp();
            try
            {
                version ??= await ListAsync(stopping).ConfigureAwait(false);
                using var limit = new CancellationTokenSource(LongestWatch, time);
                using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stopping);
                await foreach (var change in api.WatchAsync(kind, version, either.Token).ConfigureAwait(false))
                {
                    failures = 0;
                    await TakeAsync(change, stopping).ConfigureAwait(false);
                    version = change.Version ?? version;
                }
                // The server ends every watch after a while; that is no fault.
                failures = 0;
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception) when (KubernetesFault.Is(exception, stopping))
            {
                var fault = KubernetesFault.Of(exception, calls.Connection.Host);
                failures = time.GetElapsedTime(started) > LastingWatch ? 1 : failures + 1;
                version = Judge(fault, version, failures);
                await PauseAsync(fault, version, failures, stopping).ConfigureAwait(false);
            }
        }
    }

    private async Task<string> ListAsync(CancellationToken stopping)
    {
        var (items, version) = await api.ListAsync(kind, stopping).ConfigureAwait(false);
        cache.Replace(kind, [.. items.Select(item => ResourceMap.Read(kind, item))]);
        Reported?.Invoke(null);
        return version;
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
        // What may be listed but not watched is listed again and again.
        if (version is null || (!fault.IsPassing && fault.Code != 403))
            Reported?.Invoke(fault);
        return fault.IsPassing && failures < CalmAttempts ? version : null;
    }

    private async Task PauseAsync(KubernetesFault fault, string? version, int failures, CancellationToken stopping)
    {
        if (fault.Code == 410)
            return;
        var asked = fault.Code is 401 or 403 or 404 ? Unwatched : fault.RetryAfter;
        await calls.PauseAsync(failures, asked, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (fault.Code == 401 && version is null)
            calls.Connection.Renew(calls.Connection.Client);
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
