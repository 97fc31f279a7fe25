using Portal.Components.Editing;
using Portal.Drafts;
using Portal.Model.Validation;
using Portal.Resources;

namespace Portal.Components.Dataflows;

/// <summary>The tabs of the page that edits a dataflow; the key is the word in the address.</summary>
internal static class FlowTabs
{
    public const string Form = "form", Try = "try", Code = "code", History = "history";

    private static readonly string[] OfNew = [Form, Try, Code];
    private static readonly string[] OfStored = [.. OfNew, History];

    /// <summary>The tab that an address names, else the first one there is.</summary>
    public static string Choose(string? asked, DataflowEditor editor) => KeysOf(editor) is var keys && keys.Contains(asked) ? asked! : keys[0];

    public static IReadOnlyList<TabBar.Tab> Of(DataflowEditor editor) => [.. KeysOf(editor).Select(key => TabOf(key, editor))];

    public static string TitleOf(string key) => Text.Get("Tab_" + key);

    private static string[] KeysOf(DataflowEditor editor) => editor.Draft.IsNew ? OfNew : OfStored;

    private static TabBar.Tab TabOf(string key, DataflowEditor editor)
    {
        if (key != Form)
            return new TabBar.Tab(key, TitleOf(key));
        var errors = editor.Problems.Count(finding => finding.Severity is Severity.Error);
        if (errors > 0)
            return new TabBar.Tab(key, TitleOf(key), errors, "err", (errors == 1 ? Text.Problem_OneError : Text.Problem_Errors).With(errors));
        var changes = editor.Draft.Changes.Count;
        return new TabBar.Tab(key, TitleOf(key), changes, "info", (changes == 1 ? Text.Endpoint_OneChange : Text.Endpoint_Changes).With(changes));
    }
}
