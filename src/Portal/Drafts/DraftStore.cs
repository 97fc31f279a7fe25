using Portal.Model;

namespace Portal.Drafts;

/// <summary>Whose draft of which resource.</summary>
/// <param name="Owner">The browser, by the id that it keeps.</param>
/// <param name="Kind">Kind of the resource.</param>
/// <param name="Name">Name of the resource, or <c>new/</c> and what it starts with.</param>
public sealed record DraftKey(string Owner, ResourceKind Kind, string Name)
{
    public static DraftKey OfNew(string owner, ResourceKind kind, string key, string? copyOf) => new(owner, kind, copyOf is null ? $"new/{key}" : $"new/{key}/{copyOf}");
}

/// <summary>A draft and when it was last changed.</summary>
public sealed record SavedDraft(DraftKey Key, IResourceDraft Draft, DateTimeOffset At);

/// <summary>
/// Keeps drafts while the portal runs, so that a reload or a lost connection loses nothing. No secret value is ever in one.
/// </summary>
public sealed class DraftStore(TimeProvider clock)
{
    /// <summary>Drafts kept in all and for one owner; the oldest go first.</summary>
    public const int Most = 1000, MostOfOwner = 50;

    private readonly Lock _lock = new();
    private readonly Dictionary<DraftKey, SavedDraft> _drafts = [];

    /// <summary>Raised with the owner after every change. Handlers return at once.</summary>
    public event Action<string>? Changed;

    public SavedDraft? Find(DraftKey key)
    {
        lock (_lock)
            return _drafts.GetValueOrDefault(key);
    }

    /// <summary>All drafts of one owner, the newest first.</summary>
    public IReadOnlyList<SavedDraft> Of(string owner)
    {
        lock (_lock)
            return [.. _drafts.Values.Where(saved => saved.Key.Owner == owner).OrderByDescending(saved => saved.At)];
    }

    public SavedDraft Save(DraftKey key, IResourceDraft draft)
    {
        var saved = new SavedDraft(key, draft, clock.GetUtcNow());
        lock (_lock)
        {
            var isNew = !_drafts.ContainsKey(key);
            _drafts[key] = saved;
            if (isNew)
                Bound(key.Owner);
        }
        Changed?.Invoke(key.Owner);
        return saved;
    }

    public void Drop(DraftKey key)
    {
        bool dropped;
        lock (_lock)
            dropped = _drafts.Remove(key);
        if (dropped)
            Changed?.Invoke(key.Owner);
    }

    private void Bound(string owner)
    {
        Keep(_drafts.Values.Where(saved => saved.Key.Owner == owner), MostOfOwner);
        Keep(_drafts.Values, Most);
    }

    private void Keep(IEnumerable<SavedDraft> drafts, int most)
    {
        foreach (var old in drafts.OrderByDescending(saved => saved.At).Skip(most).ToList())
            _drafts.Remove(old.Key);
    }
}
