using Microsoft.Extensions.Logging;
using Portal.Model.Ports;
using Portal.Model.Validation;

namespace Portal.Stores.Files;

/// <summary>What a change comes to once the stored file is known.</summary>
internal abstract record ManifestDecision
{
    /// <summary>Nothing to write: this is the answer.</summary>
    public sealed record Answer(StoreResult Result) : ManifestDecision;

    /// <summary>Write this text.</summary>
    public sealed record Write(string Text) : ManifestDecision;

    /// <summary>Remove the file.</summary>
    public sealed record Delete : ManifestDecision;
}

/// <summary>The folder of manifests: kept in memory, changed file by file, watched by <see cref="ManifestWatch"/>.</summary>
internal sealed class ManifestFolder(DataFolder data, FileWriter writer, TimeProvider time, ILogger<ManifestFolder> logger)
{
    private const int MostTries = 3;

    // One at a time: a scan must not see half of a change of ours and call it somebody else's.
    private readonly SemaphoreSlim gate = new(1);
    private readonly ManifestIndex index = new();
    private volatile bool isLoaded;

    /// <summary>Raised for every key that changed, ours and others'.</summary>
    public event Action<ManifestChange>? Changed;

    public string Path => data.Manifests;

    /// <summary>The index, read from the disk at the first call, which also makes the data folder ready.</summary>
    public async Task<ManifestIndex> LoadAsync(CancellationToken cancellationToken)
    {
        if (isLoaded)
            return index;
        await gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (!isLoaded)
            {
                await data.PrepareAsync(cancellationToken).ConfigureAwait(false);
                var scan = await Task.Run(() => ManifestScan.Take(Path, index, time.GetUtcNow()), cancellationToken).ConfigureAwait(false);
                foreach (var file in scan.Changed)
                    index.Put(file);
                index.FolderProblems = scan.Problems;
                isLoaded = true;
                logger.ManifestsRead(scan.Changed.Count, Path);
            }
        }
        finally
        {
            gate.Release();
        }
        return index;
    }

    /// <summary>Takes over what others changed. False = somebody seems to be in the middle of it; look again in a moment.</summary>
    /// <param name="settled">True to take it as it is.</param>
    public async Task<bool> RefreshAsync(bool settled, CancellationToken cancellationToken)
    {
        await LoadAsync(cancellationToken).ConfigureAwait(false);
        await gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return Refresh(settled);
        }
        finally
        {
            gate.Release();
        }
    }

    /// <summary>Changes the file of a key. What is on the disk decides, not what is remembered.</summary>
    /// <param name="key">The key.</param>
    /// <param name="folder">Folder for a new file.</param>
    /// <param name="decide">Given the stored file, null when there is none, says what to do.</param>
    public async Task<StoreResult> ChangeAsync(
        ManifestKey key, string folder, Func<ManifestFile?, ManifestDecision> decide, CancellationToken cancellationToken)
    {
        await LoadAsync(cancellationToken).ConfigureAwait(false);
        await gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            using (await data.Lock.AcquireAsync(cancellationToken).ConfigureAwait(false))
            {
                for (var attempt = 1; ; attempt++)
                {
                    if (await TryChangeAsync(key, folder, decide, attempt == MostTries).ConfigureAwait(false) is { } result)
                        return result;
                }
            }
        }
        catch (Exception exception) when (FileFaults.IsFault(exception))
        {
            return FileFaults.ToResult(exception, Path);
        }
        finally
        {
            gate.Release();
        }
    }

    private async Task<StoreResult?> TryChangeAsync(ManifestKey key, string folder, Func<ManifestFile?, ManifestDecision> decide, bool isLast)
    {
        if (!Directory.Exists(Path))
            throw new DirectoryNotFoundException();
        var fresh = $"{folder}/{key.Name}.yaml";
        if (index.FindAll(key).Select(file => file.Location).Concat(NameRules.IsKubernetesName(key.Name) ? [fresh] : []).Any(IsOutdated))
            Refresh(settled: true);
        if (Refuse(key) is { } denied)
            return denied;
        var current = index.Find(key);
        var decision = decide(current);
        if (decision is ManifestDecision.Answer(var answer))
            return answer;
        if (current is { IsLink: true })
            return new StoreResult.Denied($"The file {current.Location} of '{key.Name}' is a link, which is not replaced.", "Change the file that the link leads to, or put the file itself here.");
        if (decision is ManifestDecision.Delete)
        {
            writer.Delete(PathOf(current!.Location));
            Apply([], [current.Location], outside: false);
            return new StoreResult.Saved(null);
        }
        var location = current?.Location ?? NewLocation(fresh);
        var path = PathOf(location);
        var bytes = System.Text.Encoding.UTF8.GetBytes(((ManifestDecision.Write)decision).Text);
        if (!await writer.WriteAsync(path, bytes, null, () => ManifestReader.RevisionOnDisk(path) == current?.Revision).ConfigureAwait(false))
            return isLast ? new StoreResult.Conflict(index.Find(key)?.Resource) : null;
        Apply([ManifestReader.Read(Links.RealPath(Path), path, location, time.GetUtcNow())], [], outside: false);
        return new StoreResult.Saved(index.Find(key)?.Resource);
    }

    private StoreResult.Denied? Refuse(ManifestKey key)
    {
        if (index.FindAll(key) is { Count: > 1 } same)
            return new StoreResult.Denied(ManifestIndex.DuplicateMessage(key, same), "Keep one of the files; delete the others or change the name in them. Then save again.");
        if (index.FindClaim(key) is not { } broken)
            return null;
        var finding = broken.Findings.FirstOrDefault();
        var where = finding?.Line is { } line ? $" (line {line}, column {finding.Column ?? 1})" : "";
        return new StoreResult.Denied(
            $"The file {broken.Location} seems to hold '{key.Name}' and cannot be read{where}: {finding?.Message} It is not overwritten.",
            "Correct the file in an editor or move it out of the folder, then save again.");
    }

    private bool Refresh(bool settled)
    {
        var scan = ManifestScan.Take(Path, index, time.GetUtcNow());
        if (!settled && scan.IsUnsettled)
            return false;
        foreach (var file in scan.Touched)
            index.Put(file);
        Apply(scan.Changed, scan.Removed, outside: true);
        if (!scan.Problems.SequenceEqual(index.FolderProblems))
        {
            index.FolderProblems = scan.Problems;
            logger.Raise(Changed, new ManifestChange(null, null, Path, true, null, null));
        }
        return true;
    }

    // A file that moves gives one change of its key, not an end and a beginning.
    private void Apply(IReadOnlyList<ManifestFile> changed, IReadOnlyList<string> removed, bool outside)
    {
        var before = changed.Select(file => index.At(file.Location)).Concat(removed.Select(index.At)).OfType<ManifestFile>().ToList();
        var keys = before.Concat(changed).Select(file => file.Key).OfType<ManifestKey>().Distinct().ToDictionary(key => key, index.Find);
        foreach (var location in removed)
            index.Remove(location);
        foreach (var file in changed)
            index.Put(file);
        var told = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (key, was) in keys)
        {
            var now = index.Find(key);
            if (now == was)
                continue;
            told.UnionWith(new[] { was?.Location, now?.Location }.OfType<string>());
            logger.Raise(Changed, new ManifestChange(key, key.Name, (now ?? was)!.Location, outside, was, now));
        }
        // Files that could not be read before, or cannot now, and so have no key to be told by.
        foreach (var file in before.Concat(changed).Where(file => file.Key is null && told.Add(file.Location)))
            logger.Raise(Changed, new ManifestChange(null, file.Claims.FirstOrDefault().Name, file.Location, outside, null, null));
    }

    private bool IsOutdated(string location) => ManifestReader.RevisionOnDisk(PathOf(location)) != RevisionKnown(location);

    private string? RevisionKnown(string location) => index.At(location)?.Revision;

    private string NewLocation(string fresh)
    {
        var location = fresh;
        for (var number = 2; index.IsTaken(location) || System.IO.Path.Exists(PathOf(location)); number++)
            location = $"{fresh[..^".yaml".Length]}-{number}.yaml";
        return location;
    }

    private string PathOf(string location) => System.IO.Path.Combine(Path, location);
}
