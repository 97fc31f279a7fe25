namespace Portal.Model.Ports;

/// <summary>A config map: PEM bundles by file name.</summary>
/// <param name="Name">Kubernetes name.</param>
/// <param name="Data">File name to text.</param>
/// <param name="Revision">Opaque revision.</param>
public sealed record ConfigMap(string Name, IReadOnlyDictionary<string, string> Data, string Revision = "");

/// <summary>Keeps config maps with certificates of trusted CAs.</summary>
public interface IConfigMapStore
{
    Task<IReadOnlyList<ConfigMap>> ListAsync(CancellationToken cancellationToken = default);

    Task<ConfigMap?> FindAsync(string name, CancellationToken cancellationToken = default);

    /// <summary>Creates or replaces. Every file must hold at least one PEM certificate, else the result is Invalid.</summary>
    Task<StoreResult> SaveAsync(ConfigMap configMap, CancellationToken cancellationToken = default);

    Task<StoreResult> DeleteAsync(string name, CancellationToken cancellationToken = default);

    /// <summary>Raised after every change, ours and others'.</summary>
    event Action? Changed;
}
