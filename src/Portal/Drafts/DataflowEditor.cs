using Portal.Changes;
using Portal.Model;
using Portal.Model.Dataflows;
using Portal.Model.Documents;
using Portal.Model.Ports;
using Portal.Model.Validation;

namespace Portal.Drafts;

/// <summary>One page's work on a dataflow: its draft among the endpoints and profiles that are stored.</summary>
public sealed class DataflowEditor(IResourceStore store, ResourceChanges changes, DraftStore drafts)
    : ResourceEditor<DataflowDraft>(ResourceKind.Dataflow, DataflowDraft.New(FlowSurroundings.None), store, changes, drafts)
{
    private FlowSurroundings _surroundings = FlowSurroundings.None;

    /// <summary>The source endpoint; null when none is chosen or nothing of the name is stored.</summary>
    public Model.Endpoints.DataflowEndpoint? Source => Draft.Surroundings.Find(Draft.Current.Source?.EndpointRef);

    public Model.Endpoints.DataflowEndpoint? Destination => Draft.Surroundings.Find(Draft.Current.Destination?.EndpointRef);

    /// <summary>Opens a new dataflow, or the draft of one; <paramref name="copyOf"/> names the dataflow whose settings it starts with.</summary>
    public async Task OpenNewAsync(string owner, string? copyOf, CancellationToken cancellationToken = default)
    {
        _surroundings = FlowSurroundings.Of(await Store.ListAsync(cancellationToken));
        await OpenNewAsync(
            owner, "dataflow", copyOf,
            source => source is Dataflow flow ? DataflowDraft.CopyOf(flow, SuggestName(copyOf!), _surroundings) : DataflowDraft.New(_surroundings),
            cancellationToken);
    }

    /// <summary>Sets what stands at a path of the form.</summary>
    public void Set(string path, Func<Dataflow, Dataflow> change) => Change(Draft.Set(path, change(Draft.Current)));

    public void Revert(string path) => Change(Draft.Revert(path));

    /// <summary>Takes an earlier version into the form, to be reviewed and applied.</summary>
    public void PutBack(Dataflow flow) => Change(Draft.With(flow with { Name = Draft.Current.Name }));

    public override MergeResult<Dataflow>? Merge() => Outside?.Theirs?.Value is Dataflow theirs
        ? DataflowParts.Merge((Dataflow?)Draft.Base?.Value, Draft.Current, theirs)
        : null;

    public override void TakeMerge(IReadOnlySet<string> theirPaths)
    {
        if (Merge() is not { } merge || Outside?.Theirs is not { Value: Dataflow theirs } stored)
            return;
        var merged = DataflowParts.All.Where(part => theirPaths.Contains(part.Path)).Aggregate(merge.Merged, (flow, part) => part.Take(flow, theirs));
        Take(Draft.On(stored).With(merged));
    }

    protected override DataflowDraft DraftOf(StoredResource stored) => DataflowDraft.Of(stored, _surroundings);

    protected override DataflowDraft Empty() => DataflowDraft.New(_surroundings);

    protected override async Task LoadMoreAsync(CancellationToken cancellationToken)
    {
        _surroundings = FlowSurroundings.Of(await Store.ListAsync(cancellationToken));
        Refit(Draft.In(_surroundings));
    }

    protected override string PlaceOf(string path) => DataflowParts.PathOf(path);

    protected override Finding Taken(string name) =>
        Finding.Error("name-taken", DataflowDraft.NamePath, $"There is a dataflow named {name} already.", "Write another name, or open that dataflow and change it.");
}
