using System.Collections.Immutable;
using Portal.Model.Ports;
using Portal.Model.Validation;

namespace Portal.Stores.Files;

/// <summary>What a manifest is found by.</summary>
/// <param name="Kind">The document's <c>kind</c>.</param>
/// <param name="Name">The document's <c>metadata.name</c>.</param>
internal readonly record struct ManifestKey(string Kind, string Name);

/// <summary>What a file that cannot be read seems to hold, so that nobody saves the same name beside it.</summary>
/// <param name="Kind">Kind; null when nothing tells.</param>
/// <param name="Name">Name.</param>
internal readonly record struct ManifestClaim(string? Kind, string Name)
{
    public bool Covers(ManifestKey key) => Name == key.Name && (Kind is null || Kind == key.Kind);
}

/// <summary>Tells cheaply whether a file may have changed.</summary>
/// <param name="Written">Time of the last write.</param>
/// <param name="Length">Bytes.</param>
internal readonly record struct FileStamp(DateTime Written, long Length)
{
    /// <summary>The stamp of a file, of its target when it is a link; all zero when it is not there.</summary>
    public static FileStamp Of(string path)
    {
        var file = new FileInfo(path);
        if (file.LinkTarget is not null && Links.TryRealPath(path) is { } target)
            file = new FileInfo(target);
        return file.Exists ? new FileStamp(file.LastWriteTimeUtc, file.Length) : default;
    }
}

/// <summary>One file below the folder as it was last read.</summary>
/// <param name="Location">Path below the folder, with forward slashes.</param>
/// <param name="Stamp">Its stamp before it was read.</param>
/// <param name="Revision">Hash of its bytes.</param>
internal sealed record ManifestFile(string Location, FileStamp Stamp, string Revision)
{
    /// <summary>The resource; null when it holds a config map or cannot be read.</summary>
    public StoredResource? Resource { get; init; }

    /// <summary>The config map; null when it holds a resource or cannot be read.</summary>
    public ConfigMap? ConfigMap { get; init; }

    /// <summary>Why it cannot be read.</summary>
    public ImmutableArray<Finding> Findings { get; init; } = [];

    /// <summary>What it seems to hold when it cannot be read.</summary>
    public ImmutableArray<ManifestClaim> Claims { get; init; } = [];

    /// <summary>Where the name stands in the text.</summary>
    public (int Line, int Column) NameAt { get; init; } = (1, 1);

    /// <summary>True when the file is a link to another one, which we read but never replace.</summary>
    public bool IsLink { get; init; }

    /// <summary>True when it was written so shortly before it was read that its stamp may not tell the next write.</summary>
    public bool IsFresh { get; init; }

    /// <summary>What it is found by; null when it cannot be read.</summary>
    public ManifestKey? Key => Resource is { } stored ? new(stored.Value.Kind.ToString(), stored.Value.Name)
        : ConfigMap is { } map ? new(ConfigMapManifest.Kind, map.Name)
        : null;
}

/// <summary>What changed for one key, or in a file without one.</summary>
internal sealed record ManifestChange(ManifestKey? Key, string? Name, string Location, bool Outside, ManifestFile? Before, ManifestFile? After);
