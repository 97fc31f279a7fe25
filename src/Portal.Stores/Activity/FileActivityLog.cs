using System.Globalization;
using Microsoft.Extensions.Logging;
using Portal.Model.Ports;
using Portal.Stores.Files;

namespace Portal.Stores.Activity;

/// <summary>
/// The activity log: lines of JSON in files of a few MiB, the name of each the position of its first byte in the whole
/// log. The position of an entry is its id, so two portals on one folder count on without asking each other.
/// </summary>
internal sealed class FileActivityLog(DataFolder folder, ILogger<FileActivityLog> logger, long segmentSize = 4 * 1024 * 1024) : IActivityLog
{
    private const string Prefix = "activity-";
    private const string Suffix = ".jsonl";
    private const int MostSegments = 16;

    public event Action<ActivityEntry>? Appended;

    /// <summary>Records an entry. What was done is done already, so a log that cannot be written is an error in the program's log.</summary>
    public async Task AppendAsync(ActivityEntry entry, CancellationToken cancellationToken = default)
    {
        try
        {
            var line = ActivityLines.Write(entry);
            using (await folder.HistoryLock.AcquireAsync(cancellationToken).ConfigureAwait(false))
                entry = entry with { Id = await WriteAsync(line).ConfigureAwait(false) };
        }
        catch (Exception exception) when (FileFaults.IsFault(exception))
        {
            var (message, fix) = FileFaults.Explain(exception, folder.History);
            logger.ActivityNotStored(entry.Action.ToString(), entry.SubjectKind, entry.Subject, message, fix);
            return;
        }
        logger.Raise(Appended, entry);
    }

    public async Task<IReadOnlyList<ActivityEntry>> ReadAsync(ActivityQuery query, CancellationToken cancellationToken = default)
    {
        var found = new List<ActivityEntry>();
        foreach (var segment in Segments().Reverse().Where(segment => segment.Start < (query.Before ?? long.MaxValue)))
        {
            if (found.Count >= query.Most)
                break;
            try
            {
                await ReadAsync(segment, query, found, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception exception) when (FileFaults.IsFault(exception))
            {
                logger.FileNotRead(folder.Relative(segment.Path), exception.Message);
            }
        }
        return found;
    }

    private async Task ReadAsync(Segment segment, ActivityQuery query, List<ActivityEntry> found, CancellationToken cancellationToken)
    {
        var mark = query.Subject is null ? [] : ActivityLines.MarkOf(query.Subject);
        await using var stream = new FileStream(segment.Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        var end = Math.Min(stream.Length, (query.Before ?? long.MaxValue) - segment.Start);
        await foreach (var (offset, line) in BackwardLines.ReadAsync(stream, end, cancellationToken).ConfigureAwait(false))
        {
            if (found.Count >= query.Most)
                return;
            if (line.Span.IndexOf(mark) < 0)
                continue;
            if (ActivityLines.Read(line.Span, segment.Start + offset) is not { } entry)
                logger.ActivityLineSkipped(folder.Relative(segment.Path), offset);
            else if ((query.Subject is null || query.Subject == entry.Subject) && (query.SubjectKind is null || query.SubjectKind == entry.SubjectKind))
                found.Add(entry);
        }
    }

    private async Task<long> WriteAsync(byte[] line)
    {
        DataFolder.CreatePrivate(folder.History);
        var segments = Segments();
        var current = segments.Count > 0 ? segments[^1] : new Segment(PathOf(0), 0, 0);
        if (current.Length > 0 && current.Length + line.Length > segmentSize)
        {
            current = new Segment(PathOf(current.Start + current.Length), current.Start + current.Length, 0);
            foreach (var old in segments.SkipLast(MostSegments - 1))
                File.Delete(old.Path);
        }
        await using var stream = new FileStream(current.Path, Options);
        var end = stream.Length;
        if (end > 0)
        {
            stream.Position = end - 1;
            // A crash left half a line: end it, so that it spoils nothing but itself.
            if (stream.ReadByte() != '\n')
            {
                line = [(byte)'\n', .. line];
                end++;
            }
        }
        await stream.WriteAsync(line).ConfigureAwait(false);
        return current.Start + end;
    }

    private IReadOnlyList<Segment> Segments()
    {
        if (!Directory.Exists(folder.History))
            return [];
        return
        [
            .. new DirectoryInfo(folder.History).EnumerateFiles(Prefix + "*" + Suffix)
                .Select(file => long.TryParse(Path.GetFileNameWithoutExtension(file.Name)[Prefix.Length..], NumberStyles.None, CultureInfo.InvariantCulture, out var start)
                    ? new Segment(file.FullName, start, file.Length) : null)
                .OfType<Segment>()
                .OrderBy(segment => segment.Start),
        ];
    }

    private string PathOf(long start) => Path.Combine(folder.History, string.Create(CultureInfo.InvariantCulture, $"{Prefix}{start:D16}{Suffix}"));

    private static FileStreamOptions Options
    {
        get
        {
            var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.ReadWrite | FileShare.Delete, BufferSize = 0 };
            if (!OperatingSystem.IsWindows())
                options.UnixCreateMode = DataFolder.PrivateFile;
            return options;
        }
    }

    private sealed record Segment(string Path, long Start, long Length);
}
