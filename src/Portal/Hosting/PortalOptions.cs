using System.Net;
using Portal.Targets;

namespace Portal.Hosting;

/// <summary>Settings of the host under <c>Portal</c>. A bad value stops the start with key, value and what is allowed.</summary>
internal sealed class PortalOptions
{
    public const string Section = "Portal";

    public const string SandboxKey = $"{Section}:Sandbox:Enabled";

    /// <summary>Everything that the portal keeps lives below this folder.</summary>
    public string DataDirectory { get; set; } = "";

    /// <summary>What this process does, and beside whom.</summary>
    public RoleOptions Role { get; set; } = RoleOptions.Alone;

    /// <summary>Where resources are applied to, the default one first.</summary>
    public IReadOnlyList<TargetSettings> Targets { get; set; } = [];

    /// <summary>Whether the sandbox runs: embedded broker, demo Kafka, simulated devices.</summary>
    public bool SandboxEnabled { get; set; } = true;

    /// <summary>Whether an address beyond loopback is served although nobody signs in.</summary>
    public bool AllowUnauthenticated { get; set; }

    /// <summary>Reads and checks the settings.</summary>
    /// <exception cref="BadSettingException">A value is not allowed.</exception>
    public static PortalOptions From(IConfiguration configuration)
    {
        var section = configuration.GetSection(Section);
        var role = RoleOptions.From(configuration, Environment.MachineName);
        var options = new PortalOptions
        {
            DataDirectory = section[nameof(DataDirectory)] ?? "",
            Role = role,
            SandboxEnabled = Flag(configuration, SandboxKey, role.Role is PortalRole.All && TargetSettings.IsFolderFirst(configuration)),
            AllowUnauthenticated = Flag(configuration, $"{Section}:{nameof(AllowUnauthenticated)}", false),
        };
        if (string.IsNullOrWhiteSpace(options.DataDirectory))
            throw new BadSettingException($"{Section}:{nameof(DataDirectory)}", options.DataDirectory, "the path of a folder that the portal may write");
        options.Targets = TargetSettings.From(configuration, options.DataDirectory);
        if (options.SandboxEnabled && role.Role is not PortalRole.All)
            throw new BadSettingException(SandboxKey, "true", $"false while {Section}:Role is {role.Role}; the sandbox is part of the portal that runs alone");
        if (options.SandboxEnabled && options.Targets[0].Kind is not TargetKind.Folder)
            throw new BadSettingException(SandboxKey, "true", $"false while the first of {TargetSettings.Section} is no folder; the sandbox writes its endpoints to the default target");
        return options;
    }

    /// <summary>A switch of the configuration.</summary>
    public static bool Flag(IConfiguration configuration, string key, bool @default) => configuration[key] switch
    {
        null or "" => @default,
        var text when bool.TryParse(text, out var value) => value,
        var text => throw new BadSettingException(key, text, "true or false"),
    };

    /// <summary>A TCP port of the configuration.</summary>
    public static int Port(IConfiguration configuration, string key, int @default) => configuration[key] switch
    {
        null or "" => @default,
        var text when int.TryParse(text, out var port) && port is >= 0 and <= IPEndPoint.MaxPort => port,
        var text => throw new BadSettingException(key, text, "a port from 0 (any free one) to 65535"),
    };
}

/// <summary>A setting that the portal cannot start with.</summary>
internal sealed class BadSettingException(string key, string value, string allowed)
    : Exception($"The setting {key} is '{value}'. Allowed: {allowed}.");
