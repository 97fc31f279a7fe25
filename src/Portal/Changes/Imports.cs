using System.Text.Json.Nodes;
using Portal.Drafts;
using Portal.Model;
using Portal.Model.Documents;
using Portal.Model.Documents.Import;
using Portal.Model.Ports;
using Portal.Model.Validation;

namespace Portal.Changes;

/// <summary>What saving an imported document would do.</summary>
public enum ImportState { New, Same, Differs, Refused }

/// <summary>An imported document beside what is stored.</summary>
/// <param name="Document">The document.</param>
/// <param name="State">What saving it would do.</param>
/// <param name="Findings">What the importer and the rules of the page say of it.</param>
public sealed record ImportItem(ImportedDocument Document, ImportState State, IReadOnlyList<Finding> Findings)
{
    /// <summary>What is stored under its name; null when nothing is, and for other kinds.</summary>
    public StoredResource? Stored { get; init; }

    /// <summary>The config map that is stored under its name.</summary>
    public ConfigMap? StoredMap { get; init; }

    /// <summary>True when saving it would change something.</summary>
    public bool CanApply => State is ImportState.New or ImportState.Differs;

    /// <summary>True for values that go into the vault, and only when somebody asks for it.</summary>
    public bool IsSecret => Document.Secret is not null;
}

/// <summary>Compares and saves imported documents, for pages and API alike, by the rules of both.</summary>
public sealed class Imports(IResourceStore store, IConfigMapStore configMaps, ISecretStore secrets, ResourceChanges changes, SecretChanges secretChanges)
{
    /// <summary>Each document beside what is stored. Another document of the same name is refused: nobody can tell which is meant.</summary>
    public async Task<IReadOnlyList<ImportItem>> CompareAsync(IReadOnlyList<ImportedDocument> documents, CancellationToken cancellationToken = default)
    {
        var listing = await store.ListAsync(cancellationToken);
        var stored = listing.Resources.ToDictionary(one => (one.Value.Kind, one.Value.Name));
        var afterwards = Afterwards(listing, documents);
        var maps = (await configMaps.ListAsync(cancellationToken)).ToDictionary(map => map.Name, StringComparer.Ordinal);
        var synced = (await secrets.ListSyncedAsync(cancellationToken)).Select(secret => secret.Name).ToHashSet(StringComparer.Ordinal);
        var seen = new Dictionary<(string, string), ImportedDocument>();
        var items = new List<ImportItem>();
        foreach (var document in documents)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var item = document switch
            {
                { Outcome: not ImportOutcome.Refused, Secret: { } secret } =>
                    new ImportItem(document, secret.Entries.Count == 0 ? ImportState.Refused : synced.Contains(secret.Name) ? ImportState.Differs : ImportState.New, document.Findings),
                { Outcome: not ImportOutcome.Refused, ConfigMap: { } map } => Compare(document, map, maps.GetValueOrDefault(map.Name)),
                { Outcome: ImportOutcome.Imported, Resource: { } resource } => Compare(document, resource, stored.GetValueOrDefault((resource.Kind, resource.Name)), afterwards),
                _ => new ImportItem(document, ImportState.Refused, document.Findings),
            };
            if (item.State is not ImportState.Refused && !seen.TryAdd((document.Kind, document.Name), document))
                item = Again(item, seen[(document.Kind, document.Name)]);
            items.Add(item);
        }
        return items;
    }

    /// <summary>The order in which documents are saved: what others refer to comes first.</summary>
    public static int OrderOf(ImportItem item) => item.Document.Resource?.Kind switch
    {
        ResourceKind.DataflowEndpoint => 1,
        ResourceKind.DataflowProfile => 2,
        ResourceKind.Dataflow => 3,
        _ => 0,
    };

    /// <summary>Saves one document as a whole or not at all. What is stored must still be what it was compared with.</summary>
    /// <returns>What keeps it from being saved; none when it was.</returns>
    public async Task<IReadOnlyList<Finding>> ApplyAsync(ImportItem item, CancellationToken cancellationToken = default)
    {
        var result = item.Document switch
        {
            { Secret: { } secret } => await ApplyAsync(secret, cancellationToken),
            { ConfigMap: { } map } => await secretChanges.SaveConfigMapAsync(map with { Revision = item.StoredMap?.Revision ?? "" }, cancellationToken),
            { Resource: { } resource } => await changes.SaveAsync(resource, item.Stored is { } stored ? Precondition.At(stored.Revision) : Precondition.New, "by import", cancellationToken),
            _ => throw new InvalidOperationException($"The document '{item.Document.Name}' holds nothing to save."),
        };
        return result is StoreResult.Invalid invalid ? invalid.Findings : StoreFailure.Of(result) is { } failure ? [failure] : [];
    }

    private async Task<StoreResult> ApplyAsync(ImportedSecret secret, CancellationToken cancellationToken)
    {
        foreach (var (key, value) in secret.Entries)
        {
            var set = await secretChanges.SetVaultAsync(SecretChanges.VaultName(secret.Name, key), value, null, null, cancellationToken);
            if (set is not StoreResult.Saved)
                return set;
        }
        var entries = secret.Entries.Keys.ToDictionary(key => key, key => SecretChanges.VaultName(secret.Name, key));
        return await secretChanges.SaveSyncedAsync(new SyncedSecret(secret.Name, entries), cancellationToken);
    }

    /// <summary>What would be stored if all of it were saved: a dataflow may use an endpoint that comes with it.</summary>
    private static StoreListing Afterwards(StoreListing listing, IReadOnlyList<ImportedDocument> documents)
    {
        var all = listing.Resources.ToDictionary(one => (one.Value.Kind, one.Value.Name));
        foreach (var document in documents)
            if (document is { Outcome: ImportOutcome.Imported, Resource: { } resource })
                all[(resource.Kind, resource.Name)] = new StoredResource(resource, "", default, "");
        return listing with { Resources = [.. all.Values] };
    }

    private static ImportItem Compare(ImportedDocument document, Resource resource, StoredResource? stored, StoreListing afterwards)
    {
        var errors = ResourceValidation.Errors(resource, afterwards).Where(error => !document.Findings.Any(known => known.Code == error.Code && known.Path == error.Path))
            .Select(error => error with { Line = error.Line ?? document.Line, Column = error.Column ?? document.Column }).ToList();
        var state = errors.Count > 0 ? ImportState.Refused
            : stored is null ? ImportState.New
            : JsonNode.DeepEquals(ResourceJson.Write(stored.Value), ResourceJson.Write(resource)) ? ImportState.Same
            : ImportState.Differs;
        return new ImportItem(document, state, [.. document.Findings, .. errors]) { Stored = stored };
    }

    private static ImportItem Compare(ImportedDocument document, ConfigMap map, ConfigMap? stored)
    {
        var state = stored is null ? ImportState.New
            : stored.Data.Count == map.Data.Count && map.Data.All(file => stored.Data.GetValueOrDefault(file.Key)?.Trim() == file.Value.Trim()) ? ImportState.Same
            : ImportState.Differs;
        return new ImportItem(document, state, document.Findings) { StoredMap = stored };
    }

    /// <summary>The same document once more changes nothing; another of its name is refused. The importer knows one text, this all of them.</summary>
    private static ImportItem Again(ImportItem item, ImportedDocument first)
    {
        if (first.Resource is { } resource && resource.Equals(item.Document.Resource))
            return item with { State = ImportState.Same };
        var finding = Finding.Error(
            "document-twice", "metadata.name", $"Another {item.Document.Kind} '{item.Document.Name}' stands in another text of this import.", "Remove one of them, or give it another name.");
        return item with { State = ImportState.Refused, Findings = [.. item.Findings, finding with { Line = item.Document.Line, Column = item.Document.Column }] };
    }
}
