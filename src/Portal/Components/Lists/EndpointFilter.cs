using System.Web;
using Portal.Model.Endpoints;

namespace Portal.Components.Lists;

/// <summary>Columns by which the endpoints are sorted; the names stand in the address.</summary>
public enum EndpointSort { Name, Host, Authentication, Test, Users, State, Expires, Changed }

/// <summary>What the list of endpoints shows and in which order. It is kept in the address, so that a link shows the same.</summary>
public sealed record EndpointFilter
{
    public string Search { get; init; } = "";

    public bool Failing { get; init; }

    public bool Warnings { get; init; }

    public bool NotTested { get; init; }

    public bool Unused { get; init; }

    /// <summary>Id of a kind, <see cref="OtherKind"/>, or null for any.</summary>
    public string? Kind { get; init; }

    public AuthenticationMethod? Method { get; init; }

    public EndpointSort Sort { get; init; }

    public bool Descending { get; init; }

    /// <summary>Stands for the types that the portal does not edit.</summary>
    public const string OtherKind = "other";

    /// <summary>True when something is left out.</summary>
    public bool IsOn => Search.Length > 0 || Failing || Warnings || NotTested || Unused || Kind is not null || Method is not null;

    /// <summary>The same order, nothing left out.</summary>
    public EndpointFilter Cleared => new() { Sort = Sort, Descending = Descending };

    /// <summary>Sorts by a column; once more turns the order.</summary>
    public EndpointFilter SortedBy(EndpointSort sort) => this with { Sort = sort, Descending = Sort == sort ? !Descending : sort is EndpointSort.Test or EndpointSort.Users or EndpointSort.Changed };

    public IReadOnlyList<EndpointRow> Apply(IEnumerable<EndpointRow> rows)
    {
        var words = Search.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var found = rows.Where(row => Shows(row) && words.All(row.Finds));
        IOrderedEnumerable<EndpointRow> sorted = Sort switch
        {
            EndpointSort.Host => By(found, row => row.Host, StringComparer.OrdinalIgnoreCase),
            EndpointSort.Authentication => By(found, row => row.Authentication, StringComparer.OrdinalIgnoreCase),
            EndpointSort.Test => By(found, row => (row.Verdict, row.Report?.Started), null),
            EndpointSort.Users => By(found, row => row.Users.Count, null),
            EndpointSort.State => By(found, row => row.DraftChanges ?? -1, null),
            EndpointSort.Expires => By(found, row => row.Expires ?? DateTimeOffset.MaxValue, null),
            EndpointSort.Changed => By(found, row => row.Stored.Modified, null),
            _ => By(found, row => row.Name, StringComparer.Ordinal),
        };
        return [.. sorted.ThenBy(row => row.Name, StringComparer.Ordinal)];
    }

    private bool Shows(EndpointRow row) =>
        (!(Failing || Warnings || NotTested) || row.Verdict switch
        {
            LastVerdict.Failed => Failing,
            LastVerdict.Warning => Warnings,
            LastVerdict.NotTested => NotTested,
            _ => false,
        })
        && (!Unused || row.Users.Count == 0)
        && (Kind is null || Kind == (row.Kind?.Id ?? OtherKind))
        && (Method is null || row.Method == Method);

    private IOrderedEnumerable<EndpointRow> By<T>(IEnumerable<EndpointRow> rows, Func<EndpointRow, T> key, IComparer<T>? comparer) =>
        Descending ? rows.OrderByDescending(key, comparer) : rows.OrderBy(key, comparer);

    /// <summary>The part of an address after the question mark; nothing for what is the default.</summary>
    public string ToQuery()
    {
        var parts = new List<string>();
        if (Search.Length > 0)
            parts.Add("q=" + Uri.EscapeDataString(Search));
        string[] verdicts = [.. new[] { (Failing, "failed"), (Warnings, "warning"), (NotTested, "untested") }.Where(pair => pair.Item1).Select(pair => pair.Item2)];
        if (verdicts.Length > 0)
            parts.Add("test=" + string.Join(',', verdicts));
        if (Unused)
            parts.Add("unused=1");
        if (Kind is not null)
            parts.Add("kind=" + Kind);
        if (Method is { } method)
            parts.Add("auth=" + method);
        if (Sort is not EndpointSort.Name)
            parts.Add("sort=" + Sort.ToString().ToLowerInvariant());
        if (Descending)
            parts.Add("order=desc");
        return string.Join('&', parts);
    }

    /// <summary>Reads an address; what it cannot be is left out.</summary>
    public static EndpointFilter FromAddress(string address)
    {
        var query = HttpUtility.ParseQueryString(new Uri(address).Query);
        var verdicts = query["test"]?.Split(',') ?? [];
        var kind = query["kind"];
        return new EndpointFilter
        {
            Search = query["q"] ?? "",
            Failing = verdicts.Contains("failed"),
            Warnings = verdicts.Contains("warning"),
            NotTested = verdicts.Contains("untested"),
            Unused = query["unused"] == "1",
            Kind = kind == OtherKind ? kind : EndpointKind.Find(kind)?.Id,
            Method = Enum.TryParse<AuthenticationMethod>(query["auth"], ignoreCase: true, out var method) && Enum.IsDefined(method) ? method : null,
            Sort = Enum.TryParse<EndpointSort>(query["sort"], ignoreCase: true, out var sort) && Enum.IsDefined(sort) ? sort : EndpointSort.Name,
            Descending = query["order"] == "desc",
        };
    }
}
