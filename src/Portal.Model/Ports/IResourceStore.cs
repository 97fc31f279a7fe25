namespace Portal.Model.Ports;

/// <summary>A resource as a store holds it.</summary>
/// <param name="Value">The resource.</param>
/// <param name="Revision">Opaque revision; it changes with every change of what is stored.</param>
/// <param name="Modified">When it was last written.</param>
/// <param name="Location">Where it stands, for people: a file name below the folder, a Kubernetes path, a resource id.</param>
public sealed record StoredResource(Resource Value, string Revision, DateTimeOffset Modified, string Location)
{
    /// <summary>The document as it stands there, with its comments; null when the store keeps no text of its own.</summary>
    public string? Text { get; init; }

    /// <summary>What the service says of the resource; null where nothing runs it, as in a folder.</summary>
    public ResourceStatus? Status { get; init; }

    /// <summary>The document as people see it: <see cref="Text"/>, else as the portal writes it.</summary>
    public string Document => Text ?? Documents.Manifest.Write(Value);

    /// <summary>The document as YAML, also where it is kept as JSON.</summary>
    public string Yaml => Text is { } text && !Documents.Manifest.IsJson(text) ? text : Documents.Manifest.Write(Value);
}

/// <summary>Something in the store that cannot be read as a resource. It is shown, never overwritten or hidden.</summary>
/// <param name="Location">Where it stands.</param>
/// <param name="Name">Name of the resource it is believed to be; null when nothing tells.</param>
/// <param name="Finding">What is wrong, with line and column.</param>
public sealed record StoreProblem(string Location, string? Name, Validation.Finding Finding);

/// <summary>Everything in a store at one moment.</summary>
public sealed record StoreListing(IReadOnlyList<StoredResource> Resources, IReadOnlyList<StoreProblem> Problems)
{
    public IEnumerable<StoredResource> Of(ResourceKind kind) => Resources.Where(resource => resource.Value.Kind == kind);
}

/// <summary>What must be true of the stored resource for a change to be made.</summary>
/// <param name="Revision">Revision that must be the current one; null with <see cref="MustBeNew"/> false = no condition.</param>
/// <param name="MustBeNew">True when nothing of that name may exist.</param>
public readonly record struct Precondition(string? Revision, bool MustBeNew)
{
    /// <summary>True when fields that another manager owns are to be taken over (server-side apply with force).</summary>
    public bool TakeOver { get; init; }

    /// <summary>No condition.</summary>
    public static Precondition None => default;

    /// <summary>Nothing of that name may exist.</summary>
    public static Precondition New => new(null, true);

    /// <summary>The revision must be the current one.</summary>
    public static Precondition At(string revision) => new(revision, false);
}

/// <summary>A field that another manager set.</summary>
/// <param name="Path">Path of the field, for example <c>spec.mqttSettings.qos</c>.</param>
/// <param name="Manager">Who set it, for example <c>kubectl-client-side-apply</c>.</param>
public sealed record FieldOwner(string Path, string Manager);

/// <summary>The outcome of a change. Closed: the nested records are all there are.</summary>
public abstract record StoreResult
{
    private StoreResult()
    {
    }

    /// <summary>Done. <paramref name="Stored"/> is what is stored now; null after a deletion.</summary>
    public sealed record Saved(StoredResource? Stored) : StoreResult;

    /// <summary>The precondition is not met. <paramref name="Current"/> is what is stored; null when nothing is.</summary>
    public sealed record Conflict(StoredResource? Current) : StoreResult;

    /// <summary>Fields of the document belong to other managers; nothing was changed. The same change with <see cref="Precondition.TakeOver"/> makes them ours.</summary>
    public sealed record Owned(IReadOnlyList<FieldOwner> Fields) : StoreResult;

    /// <summary>The store refuses: rights, a read-only folder, a file that is not ours to overwrite.</summary>
    public sealed record Denied(string Message, string Fix) : StoreResult;

    /// <summary>The document is not valid.</summary>
    public sealed record Invalid(IReadOnlyList<Validation.Finding> Findings) : StoreResult;

    /// <summary>The store cannot be reached or has no room; the same change may work later.</summary>
    public sealed record Unavailable(string Message, string Fix) : StoreResult;
}

/// <summary>One change in the store. <see cref="Outside"/> tells that the portal did not make it.</summary>
public sealed record StoreChange(ResourceKind? Kind, string? Name, string Location, bool Outside, StoredResource? Before, StoredResource? After);

/// <summary>Keeps resources: a folder, a cluster, an Azure instance.</summary>
public interface IResourceStore
{
    /// <summary>What the store is, for people, for example <c>Folder data/manifests</c>.</summary>
    string Target { get; }

    /// <summary>Whether the store can be reached and written to, and what to do when not.</summary>
    TargetState State => TargetState.Ready;

    /// <summary>Whether <see cref="PlanAsync"/> is the server's own word; else it is what the portal would send.</summary>
    bool HasDryRun => true;

    /// <summary>Everything that is stored, with what cannot be read. Cheap: it is kept up to date in memory.</summary>
    Task<StoreListing> ListAsync(CancellationToken cancellationToken = default);

    /// <summary>One resource; null when there is none.</summary>
    Task<StoredResource?> FindAsync(ResourceKind kind, string name, CancellationToken cancellationToken = default);

    /// <summary>Creates or replaces a resource. Nothing is written when the same is stored already.</summary>
    /// <exception cref="ChangeGoesOnException">The waiting was ended after the service had taken the change.</exception>
    Task<StoreResult> SaveAsync(Resource resource, Precondition precondition, CancellationToken cancellationToken = default);

    /// <summary>
    /// What <see cref="SaveAsync"/> would answer, told by the server itself without storing anything (dry run): defaults filled in,
    /// members pruned, owners of fields. Null where the store has no dry run; what is saved is then what was given.
    /// </summary>
    Task<StoreResult?> PlanAsync(Resource resource, Precondition precondition, CancellationToken cancellationToken = default) => Task.FromResult<StoreResult?>(null);

    /// <summary>Removes a resource. Removing what is not there is <see cref="StoreResult.Conflict"/> with no current resource.</summary>
    /// <exception cref="ChangeGoesOnException">The waiting was ended after the service had taken the deletion.</exception>
    Task<StoreResult> DeleteAsync(ResourceKind kind, string name, Precondition precondition, CancellationToken cancellationToken = default);

    /// <summary>Raised after every change, ours and others'. Handlers return at once.</summary>
    event Action<StoreChange>? Changed;

    /// <summary>Raised after every change of <see cref="State"/>. Handlers return at once.</summary>
    event Action? StateChanged { add { } remove { } }

    /// <summary>Raised while a change goes on that takes its time, from any thread. Handlers return at once.</summary>
    event Action<ChangeProgress>? Progressed { add { } remove { } }
}
