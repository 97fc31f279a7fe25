using Portal.Model.Ports;

namespace Portal.Components.Activity;

/// <summary>Reads the log page by page through a filter that the log itself does not know.</summary>
internal sealed class ActivityPages(IActivityLog log)
{
    /// <summary>Entries a page.</summary>
    public const int PageSize = 50;

    private const int ReadAtOnce = 200;

    /// <summary>Entries looked at for one page, so that a rare word in a long log does not hold the page up; "Load more" goes on from there.</summary>
    private const int MostLookedAt = 5000;

    /// <summary>Entries that fit and are older than <paramref name="before"/>, with where to go on; null = that was all.</summary>
    public async Task<(IReadOnlyList<ActivityEntry> Entries, long? Next)> ReadAsync(ActivityFilter filter, long? before, CancellationToken cancellationToken = default)
    {
        var found = new List<ActivityEntry>();
        for (var looked = 0; looked < MostLookedAt;)
        {
            var read = await log.ReadAsync(new ActivityQuery(SubjectKind: filter.Kind, Before: before, Most: ReadAtOnce), cancellationToken);
            foreach (var entry in read)
            {
                looked++;
                before = entry.Id;
                if (!filter.Shows(entry))
                    continue;
                found.Add(entry);
                if (found.Count == PageSize)
                    return (found, before);
            }
            if (read.Count < ReadAtOnce)
                return (found, null);
        }
        return (found, before);
    }
}
