using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;
using Portal.Hosting;
using Portal.Messaging.Flows;
using Portal.Stores.AzureResourceManager;
using Portal.Stores.Kubernetes;

namespace Portal.Targets;

/// <summary>What a target is.</summary>
internal enum TargetKind
{
    /// <summary>A data folder on this machine.</summary>
    Folder,

    /// <summary>A namespace of a cluster.</summary>
    Kubernetes,

    /// <summary>An instance of Azure IoT Operations, by Azure Resource Manager.</summary>
    Azure,
}

/// <summary>One place where resources are applied to, as configured.</summary>
/// <param name="Name">Name on pages and in the API.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Place">Where it is, in short: the name of the folder, the namespace, the instance.</param>
/// <param name="DataDirectory">Where the portal keeps its own data of the target: activity, results of tests, counters of dataflows.</param>
/// <param name="Key">Key of the configuration, for example <c>Portal:Targets:1</c>.</param>
internal sealed partial record TargetSettings(string Name, TargetKind Kind, string Place, string DataDirectory, string Key)
{
    public const string Section = $"{PortalOptions.Section}:Targets";

    private const int LongestName = 63;

    /// <summary>How to reach a cluster; for an instance of Azure the one behind it, where it was named; else null.</summary>
    public KubernetesOptions? Kubernetes { get; init; }

    /// <summary>Which instance of Azure; null for other kinds.</summary>
    public AzureTargetOptions? Azure { get; init; }

    /// <summary>Which dataflows this portal runs there.</summary>
    public FlowRule Rule => Kind switch { TargetKind.Folder => FlowRule.All, TargetKind.Kubernetes => FlowRule.Annotated, _ => FlowRule.None };

    /// <summary>True when nobody configured it: the data folder of a portal that has no other target.</summary>
    public bool IsImplied { get; init; }

    /// <summary>Where it is, in full.</summary>
    public string Address { get; init; } = DataDirectory;

    [GeneratedRegex("^[a-z0-9]([a-z0-9-]*[a-z0-9])?\\z")]
    private static partial Regex NamePattern();

    /// <summary>All targets, the default one first. Without any configured it is the data folder.</summary>
    /// <exception cref="BadSettingException">A value is not allowed.</exception>
    public static IReadOnlyList<TargetSettings> From(IConfiguration configuration, string dataDirectory)
    {
        var targets = configuration.GetSection(Section).GetChildren()
            .OrderBy(child => int.TryParse(child.Key, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : int.MaxValue)
            .Select((section, position) => Read(section, dataDirectory, position == 0)).ToList();
        if (targets.Count == 0)
            return [new TargetSettings("folder", TargetKind.Folder, NameOf(dataDirectory), dataDirectory, Section) { IsImplied = true }];
        foreach (var target in targets)
        {
            if (targets.Exists(other => other != target && other.Name == target.Name))
                throw new BadSettingException($"{target.Key}:Name", target.Name, "a name that no other target has");
            if (targets.Exists(other => other != target && other.DataDirectory == target.DataDirectory))
                throw new BadSettingException($"{target.Key}:Path", target.DataDirectory, "a folder that no other target has");
        }
        return targets;
    }

    /// <summary>Whether the default target is a folder, before anything is checked.</summary>
    public static bool IsFolderFirst(IConfiguration configuration) =>
        configuration.GetSection(Section).GetChildren().FirstOrDefault()?["Kind"] is not { } kind || kind.Equals(nameof(TargetKind.Folder), StringComparison.OrdinalIgnoreCase);

    private static TargetSettings Read(IConfigurationSection section, string dataDirectory, bool isFirst)
    {
        var name = section["Name"] ?? "";
        if (name.Length > LongestName || !NamePattern().IsMatch(name))
            throw new BadSettingException($"{section.Path}:Name", name, $"1 to {LongestName} of a-z, 0-9 and hyphen, for example line3-edge");
        var kindText = section["Kind"] ?? "";
        if (!Enum.TryParse<TargetKind>(kindText, ignoreCase: true, out var kind) || !Enum.IsDefined(kind) || char.IsAsciiDigit(kindText[0]))
            throw new BadSettingException($"{section.Path}:Kind", kindText, string.Join(", ", Enum.GetNames<TargetKind>()));
        CheckMembers(section, kind);
        return kind switch
        {
            TargetKind.Kubernetes => Cluster(section, name, dataDirectory),
            TargetKind.Azure => Instance(section, name, dataDirectory),
            _ => Folder(section, name, dataDirectory, isFirst),
        };
    }

    private static TargetSettings Folder(IConfigurationSection section, string name, string dataDirectory, bool isFirst)
    {
        var path = section["Path"] ?? "";
        if (path.Length == 0 && !isFirst)
            throw new BadSettingException($"{section.Path}:Path", path, "the path of a data folder of its own; only the first target may leave it out, which is Portal:DataDirectory then");
        if (File.Exists(path) || path.IndexOfAny(Path.GetInvalidPathChars()) >= 0)
            throw new BadSettingException($"{section.Path}:Path", path, "the path of a folder that the portal may write");
        var folder = path.Length == 0 ? dataDirectory : Path.GetFullPath(path);
        return new TargetSettings(name, TargetKind.Folder, NameOf(folder), folder, section.Path);
    }

    private static TargetSettings Cluster(IConfigurationSection section, string name, string dataDirectory)
    {
        var options = ClusterOptions(section.GetSection(nameof(TargetKind.Kubernetes)));
        return new TargetSettings(name, TargetKind.Kubernetes, options.Namespace, Path.Combine(dataDirectory, "targets", name), section.Path)
        {
            Kubernetes = options,
            Address = options.Describe(),
        };
    }

    private static TargetSettings Instance(IConfigurationSection section, string name, string dataDirectory)
    {
        var own = section.GetSection(nameof(TargetKind.Azure));
        var options = Read<AzureTargetOptions>(own);
        if (AzureTargetChecks.Check(options, own.Path).ToList() is { Count: > 0 } faults)
            throw new OptionsValidationException(own.Path, typeof(AzureTargetOptions), faults);
        var behind = section.GetSection(nameof(TargetKind.Kubernetes));
        return new TargetSettings(name, TargetKind.Azure, options.Instance, Path.Combine(dataDirectory, "targets", name), section.Path)
        {
            Azure = options,
            Kubernetes = behind.Exists() ? ClusterOptions(behind) : null,
            Address = $"{options.ResourceGroup}, {options.Instance}",
        };
    }

    private static KubernetesOptions ClusterOptions(IConfigurationSection section)
    {
        var options = Read<KubernetesOptions>(section);
        return options.Check(section.Path) is { Count: > 0 } faults ? throw new OptionsValidationException(section.Path, typeof(KubernetesOptions), faults) : options;
    }

    private static T Read<T>(IConfigurationSection section)
        where T : new()
    {
        var options = new T();
        try
        {
            section.Bind(options, binder => binder.ErrorOnUnknownConfiguration = true);
            return options;
        }
        catch (InvalidOperationException failure)
        {
            throw new BadSettingException(section.Path, failure.Message, string.Join(", ", typeof(T).GetProperties().Select(property => property.Name)));
        }
    }

    // A member that nobody reads is a typing error, and the target would be another than meant.
    private static void CheckMembers(IConfigurationSection section, TargetKind kind)
    {
        string[] known = ["Name", "Kind", kind is TargetKind.Folder ? "Path" : kind.ToString(), .. kind is TargetKind.Azure ? new[] { nameof(TargetKind.Kubernetes) } : []];
        if (section.GetChildren().FirstOrDefault(child => !known.Contains(child.Key, StringComparer.OrdinalIgnoreCase)) is { } other)
            throw new BadSettingException(other.Path, other.Value ?? "", $"nothing; a target of kind {kind} has {string.Join(", ", known)}");
    }

    private static string NameOf(string folder) => Path.GetFileName(Path.TrimEndingDirectorySeparator(folder)) is { Length: > 0 } name ? name : folder;
}
