using System.Collections.Concurrent;
using System.IO.Enumeration;
using Portal.Model.Ports;
using Portal.Model.Validation;

namespace Portal.Stores.Files;

/// <summary>One look at the folder: what differs from the index, and what is wrong with the folders.</summary>
/// <param name="Changed">Files that are new or have other bytes.</param>
/// <param name="Touched">Files with the same bytes under another stamp.</param>
/// <param name="Removed">Locations that are gone.</param>
/// <param name="Problems">What is wrong with folders.</param>
internal sealed record ManifestScan(
    IReadOnlyList<ManifestFile> Changed, IReadOnlyList<ManifestFile> Touched, IReadOnlyList<string> Removed, IReadOnlyList<StoreProblem> Problems)
{
    private static readonly EnumerationOptions Everything = new() { AttributesToSkip = 0, IgnoreInaccessible = false };
    private static readonly string[] Endings = [".yaml", ".yml", ".json"];

    /// <summary>True when somebody may be in the middle of writing: a second look a moment later tells.</summary>
    public bool IsUnsettled => Removed.Count > 0 || Changed.Any(file => file.Key is null && file.IsFresh);

    public static ManifestScan Take(string folder, ManifestIndex index, DateTimeOffset now)
    {
        var problems = new List<StoreProblem>();
        if (List(folder, problems) is not { } found)
            return new ManifestScan([], [], [], problems);

        var root = Links.RealPath(folder);
        var changed = new ConcurrentBag<ManifestFile>();
        var touched = new ConcurrentBag<ManifestFile>();
        Parallel.ForEach(found, item =>
        {
            var (location, stamp) = item;
            var known = index.At(location);
            if (known is { IsFresh: false } && known.Stamp == stamp)
                return;
            var file = ManifestReader.Read(root, Path.Combine(folder, location), location, now);
            (known?.Revision == file.Revision && known.Findings.SequenceEqual(file.Findings) ? touched : changed).Add(file);
        });
        // What lies below a folder that cannot be read is not gone: it stays as it was read last.
        var removed = index.All().Select(file => file.Location)
            .Where(location => !found.ContainsKey(location) && !problems.Any(problem => location.StartsWith(problem.Location + "/", StringComparison.Ordinal)));
        return new ManifestScan([.. changed.OrderBy(file => file.Location, StringComparer.Ordinal)], [.. touched], [.. removed], problems);
    }

    private static Dictionary<string, FileStamp>? List(string folder, List<StoreProblem> problems)
    {
        var found = new Dictionary<string, FileStamp>(StringComparer.Ordinal);
        var folders = new Queue<string>([""]);
        while (folders.TryDequeue(out var below))
        {
            try
            {
                foreach (var (name, isFolder, isLink, stamp) in Entries(Path.Combine(folder, below)))
                {
                    var location = below.Length == 0 ? name : below + "/" + name;
                    var path = Path.Combine(folder, location);
                    if (isLink && Directory.Exists(path))
                        problems.Add(LinkedFolder(location));
                    else if (isFolder)
                        folders.Enqueue(location);
                    else if (IsManifest(name))
                        found[location] = isLink ? FileStamp.Of(path) : stamp;
                }
            }
            catch (Exception exception) when (FileFaults.IsFault(exception))
            {
                // A folder below may go while this one is read, alone or with all of it: what is gone is not unreadable.
                var isGone = below.Length > 0 && exception is DirectoryNotFoundException;
                if (isGone && Directory.Exists(folder))
                    continue;
                var isAll = isGone || below.Length == 0;
                var (message, fix) = FileFaults.Explain(exception, isAll ? folder : Path.Combine(folder, below));
                var problem = new StoreProblem(isAll ? folder : below, null, Finding.Error("folder-unreadable", "", message, fix));
                if (isAll)
                {
                    problems.Clear();
                    problems.Add(problem);
                    return null;
                }
                problems.Add(problem);
            }
        }
        return found;
    }

    private static FileSystemEnumerable<(string Name, bool IsFolder, bool IsLink, FileStamp Stamp)> Entries(string path) => new(
        path,
        (ref FileSystemEntry entry) => (
            entry.FileName.ToString(), entry.IsDirectory, entry.Attributes.HasFlag(FileAttributes.ReparsePoint), new FileStamp(entry.LastWriteTimeUtc.UtcDateTime, entry.IsDirectory ? 0 : entry.Length)),
        Everything)
    {
        // Hidden names are not ours: .git, temporary files, the inner folders of a mounted config map.
        ShouldIncludePredicate = (ref FileSystemEntry entry) => entry.FileName is not ['.', ..],
    };

    private static bool IsManifest(string name)
        => Endings.Contains(Path.GetExtension(name), StringComparer.OrdinalIgnoreCase)
            && !Path.GetFileNameWithoutExtension(name).Equals("kustomization", StringComparison.OrdinalIgnoreCase);

    private static StoreProblem LinkedFolder(string location) => new(location, null, Finding.Warning(
        "link-to-folder", "", "This is a link to a folder; it is not followed.", "Put the files themselves into this folder, or set Portal:DataDirectory to where they are."));
}
