using System.Collections.Immutable;
using Portal.Model;
using Portal.Model.Dataflows;
using Portal.Model.Documents;
using Portal.Model.Endpoints;
using Portal.Model.Fields;
using Portal.Model.Ports;
using Portal.Model.Validation;

namespace Portal.Drafts;

/// <summary>An endpoint while somebody changes it. Every change gives a new draft; what follows from one is computed once, when asked for.</summary>
public sealed class EndpointDraft : IResourceDraft<EndpointDraft>
{
    /// <summary>Path of the name, as findings write it.</summary>
    public const string NamePath = "metadata.name";

    /// <summary>Findings that say no more than "not filled in yet".</summary>
    private static readonly ImmutableHashSet<string> Missing = ["required", "name-missing", "host-missing", "method-missing"];

    private static readonly IReadOnlyList<DocumentFormat> Shown = [DocumentFormat.Yaml, DocumentFormat.Bicep, DocumentFormat.Arm, DocumentFormat.Az];

    private readonly State _state;
    private readonly Lazy<IReadOnlyList<Finding>> _findings;
    private readonly Lazy<IReadOnlyList<FieldChange>> _changes;
    private readonly ImmutableDictionary<DocumentFormat, Lazy<DocumentText>> _documents;

    private EndpointDraft(State state)
    {
        _state = state;
        _findings = new(() => [.. Check()]);
        _changes = new(() => Base is null ? [] : FieldDiff.Compute((DataflowEndpoint)Base.Value, Current));
        _documents = Enum.GetValues<DocumentFormat>().ToImmutableDictionary(
            format => format,
            format => new Lazy<DocumentText>(() => Write(Current, format, DocumentOptions.DefaultApiVersion)));
    }

    public EndpointKind Kind => _state.Kind;

    /// <summary>The endpoint as it would be stored.</summary>
    public DataflowEndpoint Current => _state.Current;

    Resource IResourceDraft.Current => Current;

    public IReadOnlyList<DocumentFormat> Formats => StoredText.Formats(Shown, Base);

    /// <summary>What was stored when the draft began, with its revision; null for a new endpoint.</summary>
    public StoredResource? Base => _state.Base;

    public bool IsNew => Base is null;

    /// <summary>Every finding: of what was typed but is no value, then of the endpoint in the order of the form.</summary>
    public IReadOnlyList<Finding> Findings => _findings.Value;

    /// <summary>The findings to show: what was not filled in yet is no problem before somebody tried to apply.</summary>
    public IEnumerable<Finding> ShownFindings => IsNew && !_state.Attempted
        ? Findings.Where(finding => !Missing.Contains(finding.Code) || _state.Touched.Contains(finding.Path))
        : Findings;

    public bool HasErrors => Findings.Any(finding => finding.Severity is Severity.Error);

    /// <summary>Members that differ from what is stored; none for a new endpoint.</summary>
    public IReadOnlyList<FieldChange> Changes => _changes.Value;

    /// <summary>True when leaving would lose something.</summary>
    public bool HasChanges => _state.Typed.Keys.Any(IsNoValue) || (IsNew ? !Current.Equals(Kind.New()) : Changes.Count > 0);

    public static EndpointDraft New(EndpointKind kind) => new(new State(kind, kind.New()));

    /// <summary>A new endpoint with the settings of another.</summary>
    public static EndpointDraft CopyOf(DataflowEndpoint endpoint, EndpointKind kind, string name) =>
        new(new State(kind, endpoint with { Name = name }));

    /// <summary>Nothing changed yet. The endpoint must be of an editable type.</summary>
    public static EndpointDraft Of(StoredResource stored)
    {
        var endpoint = (DataflowEndpoint)stored.Value;
        return new(new State(EndpointKind.Of(endpoint)!, endpoint) { Base = stored });
    }

    /// <summary>Text to show for a field: as it was typed, else the wire text; null when not set.</summary>
    public string? TextOf(EndpointField field) => _state.Typed.GetValueOrDefault(field.FullPath) ?? field.GetText(Current);

    /// <summary>Wire text of a field in what is stored.</summary>
    public string? BaseTextOf(EndpointField field) => Base is null ? null : field.GetText((DataflowEndpoint)Base.Value);

    public bool IsChanged(string path) => Changes.Any(change => change.Path == path) || (!IsNew && IsNoValue(path));

    public EndpointDraft SetName(string? name) => new(_state with { Current = Current with { Name = name?.Trim() ?? "" }, Touched = _state.Touched.Add(NamePath) });

    /// <summary>Sets a field from what was typed. Text that is no value is kept as text, with its problem.</summary>
    public EndpointDraft Set(EndpointField field, string? text)
    {
        var left = Current.Settings?.Authentication is { } now ? _state.Left.SetItem(now.Method, now) : _state.Left;
        var result = field.SetText(Current, text);
        var endpoint = Restore(result.Endpoint, left);
        var same = string.IsNullOrEmpty(text) || (result.Problem is null && field.GetText(endpoint) == text);
        return new(_state with
        {
            Current = endpoint,
            Left = left,
            Typed = same ? _state.Typed.Remove(field.FullPath) : _state.Typed.SetItem(field.FullPath, text!),
            Touched = _state.Touched.Add(field.FullPath),
        });
    }

    /// <summary>Unsets a field: the service default applies.</summary>
    public EndpointDraft Clear(EndpointField field) => Set(field, null);

    /// <summary>Puts a field back to what is stored.</summary>
    public EndpointDraft Revert(EndpointField field) => Set(field, BaseTextOf(field));

    /// <summary>The same draft, with the dataflows that name the endpoint and need something of it.</summary>
    public EndpointDraft UsedBy(IReadOnlyList<Dataflow> users) => new(_state with { Users = users });

    /// <summary>Somebody tried to apply: what is missing is a problem from now on.</summary>
    public EndpointDraft Attempt() => new(_state with { Attempted = true });

    /// <summary>The same work on top of what is stored now; null when nothing is.</summary>
    public EndpointDraft On(StoredResource? stored) => new(_state with { Base = stored });

    /// <summary>Another endpoint in the same form.</summary>
    public EndpointDraft With(DataflowEndpoint current) => new(_state with { Current = current, Typed = ImmutableDictionary<string, string>.Empty });

    public string FileName(DocumentFormat format) => EndpointDocuments.FileName(Current, format);

    public DocumentText Document(DocumentFormat format, string apiVersion = DocumentOptions.DefaultApiVersion) =>
        apiVersion == DocumentOptions.DefaultApiVersion ? _documents[format].Value : Write(Current, format, apiVersion);

    /// <summary>The same document of what is stored; null for a new endpoint.</summary>
    public DocumentText? BaseDocument(DocumentFormat format, string apiVersion = DocumentOptions.DefaultApiVersion) =>
        Base is null ? null : Write((DataflowEndpoint)Base.Value, format, apiVersion);

    private DocumentText Write(DataflowEndpoint endpoint, DocumentFormat format, string apiVersion) =>
        StoredText.Over(Base, endpoint, format) ?? EndpointDocuments.Write(endpoint, format, new DocumentOptions { Kind = Kind, ApiVersion = apiVersion });

    private IEnumerable<Finding> Check()
    {
        var typed = _state.Typed.Select(pair => ProblemOf(pair.Key, pair.Value)).OfType<Finding>().ToList();
        var found = EndpointValidator.Validate(Current, Kind, _state.Users).ToList();
        // Once stored, the host tells the kind: what that kind refuses would keep it from being stored. No host tells nothing yet.
        if (Current.Settings?.Host is not null && EndpointKind.Of(Current) is { } told && told != Kind)
            found.AddRange(EndpointValidator.Validate(Current, told).Where(finding => !found.Exists(other => other.Code == finding.Code && other.Path == finding.Path)));
        return typed.Concat(found.Where(finding => !typed.Exists(other => other.Path == finding.Path)));
    }

    private bool IsNoValue(string path) => _state.Typed.TryGetValue(path, out var text) && ProblemOf(path, text) is not null;

    private Finding? ProblemOf(string path, string text) =>
        EndpointFields.Find(Kind.Wire, path) is { } field && field.AppliesTo(Current) ? field.SetText(Current, text).Problem : null;

    // The settings of a method come back when the method does.
    private DataflowEndpoint Restore(DataflowEndpoint endpoint, ImmutableDictionary<AuthenticationMethod, Authentication> left)
    {
        if (endpoint.Settings?.Authentication is not { } chosen || chosen.Method == Current.Settings?.Authentication?.Method)
            return endpoint;
        var stored = (Base?.Value as DataflowEndpoint)?.Settings?.Authentication;
        var known = left.GetValueOrDefault(chosen.Method) ?? (stored?.Method == chosen.Method ? stored : PresetOf(chosen.Method));
        return known is null ? endpoint : endpoint with { Settings = endpoint.Settings with { Authentication = known } };
    }

    private Authentication? PresetOf(AuthenticationMethod method) =>
        Kind.Preset.Authentication is { } preset && preset.Method == method ? preset : null;

    private sealed record State(EndpointKind Kind, DataflowEndpoint Current)
    {
        public StoredResource? Base { get; init; }
        public ImmutableDictionary<string, string> Typed { get; init; } = ImmutableDictionary<string, string>.Empty;
        public ImmutableHashSet<string> Touched { get; init; } = [];
        public ImmutableDictionary<AuthenticationMethod, Authentication> Left { get; init; } = ImmutableDictionary<AuthenticationMethod, Authentication>.Empty;
        public bool Attempted { get; init; }
        public IReadOnlyList<Dataflow> Users { get; init; } = [];
    }
}
