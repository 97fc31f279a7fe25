using System.Collections.Immutable;
using Portal.Model;
using Portal.Model.Dataflows;
using Portal.Model.Documents;
using Portal.Model.Documents.Export;
using Portal.Model.Ports;
using Portal.Model.Validation;

namespace Portal.Drafts;

/// <summary>A dataflow while somebody changes it. Every change gives a new draft; what follows from one is computed once, when asked for.</summary>
public sealed class DataflowDraft : IResourceDraft<DataflowDraft>
{
    /// <summary>Path of the name, as findings write it.</summary>
    public const string NamePath = "metadata.name";

    private static readonly IReadOnlyList<DocumentFormat> Shown = [.. ResourceExport.Formats, DocumentFormat.Json];

    /// <summary>What a new dataflow starts with: one empty topic to fill in.</summary>
    private static readonly Dataflow Blank = new() { Name = "", Source = new DataflowSource(), Destination = new DataflowDestination() };

    private readonly State _state;
    private readonly Lazy<IReadOnlyList<Finding>> _findings;
    private readonly Lazy<IReadOnlyList<FieldChange>> _changes;

    private DataflowDraft(State state)
    {
        _state = state;
        _findings = new(() =>
        [
            .. DataflowValidator.Validate(Current, Surroundings.Endpoints, Surroundings.Profiles).Select(finding => finding with { Path = DataflowParts.PathOf(finding.Path) }),
        ]);
        _changes = new(() => Base is null ? [] : DataflowParts.Compare((Dataflow)Base.Value, Current));
    }

    /// <summary>The dataflow as it would be stored.</summary>
    public Dataflow Current => _state.Current;

    Resource IResourceDraft.Current => Current;

    public StoredResource? Base => _state.Base;

    public bool IsNew => Base is null;

    /// <summary>Endpoints and profiles against which it is checked.</summary>
    public FlowSurroundings Surroundings => _state.Surroundings;

    /// <summary>Every finding, with the path of the form (<see cref="DataflowParts.PathOf"/>).</summary>
    public IReadOnlyList<Finding> Findings => _findings.Value;

    public IEnumerable<Finding> ShownFindings => IsNew && !_state.Attempted ? Findings.Where(IsTouched) : Findings;

    public IReadOnlyList<FieldChange> Changes => _changes.Value;

    public bool HasChanges => IsNew ? Current != Blank : Changes.Count > 0;

    public IReadOnlyList<DocumentFormat> Formats => StoredText.Formats(Shown, Base);

    public static DataflowDraft New(FlowSurroundings surroundings) => new(new State(Blank, surroundings));

    /// <summary>A new dataflow with the settings of another. It does not run before somebody starts it.</summary>
    public static DataflowDraft CopyOf(Dataflow flow, string name, FlowSurroundings surroundings) =>
        new(new State(flow with { Name = name, Mode = Model.Endpoints.OperationalMode.Disabled }, surroundings));

    /// <summary>Nothing changed yet.</summary>
    public static DataflowDraft Of(StoredResource stored, FlowSurroundings surroundings) => new(new State((Dataflow)stored.Value, surroundings) { Base = stored });

    /// <summary>Sets what stands at a path of the form.</summary>
    public DataflowDraft Set(string path, Dataflow changed) => new(_state with { Current = changed, Touched = _state.Touched.Add(path) });

    /// <summary>Puts a part back to what is stored.</summary>
    public DataflowDraft Revert(string path) => Base is { Value: Dataflow stored } && DataflowParts.All.FirstOrDefault(part => part.Path == path) is { } part
        ? Set(path, part.Take(Current, stored))
        : this;

    public bool IsChanged(string path) => Changes.Any(change => change.Path == path);

    /// <summary>The same draft among other endpoints and profiles.</summary>
    public DataflowDraft In(FlowSurroundings surroundings) => new(_state with { Surroundings = surroundings });

    public DataflowDraft Attempt() => new(_state with { Attempted = true });

    public DataflowDraft On(StoredResource? stored) => new(_state with { Base = stored });

    /// <summary>Another dataflow in the same form.</summary>
    public DataflowDraft With(Dataflow current) => new(_state with { Current = current });

    public string FileName(DocumentFormat format) => format is DocumentFormat.Json ? (Current.Name.Length > 0 ? Current.Name : "dataflow") + ".json" : ResourceExport.FileName(Alone(Current), format);

    public DocumentText Document(DocumentFormat format, string apiVersion = DocumentOptions.DefaultApiVersion) => Write(Current, format, apiVersion);

    public DocumentText? BaseDocument(DocumentFormat format, string apiVersion = DocumentOptions.DefaultApiVersion) => Base is null ? null : Write((Dataflow)Base.Value, format, apiVersion);

    // Who changed a list or a rule wants to hear of what is in it.
    private bool IsTouched(Finding finding) => _state.Touched.Any(path => path.Length > 0 && finding.Path.StartsWith(path, StringComparison.Ordinal)
        && (finding.Path.Length == path.Length || finding.Path[path.Length] is '.' or '['));

    private DocumentText Write(Dataflow flow, DocumentFormat format, string apiVersion) => StoredText.Over(Base, flow, format) ?? (format is DocumentFormat.Json
        ? new DocumentText(ResourceJson.Write(flow).ToJsonString(Api.ApiJson.Indented) + "\n", [])
        : ResourceExport.Write(Alone(flow), format, new DocumentOptions { ApiVersion = apiVersion }));

    private static StoredResource[] Alone(Dataflow flow) => [new StoredResource(flow, "", default, "")];

    private sealed record State(Dataflow Current, FlowSurroundings Surroundings)
    {
        public StoredResource? Base { get; init; }
        public ImmutableHashSet<string> Touched { get; init; } = [];
        public bool Attempted { get; init; }
    }
}
