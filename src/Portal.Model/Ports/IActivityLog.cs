namespace Portal.Model.Ports;

/// <summary>What was done.</summary>
public enum ActivityAction { Created, Changed, Deleted, ChangedOutside, Tested, Exported, SecretSet, SecretDeleted, ConfigMapSet, ConfigMapDeleted, Published, Refused, Started, Stopped }

/// <summary>One entry of the activity log.</summary>
/// <param name="At">When.</param>
/// <param name="Who">Who: a user name, <c>operator</c> until sign-in exists, or <c>outside the portal</c>.</param>
/// <param name="Action">What was done.</param>
/// <param name="SubjectKind">Kind of the subject, for example <c>DataflowEndpoint</c>, <c>Secret</c>, <c>ConfigMap</c>.</param>
/// <param name="Subject">Name of the subject.</param>
/// <param name="Summary">One line for people.</param>
/// <param name="Before">The document before, as YAML; null when there was none or it does not apply.</param>
/// <param name="After">The document after.</param>
public sealed record ActivityEntry(
    DateTimeOffset At, string Who, ActivityAction Action, string SubjectKind, string Subject, string Summary, string? Before = null, string? After = null)
{
    /// <summary>Position in the log, set by the log.</summary>
    public long Id { get; init; }
}

/// <summary>Which entries to read, the newest first.</summary>
/// <param name="Subject">Only of this subject.</param>
/// <param name="SubjectKind">Only of this kind of subject.</param>
/// <param name="Before">Only entries with a smaller id, for paging.</param>
/// <param name="Most">At most so many.</param>
public sealed record ActivityQuery(string? Subject = null, string? SubjectKind = null, long? Before = null, int Most = 100);

/// <summary>Keeps who did what and when.</summary>
public interface IActivityLog
{
    Task AppendAsync(ActivityEntry entry, CancellationToken cancellationToken = default);

    Task<IReadOnlyList<ActivityEntry>> ReadAsync(ActivityQuery query, CancellationToken cancellationToken = default);

    /// <summary>Raised after every entry.</summary>
    event Action<ActivityEntry>? Appended;
}
