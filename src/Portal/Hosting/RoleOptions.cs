using System.Globalization;
using Portal.FlowHosts;
using Portal.Messaging;
using Portal.Messaging.Flows;

namespace Portal.Hosting;

/// <summary>What a process does.</summary>
internal enum PortalRole
{
    /// <summary>Pages, API and dataflows: one machine.</summary>
    All,

    /// <summary>Pages and API; dataflows run on flow hosts.</summary>
    Portal,

    /// <summary>Dataflows, without pages.</summary>
    Flows,
}

/// <summary>The role of this process and the flow hosts beside it.</summary>
/// <param name="Role">What it does.</param>
/// <param name="InstanceId">Its ordinal among the flow hosts; 0 for the other roles.</param>
/// <param name="FlowHosts">Base addresses of all flow hosts, by their ordinal.</param>
/// <param name="Token">What portals and flow hosts show each other; null where there are none.</param>
internal sealed record RoleOptions(PortalRole Role, int InstanceId, IReadOnlyList<Uri> FlowHosts, FlowHostToken? Token)
{
    private const string RoleKey = $"{PortalOptions.Section}:Role";
    private const string InstanceKey = $"{PortalOptions.Section}:InstanceId";
    private const string HostsKey = $"{PortalOptions.Section}:FlowHosts";
    private const string TokenKey = $"{PortalOptions.Section}:FlowHostToken";
    private const string TokenFileKey = $"{PortalOptions.Section}:FlowHostTokenFile";

    public static RoleOptions Alone { get; } = new(PortalRole.All, 0, [], null);

    public bool HasPages => Role is not PortalRole.Flows;

    /// <summary>How many flow hosts share the work; the list that portals read is the same on every flow host.</summary>
    public int Hosts => Math.Max(1, FlowHosts.Count);

    public MessagingRole Messaging => Role switch
    {
        PortalRole.Portal => MessagingRole.Alone with { Flows = null },
        PortalRole.Flows => new MessagingRole
        {
            VantagePoint = VantagePointOf(InstanceId, Environment.MachineName),
            Flows = new FlowShare(InstanceId, Hosts),
            WorksForPortals = true,
            Counters = string.Create(CultureInfo.InvariantCulture, $"dataflows-host-{InstanceId}"),
        },
        _ => MessagingRole.Alone,
    };

    /// <summary>A flow host as reports of connection tests name it.</summary>
    public static string VantagePointOf(int ordinal, string place) => string.Create(CultureInfo.InvariantCulture, $"flow host {ordinal} ({place})");

    /// <summary>Reads and checks the settings together.</summary>
    /// <param name="hostName">Name of this machine: a StatefulSet puts the ordinal at its end.</param>
    /// <exception cref="BadSettingException">A value is not allowed, alone or beside the others.</exception>
    public static RoleOptions From(IConfiguration configuration, string hostName)
    {
        var roleText = configuration[RoleKey] is { Length: > 0 } given ? given : nameof(PortalRole.All);
        if (!Enum.TryParse<PortalRole>(roleText, ignoreCase: true, out var role) || !Enum.IsDefined(role) || char.IsAsciiDigit(roleText[0]))
            throw new BadSettingException(RoleKey, roleText, "All, Portal or Flows");
        var hosts = HostsOf(configuration);
        if (role is PortalRole.All && hosts.Count > 0)
            throw new BadSettingException(HostsKey, string.Join(';', hosts), $"nothing while {RoleKey} is All, which runs the dataflows itself; set {RoleKey} to Portal to read them from flow hosts");
        var token = TokenOf(configuration);
        if (token is null && (role is PortalRole.Flows || hosts.Count > 0))
            throw new BadSettingException(TokenKey, "", $"the same text of at least {FlowHostToken.LeastCharacters} characters on portals and flow hosts, here or in a file that {TokenFileKey} names");
        return new RoleOptions(role, InstanceOf(configuration, role, Math.Max(1, hosts.Count), hostName), hosts, token);
    }

    private static int InstanceOf(IConfiguration configuration, PortalRole role, int hosts, string hostName)
    {
        var text = configuration[InstanceKey];
        if (string.IsNullOrEmpty(text))
        {
            var suffix = role is PortalRole.Flows ? hostName[(hostName.LastIndexOf('-') + 1)..] : "";
            text = suffix.Length < hostName.Length && suffix.Length > 0 && suffix.All(char.IsAsciiDigit) ? suffix : "0";
        }
        var most = role is PortalRole.Flows ? hosts - 1 : 0;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var id) && id <= most)
            return id;
        throw new BadSettingException(InstanceKey, text, role is PortalRole.Flows
            ? string.Create(CultureInfo.InvariantCulture, $"0 to {most}, one for each address in {HostsKey}, which names all flow hosts; when nothing is given it is the number at the end of the host name, here '{hostName}'")
            : $"0 while {RoleKey} is {role}; only flow hosts are numbered");
    }

    private static List<Uri> HostsOf(IConfiguration configuration)
    {
        // A list by number, or one text with separators: the form that an environment variable is easiest in.
        var texts = configuration.GetSection(HostsKey).GetChildren()
            .OrderBy(child => int.TryParse(child.Key, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : int.MaxValue).Select(child => child.Value ?? "")
            .Concat((configuration[HostsKey] ?? "").Split([';', ','], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
        var hosts = new List<Uri>();
        foreach (var text in texts)
        {
            if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https") || uri.UserInfo.Length > 0 || uri.PathAndQuery != "/" || uri.Fragment.Length > 0)
                throw new BadSettingException(HostsKey, text, "base addresses such as http://portal-flows-0.portal-flows:5080, one for each flow host, without user name, path or query");
            if (hosts.Contains(uri))
                throw new BadSettingException(HostsKey, text, "each address once: its place in the list is the ordinal of the flow host");
            hosts.Add(uri);
        }
        return hosts;
    }

    private static FlowHostToken? TokenOf(IConfiguration configuration)
    {
        var (value, file) = (configuration[TokenKey] ?? "", configuration[TokenFileKey] ?? "");
        if (value.Length > 0 && file.Length > 0)
            throw new BadSettingException(TokenFileKey, file, $"nothing while {TokenKey} is set");
        if (file.Length > 0)
        {
            try
            {
                value = File.ReadAllText(file).Trim();
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                throw new BadSettingException(TokenFileKey, file, "the path of a file that the portal may read, with the token alone in it");
            }
        }
        if (value.Length == 0 && file.Length == 0)
            return null;
        // The value itself is never said.
        if (value.Length < FlowHostToken.LeastCharacters || value.Any(c => !char.IsAscii(c) || char.IsControl(c) || c == ' '))
            throw new BadSettingException(file.Length > 0 ? TokenFileKey : TokenKey, string.Create(CultureInfo.InvariantCulture, $"({value.Length} characters)"),
                $"at least {FlowHostToken.LeastCharacters} visible ASCII characters, for example from: openssl rand -hex 32");
        return new FlowHostToken(value);
    }
}
