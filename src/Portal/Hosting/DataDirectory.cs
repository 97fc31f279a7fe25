namespace Portal.Hosting;

/// <summary>Where data is kept when no setting says so: beside the solution under <c>dotnet run</c>, else below the current folder.</summary>
internal static class DataDirectory
{
    public static string Default(string contentRoot)
    {
        for (var folder = new DirectoryInfo(contentRoot); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "Portal.sln")))
                return Path.Combine(folder.FullName, "data");
        return Path.Combine(Directory.GetCurrentDirectory(), "data");
    }
}
