using System.Text;
using System.Text.Json;
using Portal.Drafts;

namespace Portal.Components.Import;

/// <summary>
/// Files on their way from the browser: one line of JSON with the name and the length of each, then their bytes one after the
/// other. Streamed, because a message of a circuit holds 32 KB.
/// </summary>
internal static class ImportFiles
{
    /// <summary>Most bytes of all files together.</summary>
    public const long MostBytes = 40L * 1024 * 1024;

    private const int MostHeader = 1024 * 1024;

    /// <summary>Reads all files.</summary>
    /// <param name="stream">What the browser sends.</param>
    /// <param name="length">Its length.</param>
    /// <param name="progress">Told the share that has come, 0 to 1.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public static async Task<IReadOnlyList<ImportFile>> ReadAsync(Stream stream, long length, Action<double> progress, CancellationToken cancellationToken)
    {
        var bytes = new byte[length];
        for (var at = 0; at < bytes.Length;)
        {
            var read = await stream.ReadAsync(bytes.AsMemory(at), cancellationToken);
            if (read == 0)
                throw new EndOfStreamException("The files ended before their announced length.");
            at += read;
            progress(at / (double)length);
        }
        return await Task.Run(() => Split(bytes), cancellationToken);
    }

    private static List<ImportFile> Split(byte[] bytes)
    {
        var end = bytes.AsSpan(0, Math.Min(bytes.Length, MostHeader)).IndexOf((byte)'\n');
        if (end < 0 || JsonSerializer.Deserialize<Header[]>(bytes.AsSpan(0, end), JsonSerializerOptions.Web) is not { } headers)
            throw new InvalidDataException("The list of files is missing.");
        var files = new List<ImportFile>(headers.Length);
        var at = end + 1;
        foreach (var header in headers)
        {
            using var reader = new StreamReader(new MemoryStream(bytes, at, header.Bytes), Encoding.UTF8, detectEncodingFromByteOrderMarks: true);
            files.Add(new ImportFile(header.Name, reader.ReadToEnd()));
            at += header.Bytes;
        }
        return files;
    }

    private sealed record Header(string Name, int Bytes);
}
