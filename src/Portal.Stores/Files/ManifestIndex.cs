using System.Globalization;
using Portal.Model.Ports;
using Portal.Model.Validation;

namespace Portal.Stores.Files;

/// <summary>Everything below the folder as it was last read, in memory. Safe from any thread.</summary>
internal sealed class ManifestIndex
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, ManifestFile> files = new(StringComparer.Ordinal);
    private readonly Dictionary<ManifestKey, List<ManifestFile>> byKey = [];
    private readonly Dictionary<string, ManifestFile> broken = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<ManifestFile>> byFoldedName = new(StringComparer.OrdinalIgnoreCase);
    private IReadOnlyList<StoreProblem> folderProblems = [];
    private StoreListing? listing;

    /// <summary>What is wrong with folders, not with one file.</summary>
    public IReadOnlyList<StoreProblem> FolderProblems
    {
        get
        {
            lock (gate)
                return folderProblems;
        }
        set
        {
            lock (gate)
                (folderProblems, listing) = (value, null);
        }
    }

    public ManifestFile? At(string location)
    {
        lock (gate)
            return files.GetValueOrDefault(location);
    }

    public IReadOnlyList<ManifestFile> All()
    {
        lock (gate)
            return [.. files.Values];
    }

    /// <summary>The one file of a key; null when there is none or more than one.</summary>
    public ManifestFile? Find(ManifestKey key)
    {
        lock (gate)
            return byKey.TryGetValue(key, out var found) && found.Count == 1 ? found[0] : null;
    }

    /// <summary>Every file of a key.</summary>
    public IReadOnlyList<ManifestFile> FindAll(ManifestKey key)
    {
        lock (gate)
            return byKey.TryGetValue(key, out var found) ? [.. found] : [];
    }

    /// <summary>A file that cannot be read and seems to hold a key.</summary>
    public ManifestFile? FindClaim(ManifestKey key)
    {
        lock (gate)
            return broken.Values.FirstOrDefault(file => file.Claims.Any(claim => claim.Covers(key)));
    }

    /// <summary>True when a file of this name is there, on a disk that does not tell names apart by case too.</summary>
    public bool IsTaken(string location)
    {
        lock (gate)
            return byFoldedName.ContainsKey(location);
    }

    public void Put(ManifestFile file)
    {
        lock (gate)
        {
            RemoveCore(file.Location);
            files[file.Location] = file;
            Add(byFoldedName, file.Location, file);
            if (file.Key is { } key)
                Add(byKey, key, file);
            else
                broken[file.Location] = file;
        }
    }

    public void Remove(string location)
    {
        lock (gate)
            RemoveCore(location);
    }

    public IReadOnlyList<ConfigMap> ConfigMaps()
    {
        lock (gate)
            return [.. byKey.Values.Where(same => same.Count == 1).Select(same => same[0].ConfigMap).OfType<ConfigMap>().OrderBy(map => map.Name, StringComparer.Ordinal)];
    }

    public StoreListing Listing()
    {
        lock (gate)
            return listing ??= Build();
    }

    private void RemoveCore(string location)
    {
        listing = null;
        broken.Remove(location);
        if (!files.Remove(location, out var file))
            return;
        Remove(byFoldedName, location, file);
        if (file.Key is { } key)
            Remove(byKey, key, file);
    }

    private static void Add<TKey>(Dictionary<TKey, List<ManifestFile>> groups, TKey key, ManifestFile file)
        where TKey : notnull
    {
        if (groups.TryGetValue(key, out var same))
            same.Add(file);
        else
            groups[key] = [file];
    }

    private static void Remove<TKey>(Dictionary<TKey, List<ManifestFile>> groups, TKey key, ManifestFile file)
        where TKey : notnull
    {
        var same = groups[key];
        same.RemoveAll(other => other.Location == file.Location);
        if (same.Count == 0)
            groups.Remove(key);
    }

    private StoreListing Build()
    {
        var resources = byKey.Values.Where(same => same.Count == 1).Select(same => same[0].Resource).OfType<StoredResource>()
            .OrderBy(stored => stored.Value.Name, StringComparer.Ordinal).ThenBy(stored => stored.Value.Kind);
        var problems = broken.Values.SelectMany(Problems)
            .Concat(byKey.Where(same => same.Value.Count > 1).SelectMany(same => same.Value.Select(file => Duplicate(same.Key, file, same.Value))))
            .Concat(byFoldedName.Values.Where(same => same.Count > 1).SelectMany(same => same.Select(file => CaseClash(file, same))));
        return new StoreListing([.. resources], [.. folderProblems, .. problems.OrderBy(problem => problem.Location, StringComparer.Ordinal)]);
    }

    private static IEnumerable<StoreProblem> Problems(ManifestFile file) =>
        from name in file.Claims.IsEmpty ? [null] : file.Claims.Select(claim => (string?)claim.Name)
        from finding in file.Findings
        select new StoreProblem(file.Location, name, finding);

    private static StoreProblem Duplicate(ManifestKey key, ManifestFile file, IReadOnlyList<ManifestFile> same)
        => new(file.Location, key.Name, Placed(file, Finding.Error("duplicate-resource", "metadata.name", DuplicateMessage(key, same), "Keep one of the files; delete the others or change the name in them.")));

    public static string DuplicateMessage(ManifestKey key, IReadOnlyList<ManifestFile> same) => string.Create(
        CultureInfo.InvariantCulture, $"The {key.Kind} '{key.Name}' stands in {same.Count} files: {string.Join(", ", same.Select(file => file.Location).Order(StringComparer.Ordinal))}. None of them is used.");

    private static StoreProblem CaseClash(ManifestFile file, IEnumerable<ManifestFile> same)
        => new(file.Location, file.Key?.Name, Placed(file, Finding.Warning(
            "names-differ-in-case", "", $"The file names {string.Join(", ", same.Select(other => other.Location).Order(StringComparer.Ordinal))} differ only in upper and lower case: on Windows and macOS git keeps one of them.",
            "Rename one of the files.")));

    private static Finding Placed(ManifestFile file, Finding finding) => finding with { Line = file.NameAt.Line, Column = file.NameAt.Column };
}
