using System.Reflection;
using Portal.Hosting;

namespace Portal.Components.Layout;

/// <summary>Numbers beside the entries of the navigation; null is not known yet and shows nothing.</summary>
internal sealed record NavCounts(int? Endpoints = null, int? Expiring = null, int? Dataflows = null);

/// <summary>What the frame around every page says: target, sandbox, version, counts.</summary>
internal sealed class ShellInfo(PortalOptions options)
{
    /// <summary>Raised on any thread; subscribers render with InvokeAsync.</summary>
    public event Action? CountsChanged;

    public NavCounts Counts { get; private set; } = new();

    public string Version { get; } = typeof(ShellInfo).Assembly
        .GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "";

    public string Folder => options.DataDirectory;

    public string FolderName => Path.GetFileName(Path.TrimEndingDirectorySeparator(Folder)) is { Length: > 0 } name ? name : Folder;

    public bool SandboxOn => options.SandboxEnabled;

    public void SetCounts(NavCounts counts)
    {
        if (counts == Counts)
            return;
        Counts = counts;
        CountsChanged?.Invoke();
    }
}
