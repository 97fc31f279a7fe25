using System.Text.Json;

namespace Portal.Messaging.Flows;

/// <summary>Keeps the counters of each dataflow in a file, replaced as a whole, so that a kill leaves the old one or the new one.</summary>
/// <param name="folder">The folder; null = nothing is kept.</param>
internal sealed class FlowSnapshots(string? folder)
{
    // Not the suffix of the stores: a process that starts removes those that it finds, and others may share the folder.
    private const string TemporarySuffix = ".new";
    private static readonly JsonSerializerOptions _json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>The counters of an earlier run; null when there are none.</summary>
    /// <exception cref="IOException">They cannot be read.</exception>
    public FlowTotals? Load(string dataflow)
    {
        if (PathOf(dataflow) is not { } path || !File.Exists(path))
            return null;
        try
        {
            var totals = JsonSerializer.Deserialize<FlowTotals>(File.ReadAllText(path), _json);
            return totals?.Ledger is { IsBalanced: true } ? totals.WithoutInFlight() : throw new IOException("the file holds no balanced counters");
        }
        catch (Exception e) when (e is JsonException or UnauthorizedAccessException)
        {
            throw new IOException(e.Message, e);
        }
    }

    /// <exception cref="IOException">The disk is full or may not be written; the old file is as it was.</exception>
    public void Save(string dataflow, FlowTotals totals)
    {
        if (PathOf(dataflow) is not { } path)
            return;
        var temporary = path + TemporarySuffix;
        try
        {
            Directory.CreateDirectory(folder!);
            using (var stream = new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.None))
            {
                JsonSerializer.Serialize(stream, totals, _json);
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, path, overwrite: true);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new IOException(e.Message, e);
        }
    }

    public void Delete(string dataflow)
    {
        if (PathOf(dataflow) is { } path && File.Exists(path))
            File.Delete(path);
    }

    // Names of resources hold no separators; what does not look like one is kept nowhere.
    private string? PathOf(string dataflow) =>
        folder is null || dataflow.Length == 0 || dataflow.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not '-' and not '.') || dataflow[0] == '.' ? null : Path.Combine(folder, dataflow + ".json");
}
