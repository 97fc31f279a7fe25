using Portal.Components.Editing;
using Portal.Drafts;
using Portal.Model.Endpoints;
using Portal.Model.Fields;
using Portal.Model.Validation;
using Portal.Resources;

namespace Portal.Components.Endpoints;

/// <summary>The tabs of an endpoint's page; the key is the word in the address.</summary>
internal static class EndpointTabs
{
    public const string Basic = "basic", Advanced = "advanced", Code = "code", Test = "test", Traffic = "traffic", UsedBy = "used-by", History = "history";

    private static readonly string[] OfNew = [Basic, Advanced, Code, Test, Traffic];
    private static readonly string[] OfStored = [.. OfNew, UsedBy, History];
    private static readonly string[] OfReadOnly = [Code, UsedBy, History];

    /// <summary>The tab that an address names, else the first one there is.</summary>
    public static string Choose(string? asked, EndpointEditor editor) => KeysOf(editor) is var keys && keys.Contains(asked) ? asked! : keys[0];

    public static IReadOnlyList<TabBar.Tab> Of(EndpointEditor editor) => [.. KeysOf(editor).Select(key => TabOf(key, editor))];

    /// <summary>Tab that shows the member at a path.</summary>
    public static string OfPath(string path) => FieldTabOf(path) is FieldTab.Advanced ? Advanced : Basic;

    public static string TitleOfPath(string path) => TitleOf(OfPath(path));

    private static string[] KeysOf(EndpointEditor editor) => editor.State is EditorState.ReadOnly ? OfReadOnly : editor.Draft.IsNew ? OfNew : OfStored;

    private static TabBar.Tab TabOf(string key, EndpointEditor editor)
    {
        if (key == UsedBy)
            return new TabBar.Tab(key, TitleOf(key), editor.Users.Count);
        if (key is not (Basic or Advanced))
            return new TabBar.Tab(key, TitleOf(key));
        var errors = editor.Problems.Count(finding => finding.Severity is Severity.Error && OfPath(finding.Path) == key);
        if (errors > 0)
            return new TabBar.Tab(key, TitleOf(key), errors, "err", (errors == 1 ? Text.Problem_OneError : Text.Problem_Errors).With(errors));
        var changes = editor.Draft.Changes.Count(change => OfPath(change.Path) == key);
        return new TabBar.Tab(key, TitleOf(key), changes, "info", (changes == 1 ? Text.Endpoint_OneChange : Text.Endpoint_Changes).With(changes));
    }

    public static string TitleOf(string key) => Text.Get("Tab_" + key.Replace('-', '_'));

    private static FieldTab FieldTabOf(string path) =>
        Enum.GetValues<Wire>().Select(wire => EndpointFields.Find(wire, path)).FirstOrDefault(field => field is not null)?.Tab ?? FieldTab.Basic;
}
