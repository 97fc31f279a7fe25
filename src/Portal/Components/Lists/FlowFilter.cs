using System.Web;
using Portal.Components.Dataflows;
using Portal.Messaging.Flows;

namespace Portal.Components.Lists;

/// <summary>Columns by which the dataflows are sorted; the names stand in the address.</summary>
public enum FlowSort { Name, Route, State, Rate, Received, Delivery }

/// <summary>What the list of dataflows shows and in which order. It is kept in the address, so that a link shows the same.</summary>
public sealed record FlowFilter
{
    public string Search { get; init; } = "";

    /// <summary>Failed or waiting.</summary>
    public bool Trouble { get; init; }

    /// <summary>Healthy, idle or starting.</summary>
    public bool Running { get; init; }

    public bool Stopped { get; init; }

    public FlowSort Sort { get; init; }

    public bool Descending { get; init; }

    /// <summary>True when something is left out.</summary>
    public bool IsOn => Search.Length > 0 || Trouble || Running || Stopped;

    /// <summary>The same order, nothing left out.</summary>
    public FlowFilter Cleared => new() { Sort = Sort, Descending = Descending };

    /// <summary>Sorts by a column; once more turns the order.</summary>
    public FlowFilter SortedBy(FlowSort sort) => this with { Sort = sort, Descending = Sort == sort ? !Descending : sort is FlowSort.Rate or FlowSort.Received or FlowSort.Delivery };

    public static bool IsTrouble(FlowRow row) => FlowWords.IsTrouble(row.Status.State);

    public static bool IsStopped(FlowRow row) => row.Status.State is FlowState.Stopped or FlowState.Stopping;

    public static bool IsRunning(FlowRow row) => !IsTrouble(row) && !IsStopped(row);

    public IReadOnlyList<FlowRow> Apply(IEnumerable<FlowRow> rows)
    {
        var words = Search.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var found = rows.Where(row => Shows(row) && words.All(row.Finds));
        var sorted = Sort switch
        {
            FlowSort.Route => By(found, row => row.Flow.Source?.EndpointRef ?? "", StringComparer.OrdinalIgnoreCase),
            FlowSort.State => By(found, row => row.Status.State, null),
            FlowSort.Rate => By(found, row => row.Status.OutPerSecond, null),
            FlowSort.Received => By(found, row => row.Status.Ledger.Received, null),
            FlowSort.Delivery => By(found, row => row.Status.LastDelivery ?? DateTimeOffset.MinValue, null),
            _ => By(found, row => row.Name, StringComparer.Ordinal),
        };
        return [.. sorted.ThenBy(row => row.Name, StringComparer.Ordinal)];
    }

    /// <summary>The part of an address after the question mark; nothing for what is the default.</summary>
    public string ToQuery()
    {
        var parts = new List<string>();
        if (Search.Length > 0)
            parts.Add("q=" + Uri.EscapeDataString(Search));
        string[] states = [.. new[] { (Trouble, "trouble"), (Running, "running"), (Stopped, "stopped") }.Where(pair => pair.Item1).Select(pair => pair.Item2)];
        if (states.Length > 0)
            parts.Add("state=" + string.Join(',', states));
        if (Sort is not FlowSort.Name)
            parts.Add("sort=" + Sort.ToString().ToLowerInvariant());
        if (Descending)
            parts.Add("order=desc");
        return string.Join('&', parts);
    }

    /// <summary>Reads an address; what it cannot be is left out.</summary>
    public static FlowFilter FromAddress(string address)
    {
        var query = HttpUtility.ParseQueryString(new Uri(address).Query);
        var states = query["state"]?.Split(',') ?? [];
        return new FlowFilter
        {
            Search = query["q"] ?? "",
            Trouble = states.Contains("trouble"),
            Running = states.Contains("running"),
            Stopped = states.Contains("stopped"),
            Sort = Enum.TryParse<FlowSort>(query["sort"], ignoreCase: true, out var sort) && Enum.IsDefined(sort) ? sort : FlowSort.Name,
            Descending = query["order"] == "desc",
        };
    }

    private bool Shows(FlowRow row) => !(Trouble || Running || Stopped) || (Trouble && IsTrouble(row)) || (Running && IsRunning(row)) || (Stopped && IsStopped(row));

    private IOrderedEnumerable<FlowRow> By<T>(IEnumerable<FlowRow> rows, Func<FlowRow, T> key, IComparer<T>? comparer) =>
        Descending ? rows.OrderByDescending(key, comparer) : rows.OrderBy(key, comparer);
}
