using Microsoft.Extensions.Logging;
using Portal.Model;
using Portal.Model.Documents;
using Portal.Model.Ports;
using Portal.Model.Validation;

namespace Portal.Stores.Files;

/// <summary>Resources as manifests in the data folder, one a file.</summary>
internal sealed class FileResourceStore : IResourceStore
{
    private readonly ManifestFolder manifests;
    private readonly ILogger<FileResourceStore> logger;

    public FileResourceStore(ManifestFolder manifests, ILogger<FileResourceStore> logger)
    {
        (this.manifests, this.logger) = (manifests, logger);
        manifests.Changed += Tell;
    }

    public event Action<StoreChange>? Changed;

    public string Target => $"Folder {manifests.Path}";

    public async Task<StoreListing> ListAsync(CancellationToken cancellationToken = default)
        => (await manifests.LoadAsync(cancellationToken).ConfigureAwait(false)).Listing();

    public async Task<StoredResource?> FindAsync(ResourceKind kind, string name, CancellationToken cancellationToken = default)
        => (await manifests.LoadAsync(cancellationToken).ConfigureAwait(false)).Find(KeyOf(kind, name))?.Resource;

    public async Task<StoreResult> SaveAsync(Resource resource, Precondition precondition, CancellationToken cancellationToken = default)
    {
        // Before anything else: the name becomes a file name.
        if (NameRules.CheckResourceName(resource.Name) is { } finding)
            return new StoreResult.Invalid([finding]);
        return await manifests.ChangeAsync(KeyOf(resource.Kind, resource.Name), FolderOf(resource.Kind), Decide, cancellationToken).ConfigureAwait(false);

        ManifestDecision Decide(ManifestFile? current)
        {
            if (IsConflict(current, precondition))
                return new ManifestDecision.Answer(new StoreResult.Conflict(current?.Resource));
            var text = Manifest.Write(resource, current?.Resource?.Text);
            // The same document in other words (comments, order of blank lines, quotes): the file stays as somebody wrote it.
            return current?.Resource is { } stored && stored.Text == text
                ? new ManifestDecision.Answer(new StoreResult.Saved(stored))
                : new ManifestDecision.Write(text);
        }
    }

    public async Task<StoreResult> DeleteAsync(ResourceKind kind, string name, Precondition precondition, CancellationToken cancellationToken = default)
        => await manifests.ChangeAsync(
            KeyOf(kind, name), FolderOf(kind),
            current => current is null || IsConflict(current, precondition)
                ? new ManifestDecision.Answer(new StoreResult.Conflict(current?.Resource))
                : new ManifestDecision.Delete(),
            cancellationToken).ConfigureAwait(false);

    private void Tell(ManifestChange change)
    {
        if (change.Key is null)
            logger.Raise(Changed, new StoreChange(null, change.Name, change.Location, change.Outside, null, null));
        else if (Enum.TryParse<ResourceKind>(change.Key.Value.Kind, out var kind))
            logger.Raise(Changed, new StoreChange(kind, change.Name, change.Location, change.Outside, change.Before?.Resource, change.After?.Resource));
    }

    private static bool IsConflict(ManifestFile? current, Precondition precondition)
        => precondition.MustBeNew ? current is not null : precondition.Revision is { } revision && revision != current?.Revision;

    private static ManifestKey KeyOf(ResourceKind kind, string name) => new(kind.ToString(), name);

    // The plural of the custom resource: dataflowendpoints, dataflows, dataflowprofiles.
    private static string FolderOf(ResourceKind kind) => kind.ToString().ToLowerInvariant() + "s";
}
