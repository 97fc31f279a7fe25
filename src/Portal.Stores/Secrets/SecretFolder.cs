using System.Text.Json;
using Microsoft.Extensions.Logging;
using Portal.Stores.Files;

namespace Portal.Stores.Secrets;

/// <summary>
/// One folder of small JSON files, one a secret, named by the secret. Files are parsed again only when they changed, so
/// that a second portal on the same folder is seen.
/// </summary>
internal sealed class SecretFolder<T>(string path, DataFolder folder, FileWriter writer, TimeProvider time, ILogger logger)
    where T : class
{
    private readonly Lock gate = new();
    private Dictionary<string, Item> known = new(StringComparer.Ordinal);

    public string Path { get; } = path;

    // A file that was written just before it was read may change again within the clock's grain: read it once more.
    private static readonly TimeSpan Grain = TimeSpan.FromSeconds(2);

    /// <summary>All files, by secret name in lower case. A folder that cannot be read is logged and empty.</summary>
    public IReadOnlyList<Item> List()
    {
        lock (gate)
        {
            var now = new Dictionary<string, Item>(StringComparer.Ordinal);
            foreach (var file in Files())
                now[file.Name] = known.TryGetValue(file.Name, out var item) && item.IsOld && item.Stamp == StampOf(file) ? item : Read(file);
            known = now;
            return [.. now.Values.OrderBy(item => item.Key, StringComparer.Ordinal)];
        }
    }

    public Item? Find(string name)
    {
        var file = new FileInfo(FileOf(name));
        return file.Exists ? Read(file) : null;
    }

    public Task WriteAsync(string name, T document) => writer.WriteAsync(FileOf(name), SecretDocuments.Write(document), DataFolder.PrivateFile);

    public void Delete(string name) => writer.Delete(FileOf(name));

    // Key Vault does not tell names apart by case, and neither do some disks.
    private string FileOf(string name) => System.IO.Path.Combine(Path, name.ToLowerInvariant() + ".json");

    private FileInfo[] Files()
    {
        try
        {
            return Directory.Exists(Path) ? [.. new DirectoryInfo(Path).EnumerateFiles("*.json").Where(file => file.Name[0] != '.')] : [];
        }
        catch (Exception exception) when (FileFaults.IsFault(exception))
        {
            logger.FileNotRead(folder.Relative(Path), exception.Message);
            return [];
        }
    }

    private Item Read(FileInfo file)
    {
        var key = System.IO.Path.GetFileNameWithoutExtension(file.Name);
        var stamp = StampOf(file);
        var isOld = time.GetUtcNow().UtcDateTime - stamp.Modified > Grain;
        try
        {
            return new Item(key, SecretDocuments.Read<T>(File.ReadAllBytes(file.FullName)), null, stamp, isOld);
        }
        catch (Exception exception) when (exception is JsonException || FileFaults.IsFault(exception))
        {
            // A JSON error may quote the text, which is not for the log.
            var message = exception is JsonException json ? $"line {json.LineNumber + 1}, column {json.BytePositionInLine + 1} is not what a secret's file holds" : exception.Message;
            logger.FileNotRead(folder.Relative(file.FullName), message);
            return new Item(key, null, $"The file {folder.Relative(file.FullName)} cannot be read: {message}. Set the secret again, or restore the file from a backup.", stamp, isOld);
        }
    }

    private static (DateTime Modified, long Length) StampOf(FileInfo file) => (file.LastWriteTimeUtc, file.Length);

    /// <summary>A file: its document, or why there is none.</summary>
    public sealed record Item(string Key, T? Document, string? Problem, (DateTime Modified, long Length) Stamp, bool IsOld);
}
