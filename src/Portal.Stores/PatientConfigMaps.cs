using Portal.Model.Ports;

namespace Portal.Stores;

/// <summary>
/// Config maps of a cluster that nobody watches: no page waits long for one that does not answer, the next lists do not wait
/// at all, and <see cref="Changed"/> tells when it answers.
/// </summary>
internal sealed class PatientConfigMaps : IConfigMapStore, IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(15);
    private static readonly StoreResult.Denied Awaited = new(
        "The cluster that keeps the config maps has not answered yet.", "Look whether it runs and can be reached; the portal asks again by itself.");

    private readonly IConfigMapStore inner;
    private readonly TimeProvider time;
    private readonly CancellationTokenSource stopping = new();
    private readonly CancellationToken stopped;
    private int looking;

    public PatientConfigMaps(IConfigMapStore inner, TimeProvider time)
    {
        (this.inner, this.time, stopped) = (inner, time, stopping.Token);
        inner.Changed += () => Changed?.Invoke();
    }

    public event Action? Changed;

    public StoreResult.Denied? Hidden => inner.Hidden ?? (IsLooking ? Awaited : null);

    private bool IsLooking => Volatile.Read(ref looking) != 0;

    public async Task<IReadOnlyList<ConfigMap>> ListAsync(CancellationToken cancellationToken = default)
    {
        if (IsLooking)
            return [];
        // Whoever asked may leave; what was asked tells the others whether the cluster answers.
        var reading = inner.ListAsync(stopped);
        try
        {
            var seen = await reading.WaitAsync(Patience, time, cancellationToken).ConfigureAwait(false);
            if (inner.Hidden is not null)
                Look(Task.CompletedTask);
            return seen;
        }
        catch (TimeoutException)
        {
            Look(reading);
            return [];
        }
    }

    public async Task<ConfigMap?> FindAsync(string name, CancellationToken cancellationToken = default) => (await LookUpAsync(name, cancellationToken).ConfigureAwait(false)).Found;

    // Always asked: one may be readable where the list is not.
    public async Task<ConfigMapLookup> LookUpAsync(string name, CancellationToken cancellationToken = default)
    {
        try
        {
            return await inner.LookUpAsync(name, cancellationToken).WaitAsync(Patience, time, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            return new ConfigMapLookup(null, inner.Hidden ?? Awaited);
        }
    }

    public Task<StoreResult> SaveAsync(ConfigMap configMap, CancellationToken cancellationToken = default) => inner.SaveAsync(configMap, cancellationToken);

    public Task<StoreResult> DeleteAsync(string name, CancellationToken cancellationToken = default) => inner.DeleteAsync(name, cancellationToken);

    public void Dispose()
    {
        stopping.Cancel();
        stopping.Dispose();
    }

    private void Look(Task reading)
    {
        if (Interlocked.Exchange(ref looking, 1) == 0)
            _ = LookAsync(reading);
    }

    private async Task LookAsync(Task reading)
    {
        await reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        while (inner.Hidden is not null || !reading.IsCompletedSuccessfully)
        {
            await Task.Delay(Pause, time, stopped).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (stopped.IsCancellationRequested)
                return;
            reading = inner.ListAsync(stopped);
            await reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        Volatile.Write(ref looking, 0);
        Changed?.Invoke();
    }
}
