using System.Text.Json.Nodes;
using Portal.Model;
using Portal.Model.Ports;

namespace Portal.Stores.Tests.Contract;

/// <summary>A target that the contract is tried on: the portal's store, a second portal on the same place, and somebody who goes around both.</summary>
public abstract class TargetUnderTest : IAsyncDisposable
{
    /// <summary>The store, started, with nothing in it but what the portal itself makes.</summary>
    public abstract IResourceStore Store { get; }

    /// <summary>The store of another portal on the same place.</summary>
    public abstract Task<IResourceStore> OpenSecondAsync();

    /// <summary>Writes a custom resource (apiVersion, kind, metadata, spec) without the portal.</summary>
    public abstract Task PutOutsideAsync(JsonObject resource);

    /// <summary>Removes a resource without the portal.</summary>
    public abstract Task DeleteOutsideAsync(ResourceKind kind, string name);

    /// <summary>A text that changes with every write of the resource at its place: file time, resourceVersion, ETag.</summary>
    public abstract Task<string> StampAsync(ResourceKind kind, string name);

    /// <summary>The resource as it stands at its place, read without the portal; null when there is none.</summary>
    public abstract Task<JsonObject?> ReadOutsideAsync(ResourceKind kind, string name);

    public abstract ValueTask DisposeAsync();
}
