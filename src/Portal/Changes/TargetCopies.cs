using Portal.Model;
using Portal.Model.Documents;
using Portal.Model.Endpoints;
using Portal.Model.Ports;
using Portal.Targets;

namespace Portal.Changes;

/// <summary>How an endpoint here compares with the one of its name in another target.</summary>
public enum CopyState
{
    /// <summary>The other target has none of the name.</summary>
    OnlyHere,

    /// <summary>Only the other target has it.</summary>
    OnlyThere,

    /// <summary>Both say the same.</summary>
    Same,

    /// <summary>A member differs.</summary>
    Differs,
}

/// <summary>An endpoint beside the one of its name in another target.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Here">What is stored here; null when only the other target has it.</param>
/// <param name="There">What the other target holds; null when nothing.</param>
/// <param name="Fields">Members that differ: what is there, and what is here.</param>
public sealed record CopyItem(string Name, StoredResource? Here, StoredResource? There, IReadOnlyList<FieldChange> Fields)
{
    public CopyState State => (Here, There) switch
    {
        (_, null) => CopyState.OnlyHere,
        (null, _) => CopyState.OnlyThere,
        _ => Fields.Count == 0 ? CopyState.Same : CopyState.Differs,
    };

    public EndpointKind? Kind => EndpointKind.Of((DataflowEndpoint)(Here ?? There)!.Value);

    /// <summary>Secrets that the endpoint names and the other target does not have.</summary>
    public IReadOnlyList<string> MissingSecrets { get; init; } = [];

    /// <summary>Config maps likewise.</summary>
    public IReadOnlyList<string> MissingConfigMaps { get; init; } = [];

    /// <summary>What came of copying it; null = not tried.</summary>
    public StoreResult? Outcome { get; init; }
}

/// <summary>Compares endpoints of two targets and copies from one to the other, through the rules and the activity log of that one.</summary>
internal static class TargetCopies
{
    /// <summary>Every endpoint of both, by name.</summary>
    public static async Task<IReadOnlyList<CopyItem>> CompareAsync(Target here, Target there, CancellationToken cancellationToken = default)
    {
        var mine = Endpoints(await here.Resources.ListAsync(cancellationToken));
        var theirs = Endpoints(await there.Resources.ListAsync(cancellationToken));
        return [.. mine.Keys.Union(theirs.Keys).Order(StringComparer.Ordinal).Select(name => ItemOf(name, mine.GetValueOrDefault(name), theirs.GetValueOrDefault(name)))];
    }

    /// <summary>What copying would do, with references that would lead nowhere.</summary>
    public static async Task<IReadOnlyList<CopyItem>> PlanAsync(IEnumerable<StoredResource> endpoints, Target there, CancellationToken cancellationToken = default)
    {
        var theirs = Endpoints(await there.Resources.ListAsync(cancellationToken));
        var secrets = (await there.Secrets.ListSyncedAsync(cancellationToken)).Select(secret => secret.Name).ToHashSet(StringComparer.Ordinal);
        var maps = (await there.ConfigMaps.ListAsync(cancellationToken)).Select(map => map.Name).ToHashSet(StringComparer.Ordinal);
        return
        [
            .. endpoints.Select(stored => ItemOf(stored.Value.Name, stored, theirs.GetValueOrDefault(stored.Value.Name)) with
            {
                MissingSecrets = Missing(((DataflowEndpoint)stored.Value).Settings?.Authentication?.SecretReference, secrets),
                MissingConfigMaps = Missing(((DataflowEndpoint)stored.Value).Settings?.Tls.TrustedCaCertificateConfigMapRef, maps),
            }),
        ];
    }

    /// <summary>Copies one, if the other target still holds what was compared.</summary>
    /// <param name="takeOver">Whether fields that another manager owns there are taken over.</param>
    public static async Task<CopyItem> CopyAsync(CopyItem item, Target there, bool takeOver, CancellationToken cancellationToken = default)
    {
        var precondition = (item.There is null ? Precondition.New : Precondition.At(item.There.Revision)) with { TakeOver = takeOver };
        var copy = As((DataflowEndpoint)item.Here!.Value, item.There?.Value.Namespace);
        return item with { Outcome = await there.Get<ResourceChanges>().SaveAsync(copy, precondition, "by copying", cancellationToken) };
    }

    private static Dictionary<string, StoredResource> Endpoints(StoreListing listing) =>
        listing.Of(ResourceKind.DataflowEndpoint).DistinctBy(stored => stored.Value.Name).ToDictionary(stored => stored.Value.Name, StringComparer.Ordinal);

    private static CopyItem ItemOf(string name, StoredResource? here, StoredResource? there) => new(
        name, here, there,
        here is null || there is null ? [] : FieldDiff.Compute((DataflowEndpoint)there.Value, As((DataflowEndpoint)here.Value, there.Value.Namespace)));

    // A target has its own namespace: it is where the endpoint stands, not what it says.
    private static DataflowEndpoint As(DataflowEndpoint endpoint, string? space) => endpoint.Namespace == space ? endpoint : endpoint with { Namespace = space };

    private static IReadOnlyList<string> Missing(string? name, HashSet<string> known) => string.IsNullOrEmpty(name) || known.Contains(name) ? [] : [name];
}
