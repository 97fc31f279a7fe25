using k8s;
using Microsoft.Extensions.Logging;
using Portal.Model;

namespace Portal.Stores.Kubernetes;

/// <summary>
/// Keeps one kind of the cache as the cluster has it: a list, then a watch from its version, resumed where it was cut, begun
/// anew when the version is too old.
/// </summary>
internal sealed class ResourceWatch(ResourceKind kind, ResourceApi api, ResourceCache cache, KubernetesCalls calls, ILogger logger)
{
    private const int CalmAttempts = 3;

    /// <summary>Raised with null when the kind is listed and watched, with the fault when not.</summary>
    public event Action<KubernetesFault?>? Reported;

    public ResourceKind Kind => kind;

    public async Task RunAsync(CancellationToken stopping)
    {
        string? version = null;
        for (var failures = 0; !stopping.IsCancellationRequested;)
        {
            try
            {
                if (version is null)
                {
                    var (items, at) = await api.ListAsync(kind, stopping).ConfigureAwait(false);
                    cache.Replace(kind, [.. items.Select(item => ResourceMap.Read(kind, item))]);
                    version = at;
                    Reported?.Invoke(null);
                }
                await foreach (var change in api.WatchAsync(kind, version, stopping).ConfigureAwait(false))
                {
                    if (failures > 0)
                        Reported?.Invoke(null);
                    failures = 0;
                    await TakeAsync(change, stopping).ConfigureAwait(false);
                    version = change.Version ?? version;
                }
                // The server ends every watch after a while; that is no fault.
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception) when (KubernetesFault.Is(exception, stopping))
            {
                var fault = KubernetesFault.Of(exception, calls.Connection.Host);
                if (fault.Code == 410)
                {
                    logger.WatchTooOld(kind.ToString());
                    version = null;
                    continue;
                }
                failures++;
                if (fault.Code == 401)
                    calls.Connection.Renew(calls.Connection.Client);
                // One cut is daily bread; the state changes when a list fails or it goes on.
                if (version is null || failures >= CalmAttempts || !fault.IsPassing)
                    Reported?.Invoke(fault);
                logger.WatchCut(kind.ToString(), fault.Message);
                // Refused, or the definitions are gone: what is there must be asked anew.
                if (!fault.IsPassing)
                    version = null;
                await calls.PauseAsync(failures, fault.RetryAfter, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
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
