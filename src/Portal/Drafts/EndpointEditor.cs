using Portal.Changes;
using Portal.Model;
using Portal.Model.Dataflows;
using Portal.Model.Documents;
using Portal.Model.Endpoints;
using Portal.Model.Fields;
using Portal.Model.Ports;
using Portal.Model.Validation;

namespace Portal.Drafts;

/// <summary>One endpoint page's work: the draft of an endpoint, what it refers to and who uses it.</summary>
public sealed class EndpointEditor : ResourceEditor<EndpointDraft>
{
    private readonly ISecretStore _secrets;
    private readonly IConfigMapStore _configMaps;
    private readonly TimeProvider _clock;
    private IReadOnlyList<Dataflow> _users = [];

    public EndpointEditor(IResourceStore store, ISecretStore secrets, IConfigMapStore configMaps, ResourceChanges changes, DraftStore drafts, TimeProvider clock)
        : base(ResourceKind.DataflowEndpoint, EndpointDraft.New(EndpointKind.CustomMqtt), store, changes, drafts)
    {
        (_secrets, _configMaps, _clock) = (secrets, configMaps, clock);
        _secrets.Changed += TellStale;
        _configMaps.Changed += TellStale;
    }

    public References References { get; private set; } = References.None;

    public override IReadOnlyList<Dataflow> Users => _users;

    /// <summary>Opens a new endpoint, or the draft of one; <paramref name="copyOf"/> names the endpoint whose settings it starts with.</summary>
    public Task OpenNewAsync(string owner, EndpointKind kind, string? copyOf, CancellationToken cancellationToken = default) =>
        OpenNewAsync(
            owner, kind.Id, copyOf,
            source => source is DataflowEndpoint { IsReadOnly: false } endpoint ? EndpointDraft.CopyOf(endpoint, kind, SuggestName(copyOf!)) : EndpointDraft.New(kind),
            cancellationToken);

    public void SetName(string? name) => Change(Draft.SetName(name));

    public void Set(EndpointField field, string? text) => Change(Draft.Set(field, text));

    public void Clear(EndpointField field) => Change(Draft.Clear(field));

    public void Revert(EndpointField field) => Change(Draft.Revert(field));

    public override bool GiveUp(IReadOnlyList<string> paths)
    {
        var fields = paths.Select(path => EndpointFields.For(Draft.Current).FirstOrDefault(field => field.FullPath == path)).OfType<EndpointField>().ToList();
        foreach (var field in fields)
            Revert(field);
        return fields.Count == paths.Count;
    }

    public override MergeResult<DataflowEndpoint>? Merge() => Outside?.Theirs?.Value is DataflowEndpoint theirs
        ? FieldMerge.Merge((DataflowEndpoint?)Draft.Base?.Value, Draft.Current, theirs)
        : null;

    public override void TakeMerge(IReadOnlySet<string> theirPaths)
    {
        if (Merge() is not { } merge || Outside?.Theirs is not { } stored)
            return;
        var theirs = (DataflowEndpoint)stored.Value;
        var merged = merge.Conflicts.Where(conflict => theirPaths.Contains(conflict.Path)).Aggregate(merge.Merged, (endpoint, conflict) => TakeTheirs(endpoint, theirs, conflict.Path));
        Take(Draft.On(stored).With(merged));
    }

    /// <summary>Takes an earlier version into the form, to be reviewed and applied.</summary>
    public void PutBack(DataflowEndpoint endpoint) => Change(Draft.With(endpoint with { Name = Draft.Current.Name }));

    public override void Dispose()
    {
        _secrets.Changed -= TellStale;
        _configMaps.Changed -= TellStale;
        base.Dispose();
    }

    protected override EndpointDraft DraftOf(StoredResource stored) => EndpointDraft.Of(stored).UsedBy(_users);

    protected override EndpointDraft Empty() => EndpointDraft.New(Draft.Kind);

    protected override bool IsReadOnly(Resource resource) => ((DataflowEndpoint)resource).IsReadOnly;

    protected override async Task LoadMoreAsync(CancellationToken cancellationToken)
    {
        References = await References.LoadAsync(_secrets, _configMaps, cancellationToken);
        if (Name.Length > 0)
            _users = await Changes.UsersOfAsync(Name, cancellationToken);
        Refit(Draft.UsedBy(_users));
    }

    protected override IEnumerable<Finding> Advice() => ReferenceAdvice.Of(Draft.Current, References, _clock.GetUtcNow());

    protected override Finding Taken(string name) =>
        Finding.Error("name-taken", EndpointDraft.NamePath, $"There is an endpoint named {name} already.", "Write another name, or open that endpoint and change it.");

    private static DataflowEndpoint TakeTheirs(DataflowEndpoint endpoint, DataflowEndpoint theirs, string path)
    {
        if (path == "metadata.namespace")
            return endpoint with { Namespace = theirs.Namespace };
        if (path == "spec.hostType")
            return endpoint with { HostType = theirs.HostType };
        if (path.EndsWith(".authentication.method", StringComparison.Ordinal))
            return endpoint with { Settings = endpoint.Settings! with { Authentication = theirs.Settings!.Authentication } };
        return EndpointFields.Find(endpoint.Settings!.Wire, path) is { } field ? field.SetJson(endpoint, field.GetJson(theirs)).Endpoint : endpoint;
    }
}
