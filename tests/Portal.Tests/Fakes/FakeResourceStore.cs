using System.Globalization;
using Portal.Model;
using Portal.Model.Ports;

namespace Portal.Tests.Fakes;

/// <summary>Resources in memory, with revisions that count up, and ways to steer what happens next.</summary>
public sealed class FakeResourceStore : IResourceStore
{
    private readonly Dictionary<(ResourceKind, string), StoredResource> _stored = [];
    private int _revision;

    /// <summary>Answers the next change instead of making it.</summary>
    public StoreResult? NextAnswer { get; set; }

    /// <summary>Takes the next change and then goes on with it until nobody waits any longer, as a service does.</summary>
    public ChangeProgress? GoesOn { get; set; }

    /// <summary>Happens before the next save reaches the store.</summary>
    public Func<CancellationToken, Task>? BeforeChange { get; set; }

    /// <summary>What a dry run answers, by whether fields of others would be taken over; null = there is none.</summary>
    public Func<Resource, bool, StoreResult>? Plan { get; set; }

    /// <summary>What a dry run waits for before it answers.</summary>
    public Task PlansAfter { get; set; } = Task.CompletedTask;

    /// <summary>What looking for one resource waits for.</summary>
    public Task FindsAfter { get; set; } = Task.CompletedTask;

    public List<StoreProblem> Problems { get; } = [];

    public string Target => "Folder data/manifests";

    public TargetState State { get; private set; } = TargetState.Ready;

    public event Action<StoreChange>? Changed;

    public event Action<ChangeProgress>? Progressed;

    public event Action? StateChanged;

    /// <summary>What can be done with the target from now on.</summary>
    public void Become(TargetState state)
    {
        State = state;
        StateChanged?.Invoke();
    }

    /// <summary>Stores as somebody outside of the portal would.</summary>
    public StoredResource PutOutside(Resource resource)
    {
        var before = _stored.GetValueOrDefault((resource.Kind, resource.Name));
        var stored = Put(resource);
        Changed?.Invoke(new StoreChange(resource.Kind, resource.Name, stored.Location, Outside: true, before, stored));
        return stored;
    }

    public void RemoveOutside(ResourceKind kind, string name)
    {
        _stored.Remove((kind, name), out var before);
        Changed?.Invoke(new StoreChange(kind, name, "", Outside: true, before, null));
    }

    public Task<StoreListing> ListAsync(CancellationToken cancellationToken = default) =>
        Task.FromResult(new StoreListing([.. _stored.Values], [.. Problems]));

    public StoredResource? Get(ResourceKind kind, string name) => _stored.GetValueOrDefault((kind, name));

    public async Task<StoredResource?> FindAsync(ResourceKind kind, string name, CancellationToken cancellationToken = default)
    {
        await FindsAfter;
        return Get(kind, name);
    }

    public async Task<StoreResult> SaveAsync(Resource resource, Precondition precondition, CancellationToken cancellationToken = default)
    {
        if (BeforeChange is { } before)
            await before(cancellationToken);
        var current = _stored.GetValueOrDefault((resource.Kind, resource.Name));
        if (Answer(current, precondition) is { } refused)
            return refused;
        var stored = current is not null && current.Value.Equals(resource) ? current : Put(resource);
        Changed?.Invoke(new StoreChange(resource.Kind, resource.Name, stored.Location, Outside: false, current, stored));
        if (GoesOn is { } progress)
        {
            Progressed?.Invoke(progress);
            await GoOnAsync(stored, cancellationToken);
        }
        return new StoreResult.Saved(stored);
    }

    public async Task<StoreResult?> PlanAsync(Resource resource, Precondition precondition, CancellationToken cancellationToken = default)
    {
        await PlansAfter;
        return Plan?.Invoke(resource, precondition.TakeOver);
    }

    public async Task<StoreResult> DeleteAsync(ResourceKind kind, string name, Precondition precondition, CancellationToken cancellationToken = default)
    {
        var current = _stored.GetValueOrDefault((kind, name));
        if ((current is null ? new StoreResult.Conflict(null) : Answer(current, precondition)) is { } refused)
            return refused;
        if (GoesOn is { } progress)
        {
            Progressed?.Invoke(progress);
            await GoOnAsync(null, cancellationToken);
        }
        _stored.Remove((kind, name));
        Changed?.Invoke(new StoreChange(kind, name, current!.Location, Outside: false, current, null));
        return new StoreResult.Saved(null);
    }

    private static async Task GoOnAsync(StoredResource? stored, CancellationToken cancellationToken)
    {
        try
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
        }
        catch (OperationCanceledException e)
        {
            throw new ChangeGoesOnException(stored, e);
        }
    }

    private StoreResult? Answer(StoredResource? current, Precondition precondition)
    {
        if (NextAnswer is { } answer)
        {
            NextAnswer = null;
            return answer;
        }
        var met = precondition.MustBeNew ? current is null : precondition.Revision is null || precondition.Revision == current?.Revision;
        return met ? null : new StoreResult.Conflict(current);
    }

    private StoredResource Put(Resource resource)
    {
        var revision = (++_revision).ToString(CultureInfo.InvariantCulture);
        return _stored[(resource.Kind, resource.Name)] = new StoredResource(resource, revision, DateTimeOffset.UnixEpoch, resource.Name + ".yaml");
    }
}
