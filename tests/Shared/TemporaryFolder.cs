namespace Portal.Tests.Shared;

/// <summary>A folder of its own for one test, removed with everything in it.</summary>
public sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("portal-test-").FullName;

    /// <summary>The full path of a file or folder in here; nothing is created.</summary>
    public string Combine(params string[] parts) => System.IO.Path.Combine([Path, .. parts]);

    /// <summary>Writes a file (and the folders above it) and returns its full path.</summary>
    public string Write(string name, string text)
    {
        var file = Combine(name);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
        return file;
    }

    public void Dispose()
    {
        if (!Directory.Exists(Path))
            return;
        // A test may have taken its own write permission away; give it back, or nothing can be removed.
        foreach (var folder in new DirectoryInfo(Path).EnumerateDirectories("*", SearchOption.AllDirectories).Prepend(new(Path)))
            folder.UnixFileMode |= UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        Directory.Delete(Path, recursive: true);
    }
}
