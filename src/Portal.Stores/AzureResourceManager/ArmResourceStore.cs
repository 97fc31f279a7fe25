using Microsoft.Extensions.Logging;
using Portal.Model;
using Portal.Model.Documents;
using Portal.Model.Ports;
using Portal.Model.Validation;

namespace Portal.Stores.AzureResourceManager;

/// <summary>
/// The dataflow resources of an Azure IoT Operations instance. Azure Resource Manager tells nobody of changes, so everything is
/// read again at a fixed interval, which <see cref="Target"/> says; a single resource and every change go to Azure itself.
/// </summary>
internal sealed class ArmResourceStore : IResourceStore, IDisposable
{
    private readonly ArmConnection arm;
    private readonly ArmInstance instance;
    private readonly ArmReader reader;
    private readonly ArmWriter writer;
    private readonly ArmMirror mirror = new();
    private readonly SemaphoreSlim reading = new(1);
    private readonly TimeSpan interval;
    private readonly TimeProvider time;
    private readonly ILogger logger;
    private bool isLoaded;
    private volatile ArmInstanceFacts? facts;
    private TargetState state = new(TargetCondition.Connecting);
    private TargetState vaultState = TargetState.Ready;
    private TargetState syncedState = TargetState.Ready;

    public ArmResourceStore(ArmConnection arm, ArmInstance instance, string apiVersion, TimeSpan interval, TimeProvider time, ILogger logger)
    {
        (this.arm, this.instance, this.interval, this.time, this.logger) = (arm, instance, interval, time, logger);
        reader = new ArmReader(arm, instance, apiVersion);
        writer = new ArmWriter(arm, reader, new ArmOperations(arm, time), instance, new DocumentOptions { ApiVersion = apiVersion }, time);
    }

    public event Action<StoreChange>? Changed;

    public event Action? StateChanged;

    public event Action<ChangeProgress>? Progressed;

    public string Target => string.Create(
        System.Globalization.CultureInfo.InvariantCulture, $"Azure instance {instance.Name} in resource group {instance.ResourceGroup}, read every {interval.TotalSeconds:0.#} s");

    public bool HasDryRun => false;

    public TargetState State => state != TargetState.Ready ? state : vaultState != TargetState.Ready ? vaultState : syncedState;

    /// <summary>Facts of the instance, read when they are not known yet.</summary>
    public async Task<ArmInstanceFacts> FactsAsync(CancellationToken cancellationToken) => facts ??= await reader.FactsAsync(cancellationToken).ConfigureAwait(false);

    /// <summary>Reads everything again and again until it is stopped.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(interval, time);
        try
        {
            do
                await RefreshAsync(stopping).ConfigureAwait(false);
            while (await timer.WaitForNextTickAsync(stopping).ConfigureAwait(false));
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // That is the end.
        }
    }

    public async Task<StoreListing> ListAsync(CancellationToken cancellationToken = default)
    {
        if (!isLoaded)
            await RefreshAsync(cancellationToken).ConfigureAwait(false);
        return mirror.Listing();
    }

    public async Task<StoredResource?> FindAsync(ResourceKind kind, string name, CancellationToken cancellationToken = default)
    {
        if (NameRules.CheckResourceName(name) is not null)
            return null;
        var key = new ArmKey(kind, name);
        if (!isLoaded || (kind is ResourceKind.Dataflow && mirror.Find(key) is null))
            await RefreshAsync(cancellationToken).ConfigureAwait(false);
        var known = mirror.Find(key);
        // Where a dataflow stands is known from the list alone.
        if (kind is ResourceKind.Dataflow && known is null)
            return null;
        try
        {
            var since = mirror.StartReading();
            var entry = await reader.FindAsync(key, known?.Profile, cancellationToken).ConfigureAwait(false);
            if (isLoaded)
                Tell(mirror.Observe(key, entry, since));
            return entry?.Resource;
        }
        catch (ArmException e)
        {
            // What was read last is still shown; the state says that it is old.
            logger.AzureNotRead(instance.Path, e.Message);
            Become(ArmConditions.Of(e.Error, instance));
            return known?.Resource;
        }
    }

    public async Task<StoreResult?> PlanAsync(Resource resource, Precondition precondition, CancellationToken cancellationToken = default) =>
        await CheckAsync(resource, precondition, cancellationToken).ConfigureAwait(false)
        ?? await AnswerAsync(() => writer.PlanAsync(resource, precondition, cancellationToken), resource).ConfigureAwait(false);

    public async Task<StoreResult> SaveAsync(Resource resource, Precondition precondition, CancellationToken cancellationToken = default)
    {
        if (await CheckAsync(resource, precondition, cancellationToken).ConfigureAwait(false) is { } refused)
            return refused;
        var key = new ArmKey(resource.Kind, resource.Name);
        return await ChangeAsync(key, ArmWriter.ProfileOf(resource), resource, async change =>
        {
            var of = await FactsAsync(cancellationToken).ConfigureAwait(false);
            return await writer.SaveAsync(resource, precondition, of, change, cancellationToken).ConfigureAwait(false);
        }).ConfigureAwait(false);
    }

    public async Task<StoreResult> DeleteAsync(ResourceKind kind, string name, Precondition precondition, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (NameRules.CheckResourceName(name) is not null)
            return new StoreResult.Conflict(null);
        var key = new ArmKey(kind, name);
        if (kind is not ResourceKind.DataflowEndpoint)
            await RefreshAsync(cancellationToken).ConfigureAwait(false);
        var profile = mirror.Find(key)?.Profile;
        if (kind is ResourceKind.Dataflow && profile is null)
            return new StoreResult.Conflict(null);
        if (kind is ResourceKind.DataflowProfile && mirror.DataflowsOf(name) is { Count: > 0 } below)
        {
            return new StoreResult.Denied(
                $"In Azure the dataflow{(below.Count == 1 ? "" : "s")} {string.Join(", ", below)} of the profile '{name}' would be deleted with it.", "Delete them first, then the profile.");
        }
        return await ChangeAsync(key, profile, null, change => writer.DeleteAsync(key, profile, precondition, change, cancellationToken)).ConfigureAwait(false);
    }

    /// <summary>Reads everything once; what cannot be read is said by <see cref="State"/>.</summary>
    public async Task RefreshAsync(CancellationToken cancellationToken)
    {
        await reading.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var since = mirror.StartReading();
            var snapshot = await reader.ReadAsync(cancellationToken).ConfigureAwait(false);
            facts = snapshot.Facts ?? facts;
            var refused = snapshot.Refusals.Select(one => new StoreProblem(
                instance.ListPath(one.Key, "*"), null, Finding.Error("rights-missing", "", $"{one.Key} resources cannot be read: {one.Value.Message}", "Ask for a role with the right to read them.")));
            // What is there at the start is no news to anybody.
            foreach (var change in mirror.Replace(snapshot.Entries, snapshot.Refusals.Keys.ToHashSet(), [.. snapshot.Problems, .. refused], since).Where(_ => isLoaded))
                logger.Raise(Changed, change);
            isLoaded = true;
            Become(ArmConditions.Of(snapshot, instance));
        }
        catch (ArmException e)
        {
            logger.AzureNotRead(instance.Path, e.Message);
            Become(ArmConditions.Of(e.Error, instance, e.Error is { Status: 404, Code: "ResourceNotFound" } ? await OthersAsync(cancellationToken).ConfigureAwait(false) : null));
        }
        finally
        {
            reading.Release();
        }
    }

    public void Dispose() => reading.Dispose();

    private async Task<IReadOnlyList<string>> OthersAsync(CancellationToken cancellationToken)
    {
        var names = new List<string>();
        try
        {
            await foreach (var other in arm.ListAsync(ArmInstance.ListPath(instance.SubscriptionId, instance.ResourceGroup), DocumentOptions.DefaultApiVersion, null, cancellationToken).ConfigureAwait(false))
                names.Add(ArmEntry.Text(other["name"]) ?? "");
        }
        catch (ArmException e)
        {
            logger.AzureNotRead(instance.GroupPath, e.Message);
        }
        return names;
    }

    private async Task<StoreResult?> CheckAsync(Resource resource, Precondition precondition, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (NameRules.CheckResourceName(resource.Name) is { } name)
            return new StoreResult.Invalid([name]);
        if (ArmWriter.ProfileOf(resource) is not { } profile)
            return null;
        if (NameRules.CheckResourceName(profile) is { } finding)
            return new StoreResult.Invalid([finding with { Path = "spec.profileRef" }]);
        if (!isLoaded)
            await RefreshAsync(cancellationToken).ConfigureAwait(false);
        var known = mirror.Find(new ArmKey(resource.Kind, resource.Name));
        if (known?.Profile is not { } other || other == profile)
            return null;
        return precondition.MustBeNew ? new StoreResult.Conflict(known.Resource) : new StoreResult.Invalid([Finding.Error(
            "azure-profile-fixed", "spec.profileRef", $"In Azure a dataflow stays with its profile, here '{other}'; it cannot be moved to '{profile}'.",
            "Delete it and create it with the other profile, or give the new one another name.")]);
    }

    private async Task<StoreResult> ChangeAsync(ArmKey key, string? profile, Resource? resource, Func<ArmChange, Task<StoreResult>> make)
    {
        var change = new ArmChange(key, progress => logger.Raise(Progressed, progress));
        mirror.Begin(key);
        try
        {
            var result = await AnswerAsync(() => make(change), resource).ConfigureAwait(false);
            switch (result)
            {
                case StoreResult.Saved(null):
                    Tell(mirror.Put(key, null));
                    break;
                case StoreResult.Saved or StoreResult.Invalid or StoreResult.Unavailable when change.Taken is { } taken:
                    // Also where it failed in the end: the resource stands there with that state.
                    Tell(mirror.Put(key, await CurrentAsync(key, profile).ConfigureAwait(false) ?? taken));
                    break;
            }
            return result;
        }
        catch (OperationCanceledException e) when (change.IsTaken)
        {
            // Azure has taken it and goes on with it; the next reading tells how it ended.
            if (change.Taken is { } taken)
                Tell(mirror.Put(key, taken));
            else
                mirror.Leave(key);
            throw new ChangeGoesOnException(change.Taken?.Resource, e);
        }
        finally
        {
            mirror.End(key);
        }
    }

    private async Task<ArmEntry?> CurrentAsync(ArmKey key, string? profile)
    {
        try
        {
            return await reader.FindAsync(key, profile, CancellationToken.None).ConfigureAwait(false);
        }
        catch (ArmException e)
        {
            logger.AzureNotRead(instance.Path, e.Message);
            return null;
        }
    }

    private async Task<StoreResult> AnswerAsync(Func<Task<StoreResult>> ask, Resource? resource)
    {
        try
        {
            return await ask().ConfigureAwait(false);
        }
        catch (ArmException e)
        {
            logger.AzureRefused(resource?.Name ?? instance.Name, e.Error.Code, e.Message);
            return ArmFindings.ToResult(e.Error, resource);
        }
    }

    private void Tell(StoreChange? change)
    {
        if (change is not null)
            logger.Raise(Changed, change);
    }

    /// <summary>Says what keeps the key vault of the target from being read; null = nothing.</summary>
    public void NoteVault(TargetState? problem) => Become(ref vaultState, problem ?? TargetState.Ready);

    /// <summary>Says what keeps the synced secrets of the target from being read; null = nothing.</summary>
    public void NoteSynced(TargetState? problem) => Become(ref syncedState, problem ?? TargetState.Ready);

    private void Become(TargetState now) => Become(ref state, now);

    private void Become(ref TargetState which, TargetState now)
    {
        if (Interlocked.Exchange(ref which, now) == now)
            return;
        logger.TargetIs(Target, now.Condition.ToString(), now.Message ?? "");
        logger.Raise(StateChanged);
    }
}
