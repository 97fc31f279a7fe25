namespace Portal.Stores.Files;

/// <summary>Where a path leads once every link in it is followed.</summary>
internal static class Links
{
    private const int MostLinks = 40;

    /// <exception cref="IOException">The links lead in a circle.</exception>
    public static string RealPath(string path) => TryRealPath(path) ?? throw new IOException($"The link {path} leads in a circle.");

    /// <summary>The same; null when the links lead in a circle.</summary>
    public static string? TryRealPath(string path)
    {
        var full = Path.GetFullPath(path);
        var real = Path.GetPathRoot(full)!;
        var parts = new Stack<string>(full[real.Length..].Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries).Reverse());
        var followed = 0;
        while (parts.TryPop(out var part))
        {
            var next = Path.Combine(real, part);
            if (new FileInfo(next).LinkTarget is not { } target)
            {
                real = next;
                continue;
            }
            if (++followed > MostLinks)
                return null;
            var leads = Path.GetFullPath(target, real);
            real = Path.GetPathRoot(leads)!;
            foreach (var step in leads[real.Length..].Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries).Reverse())
                parts.Push(step);
        }
        return real;
    }
}
