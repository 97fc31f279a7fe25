namespace Portal.Tests.Shared;

/// <summary>Where the sources of this checkout are, found upward from the running test.</summary>
public static class RepositoryRoot
{
    private static readonly Lazy<string> Root = new(() => FindUpward("Portal.sln"));
    private static readonly Lazy<string> Project = new(() => FindUpward("*.csproj"));

    /// <summary>The folder that holds Portal.sln.</summary>
    public static string Path => Root.Value;

    /// <summary>The folder of the test project that runs now.</summary>
    public static string TestProject => Project.Value;

    /// <summary>A path inside the repository, e.g. <c>Combine("src", "Portal")</c>.</summary>
    public static string Combine(params string[] parts) => System.IO.Path.Combine([Path, .. parts]);

    private static string FindUpward(string pattern)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (folder.EnumerateFiles(pattern).Any())
                return folder.FullName;
        throw new DirectoryNotFoundException(
            $"No {pattern} in {AppContext.BaseDirectory} or above it. Run the tests from the build output inside the repository.");
    }
}
