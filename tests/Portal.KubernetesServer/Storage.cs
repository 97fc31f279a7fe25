using System.Text.Json.Nodes;
using System.Threading.Channels;

namespace Portal.KubernetesServer;

/// <summary>One write: what stands there since <see cref="Revision"/> (null = deleted), and what stood there before.</summary>
internal sealed record Change(long Revision, string Key, JsonObject? Now, JsonObject? Before);

/// <summary>Everything that is kept, with its history: one counter for all kinds.</summary>
internal sealed class Storage
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, JsonObject> objects = new(StringComparer.Ordinal);
    private readonly List<Change> history = [];
    private readonly List<Channel<Change>> watchers = [];
    private long revision = 100;

    /// <summary>Versions up to this one are forgotten.</summary>
    public long Oldest { get; private set; }

    public long Revision
    {
        get
        {
            lock (gate)
                return revision;
        }
    }

    public static string Prefix(ResourceType type) => $"{(type.Group == "events.k8s.io" ? "" : type.Group)}/{type.Plural}/";

    public static string Key(ResourceType type, string? @namespace, string name) => $"{Prefix(type)}{@namespace}/{name}";

    public JsonObject? Find(string key)
    {
        lock (gate)
            return objects.GetValueOrDefault(key)?.Clone();
    }

    /// <summary>Everything below a prefix in the order of keys, as it is or as it was.</summary>
    public (IReadOnlyList<KeyValuePair<string, JsonObject>> Items, long Revision) List(string prefix, long? at = null)
    {
        lock (gate)
        {
            var then = objects;
            if (at < revision)
            {
                then = new(StringComparer.Ordinal);
                foreach (var change in history.TakeWhile(change => change.Revision <= at))
                {
                    if (change.Now is null)
                        then.Remove(change.Key);
                    else
                        then[change.Key] = change.Now;
                }
            }
            return ([.. then.Where(item => item.Key.StartsWith(prefix, StringComparison.Ordinal)).OrderBy(item => item.Key, StringComparer.Ordinal)
                .Select(item => KeyValuePair.Create(item.Key, item.Value.Clone()))], at < revision ? at.Value : revision);
        }
    }

    /// <summary>Writes or deletes (null) when what stands there is still of the version that the writer saw; null = it is not.</summary>
    public JsonObject? Write(string key, string? seen, JsonObject? now)
    {
        lock (gate)
        {
            var before = objects.GetValueOrDefault(key);
            if (before?["metadata"].At("resourceVersion") != seen)
                return null;
            revision++;
            var stored = (now ?? before!).Clone();
            stored["metadata"]!["resourceVersion"] = revision.ToString(System.Globalization.CultureInfo.InvariantCulture);
            if (now is null)
                objects.Remove(key);
            else
                objects[key] = stored;
            var change = new Change(revision, key, now is null ? null : stored, before ?? null);
            history.Add(change);
            foreach (var watcher in watchers)
                watcher.Writer.TryWrite(change);
            return stored.Clone();
        }
    }

    /// <summary>What happened after a version, and what happens from now on.</summary>
    public (IReadOnlyList<Change> Past, Channel<Change> Future) Watch(long since)
    {
        lock (gate)
        {
            var channel = Channel.CreateUnbounded<Change>();
            watchers.Add(channel);
            return ([.. history.Where(change => change.Revision > since)], channel);
        }
    }

    public void Unwatch(Channel<Change> channel)
    {
        lock (gate)
            watchers.Remove(channel);
    }

    /// <summary>Forgets the history up to now, as the server does every five minutes.</summary>
    public void Compact()
    {
        lock (gate)
            Oldest = ++revision;
    }
}
