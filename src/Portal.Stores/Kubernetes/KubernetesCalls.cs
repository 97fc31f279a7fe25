namespace Portal.Stores.Kubernetes;

/// <summary>Makes requests: renews a refused token once, waits as the server asks, and tries reads again.</summary>
internal sealed class KubernetesCalls(KubernetesConnection connection, TimeProvider time)
{
    private const int MostTries = 5;

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    /// <summary>Longer than that nobody waits for a server, whatever it asks for.</summary>
    public static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    public KubernetesConnection Connection => connection;

    /// <summary>A request that changes nothing, or that may be made twice.</summary>
    /// <exception cref="KubernetesFault">It failed for good.</exception>
    public Task<T> ReadAsync<T>(Func<k8s.Kubernetes, Task<T>> call, CancellationToken cancellationToken) => RunAsync(call, fault => fault.IsPassing, cancellationToken);

    /// <summary>A request that changes something: tried again only when the server says that it did nothing.</summary>
    /// <exception cref="KubernetesFault">It failed, or its outcome is not known.</exception>
    public Task<T> WriteAsync<T>(Func<k8s.Kubernetes, Task<T>> call, CancellationToken cancellationToken) => RunAsync(call, fault => fault.Code == 429, cancellationToken);

    /// <summary>One object; null when there is none of the name.</summary>
    /// <exception cref="KubernetesFault">It failed for good.</exception>
    public async Task<T?> FindAsync<T>(Func<k8s.Kubernetes, Task<T>> call, CancellationToken cancellationToken)
        where T : class
    {
        try
        {
            return await ReadAsync(call, cancellationToken).ConfigureAwait(false);
        }
        catch (KubernetesFault fault) when (fault is { Code: 404, Reason: "NotFound" })
        {
            return null;
        }
    }

    /// <summary>How long to wait before the next try: as the server asks, else longer each time.</summary>
    public static TimeSpan Pause(int attempt, TimeSpan? asked, TimeSpan longest)
    {
        var pause = asked ?? FirstPause * Math.Pow(2, Math.Min(attempt, 10) - 1) * (0.75 + (Random.Shared.NextDouble() / 2));
        return pause < longest ? pause : longest;
    }

    private async Task<T> RunAsync<T>(Func<k8s.Kubernetes, Task<T>> call, Func<KubernetesFault, bool> isWorthAnother, CancellationToken cancellationToken)
    {
        var isRenewed = false;
        for (var attempt = 1; ; attempt++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            k8s.Kubernetes? client = null;
            KubernetesFault fault;
            try
            {
                client = await connection.ClientAsync(cancellationToken).ConfigureAwait(false);
                // The client limits the wait for the head of an answer; one whose body never ends would be waited for for ever.
                return await call(client).WaitAsync(connection.RequestLimit + Grace, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception exception) when (KubernetesFault.Is(exception, cancellationToken))
            {
                fault = KubernetesFault.Of(exception, connection.Host);
            }
            // A connection over which nothing comes back is not one to try again on.
            if (fault.IsTimeout)
                connection.Renew(client);
            if (fault.Code == 401 && !isRenewed && client is not null)
            {
                isRenewed = true;
                connection.Renew(client);
                continue;
            }
            if (attempt >= MostTries || fault.IsTimeout || !isWorthAnother(fault))
                throw fault;
            await Task.Delay(Pause(attempt, fault.RetryAfter, LongestPause), time, cancellationToken).ConfigureAwait(false);
        }
    }
}
