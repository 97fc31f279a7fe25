using Portal.Model;
using Portal.Model.Ports;

namespace Portal.Stores.AzureResourceManager;

/// <summary>What was read last, kept right while reading and our own changes overlap.</summary>
internal sealed class ArmMirror
{
    private readonly Lock gate = new();
    private readonly Dictionary<ArmKey, ArmEntry> entries = [];
    private readonly Dictionary<ArmKey, long> touched = [];
    private readonly Dictionary<ArmKey, int> busy = [];
    private readonly HashSet<ArmKey> leaving = [];
    private IReadOnlyList<StoreProblem> problems = [];
    private long epoch;

    public StoreListing Listing()
    {
        lock (gate)
        {
            var ordered = entries.Values.OrderBy(entry => entry.Key.Kind).ThenBy(entry => entry.Key.Name, StringComparer.Ordinal).ToList();
            return new StoreListing(
                [.. ordered.Select(entry => entry.Resource).OfType<StoredResource>()],
                [.. ordered.Select(entry => entry.Problem).OfType<StoreProblem>(), .. problems]);
        }
    }

    public ArmEntry? Find(ArmKey key)
    {
        lock (gate)
            return entries.GetValueOrDefault(key);
    }

    /// <summary>Dataflows of a profile.</summary>
    public IReadOnlyList<string> DataflowsOf(string profile)
    {
        lock (gate)
            return [.. entries.Values.Where(entry => entry.Key.Kind is ResourceKind.Dataflow && entry.Profile == profile).Select(entry => entry.Key.Name).Order(StringComparer.Ordinal)];
    }

    /// <summary>Says that a change of ours begins: what is read of it meanwhile is not news.</summary>
    public void Begin(ArmKey key)
    {
        lock (gate)
            busy[key] = busy.GetValueOrDefault(key) + 1;
    }

    /// <summary>Says that a change of ours has ended.</summary>
    public void End(ArmKey key)
    {
        lock (gate)
        {
            touched[key] = ++epoch;
            if (--busy[key] == 0)
                busy.Remove(key);
        }
    }

    /// <summary>Says that reading begins; what changes from here on is newer than what is read.</summary>
    public long StartReading()
    {
        lock (gate)
            return epoch;
    }

    /// <summary>Takes over what was read; gives the changes that others made.</summary>
    /// <param name="read">Everything that could be read.</param>
    /// <param name="kept">Kinds that could not be read: theirs stay.</param>
    /// <param name="found">Problems that belong to no resource.</param>
    /// <param name="since">What <see cref="StartReading"/> gave.</param>
    public IReadOnlyList<StoreChange> Replace(IReadOnlyList<ArmEntry> read, IReadOnlySet<ResourceKind> kept, IReadOnlyList<StoreProblem> found, long since)
    {
        lock (gate)
        {
            var now = read.ToDictionary(entry => entry.Key);
            var changes = new List<StoreChange>();
            foreach (var key in entries.Keys.Union(now.Keys).ToList())
            {
                if (busy.ContainsKey(key) || touched.GetValueOrDefault(key) > since || kept.Contains(key.Kind))
                    continue;
                if (Set(key, now.GetValueOrDefault(key), outside: true) is { } change)
                    changes.Add(change);
            }
            problems = found;
            return changes;
        }
    }

    /// <summary>Takes over the outcome of a change of ours; null entry = deleted.</summary>
    public StoreChange? Put(ArmKey key, ArmEntry? entry)
    {
        lock (gate)
        {
            touched[key] = ++epoch;
            return Set(key, entry, outside: false);
        }
    }

    /// <summary>Says that a deletion of ours goes on unwatched: that the resource is gone will be no news of others.</summary>
    public void Leave(ArmKey key)
    {
        lock (gate)
            leaving.Add(key);
    }

    /// <summary>Takes over what was read of one resource; null entry = it is gone. Nothing happens while a change of ours goes on or when one ended since.</summary>
    public StoreChange? Observe(ArmKey key, ArmEntry? entry, long since)
    {
        lock (gate)
        {
            if (busy.ContainsKey(key) || touched.GetValueOrDefault(key) > since)
                return null;
            touched[key] = ++epoch;
            return Set(key, entry, outside: true);
        }
    }

    private StoreChange? Set(ArmKey key, ArmEntry? now, bool outside)
    {
        var was = entries.GetValueOrDefault(key);
        // A deletion that has ended otherwise is over.
        if (leaving.Contains(key) && !(now is not null && ArmOperations.IsMoving(now.State)))
            outside &= !(leaving.Remove(key) && now is null);
        if (now is null)
            entries.Remove(key);
        else
            entries[key] = now;
        var isSame = was?.Revision == now?.Revision && was?.Resource?.Status == now?.Resource?.Status && was?.Profile == now?.Profile;
        return isSame ? null : new StoreChange(key.Kind, key.Name, (now ?? was)!.Resource?.Location ?? (now ?? was)!.Problem!.Location, outside, was?.Resource, now?.Resource);
    }
}
