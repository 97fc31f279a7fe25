using Portal.Model.Endpoints;

namespace Portal.Messaging.Network;

/// <summary>The portal's own host table: addresses mapped before name resolution, for tests, previews and flows alike.</summary>
public sealed class HostAliases
{
    private volatile IReadOnlyDictionary<string, HostAddress> _entries = new Dictionary<string, HostAddress>(StringComparer.OrdinalIgnoreCase);

    /// <summary>The address to dial for an address as it is written; the same when there is no alias. The name to check in TLS stays the written one.</summary>
    public HostAddress Map(HostAddress written) =>
        _entries.TryGetValue(written.Authority, out var mapped) ? mapped with { Path = written.Path } : written;

    /// <summary>Adds or replaces an alias.</summary>
    public void Set(HostAddress from, HostAddress to)
    {
        lock (this)
            _entries = new Dictionary<string, HostAddress>(_entries, StringComparer.OrdinalIgnoreCase) { [from.Authority] = to };
    }

    public IReadOnlyDictionary<string, HostAddress> Entries => _entries;
}
