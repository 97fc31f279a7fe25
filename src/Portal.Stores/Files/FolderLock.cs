namespace Portal.Stores.Files;

/// <summary>Another portal held the lock for longer than anyone should.</summary>
internal sealed class FolderBusyException() : Exception("The folder is locked by another process.");

/// <summary>
/// A lock between the portals that share a data folder: a file held open for one alone (flock), so that the system lets go
/// of it however a process ends.
/// </summary>
internal sealed class FolderLock(string path, TimeProvider time)
{
    private const int WouldBlockLinux = 11;
    private const int WouldBlockMac = 35;
    private const int SharingViolationWindows = unchecked((int)0x80070020);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    private readonly SemaphoreSlim turn = new(1);

    /// <summary>Waits for the lock. Disposing what it gives lets go of it.</summary>
    /// <exception cref="FolderBusyException">It was not to be had within 10 seconds.</exception>
    public async Task<IDisposable> AcquireAsync(CancellationToken cancellationToken)
    {
        await turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var started = time.GetTimestamp();
            while (true)
            {
                if (TryOpen() is { } file)
                    return new Held(file, turn);
                if (time.GetElapsedTime(started) > Limit)
                    throw new FolderBusyException();
                await Task.Delay(Pause, time, cancellationToken).ConfigureAwait(false);
            }
        }
        catch
        {
            turn.Release();
            throw;
        }
    }

    private FileStream? TryOpen()
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException exception) when (exception.HResult is WouldBlockLinux or WouldBlockMac or SharingViolationWindows)
        {
            return null;
        }
    }

    private sealed class Held(FileStream file, SemaphoreSlim turn) : IDisposable
    {
        public void Dispose()
        {
            file.Dispose();
            turn.Release();
        }
    }
}
