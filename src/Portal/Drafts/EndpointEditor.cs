using Portal.Changes;
using Portal.Model;
using Portal.Model.Dataflows;
using Portal.Model.Endpoints;
using Portal.Model.Fields;
using Portal.Model.Ports;
using Portal.Model.Validation;

namespace Portal.Drafts;

/// <summary>What there is under a name.</summary>
public enum EditorState
{
    Loading,

    /// <summary>Nothing is stored under the name.</summary>
    Missing,

    /// <summary>What is stored cannot be read; see <see cref="EndpointEditor.Broken"/>.</summary>
    Broken,

    /// <summary>A type that the portal shows and keeps but does not edit; see <see cref="EndpointEditor.ReadOnly"/>.</summary>
    ReadOnly,

    Editing,
}

/// <summary>That what is stored is no longer what the draft began with.</summary>
/// <param name="Theirs">What is stored now; null = it was deleted.</param>
public sealed record OutsideChange(StoredResource? Theirs);

/// <summary>One endpoint page's work, without rendering: loads, keeps the draft, applies, and notices changes by others.</summary>
public sealed partial class EndpointEditor : IDisposable
{
    private readonly IResourceStore _store;
    private readonly ISecretStore _secrets;
    private readonly IConfigMapStore _configMaps;
    private readonly ResourceChanges _changes;
    private readonly DraftStore _drafts;
    private readonly TimeProvider _clock;
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private DraftKey _key = new("", "");
    private string _name = "";
    private IReadOnlyList<Finding>? _problems;
    private bool _busy;

    public EndpointEditor(IResourceStore store, ISecretStore secrets, IConfigMapStore configMaps, ResourceChanges changes, DraftStore drafts, TimeProvider clock)
    {
        (_store, _secrets, _configMaps, _changes, _drafts, _clock) = (store, secrets, configMaps, changes, drafts, clock);
        _store.Changed += StoreChanged;
        _secrets.Changed += SomethingChanged;
        _configMaps.Changed += SomethingChanged;
    }

    /// <summary>Raised on any thread when stored things changed; the page calls <see cref="RefreshAsync"/> then.</summary>
    public event Action? Stale;

    public EditorState State { get; private set; }

    public EndpointDraft Draft { get; private set; } = EndpointDraft.New(EndpointKind.CustomMqtt);

    /// <summary>When the draft was last kept; null when there is nothing to keep.</summary>
    public DateTimeOffset? SavedAt { get; private set; }

    public References References { get; private set; } = References.None;

    /// <summary>Dataflows that use the endpoint.</summary>
    public IReadOnlyList<Dataflow> Users { get; private set; } = [];

    public OutsideChange? Outside { get; private set; }

    public StoreProblem? Broken { get; private set; }

    public StoredResource? ReadOnly { get; private set; }

    /// <summary>Path of the field that has the focus; null = none.</summary>
    public string? Focused { get; set; }

    /// <summary>What the store is, for people.</summary>
    public string Target => _store.Target;

    /// <summary>Everything to say of the draft, errors and advice, in the order of the form.</summary>
    public IReadOnlyList<Finding> Problems => _problems ??= [.. FindProblems()];

    /// <summary>What keeps the draft from being applied, in the order of the form.</summary>
    public IEnumerable<Finding> Errors => NameTaken().Concat(Draft.Findings).Where(finding => finding.Severity is Severity.Error);

    public async Task OpenAsync(string owner, string name, CancellationToken cancellationToken = default)
    {
        (_key, _name) = (new DraftKey(owner, name), name);
        var stored = await _store.FindAsync(ResourceKind.DataflowEndpoint, name, cancellationToken);
        var saved = _drafts.Find(_key);
        if (saved is not null)
            Begin(saved);
        else if (stored is not null)
            Begin(stored);
        await RefreshAsync(cancellationToken);
    }

    /// <summary>Opens a new endpoint, or the draft of one; <paramref name="copyOf"/> names the endpoint whose settings it starts with.</summary>
    public async Task OpenNewAsync(string owner, EndpointKind kind, string? copyOf, CancellationToken cancellationToken = default)
    {
        (_key, _name) = (DraftKey.OfNew(owner, kind.Id, copyOf), "");
        await LoadNamesAsync(cancellationToken);
        var source = copyOf is null ? null : await _store.FindAsync(ResourceKind.DataflowEndpoint, copyOf, cancellationToken);
        if (_drafts.Find(_key) is { } saved)
            Begin(saved);
        else
            Draft = source?.Value is DataflowEndpoint { IsReadOnly: false } endpoint ? EndpointDraft.CopyOf(endpoint, kind, SuggestName(copyOf!)) : EndpointDraft.New(kind);
        State = EditorState.Editing;
        await RefreshAsync(cancellationToken);
    }

    /// <summary>Takes in what changed in the stores.</summary>
    public async Task RefreshAsync(CancellationToken cancellationToken = default)
    {
        if (_busy)
            return;
        await LoadNamesAsync(cancellationToken);
        References = await References.LoadAsync(_secrets, _configMaps, cancellationToken);
        if (_name.Length > 0)
        {
            Users = await _changes.UsersOfAsync(_name, cancellationToken);
            await CompareAsync(cancellationToken);
        }
        _problems = null;
    }

    public void SetName(string? name) => Change(Draft.SetName(name));

    public void Set(EndpointField field, string? text) => Change(Draft.Set(field, text));

    public void Clear(EndpointField field) => Change(Draft.Clear(field));

    public void Revert(EndpointField field) => Change(Draft.Revert(field));

    /// <summary>Shows what is missing too.</summary>
    public void Attempt() => Change(Draft.Attempt());

    /// <summary>Forgets the draft: back to what is stored, or to an empty form.</summary>
    public async Task DiscardAsync(CancellationToken cancellationToken = default)
    {
        _drafts.Drop(_key);
        (SavedAt, Outside, _problems) = (null, null, null);
        Draft = EndpointDraft.New(Draft.Kind);
        if (_name.Length == 0)
            return;
        State = EditorState.Loading;
        if (await _store.FindAsync(ResourceKind.DataflowEndpoint, _name, cancellationToken) is { } stored)
            Begin(stored);
        await RefreshAsync(cancellationToken);
    }

    public void Dispose()
    {
        _store.Changed -= StoreChanged;
        _secrets.Changed -= SomethingChanged;
        _configMaps.Changed -= SomethingChanged;
    }

    private void Begin(SavedDraft saved) => (State, Draft, SavedAt) = (EditorState.Editing, saved.Draft, saved.At);

    private void Begin(StoredResource stored)
    {
        (SavedAt, Outside) = (null, null);
        if (((DataflowEndpoint)stored.Value).IsReadOnly)
            (State, ReadOnly) = (EditorState.ReadOnly, stored);
        else
            (State, Draft) = (EditorState.Editing, EndpointDraft.Of(stored));
    }

    private void Change(EndpointDraft draft)
    {
        Draft = draft;
        _problems = null;
        if (draft.HasChanges)
        {
            SavedAt = _drafts.Save(_key, draft).At;
            return;
        }
        _drafts.Drop(_key);
        SavedAt = null;
    }

    private async Task CompareAsync(CancellationToken cancellationToken)
    {
        var stored = await _store.FindAsync(ResourceKind.DataflowEndpoint, _name, cancellationToken);
        if (State is EditorState.Editing && Draft.HasChanges)
        {
            Outside = stored?.Revision == Draft.Base?.Revision ? null : new OutsideChange(stored);
            return;
        }
        if (stored is not null)
        {
            if (State is not EditorState.Editing || stored.Revision != Draft.Base?.Revision)
                Begin(stored);
            return;
        }
        var listing = await _store.ListAsync(cancellationToken);
        Broken = listing.Problems.FirstOrDefault(problem => problem.Name == _name);
        State = Broken is null ? EditorState.Missing : EditorState.Broken;
    }

    private async Task LoadNamesAsync(CancellationToken cancellationToken)
    {
        if (!Draft.IsNew && State is EditorState.Editing)
            return;
        var listing = await _store.ListAsync(cancellationToken);
        _names.Clear();
        _names.UnionWith(listing.Of(ResourceKind.DataflowEndpoint).Select(stored => stored.Value.Name));
        _names.UnionWith(listing.Problems.Select(problem => problem.Name).OfType<string>());
    }

    private string SuggestName(string name)
    {
        var candidates = Enumerable.Range(1, int.MaxValue).Select(number => number == 1 ? $"{name}-copy" : $"{name}-copy-{number}");
        return candidates.Select(candidate => candidate.Length <= 63 ? candidate : candidate[^63..].TrimStart('-')).First(candidate => !_names.Contains(candidate));
    }

    private IEnumerable<Finding> FindProblems() =>
        NameTaken().Concat(Draft.ShownFindings).Concat(ReferenceAdvice.Of(Draft.Current, References, _clock.GetUtcNow()));

    private IEnumerable<Finding> NameTaken() => Draft.IsNew && _names.Contains(Draft.Current.Name)
        ? [Finding.Error("name-taken", EndpointDraft.NamePath, $"There is an endpoint named {Draft.Current.Name} already.", "Write another name, or open that endpoint and change it.")]
        : [];

    private void StoreChanged(StoreChange change)
    {
        if (change.Kind is not ResourceKind.DataflowEndpoint || change.Name == _name || Draft.IsNew)
            Stale?.Invoke();
    }

    private void SomethingChanged() => Stale?.Invoke();
}
