namespace Portal.Stores;

/// <summary>Where the portal keeps what it stores: section <c>Portal</c> of the configuration.</summary>
public sealed class StoreOptions
{
    /// <summary>Section of the configuration.</summary>
    public const string Section = "Portal";

    /// <summary>
    /// The data folder. Not set: <c>/data</c> in a container, <c>data</c> at the root of the repository when run from its
    /// sources, else <c>data</c> below the working directory.
    /// </summary>
    public string DataDirectory { get; set; } = DefaultDirectory();

    private static string DefaultDirectory()
    {
        if (string.Equals(Environment.GetEnvironmentVariable("DOTNET_RUNNING_IN_CONTAINER"), "true", StringComparison.OrdinalIgnoreCase))
            return "/data";
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Portal.sln")))
                return Path.Combine(folder.FullName, "data");
        }
        return Path.GetFullPath("data");
    }
}
