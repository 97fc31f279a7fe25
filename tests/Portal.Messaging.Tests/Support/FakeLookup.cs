using System.Net;
using Portal.Messaging.Network;
using Portal.Model.Endpoints;

namespace Portal.Messaging.Tests.Support;

/// <summary>Addresses behind names, as the test says; counts how often it is asked. Other names and addresses are looked up for real.</summary>
internal sealed class FakeLookup : IHostLookup
{
    private readonly Dictionary<string, IReadOnlyList<IPAddress>> _names = [];
    private readonly SystemHostLookup _system = new();
    private int _asked;

    public int Asked => Volatile.Read(ref _asked);

    /// <summary>Called at each question, before the answer.</summary>
    public Action? OnAsked { get; set; }

    public FakeLookup Add(string name, params string[] addresses)
    {
        _names[name] = [.. addresses.Select(IPAddress.Parse)];
        return this;
    }

    public Task<LookupResult> ResolveAsync(HostAddress address, CancellationToken cancellationToken = default)
    {
        Interlocked.Increment(ref _asked);
        OnAsked?.Invoke();
        return _names.TryGetValue(address.Host, out var addresses) ? Task.FromResult(new LookupResult(addresses)) : _system.ResolveAsync(address, cancellationToken);
    }
}
