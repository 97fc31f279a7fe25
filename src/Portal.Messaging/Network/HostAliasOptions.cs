using Microsoft.Extensions.Configuration;
using Portal.Model.Endpoints;

namespace Portal.Messaging.Network;

/// <summary>Reads <c>Portal:HostAliases:N:From</c> and <c>:To</c>.</summary>
internal static class HostAliasOptions
{
    public const string Section = "Portal:HostAliases";

    /// <exception cref="InvalidOperationException">An alias is not <c>host:port</c>; the text names key, value and what is allowed.</exception>
    public static HostAliases Read(IConfiguration configuration)
    {
        var aliases = new HostAliases();
        foreach (var entry in configuration.GetSection(Section).GetChildren())
            aliases.Set(Address(entry, "From"), Address(entry, "To"));
        return aliases;
    }

    private static HostAddress Address(IConfigurationSection entry, string member) =>
        HostAddress.TryParse(entry[member], out var address) && address.Path.Length == 0
            ? address
            : throw new InvalidOperationException($"{entry.Path}:{member} is '{entry[member]}'; allowed is host:port, for example aio-broker:18883 as From and 127.0.0.1:28883 as To.");
}
