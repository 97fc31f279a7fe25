using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;
using Portal.Model.Documents;
using Portal.Model.Ports;
using Portal.Model.Validation;

namespace Portal.Stores.Files;

/// <summary>Config maps with certificates of trusted CAs, as manifests beside the resources.</summary>
internal sealed partial class FileConfigMapStore : IConfigMapStore
{
    private const string Folder = "configmaps";

    private readonly ManifestFolder manifests;
    private readonly ILogger<FileConfigMapStore> logger;

    public FileConfigMapStore(ManifestFolder manifests, ILogger<FileConfigMapStore> logger)
    {
        (this.manifests, this.logger) = (manifests, logger);
        manifests.Changed += Tell;
    }

    public event Action? Changed;

    [GeneratedRegex(@"^[-._a-zA-Z0-9]{1,253}\z")]
    private static partial Regex FileName();

    public async Task<IReadOnlyList<ConfigMap>> ListAsync(CancellationToken cancellationToken = default)
        => (await manifests.LoadAsync(cancellationToken).ConfigureAwait(false)).ConfigMaps();

    public async Task<ConfigMap?> FindAsync(string name, CancellationToken cancellationToken = default)
        => (await manifests.LoadAsync(cancellationToken).ConfigureAwait(false)).Find(KeyOf(name))?.ConfigMap;

    public async Task<StoreResult> SaveAsync(ConfigMap configMap, CancellationToken cancellationToken = default)
    {
        if (Check(configMap) is { Count: > 0 } findings)
            return new StoreResult.Invalid(findings);
        var data = configMap.Data.ToDictionary(file => file.Key, file => PemBundle.Tidy(file.Value), StringComparer.Ordinal);
        return await manifests.ChangeAsync(KeyOf(configMap.Name), Folder, Decide, cancellationToken).ConfigureAwait(false);

        ManifestDecision Decide(ManifestFile? current)
        {
            if (configMap.Revision.Length > 0 && configMap.Revision != current?.Revision)
                return new ManifestDecision.Answer(new StoreResult.Conflict(null));
            if (current?.ConfigMap is { } stored && stored.Data.Count == data.Count && data.All(file => stored.Data.GetValueOrDefault(file.Key) == file.Value))
                return new ManifestDecision.Answer(new StoreResult.Saved(null));
            var over = current is null ? null : File.ReadAllText(Path.Combine(manifests.Path, current.Location));
            return new ManifestDecision.Write(Manifest.Write(ConfigMapManifest.Write(configMap.Name, data, over is null ? null : Root(over)), over));
        }
    }

    public async Task<StoreResult> DeleteAsync(string name, CancellationToken cancellationToken = default)
        => await manifests.ChangeAsync(
            KeyOf(name), Folder,
            current => current is null ? new ManifestDecision.Answer(new StoreResult.Conflict(null)) : new ManifestDecision.Delete(),
            cancellationToken).ConfigureAwait(false);

    /// <summary>Every problem of a config map, wherever it is kept.</summary>
    public static IReadOnlyList<Finding> Check(ConfigMap configMap)
    {
        var findings = new List<Finding>();
        if (!NameRules.IsKubernetesName(configMap.Name))
            findings.Add(Finding.Error("config-map-name", "metadata.name", $"'{configMap.Name}' cannot be the name of a config map.", "Write lower-case letters, digits, hyphens and dots, for example line3-ca."));
        if (configMap.Data.Count == 0)
            findings.Add(Finding.Error("config-map-empty", "data", "The config map holds no file.", "Add a file such as ca.crt with the certificate of the CA."));
        foreach (var (file, text) in configMap.Data)
        {
            if (!FileName().IsMatch(file) || file is "." or "..")
                findings.Add(Finding.Error("config-map-file-name", $"data.{file}", $"'{file}' cannot be a file name in a config map.", "Write letters, digits, '-', '_' and '.', for example ca.crt."));
            findings.AddRange(PemBundle.Check(file, text));
        }
        var bytes = configMap.Data.Sum(file => Encoding.UTF8.GetByteCount(file.Value));
        if (bytes > FileText.MostBytes * 9 / 10)
            findings.Add(Finding.Error("config-map-too-large", "data", $"The files have {FileFaults.Size(bytes)}; a config map holds {FileFaults.Size(FileText.MostBytes * 9 / 10)}.", "Keep only the certificates of the CAs that sign your brokers."));
        return findings;
    }

    // The root of the stored file, so that its labels stay when its data changes.
    private static JsonObject? Root(string text) => Yaml.Read(text) is { Findings.Count: 0, Documents: [var document] } ? document.Root : null;

    private void Tell(ManifestChange change)
    {
        if (change.Key is null || change.Key.Value.Kind == ConfigMapManifest.Kind)
            logger.Raise(Changed);
    }

    private static ManifestKey KeyOf(string name) => new(ConfigMapManifest.Kind, name);
}
