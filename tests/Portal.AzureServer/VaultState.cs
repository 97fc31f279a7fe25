using System.Text.Json.Nodes;

namespace Portal.AzureServer;

/// <summary>One version of a secret.</summary>
public sealed record VaultVersion(string Version, string Value, DateTimeOffset Created, JsonObject Attributes, JsonObject? Tags, string? ContentType);

/// <summary>A secret of a vault, its newest version last.</summary>
public sealed class VaultItem
{
    public List<VaultVersion> Versions { get; } = [];

    /// <summary>Deleted, and not yet purged: its name cannot be used.</summary>
    public DateTimeOffset? Deleted { get; set; }
}

/// <summary>The secrets of all vaults, by vault name.</summary>
public sealed class VaultState
{
    internal Lock Gate { get; } = new();

    internal Dictionary<string, SortedDictionary<string, VaultItem>> ByVault { get; } = new(StringComparer.OrdinalIgnoreCase);

    internal HashSet<string> DeniedActions { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Most entries of a page of a list.</summary>
    public int PageSize { get; set; } = 25;

    /// <summary>Values that were read back; a portal does for connection tests alone.</summary>
    public int ValuesRead { get; internal set; }

    public void AddVault(string name)
    {
        lock (Gate)
            ByVault.TryAdd(name, new SortedDictionary<string, VaultItem>(StringComparer.OrdinalIgnoreCase));
    }

    /// <summary>Refuses a data action, for example Microsoft.KeyVault/vaults/secrets/setSecret/action.</summary>
    public void Deny(params string[] actions)
    {
        lock (Gate)
            DeniedActions.UnionWith(actions);
    }

    public void AllowAll()
    {
        lock (Gate)
            DeniedActions.Clear();
    }

    /// <summary>Sets a secret as somebody else would.</summary>
    public void Put(string vault, string name, string value)
    {
        lock (Gate)
        {
            var now = DateTimeOffset.FromUnixTimeSeconds(TimeProvider.System.GetUtcNow().ToUnixTimeSeconds());
            var attributes = new JsonObject { ["enabled"] = true, ["created"] = now.ToUnixTimeSeconds(), ["updated"] = now.ToUnixTimeSeconds() };
            var item = ByVault[vault].TryGetValue(name, out var known) ? known : ByVault[vault][name] = new VaultItem();
            item.Versions.Add(new VaultVersion(Guid.NewGuid().ToString("N"), value, now, attributes, null, null));
        }
    }

    /// <summary>A secret as it is stored; null = none.</summary>
    public VaultItem? Find(string vault, string name)
    {
        lock (Gate)
            return ByVault.GetValueOrDefault(vault)?.GetValueOrDefault(name);
    }
}
