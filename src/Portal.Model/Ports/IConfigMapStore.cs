namespace Portal.Model.Ports;

/// <summary>A config map: PEM bundles by file name.</summary>
/// <param name="Name">Kubernetes name.</param>
/// <param name="Data">File name to text.</param>
/// <param name="Revision">Opaque revision.</param>
public sealed record ConfigMap(string Name, IReadOnlyDictionary<string, string> Data, string Revision = "")
{
    /// <summary>The command that makes one of a file with CA certificates, where the portal cannot.</summary>
    /// <param name="name">Name of the config map.</param>
    /// <param name="namespace">Namespace of the instance; null = <see cref="Resource.DefaultNamespace"/>.</param>
    public static string KubectlCreate(string name, string? @namespace = null) => $"kubectl -n {@namespace ?? Resource.DefaultNamespace} create configmap {name} --from-file=ca.crt";
}

/// <summary>What one read tells of one config map.</summary>
/// <param name="Found">The config map; null when there is none or nobody can tell.</param>
/// <param name="Hidden">Why nobody can tell; null when it is found or there is none.</param>
public sealed record ConfigMapLookup(ConfigMap? Found, StoreResult.Denied? Hidden);

/// <summary>Keeps config maps with certificates of trusted CAs.</summary>
public interface IConfigMapStore
{
    /// <summary>Why nobody can tell here which config maps there are, and what to do; null where the store knows them.</summary>
    StoreResult.Denied? Hidden => null;

    /// <summary>True where no config map will ever be known: they are in a cluster that the target does not reach. Else <see cref="Hidden"/> passes.</summary>
    bool IsElsewhere => false;

    Task<IReadOnlyList<ConfigMap>> ListAsync(CancellationToken cancellationToken = default);

    Task<ConfigMap?> FindAsync(string name, CancellationToken cancellationToken = default);

    /// <summary>One of them, where it matters whether it is missing or cannot be read here.</summary>
    async Task<ConfigMapLookup> LookUpAsync(string name, CancellationToken cancellationToken = default) =>
        await FindAsync(name, cancellationToken).ConfigureAwait(false) is { } found ? new ConfigMapLookup(found, null) : new ConfigMapLookup(null, Hidden);

    /// <summary>Creates or replaces. Every file must hold at least one PEM certificate, else the result is Invalid.</summary>
    Task<StoreResult> SaveAsync(ConfigMap configMap, CancellationToken cancellationToken = default);

    Task<StoreResult> DeleteAsync(string name, CancellationToken cancellationToken = default);

    /// <summary>Raised after every change, ours and others'.</summary>
    event Action? Changed;
}
