using System.Web;
using Portal.Model.Ports;

namespace Portal.Components.Activity;

/// <summary>Which entries the page shows; kept in its address.</summary>
public sealed record ActivityFilter(string Search = "", string? Kind = null, ActivityAction? Action = null)
{
    /// <summary>Kinds of subject that the log names.</summary>
    public static IReadOnlyList<string> Kinds { get; } = ["DataflowEndpoint", "Dataflow", "DataflowProfile", "Secret", "SyncedSecret", "ConfigMap", "File"];

    public bool IsOn => Search.Length > 0 || Kind is not null || Action is not null;

    public bool Shows(ActivityEntry entry) =>
        (Kind is null || entry.SubjectKind == Kind)
        && (Action is null || entry.Action == Action)
        && Search.Split(' ', StringSplitOptions.RemoveEmptyEntries).All(word =>
            entry.Subject.Contains(word, StringComparison.OrdinalIgnoreCase) || entry.Summary.Contains(word, StringComparison.OrdinalIgnoreCase) || entry.Who.Contains(word, StringComparison.OrdinalIgnoreCase));

    public string ToQuery()
    {
        var parts = new List<string>();
        if (Search.Length > 0)
            parts.Add("q=" + Uri.EscapeDataString(Search));
        if (Kind is not null)
            parts.Add("kind=" + Kind);
        if (Action is { } action)
            parts.Add("action=" + action);
        return string.Join('&', parts);
    }

    public static ActivityFilter FromAddress(string address)
    {
        var query = HttpUtility.ParseQueryString(new Uri(address).Query);
        return new ActivityFilter(
            query["q"] ?? "", Kinds.FirstOrDefault(kind => kind == query["kind"]),
            Enum.TryParse<ActivityAction>(query["action"], ignoreCase: true, out var action) && Enum.IsDefined(action) ? action : null);
    }
}
