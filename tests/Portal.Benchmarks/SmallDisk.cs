using Portal.Tests.Shared;

namespace Portal.Benchmarks;

/// <summary>A file system of one megabyte in memory, to be filled to the last byte. Mounting it needs root; without, a file stands where the folder would be.</summary>
internal sealed class SmallDisk : IAsyncDisposable
{
    private readonly string? _folder;

    private SmallDisk(string? folder, string words) => (_folder, Words) = (folder, words);

    /// <summary>What kind of disk it was.</summary>
    public string Words { get; }

    public static async Task<SmallDisk> MountAsync(string folder, bool isWanted)
    {
        if (!isWanted)
            return new SmallDisk(null, "");
        Directory.CreateDirectory(folder);
        var mounted = await ProcessRunner.RunAsync("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", folder);
        return mounted.ExitCode == 0 ? new SmallDisk(folder, "a file system of 1 MiB, filled; ") : new SmallDisk(null, "not root, so the folder was only made unwritable; ");
    }

    /// <summary>Takes the last byte, the counters that are there included.</summary>
    public static void Fill(string folder)
    {
        if (new DriveInfo(folder).TotalSize > 1024 * 1024)
        {
            Directory.Delete(folder, recursive: true);
            File.WriteAllText(folder, "");
            return;
        }

        try
        {
            using var filler = new FileStream(Path.Combine(folder, "filler"), FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
            while (true)
                filler.Write(new byte[512]);
        }
        catch (IOException)
        {
            // It is full.
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_folder is not null)
            (await ProcessRunner.RunAsync("umount", "-l", _folder)).MustSucceed();
    }
}
