using Portal.Changes;
using Portal.Model;
using Portal.Model.Dataflows;
using Portal.Model.Documents;
using Portal.Model.Ports;
using Portal.Model.Validation;

namespace Portal.Drafts;

/// <summary>One page's work on one resource, without rendering: loads, keeps the draft, applies, and notices changes by others.</summary>
/// <typeparam name="TDraft">The draft of the kind.</typeparam>
public abstract partial class ResourceEditor<TDraft> : IResourceEditor
    where TDraft : class, IResourceDraft<TDraft>
{
    private readonly ResourceKind _kind;
    private readonly DraftStore _drafts;
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private DraftKey _key = new("", ResourceKind.DataflowEndpoint, "");
    private IReadOnlyList<Finding>? _problems;
    private Refusal _refusal = Refusal.None;
    private bool _busy;

    protected ResourceEditor(ResourceKind kind, TDraft empty, IResourceStore store, ResourceChanges changes, DraftStore drafts)
    {
        (_kind, Draft, Store, Changes, _drafts) = (kind, empty, store, changes, drafts);
        Store.Changed += StoreChanged;
        Store.Progressed += StoreProgressed;
    }

    public event Action? Stale;

    public event Action<ChangeProgress>? Progressed;

    public EditorState State { get; private set; }

    public TDraft Draft { get; private set; }

    public IResourceDraft Work => Draft;

    public DateTimeOffset? SavedAt { get; private set; }

    public virtual IReadOnlyList<Dataflow> Users => [];

    public OutsideChange? Outside { get; private set; }

    public StoreProblem? Broken { get; private set; }

    public StoredResource? ReadOnly { get; private set; }

    public string? Focused { get; set; }

    public string Target => Store.Target;

    public bool HasDryRun => Store.HasDryRun;

    public IReadOnlyList<Finding> Problems => _problems ??= [.. NameTaken().Concat(Draft.ShownFindings).Concat(_refusal.Findings).Concat(Advice())];

    public IEnumerable<Finding> Errors => NameTaken().Concat(Draft.Findings).Where(finding => finding.Severity is Severity.Error);

    public AppliedChange? Applied { get; private set; }

    /// <summary>Name under which the resource is stored; empty for a new one.</summary>
    protected string Name { get; private set; } = "";

    protected IResourceStore Store { get; }

    protected ResourceChanges Changes { get; }

    /// <summary>Opens what is stored under a name, or the owner's draft of it.</summary>
    public async Task OpenAsync(string owner, string name, CancellationToken cancellationToken = default)
    {
        (_key, Name) = (new DraftKey(owner, _kind, name), name);
        var stored = await Store.FindAsync(_kind, name, cancellationToken);
        if (_drafts.Find(_key) is { } saved)
            Begin(saved);
        else if (stored is not null)
            Begin(stored);
        await RefreshAsync(cancellationToken);
    }

    public async Task RefreshAsync(CancellationToken cancellationToken = default)
    {
        if (_busy)
            return;
        await LoadNamesAsync(cancellationToken);
        await LoadMoreAsync(cancellationToken);
        if (Name.Length > 0)
            await CompareAsync(cancellationToken);
        _problems = null;
    }

    public void Attempt() => Change(Draft.Attempt());

    public async Task DiscardAsync(CancellationToken cancellationToken = default)
    {
        _drafts.Drop(_key);
        (SavedAt, Outside, _problems, _refusal) = (null, null, null, Refusal.None);
        Draft = Empty();
        if (Name.Length == 0)
            return;
        State = EditorState.Loading;
        if (await Store.FindAsync(_kind, Name, cancellationToken) is { } stored)
            Begin(stored);
        await RefreshAsync(cancellationToken);
    }

    public virtual bool GiveUp(IReadOnlyList<string> paths) => false;

    public void KeepMine()
    {
        if (Outside is null)
            return;
        var theirs = Outside.Theirs;
        Outside = null;
        Change(Draft.On(theirs));
    }

    public abstract MergeResult? Merge();

    public abstract void TakeMerge(IReadOnlySet<string> theirPaths);

    public virtual void Dispose()
    {
        Store.Changed -= StoreChanged;
        Store.Progressed -= StoreProgressed;
        GC.SuppressFinalize(this);
    }

    /// <summary>Opens a new resource, or the owner's draft of one.</summary>
    /// <param name="owner">The browser.</param>
    /// <param name="key">What tells this new resource from other new ones of the kind, for example the endpoint kind.</param>
    /// <param name="copyOf">Name of the resource that it starts with; null = none.</param>
    /// <param name="begin">Makes the draft from that resource when there is no draft yet.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    protected async Task OpenNewAsync(string owner, string key, string? copyOf, Func<Resource?, TDraft> begin, CancellationToken cancellationToken)
    {
        (_key, Name) = (DraftKey.OfNew(owner, _kind, key, copyOf), "");
        await LoadNamesAsync(cancellationToken);
        var source = copyOf is null ? null : await Store.FindAsync(_kind, copyOf, cancellationToken);
        if (_drafts.Find(_key) is { } saved)
            Begin(saved);
        else
            Draft = begin(source?.Value);
        State = EditorState.Editing;
        await RefreshAsync(cancellationToken);
    }

    /// <summary>A name for a copy that nothing has yet.</summary>
    protected string SuggestName(string name)
    {
        var candidates = Enumerable.Range(1, int.MaxValue).Select(number => number == 1 ? $"{name}-copy" : $"{name}-copy-{number}");
        return candidates.Select(candidate => candidate.Length <= 63 ? candidate : candidate[^63..].TrimStart('-')).First(candidate => !_names.Contains(candidate));
    }

    /// <summary>The draft of a stored resource, nothing changed yet.</summary>
    protected abstract TDraft DraftOf(StoredResource stored);

    /// <summary>An empty form like the one at hand.</summary>
    protected abstract TDraft Empty();

    /// <summary>Whether the portal shows and keeps the resource but does not edit it.</summary>
    protected virtual bool IsReadOnly(Resource resource) => false;

    /// <summary>Loads what the form needs beside the resource.</summary>
    protected virtual Task LoadMoreAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>What is to be said beyond the draft's own findings.</summary>
    protected virtual IEnumerable<Finding> Advice() => [];

    /// <summary>Whether a change of another resource matters to the page.</summary>
    protected virtual bool IsAffectedBy(StoreChange change) => change.Kind != _kind || change.Name == Name || Draft.IsNew;

    protected abstract Finding Taken(string name);

    /// <summary>Path of a finding as the form writes it.</summary>
    protected virtual string PlaceOf(string path) => path;

    protected void Change(TDraft draft)
    {
        Draft = draft;
        _refusal = _refusal.After(draft.Current);
        _problems = null;
        if (draft.HasChanges)
        {
            SavedAt = _drafts.Save(_key, draft).At;
            return;
        }
        _drafts.Drop(_key);
        SavedAt = null;
    }

    /// <summary>Goes on with a draft that brings both sides' changes together.</summary>
    protected void Take(TDraft merged)
    {
        Outside = null;
        Change(merged);
    }

    /// <summary>The same draft, checked against what is there now. Nobody changed it.</summary>
    protected void Refit(TDraft draft) => Draft = draft;
    protected void TellStale() => Stale?.Invoke();

    private void Begin(SavedDraft saved) => (State, Draft, SavedAt) = (EditorState.Editing, (TDraft)saved.Draft, saved.At);

    private void Begin(StoredResource stored)
    {
        (SavedAt, Outside) = (null, null);
        if (IsReadOnly(stored.Value))
            (State, ReadOnly) = (EditorState.ReadOnly, stored);
        else
            (State, Draft) = (EditorState.Editing, DraftOf(stored));
    }

    private async Task CompareAsync(CancellationToken cancellationToken)
    {
        var stored = await Store.FindAsync(_kind, Name, cancellationToken);
        if (State is EditorState.Editing && Draft.HasChanges)
        {
            if (stored is null || !GoOnWith(stored))
                Outside = stored?.Revision == Draft.Base?.Revision ? null : new OutsideChange(stored);
            return;
        }
        if (stored is not null)
        {
            if (State is not EditorState.Editing || stored.Revision != Draft.Base?.Revision)
                Begin(stored);
            return;
        }
        var listing = await Store.ListAsync(cancellationToken);
        Broken = listing.Problems.FirstOrDefault(problem => problem.Name == Name);
        State = Broken is null ? EditorState.Missing : EditorState.Broken;
    }

    private async Task LoadNamesAsync(CancellationToken cancellationToken)
    {
        if (!Draft.IsNew && State is EditorState.Editing)
            return;
        var listing = await Store.ListAsync(cancellationToken);
        _names.Clear();
        _names.UnionWith(listing.Of(_kind).Select(stored => stored.Value.Name));
        _names.UnionWith(listing.Problems.Select(problem => problem.Name).OfType<string>());
    }

    private IEnumerable<Finding> NameTaken() => Draft.IsNew && _names.Contains(Draft.Current.Name) ? [Taken(Draft.Current.Name)] : [];

    private void StoreChanged(StoreChange change)
    {
        if (IsAffectedBy(change))
            TellStale();
    }
}
