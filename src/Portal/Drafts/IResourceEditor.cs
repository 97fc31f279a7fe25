using Portal.Model.Dataflows;
using Portal.Model.Documents;
using Portal.Model.Ports;
using Portal.Model.Validation;

namespace Portal.Drafts;

/// <summary>What there is under a name.</summary>
public enum EditorState
{
    Loading,

    /// <summary>Nothing is stored under the name.</summary>
    Missing,

    /// <summary>What is stored cannot be read; see <see cref="IResourceEditor.Broken"/>.</summary>
    Broken,

    /// <summary>A type that the portal shows and keeps but does not edit; see <see cref="IResourceEditor.ReadOnly"/>.</summary>
    ReadOnly,

    Editing,
}

/// <summary>That what is stored is no longer what the draft began with.</summary>
/// <param name="Theirs">What is stored now; null = it was deleted.</param>
public sealed record OutsideChange(StoredResource? Theirs);

/// <summary>What <see cref="IResourceEditor.ApplyAsync"/> replaced, so that it can be put back.</summary>
/// <param name="Before">What was stored; null = nothing was.</param>
/// <param name="After">What is stored now.</param>
public sealed record AppliedChange(StoredResource? Before, StoredResource After);

/// <summary>The work of a page that edits one resource, as dialogs and panes see it.</summary>
public interface IResourceEditor : IDisposable
{
    /// <summary>Raised on any thread when stored things changed; the page calls <see cref="RefreshAsync"/> then.</summary>
    event Action? Stale;

    /// <summary>Raised on any thread while a change of this resource goes on.</summary>
    event Action<ChangeProgress>? Progressed;

    EditorState State { get; }

    /// <summary>The draft.</summary>
    IResourceDraft Work { get; }

    /// <summary>When the draft was last kept; null when there is nothing to keep.</summary>
    DateTimeOffset? SavedAt { get; }

    OutsideChange? Outside { get; }

    StoreProblem? Broken { get; }

    StoredResource? ReadOnly { get; }

    /// <summary>Path of the field that has the focus; null = none.</summary>
    string? Focused { get; set; }

    /// <summary>What the store is, for people.</summary>
    string Target { get; }

    /// <summary>Whether a plan is the server's own word.</summary>
    bool HasDryRun { get; }

    /// <summary>Dataflows that a change reaches.</summary>
    IReadOnlyList<Dataflow> Users { get; }

    /// <summary>Everything to say of the draft, errors and advice, in the order of the form.</summary>
    IReadOnlyList<Finding> Problems { get; }

    /// <summary>What keeps the draft from being applied, in the order of the form.</summary>
    IEnumerable<Finding> Errors { get; }

    /// <summary>Whether there is something to apply: a change, or what the service did not get done.</summary>
    bool CanApply => Work.IsNew || Work.HasChanges || Work.Base?.Status is { Health: ResourceHealth.Error, Provisioning: "Failed" };

    /// <summary>The last change that was applied here.</summary>
    AppliedChange? Applied { get; }

    /// <summary>Takes in what changed in the stores.</summary>
    Task RefreshAsync(CancellationToken cancellationToken = default);

    /// <summary>Shows what is missing too.</summary>
    void Attempt();

    /// <summary>Forgets the draft: back to what is stored, or to an empty form.</summary>
    Task DiscardAsync(CancellationToken cancellationToken = default);

    /// <summary>What the server itself says that applying would do; null where it has no dry run. Nothing is stored.</summary>
    /// <param name="takeOver">Whether fields that other managers own would be taken over.</param>
    Task<StoreResult?> PlanAsync(bool takeOver = false, CancellationToken cancellationToken = default);

    /// <summary>Saves the draft at the revision that it began with. The draft is kept unless that worked.</summary>
    /// <param name="takeOver">Whether fields that other managers own are taken over.</param>
    /// <param name="cancellationToken">Ends the waiting; what the service has taken it goes on with.</param>
    Task<StoreResult> ApplyAsync(bool takeOver = false, CancellationToken cancellationToken = default);

    /// <summary>Takes the draft's changes of fields back; false when the form has not all of them.</summary>
    bool GiveUp(IReadOnlyList<string> paths);

    /// <summary>Puts back what a change replaced, unless somebody changed it since.</summary>
    Task<StoreResult> UndoAsync(AppliedChange applied, CancellationToken cancellationToken = default);

    /// <summary>Deletes what is stored, if it is still what this page shows.</summary>
    Task<StoreResult> DeleteAsync(CancellationToken cancellationToken = default);

    /// <summary>My draft as it is, on top of what is stored now; the next Apply replaces theirs.</summary>
    void KeepMine();

    /// <summary>What both sides did, brought together; null when there is nothing to merge with.</summary>
    MergeResult? Merge();

    /// <summary>Goes on with both sides' changes; where both changed a member, theirs is taken for the paths given.</summary>
    void TakeMerge(IReadOnlySet<string> theirPaths);
}
