using System.Text.Json.Nodes;
using Portal.Model;
using Portal.Model.Dataflows;
using Portal.Model.Ports;
using Portal.Model.Validation;

namespace Portal.Stores.AzureResourceManager;

/// <summary>Everything below an instance at one moment.</summary>
/// <param name="Facts">The instance itself; null when it may not be read.</param>
/// <param name="Entries">What was read.</param>
/// <param name="Problems">What is wrong beyond single resources.</param>
/// <param name="Refusals">Lists that may not be read.</param>
/// <param name="MissingActions">Writes and deletions that are not allowed; null when the service does not say.</param>
internal sealed record ArmSnapshot(
    ArmInstanceFacts? Facts, IReadOnlyList<ArmEntry> Entries, IReadOnlyList<StoreProblem> Problems,
    IReadOnlyDictionary<ResourceKind, ArmError> Refusals, IReadOnlyList<string>? MissingActions);

/// <summary>Reads an instance and what stands below it.</summary>
internal sealed class ArmReader(ArmConnection arm, ArmInstance instance, string apiVersion)
{
    private const string AuthorizationVersion = "2022-04-01";

    // Profiles whose dataflows are asked for at once.
    private const int AtOnce = 4;

    /// <exception cref="ArmException">Nothing can be read.</exception>
    public async Task<ArmSnapshot> ReadAsync(CancellationToken cancellationToken)
    {
        var refusals = new Dictionary<ResourceKind, ArmError>();
        ArmError? instanceRefusal = null;
        ArmInstanceFacts? facts = null;
        try
        {
            facts = await FactsAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (ArmException e) when (e.Error.Status == 403)
        {
            instanceRefusal = e.Error;
        }
        var endpoints = await TryListAsync(ResourceKind.DataflowEndpoint, null, refusals, cancellationToken).ConfigureAwait(false);
        var profiles = await TryListAsync(ResourceKind.DataflowProfile, null, refusals, cancellationToken).ConfigureAwait(false);
        var dataflows = new List<ArmEntry>();
        await Parallel.ForEachAsync(profiles, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken }, async (profile, stop) =>
        {
            var below = await TryListAsync(ResourceKind.Dataflow, profile.Key.Name, refusals, stop).ConfigureAwait(false);
            lock (dataflows)
                dataflows.AddRange(below);
        }).ConfigureAwait(false);
        // Without the profiles nobody knows where dataflows are.
        if (refusals.TryGetValue(ResourceKind.DataflowProfile, out var refused))
            refusals.TryAdd(ResourceKind.Dataflow, refused);
        if (instanceRefusal is not null && refusals.Count == 3)
            throw new ArmException(instanceRefusal);
        var (unique, doubles) = Unique(dataflows);
        return new ArmSnapshot(facts, [.. endpoints, .. profiles, .. unique], doubles, refusals, await MissingAsync(cancellationToken).ConfigureAwait(false));
    }

    /// <summary>One resource as it is now; null when there is none.</summary>
    public async Task<ArmEntry?> FindAsync(ArmKey key, string? profile, CancellationToken cancellationToken, ArmChange? change = null)
    {
        try
        {
            var reply = await arm.GetAsync(instance.PathOf(key.Kind, key.Name, profile), apiVersion, cancellationToken, change).ConfigureAwait(false);
            return reply.Body is { } body ? ArmEntry.Read(key.Kind, body, profile, reply.ETag) : null;
        }
        catch (ArmException e) when (e.Error is { Status: 404, Code: "ResourceNotFound" or "NotFound" })
        {
            return null;
        }
    }

    public async Task<ArmInstanceFacts> FactsAsync(CancellationToken cancellationToken)
    {
        var reply = await arm.GetAsync(instance.Path, apiVersion, cancellationToken).ConfigureAwait(false);
        return ArmInstanceFacts.Of(reply.Body ?? []);
    }

    private async Task<IReadOnlyList<ArmEntry>> TryListAsync(ResourceKind kind, string? profile, Dictionary<ResourceKind, ArmError> refusals, CancellationToken cancellationToken)
    {
        var entries = new List<ArmEntry>();
        try
        {
            await foreach (var body in arm.ListAsync(instance.ListPath(kind, profile), apiVersion, null, cancellationToken).ConfigureAwait(false))
                entries.Add(ArmEntry.Read(kind, body, profile));
        }
        catch (ArmException e) when (e.Error.Status == 403)
        {
            lock (refusals)
                refusals[kind] = e.Error;
        }
        catch (ArmException e) when (profile is not null && e.Error.Status == 404)
        {
            // The profile went away meanwhile, and its dataflows with it.
            return [];
        }
        return entries;
    }

    /// <summary>In Azure a name of a dataflow is unique below its profile only; here the first counts and the others are shown.</summary>
    private static (IEnumerable<ArmEntry> Unique, IReadOnlyList<StoreProblem> Doubles) Unique(List<ArmEntry> dataflows)
    {
        var byName = dataflows.OrderBy(entry => entry.Profile != Dataflow.DefaultProfile).ThenBy(entry => entry.Profile, StringComparer.Ordinal).GroupBy(entry => entry.Key).ToList();
        return (byName.Select(group => group.First()), [.. byName.SelectMany(group => group.Skip(1).Select(other => new StoreProblem(
            ArmEntry.Text(other.Body["id"]) ?? "", other.Key.Name,
            Finding.Error(
                "name-twice", "metadata.name", $"A dataflow '{other.Key.Name}' stands below the profiles '{group.First().Profile}' and '{other.Profile}'; only the first is shown.",
                "Give dataflows names that are unique in the instance."))))]);
    }

    /// <summary>Writes that the one who signs in may not do.</summary>
    private async Task<IReadOnlyList<string>?> MissingAsync(CancellationToken cancellationToken)
    {
        try
        {
            var rights = new List<ArmRights>();
            await foreach (var body in arm.ListAsync($"{instance.Path}/providers/Microsoft.Authorization/permissions", AuthorizationVersion, null, cancellationToken).ConfigureAwait(false))
                rights.Add(ArmRights.Of(body));
            return [.. ArmRights.Needed.Where(action => !rights.Exists(one => one.Allows(action)))];
        }
        catch (ArmException e) when (e.Error.Status is 400 or 403 or 404)
        {
            // Who may not ask for rights is told by the first write that fails.
            return null;
        }
    }
}

/// <summary>Actions of one role assignment: those that it allows, without those that it leaves out.</summary>
internal sealed record ArmRights(IReadOnlyList<string> Actions, IReadOnlyList<string> NotActions)
{
    /// <summary>Writes and deletions of this store.</summary>
    public static IReadOnlyList<string> Needed { get; } =
        [.. Enum.GetValues<ResourceKind>().SelectMany(kind => new[] { $"{ArmInstance.TypeOf(kind)}/write", $"{ArmInstance.TypeOf(kind)}/delete" })];

    public static ArmRights Of(JsonObject body) => new(List(body["actions"]), List(body["notActions"]));

    public bool Allows(string action) => Actions.Any(pattern => Matches(pattern, action)) && !NotActions.Any(pattern => Matches(pattern, action));

    private static IReadOnlyList<string> List(JsonNode? node) => [.. (node as JsonArray ?? []).Select(ArmEntry.Text).OfType<string>()];

    // A star stands for any text, also over several segments.
    private static bool Matches(string pattern, string action) => System.IO.Enumeration.FileSystemName.MatchesSimpleExpression(pattern, action);
}
