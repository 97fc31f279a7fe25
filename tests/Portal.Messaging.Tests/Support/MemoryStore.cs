using System.Collections.Concurrent;
using System.Globalization;
using Portal.Model;
using Portal.Model.Ports;

namespace Portal.Messaging.Tests.Support;

/// <summary>Resources in memory.</summary>
internal sealed class MemoryStore : IResourceStore
{
    private readonly ConcurrentDictionary<(ResourceKind, string), StoredResource> _resources = new();
    private readonly ConcurrentDictionary<string, StoreProblem> _problems = new();
    private int _revision;

    public event Action<StoreChange>? Changed;

    public string Target => "memory";

    /// <summary>Stores a resource as somebody outside would.</summary>
    public MemoryStore Set(Resource resource)
    {
        var revision = Interlocked.Increment(ref _revision).ToString(CultureInfo.InvariantCulture);
        var stored = new StoredResource(resource, revision, DateTimeOffset.UnixEpoch, resource.Name);
        _problems.TryRemove(resource.Name, out _);
        _resources[(resource.Kind, resource.Name)] = stored;
        Changed?.Invoke(new StoreChange(resource.Kind, resource.Name, resource.Name, true, null, stored));
        return this;
    }

    public void Remove(ResourceKind kind, string name)
    {
        _resources.TryRemove((kind, name), out var before);
        Changed?.Invoke(new StoreChange(kind, name, name, true, before, null));
    }

    /// <summary>Makes a resource unreadable, as a half written file is.</summary>
    public void Break(ResourceKind kind, string name)
    {
        _problems[name] = new StoreProblem(name, name, Model.Validation.Finding.Error("yaml", "", "The file ends too soon."));
        Remove(kind, name);
    }

    public Task<StoreListing> ListAsync(CancellationToken cancellationToken = default) =>
        Task.FromResult(new StoreListing([.. _resources.Values], [.. _problems.Values]));

    public Task<StoredResource?> FindAsync(ResourceKind kind, string name, CancellationToken cancellationToken = default) =>
        Task.FromResult(_resources.GetValueOrDefault((kind, name)));

    public Task<StoreResult> SaveAsync(Resource resource, Precondition precondition, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task<StoreResult> DeleteAsync(ResourceKind kind, string name, Precondition precondition, CancellationToken cancellationToken = default) => throw new NotSupportedException();
}
