using Portal.Model.Ports;

namespace Portal.Tests.Fakes;

/// <summary>An activity log in memory.</summary>
public sealed class FakeActivityLog : IActivityLog
{
    public List<ActivityEntry> Entries { get; } = [];

    public event Action<ActivityEntry>? Appended;

    public Task AppendAsync(ActivityEntry entry, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var kept = entry with { Id = Entries.Count + 1 };
        Entries.Add(kept);
        Appended?.Invoke(kept);
        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<ActivityEntry>> ReadAsync(ActivityQuery query, CancellationToken cancellationToken = default) =>
        Task.FromResult<IReadOnlyList<ActivityEntry>>(
        [
            .. Entries.Where(entry => (query.Subject is null || entry.Subject == query.Subject) && (query.SubjectKind is null || entry.SubjectKind == query.SubjectKind)
                && (query.Before is null || entry.Id < query.Before)).Reverse().Take(query.Most),
        ]);
}
