using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Portal.Stores.Files;

/// <summary>
/// Writes files so that a kill or a power cut at any moment leaves the old file or the new one: a temporary file in the
/// same folder, flushed to the disk, renamed over the old one, the folder flushed too.
/// </summary>
internal class FileWriter
{
    /// <summary>Ends the names of temporary files; no reader of a folder takes such a file for content.</summary>
    public const string TemporarySuffix = ".portal-tmp";

    /// <summary>Replaces a file.</summary>
    /// <param name="path">The file. Its folder is created when it is missing.</param>
    /// <param name="content">All bytes of the new file.</param>
    /// <param name="mode">Rights of the file; null = those of the file that is replaced, else the system's default.</param>
    /// <param name="isStillExpected">Asked right before the rename; false leaves the old file and gives false.</param>
    public bool Write(string path, ReadOnlySpan<byte> content, UnixFileMode? mode = null, Func<bool>? isStillExpected = null)
    {
        var folder = Path.GetDirectoryName(path)!;
        if (!Directory.Exists(folder))
            CreateFolder(folder, mode);
        var temporary = Path.Combine(folder, $".{Guid.NewGuid():N}{TemporarySuffix}");
        try
        {
            using (var stream = Open(temporary, mode ?? ModeOf(path)))
            {
                stream.Write(content);
                Flush(stream);
            }
            if (isStillExpected?.Invoke() == false)
                return false;
            File.Move(temporary, path, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
        FlushFolder(folder);
        return true;
    }

    /// <summary>The same beside the caller: waiting for the disk takes milliseconds, on a busy one far longer.</summary>
    public Task<bool> WriteAsync(string path, ReadOnlyMemory<byte> content, UnixFileMode? mode = null, Func<bool>? isStillExpected = null)
        => Task.Run(() => Write(path, content.Span, mode, isStillExpected));

    /// <summary>Removes a file for good.</summary>
    public void Delete(string path)
    {
        File.Delete(path);
        FlushFolder(Path.GetDirectoryName(path)!);
    }

    /// <summary>Opens the temporary file. Tests put a disk that fails in its place.</summary>
    protected virtual Stream Open(string path, UnixFileMode? mode)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None, BufferSize = 0 };
        if (mode is { } rights && !OperatingSystem.IsWindows())
            options.UnixCreateMode = rights;
        var stream = new FileStream(path, options);
        // The rights asked for at creation are cut by the umask; those of the file that is replaced are not.
        if (mode is { } whole && !OperatingSystem.IsWindows())
            File.SetUnixFileMode(stream.SafeFileHandle, whole);
        return stream;
    }

    private static void CreateFolder(string folder, UnixFileMode? mode)
    {
        if (mode == DataFolder.PrivateFile)
            DataFolder.CreatePrivate(folder);
        else
            Directory.CreateDirectory(folder);
    }

    private static UnixFileMode? ModeOf(string path)
        => OperatingSystem.IsWindows() || !File.Exists(path) ? null : File.GetUnixFileMode(path);

    private static void Flush(Stream stream)
    {
        if (stream is FileStream file)
            file.Flush(flushToDisk: true);
        else
            stream.Flush();
    }

    // .NET opens no folders, and without this a rename may be forgotten when the power fails.
    private static void FlushFolder(string folder)
    {
        if (OperatingSystem.IsWindows())
            return;
        using var handle = OpenFolder(folder, 0);
        if (handle.IsInvalid || FlushHandle(handle) != 0)
        {
            var error = Marshal.GetLastPInvokeError();
            if (error is not FileFaults.InvalidArgument)
                throw new IOException(Marshal.GetPInvokeErrorMessage(error), error);
        }
    }

    [DllImport("libc", EntryPoint = "open", SetLastError = true, CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true)]
    private static extern SafeFileHandle OpenFolder([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

    [DllImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static extern int FlushHandle(SafeFileHandle handle);
}
