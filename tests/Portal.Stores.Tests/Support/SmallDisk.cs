using Microsoft.Extensions.DependencyInjection;
using Portal.Tests.Shared;

namespace Portal.Stores.Tests.Support;

/// <summary>
/// A disk of 256 KiB that a test fills or makes read-only: a real one in memory where the system lets us mount it, else one
/// whose writes fail with the same errors.
/// </summary>
internal sealed class SmallDisk : IAsyncDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly FailingDisk failing = new();
    private bool isMounted;

    public string Path => folder.Combine("disk");

    private string Ballast => System.IO.Path.Combine(Path, "ballast");

    public static async Task<SmallDisk> CreateAsync()
    {
        var disk = new SmallDisk();
        Directory.CreateDirectory(disk.Path);
        disk.isMounted = (await ProcessRunner.RunAsync("mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", disk.Path)).ExitCode == 0;
        TestContext.Current.TestOutputHelper?.WriteLine(disk.isMounted ? "a real disk in memory" : "no right to mount: writes that fail");
        return disk;
    }

    public void Use(IServiceCollection services)
    {
        if (!isMounted)
            failing.Use(services);
    }

    public void Fill()
    {
        failing.Failure = FailingDisk.Error(FailingDisk.NoSpace);
        if (!isMounted)
            return;
        using var ballast = new FileStream(Ballast, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        Assert.Throws<IOException>(FillUp);

        void FillUp()
        {
            for (var block = 0; block < 1000; block++)
                ballast.Write(new byte[4096]);
        }
    }

    public void Free()
    {
        failing.Failure = null;
        File.Delete(Ballast);
    }

    public async Task MakeReadOnlyAsync(bool isReadOnly = true)
    {
        failing.Failure = isReadOnly ? FailingDisk.Error(FailingDisk.ReadOnly) : null;
        if (isMounted)
            (await ProcessRunner.RunAsync("mount", "-o", isReadOnly ? "remount,ro" : "remount,rw", Path)).MustSucceed();
    }

    public async ValueTask DisposeAsync()
    {
        if (isMounted)
            (await ProcessRunner.RunAsync("umount", "-l", Path)).MustSucceed();
        folder.Dispose();
    }
}
