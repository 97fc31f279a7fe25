using Portal.Model.Ports;

namespace Portal.Tests.Fakes;

/// <summary>Config maps in memory.</summary>
public sealed class FakeConfigMapStore : IConfigMapStore
{
    private readonly Dictionary<string, ConfigMap> _maps = [];

    /// <summary>Why nobody can tell which there are.</summary>
    public StoreResult.Denied? Hidden { get; set; }

    public bool IsElsewhere { get; set; }

    public event Action? Changed;

    public Task<IReadOnlyList<ConfigMap>> ListAsync(CancellationToken cancellationToken = default) => Task.FromResult<IReadOnlyList<ConfigMap>>([.. _maps.Values]);

    public Task<ConfigMap?> FindAsync(string name, CancellationToken cancellationToken = default) => Task.FromResult(_maps.GetValueOrDefault(name));

    public Task<StoreResult> SaveAsync(ConfigMap configMap, CancellationToken cancellationToken = default)
    {
        _maps[configMap.Name] = configMap;
        Changed?.Invoke();
        return Task.FromResult<StoreResult>(new StoreResult.Saved(null));
    }

    public Task<StoreResult> DeleteAsync(string name, CancellationToken cancellationToken = default)
    {
        _maps.Remove(name);
        Changed?.Invoke();
        return Task.FromResult<StoreResult>(new StoreResult.Saved(null));
    }
}
