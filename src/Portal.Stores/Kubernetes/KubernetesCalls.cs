namespace Portal.Stores.Kubernetes;

/// <summary>Makes requests: renews a refused token once, waits as the server asks, and tries reads again.</summary>
internal sealed class KubernetesCalls(KubernetesConnection connection, TimeProvider time)
{
    private const int MostTries = 5;

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    public KubernetesConnection Connection => connection;

    /// <summary>A request that changes nothing, or that may be made twice.</summary>
    /// <exception cref="KubernetesFault">It failed for good.</exception>
    public Task<T> ReadAsync<T>(Func<k8s.Kubernetes, Task<T>> call, CancellationToken cancellationToken) => RunAsync(call, fault => fault.IsPassing, cancellationToken);

    /// <summary>A request that changes something: tried again only when the server says that it did nothing.</summary>
    /// <exception cref="KubernetesFault">It failed, or its outcome is not known.</exception>
    public Task<T> WriteAsync<T>(Func<k8s.Kubernetes, Task<T>> call, CancellationToken cancellationToken) => RunAsync(call, fault => fault.Code == 429, cancellationToken);

    public async Task PauseAsync(int attempt, TimeSpan? asked, CancellationToken cancellationToken)
    {
        var pause = asked ?? FirstPause * Math.Pow(2, Math.Min(attempt, 10) - 1) * (0.75 + (Random.Shared.NextDouble() / 2));
        await Task.Delay(pause < LongestPause ? pause : LongestPause, time, cancellationToken).ConfigureAwait(false);
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
                client = connection.Client;
                return await call(client).ConfigureAwait(false);
            }
            catch (Exception exception) when (KubernetesFault.Is(exception, cancellationToken))
            {
                fault = KubernetesFault.Of(exception, connection.Host);
            }
            if (fault.Code == 401 && !isRenewed && client is not null)
            {
                isRenewed = true;
                connection.Renew(client);
                continue;
            }
            if (attempt >= MostTries || fault.IsTimeout || !isWorthAnother(fault))
                throw fault;
            await PauseAsync(attempt, fault.RetryAfter, cancellationToken).ConfigureAwait(false);
        }
    }
}
