using Portal.Changes;
using Portal.Components.Layout;
using Portal.Components.Shared;
using Portal.Drafts;
using Portal.Model.Documents.Import;
using Portal.Model.Endpoints;
using Portal.Model.Validation;
using Portal.Resources;

namespace Portal.Components.Import;

/// <summary>Words, shapes and marks of an import.</summary>
internal static class ImportWords
{
    public static UiState StateOf(ImportRow row) => row switch
    {
        { Problems.Count: > 0 } => UiState.Failed,
        { IsApplied: true } => UiState.Passed,
        { Item.State: ImportState.Refused } => IsListedOnly(row) ? UiState.Skipped : UiState.Failed,
        { Item.State: ImportState.Same } => UiState.Idle,
        { Item.State: ImportState.Differs } => UiState.Differs,
        _ => UiState.Draft,
    };

    public static string WordOf(ImportRow row) => row switch
    {
        { Problems.Count: > 0 } => Text.Import_StateFailed,
        { IsApplied: true } => Text.State_Applied,
        { Item.State: ImportState.Refused } when IsListedOnly(row) => Text.Import_StateListed,
        _ => Word(row.Item.State),
    };

    public static string Word(ImportState state) => Text.Get("Import_State" + state);

    public static string NameOf(ImportRow row) => row.Item.Document.Name.Length > 0 ? row.Item.Document.Name : Text.Import_NoName;

    public static string KindOf(ImportRow row) => row.Item.Document switch
    {
        { Resource: DataflowEndpoint endpoint } when EndpointKind.Of(endpoint) is { } kind => kind.DisplayName,
        { Kind.Length: > 0 } document => document.Kind,
        _ => Text.Import_NoKind,
    };

    /// <summary>A kind that is known but not kept: nothing is wrong with it.</summary>
    public static bool IsListedOnly(ImportRow row) => row.Item.Document.Outcome is ImportOutcome.Listed && row.Item.State is ImportState.Refused;

    public static CodeLanguage LanguageOf(ImportFormat format) => format switch
    {
        ImportFormat.Yaml => CodeLanguage.Yaml,
        ImportFormat.Bicep => CodeLanguage.Bicep,
        _ => CodeLanguage.Json,
    };

    public static string ToneOf(Severity severity) => severity switch { Severity.Error => "err", Severity.Warning => "warn", _ => "info" };

    public static string GlyphOf(Severity severity) => severity switch
    {
        Severity.Error => PortalIcons.StateError,
        Severity.Warning => PortalIcons.StateWarning,
        _ => PortalIcons.StateInfo,
    };

    /// <summary>The marks of one text.</summary>
    public static IReadOnlyDictionary<int, SourceText.Mark> MarksOf(ImportSession session, int text) =>
        session.TextFindings.Where(one => one.Text == text).Select(one => one.Finding)
            .Concat(session.Rows.Where(row => row.Text == text).SelectMany(row => row.Findings))
            .Where(finding => finding.Line is not null).GroupBy(finding => finding.Line!.Value)
            .ToDictionary(line => line.Key, line => new SourceText.Mark(line.Max(finding => finding.Severity), string.Join(" ", line.Select(finding => finding.Message))));
}
