using Portal.Messaging.Identity;
using Portal.Model.Ports;

namespace Portal.Messaging.Tests.Support;

/// <summary>Synced secrets in memory.</summary>
internal sealed class FakeSecrets : ISecretReader
{
    private readonly Dictionary<string, List<ResolvedEntry>> _secrets = [];

    public FakeSecrets Add(string secret, string key, string value, DateTimeOffset? activation = null, DateTimeOffset? expiration = null)
    {
        if (!_secrets.TryGetValue(secret, out var entries))
            _secrets[secret] = entries = [];
        entries.Add(new ResolvedEntry(key, new VaultSecret($"{secret}-{key.Replace('_', '-').Replace('.', '-')}", DateTimeOffset.UnixEpoch, activation, expiration), new SecretValue(value)));
        return this;
    }

    /// <summary>An entry whose value is lost.</summary>
    public FakeSecrets AddLost(string secret, string key, string problem)
    {
        Add(secret, key, "x");
        var entry = _secrets[secret][^1];
        _secrets[secret][^1] = entry with { Secret = entry.Secret with { Problem = problem }, Value = null };
        return this;
    }

    public Task<IReadOnlyList<ResolvedEntry>?> ResolveAsync(string syncedSecret, CancellationToken cancellationToken = default) =>
        Task.FromResult<IReadOnlyList<ResolvedEntry>?>(_secrets.GetValueOrDefault(syncedSecret));
}

/// <summary>Config maps in memory.</summary>
internal sealed class FakeConfigMaps : IConfigMapStore
{
    private readonly Dictionary<string, ConfigMap> _configMaps = [];

    public event Action? Changed;

    public FakeConfigMaps Add(string name, string pem, string file = "ca.crt")
    {
        _configMaps[name] = new ConfigMap(name, new Dictionary<string, string>(_configMaps.GetValueOrDefault(name)?.Data ?? new Dictionary<string, string>()) { [file] = pem });
        Changed?.Invoke();
        return this;
    }

    public FakeConfigMaps AddEmpty(string name)
    {
        _configMaps[name] = new ConfigMap(name, new Dictionary<string, string>());
        return this;
    }

    public Task<IReadOnlyList<ConfigMap>> ListAsync(CancellationToken cancellationToken = default) => Task.FromResult<IReadOnlyList<ConfigMap>>([.. _configMaps.Values]);

    public Task<ConfigMap?> FindAsync(string name, CancellationToken cancellationToken = default) => Task.FromResult(_configMaps.GetValueOrDefault(name));

    public Task<StoreResult> SaveAsync(ConfigMap configMap, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task<StoreResult> DeleteAsync(string name, CancellationToken cancellationToken = default) => throw new NotSupportedException();
}

/// <summary>Token files by audience.</summary>
internal sealed class FakeTokens : IServiceAccountTokens
{
    private readonly Dictionary<string, string> _files = [];

    public FakeTokens Add(string audience, string file)
    {
        _files[audience] = file;
        return this;
    }

    public (string? Path, string? Reason) FileFor(string audience) =>
        _files.TryGetValue(audience, out var file) ? (file, null) : (null, $"There is no service account token for the audience '{audience}' here.");
}
