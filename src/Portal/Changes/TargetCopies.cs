using Portal.Model;
using Portal.Model.Dataflows;
using Portal.Model.Documents;
using Portal.Model.Endpoints;
using Portal.Model.Ports;
using Portal.Targets;

namespace Portal.Changes;

/// <summary>Compares resources of two targets and copies from one to the other, through the rules and the activity log of that one.</summary>
internal static class TargetCopies
{
    /// <summary>Every resource of a kind in both, by name.</summary>
    public static async Task<IReadOnlyList<CopyItem>> CompareAsync(Target here, Target there, ResourceKind kind, CancellationToken cancellationToken = default)
    {
        var mine = ByName(await here.Resources.ListAsync(cancellationToken), kind);
        var theirs = ByName(await there.Resources.ListAsync(cancellationToken), kind);
        return [.. mine.Keys.Union(theirs.Keys).Order(StringComparer.Ordinal).Select(name => ItemOf(name, mine.GetValueOrDefault(name), theirs.GetValueOrDefault(name), keepsMode: false))];
    }

    /// <summary>The endpoints and profiles that dataflows need, that the other target lacks and that are here to be copied too.</summary>
    public static async Task<IReadOnlyList<StoredResource>> NeededAsync(IReadOnlyList<StoredResource> resources, Target here, Target there, CancellationToken cancellationToken = default)
    {
        var flows = resources.Select(stored => stored.Value).OfType<Dataflow>().ToList();
        if (flows.Count == 0)
            return [];
        var theirs = (await there.Resources.ListAsync(cancellationToken)).Resources.Concat(resources).Select(Key).ToHashSet();
        var wanted = flows.SelectMany(flow => flow.Uses.Select(use => (ResourceKind.DataflowEndpoint, use.Endpoint)).Append((ResourceKind.DataflowProfile, flow.Profile))).ToHashSet();
        return [.. (await here.Resources.ListAsync(cancellationToken)).Resources.Where(stored => wanted.Contains(Key(stored)) && !theirs.Contains(Key(stored)))];
    }

    /// <summary>What copying would do, in the order in which it is done, with references that would lead nowhere.</summary>
    /// <param name="keepsMode">Whether a dataflow keeps the mode that it has there and a new one is stopped: one that runs in both places sends every message twice.</param>
    public static async Task<IReadOnlyList<CopyItem>> PlanAsync(IEnumerable<StoredResource> resources, Target there, bool keepsMode = false, CancellationToken cancellationToken = default)
    {
        // What others name comes before them: an endpoint, a profile, then the dataflow.
        List<StoredResource> ordered = [.. resources.OrderBy(stored => stored.Value.Kind switch { ResourceKind.DataflowEndpoint => 0, ResourceKind.DataflowProfile => 1, _ => 2 })];
        var theirs = (await there.Resources.ListAsync(cancellationToken)).Resources.DistinctBy(Key).ToDictionary(Key);
        var known = theirs.Keys.Concat(ordered.Select(Key)).ToHashSet();
        var secrets = (await there.Secrets.ListSyncedAsync(cancellationToken)).Select(secret => secret.Name).ToHashSet(StringComparer.Ordinal);
        var maps = (await there.ConfigMaps.ListAsync(cancellationToken)).Select(map => map.Name).ToHashSet(StringComparer.Ordinal);
        return [.. ordered.Select(stored => References(ItemOf(stored.Value.Name, stored, theirs.GetValueOrDefault(Key(stored)), keepsMode)))];

        CopyItem References(CopyItem item) => item.Here!.Value switch
        {
            DataflowEndpoint endpoint => item with
            {
                MissingSecrets = Missing(endpoint.Settings?.Authentication?.SecretReference, secrets.Contains),
                MissingConfigMaps = Missing(endpoint.Settings?.Tls.TrustedCaCertificateConfigMapRef, name => there.ConfigMaps.Hidden is not null || maps.Contains(name)),
            },
            Dataflow flow => item with
            {
                MissingEndpoints = [.. flow.Uses.Select(use => use.Endpoint).Distinct().SelectMany(name => Missing(name, one => known.Contains((ResourceKind.DataflowEndpoint, one))))],
                MissingProfile = Missing(flow.Profile, one => known.Contains((ResourceKind.DataflowProfile, one))).FirstOrDefault(),
            },
            _ => item,
        };
    }

    /// <summary>Copies one, if the other target still holds what was compared.</summary>
    /// <param name="takeOver">Whether fields that another manager owns there are taken over.</param>
    public static async Task<CopyItem> CopyAsync(CopyItem item, Target there, bool takeOver, CancellationToken cancellationToken = default)
    {
        var precondition = (item.There is null ? Precondition.New : Precondition.At(item.There.Revision)) with { TakeOver = takeOver };
        return item with { Outcome = await there.Get<ResourceChanges>().SaveAsync(item.Copy!, precondition, "by copying", cancellationToken) };
    }

    private static (ResourceKind Kind, string Name) Key(StoredResource stored) => (stored.Value.Kind, stored.Value.Name);

    private static Dictionary<string, StoredResource> ByName(StoreListing listing, ResourceKind kind) =>
        listing.Of(kind).DistinctBy(stored => stored.Value.Name).ToDictionary(stored => stored.Value.Name, StringComparer.Ordinal);

    private static CopyItem ItemOf(string name, StoredResource? here, StoredResource? there, bool keepsMode)
    {
        var copy = here is null ? null : As(here.Value, there?.Value, keepsMode);
        return new CopyItem(name, here, there, copy is null || there is null ? [] : ResourceDiff.Compute(there.Value, copy)) { Copy = copy };
    }

    // A target has its own namespace: it is where the resource stands, not what it says.
    private static Resource As(Resource resource, Resource? there, bool keepsMode)
    {
        var copy = resource.Namespace == there?.Namespace ? resource : resource with { Namespace = there?.Namespace };
        return copy is Dataflow flow && keepsMode ? flow with { Mode = there is Dataflow other ? other.Mode : OperationalMode.Disabled } : copy;
    }

    private static IReadOnlyList<string> Missing(string? name, Func<string, bool> isKnown) => string.IsNullOrEmpty(name) || isKnown(name) ? [] : [name];
}
