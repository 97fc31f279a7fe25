using System.Globalization;
using System.Security.Cryptography;
using Portal.Model.Ports;

namespace Portal.Stores.Files;

/// <summary>Says in words what a failing disk or folder means and what to do about it.</summary>
internal static class FileFaults
{
    public const int InvalidArgument = 22;
    private const int NoPermission = 13;
    private const int NotPermitted = 1;
    private const int InputOutput = 5;
    private const int NotAFolder = 20;
    private const int TooManyFiles = 24;
    private const int NoSpace = 28;
    private const int ReadOnly = 30;
    private const int NameTooLong = 36;
    private const int Quota = 122;
    private const int WindowsDiskFull = unchecked((int)0x80070070);

    /// <summary>True for what the disk or its rights cause, not a mistake of ours.</summary>
    public static bool IsFault(Exception exception)
        => exception is IOException or UnauthorizedAccessException or FolderBusyException or CryptographicException;

    /// <summary>The result of a change that met a fault: Denied when rights forbid it, Unavailable when it may work later.</summary>
    public static StoreResult ToResult(Exception exception, string path)
    {
        var (message, fix) = Explain(exception, path);
        return exception is UnauthorizedAccessException || ErrorOf(exception) is ReadOnly or NoPermission or NotPermitted
            ? new StoreResult.Denied(message, fix)
            : new StoreResult.Unavailable(message, fix);
    }

    /// <summary>What is wrong and what to do.</summary>
    public static (string Message, string Fix) Explain(Exception exception, string path) => (exception, ErrorOf(exception)) switch
    {
        (FolderBusyException, _) => (
            $"Another portal keeps {path} busy.",
            "Try again. When it stays like this, look for a second portal on the same data folder that hangs, and stop it."),
        (CryptographicException, _) => (
            "The keys that secrets are encrypted with cannot be used.",
            "Look at the folder keys of the data folder: the portal must be able to read and write it. Restore it from a backup when it was lost."),
        (_, NoSpace or WindowsDiskFull) => (
            $"There is no room left on the disk of {path}.",
            $"Free some space, then try again; 'df -h {path}' shows how full the disk is. Nothing was changed."),
        (_, Quota) => (
            $"The disk quota of the user that runs the portal is used up ({path}).",
            "Raise the quota or remove files of that user, then try again. Nothing was changed."),
        (_, ReadOnly) => (
            $"{path} is on a disk that is mounted read-only.",
            "Mount it for writing, or set Portal:DataDirectory to a folder that can be written. Reading goes on meanwhile."),
        (UnauthorizedAccessException, _) or (_, NoPermission or NotPermitted) => (
            $"The user {Environment.UserName} that runs the portal may not write {path}.",
            $"Give that user the right to write there, for example with 'chown -R {Environment.UserName} {path}'. Reading goes on meanwhile."),
        (DirectoryNotFoundException, _) or (_, NotAFolder) => (
            $"{path} is not there or lies below something that is not a folder.",
            "Create the folder again, or set Portal:DataDirectory to a folder that exists."),
        (FileNotFoundException, _) => (
            $"{path} is not there any more.",
            "Reload the page to see what is stored now."),
        (PathTooLongException, _) or (_, NameTooLong) => (
            $"The path {path} is too long for the disk.",
            "Set Portal:DataDirectory to a folder with a shorter path."),
        (_, TooManyFiles) => (
            "The portal has as many files and connections open as the system allows.",
            "Raise the limit of open files ('ulimit -n'), or stop tests and live traffic that are not needed."),
        (_, InputOutput) => (
            $"The disk of {path} reports an error.",
            "Check the disk and the system's log; a network disk may be disconnected."),
        _ => (
            $"{path} cannot be used: {exception.Message}",
            "Check the folder and its disk, then try again."),
    };

    // On Unix .NET keeps the system's error number as the result code; for missing rights it is on the inner exception.
    private static int ErrorOf(Exception exception) => exception switch
    {
        UnauthorizedAccessException { InnerException: IOException inner } => inner.HResult,
        IOException io => io.HResult,
        _ => 0,
    };

    /// <summary>A size for people.</summary>
    public static string Size(long bytes) => bytes < 1024 * 1024
        ? string.Create(CultureInfo.InvariantCulture, $"{bytes / 1024.0:0.#} KiB")
        : string.Create(CultureInfo.InvariantCulture, $"{bytes / 1024.0 / 1024.0:0.#} MiB");
}
