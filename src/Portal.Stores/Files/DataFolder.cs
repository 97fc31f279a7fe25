using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Portal.Stores.Files;

/// <summary>The data folder: where each part stands, and who may read it.</summary>
internal sealed class DataFolder
{
    /// <summary>Folders of secrets and keys: for the user that runs the portal alone.</summary>
    public const UnixFileMode PrivateFolder = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>Files of secrets and keys: for the user that runs the portal alone.</summary>
    public const UnixFileMode PrivateFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private const string GitIgnore = """
        # The manifests are what belongs in git. Secrets, keys and history never leave this machine that way.
        /*
        !/.gitignore
        !/manifests/
        *.portal-tmp

        """;

    private readonly ILogger<DataFolder> logger;

    public DataFolder(IOptions<StoreOptions> options, TimeProvider time, ILogger<DataFolder> logger)
    {
        this.logger = logger;
        Root = Path.GetFullPath(options.Value.DataDirectory);
        Lock = new FolderLock(Path.Combine(Root, ".lock"), time);
        HistoryLock = new FolderLock(Path.Combine(History, ".lock"), time);
    }

    public string Root { get; }

    /// <summary>Endpoints, dataflows, profiles and config maps: the part for git.</summary>
    public string Manifests => Path.Combine(Root, "manifests");

    /// <summary>Secrets of the vault, encrypted.</summary>
    public string VaultSecrets => Path.Combine(Root, "vault", "secrets");

    /// <summary>Synced secrets: keys and names of vault secrets, no values.</summary>
    public string SyncedSecrets => Path.Combine(Root, "vault", "synced");

    /// <summary>Keys that the vault and sign-in cookies are encrypted with.</summary>
    public string Keys => Path.Combine(Root, "keys");

    /// <summary>The activity log.</summary>
    public string History => Path.Combine(Root, "history");

    /// <summary>Held while manifests, secrets or keys are written, so that two portals on one folder take turns.</summary>
    public FolderLock Lock { get; }

    /// <summary>Held while the activity log is written.</summary>
    public FolderLock HistoryLock { get; }

    /// <summary>
    /// Creates what is missing and removes what a kill left behind. What cannot be done is logged: the portal starts and
    /// reads what is there.
    /// </summary>
    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        try
        {
            Directory.CreateDirectory(Manifests);
            CreatePrivate(Path.Combine(Root, "vault"));
            CreatePrivate(VaultSecrets);
            CreatePrivate(SyncedSecrets);
            CreatePrivate(Keys);
            CreatePrivate(History);
            var ignore = Path.Combine(Root, ".gitignore");
            if (!File.Exists(ignore))
                await File.WriteAllTextAsync(ignore, GitIgnore, cancellationToken).ConfigureAwait(false);
            // Under the lock, because another portal may be writing.
            using (await Lock.AcquireAsync(cancellationToken).ConfigureAwait(false))
                RemoveLeftovers();
        }
        catch (Exception exception) when (FileFaults.IsFault(exception))
        {
            var (message, fix) = FileFaults.Explain(exception, Root);
            logger.FolderNotReady(message, fix);
        }
    }

    /// <summary>Creates a folder that only the user that runs the portal may enter.</summary>
    public static void CreatePrivate(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
            return;
        }
        Directory.CreateDirectory(path, PrivateFolder);
        if (File.GetUnixFileMode(path) != PrivateFolder)
            File.SetUnixFileMode(path, PrivateFolder);
    }

    /// <summary>A path as people see it: below the data folder, with forward slashes.</summary>
    public string Relative(string path) => Path.GetRelativePath(Root, path).Replace('\\', '/');

    private void RemoveLeftovers()
    {
        foreach (var folder in new[] { Manifests, Path.Combine(Root, "vault"), Keys, History }.Where(Directory.Exists))
        {
            foreach (var path in Directory.EnumerateFiles(folder, "*" + FileWriter.TemporarySuffix, Leftovers))
            {
                File.Delete(path);
                logger.LeftoverRemoved(Relative(path));
            }
        }
    }

    private static EnumerationOptions Leftovers { get; } = new()
    {
        RecurseSubdirectories = true,
        AttributesToSkip = FileAttributes.ReparsePoint,
        IgnoreInaccessible = true,
    };
}
