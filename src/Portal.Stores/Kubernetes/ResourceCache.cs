using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Extensions.Logging;
using Portal.Model;
using Portal.Model.Ports;

namespace Portal.Stores.Kubernetes;

/// <summary>What the cluster holds, as far as it is known here; tells every change once.</summary>
internal sealed class ResourceCache(ILogger logger)
{
    private readonly Lock gate = new();
    private readonly Dictionary<(ResourceKind Kind, string Name), LiveResource> resources = [];
    private readonly Dictionary<(ResourceKind Kind, string Name), string?> deleted = [];
    private readonly ConcurrentDictionary<(ResourceKind Kind, string Name), SemaphoreSlim> turns = new();

    public event Action<StoreChange>? Changed;

    public LiveResource? Find(ResourceKind kind, string name)
    {
        lock (gate)
            return resources.GetValueOrDefault((kind, name));
    }

    public StoreListing Listing()
    {
        lock (gate)
            return new StoreListing(
                [.. resources.OrderBy(item => item.Key.Kind).ThenBy(item => item.Key.Name, StringComparer.Ordinal).Select(item => item.Value.Stored).OfType<StoredResource>()],
                [.. resources.OrderBy(item => item.Key.Kind).ThenBy(item => item.Key.Name, StringComparer.Ordinal).Select(item => item.Value.Problem).OfType<StoreProblem>()]);
    }

    /// <summary>One at a time for each resource: news of a change of ours must not come before its answer.</summary>
    public async Task<IDisposable> TurnAsync(ResourceKind kind, string name, CancellationToken cancellationToken)
    {
        var turn = turns.GetOrAdd((kind, name), _ => new SemaphoreSlim(1));
        await turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        return new Turn(turn);
    }

    /// <summary>Takes over what the cluster now has. What is older than what is known is left.</summary>
    public void Put(ResourceKind kind, LiveResource now, bool isOurs)
    {
        LiveResource? before;
        lock (gate)
        {
            var key = (kind, now.Name);
            // Late news of what we have deleted since.
            if (!isOurs && deleted.TryGetValue(key, out var uid) && uid == now.Uid)
                return;
            before = resources.GetValueOrDefault(key);
            if (before is not null && before.Uid == now.Uid && Order(now.Version) <= Order(before.Version))
                return;
            resources[key] = now;
            if (isOurs)
                deleted.Remove(key);
        }
        Tell(kind, before, now, !isOurs);
    }

    /// <summary>Forgets a resource that is gone.</summary>
    public void Remove(ResourceKind kind, string name, string? uid, bool isOurs)
    {
        LiveResource? before;
        lock (gate)
        {
            var key = (kind, name);
            before = resources.GetValueOrDefault(key);
            if (before is not null && before.Uid == uid)
                resources.Remove(key);
            else
                before = null;
            if (isOurs)
                deleted[key] = uid;
            else if (deleted.GetValueOrDefault(key) == uid && deleted.Remove(key))
                isOurs = true;
        }
        Tell(kind, before, null, !isOurs);
    }

    /// <summary>A deletion of ours that finalizers hold back: its end will be ours too.</summary>
    public void Expect(ResourceKind kind, string name, string? uid)
    {
        lock (gate)
            deleted[(kind, name)] = uid;
    }

    /// <summary>Takes over a whole list: what is not in it is gone.</summary>
    public void Replace(ResourceKind kind, IReadOnlyList<LiveResource> listed)
    {
        var names = listed.Select(item => item.Name).ToHashSet(StringComparer.Ordinal);
        List<LiveResource> gone;
        lock (gate)
            gone = [.. resources.Where(item => item.Key.Kind == kind && !names.Contains(item.Key.Name)).Select(item => item.Value)];
        foreach (var item in gone)
            Remove(kind, item.Name, item.Uid, isOurs: false);
        foreach (var item in listed)
            Put(kind, item, isOurs: false);
    }

    private void Tell(ResourceKind kind, LiveResource? before, LiveResource? now, bool isOutside)
    {
        if (before is null && now is null)
            return;
        // The version may have moved without anything that is shown.
        if (before is not null && now is not null && before.Stored == now.Stored && before.Problem?.Finding.Message == now.Problem?.Finding.Message)
            return;
        var location = now?.Stored?.Location ?? now?.Problem?.Location ?? before?.Stored?.Location ?? before?.Problem?.Location ?? "";
        logger.Raise(Changed, new StoreChange(kind, (now ?? before)!.Name, location, isOutside, before?.Stored, now?.Stored));
    }

    // Opaque by the book, a growing number in every server there is; what is no number counts as newer.
    private static long Order(string? version) => long.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : long.MaxValue;

    private sealed class Turn(SemaphoreSlim turn) : IDisposable
    {
        public void Dispose() => turn.Release();
    }
}
