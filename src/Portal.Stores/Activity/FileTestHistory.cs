using System.Text;
using Microsoft.Extensions.Logging;
using Portal.Model.Ports;
using Portal.Stores.Files;

namespace Portal.Stores.Activity;

/// <summary>Results of connection tests below <c>history/tests</c>, a file for each endpoint.</summary>
internal sealed class FileTestHistory(DataFolder folder, FileWriter writer, ILogger<FileTestHistory> logger) : ITestHistoryStore
{
    private const string Suffix = ".json";
    private const int LongestName = 253;

    private string Folder => Path.Combine(folder.History, "tests");

    public Task<IReadOnlyList<string>> ListAsync(CancellationToken cancellationToken = default) => Task.Run<IReadOnlyList<string>>(
        () =>
        {
            try
            {
                return Directory.Exists(Folder) ? [.. Directory.EnumerateFiles(Folder, "*" + Suffix).Select(path => Path.GetFileNameWithoutExtension(path))] : [];
            }
            catch (Exception exception) when (FileFaults.IsFault(exception))
            {
                logger.FileNotRead(folder.Relative(Folder), exception.Message);
                return [];
            }
        },
        cancellationToken);

    public async Task<string?> ReadAsync(string endpoint, CancellationToken cancellationToken = default)
    {
        if (PathOf(endpoint) is not { } path || !File.Exists(path))
            return null;
        try
        {
            return await File.ReadAllTextAsync(path, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (FileFaults.IsFault(exception))
        {
            logger.FileNotRead(folder.Relative(path), exception.Message);
            return null;
        }
    }

    public Task WriteAsync(string endpoint, string document, CancellationToken cancellationToken = default) =>
        DoAsync(endpoint, path => writer.WriteAsync(path, Encoding.UTF8.GetBytes(document), DataFolder.PrivateFile));

    public Task DeleteAsync(string endpoint, CancellationToken cancellationToken = default) => DoAsync(endpoint, path =>
    {
        if (File.Exists(path))
            writer.Delete(path);
        return Task.CompletedTask;
    });

    private async Task DoAsync(string endpoint, Func<string, Task> act)
    {
        if (PathOf(endpoint) is not { } path)
            return;
        try
        {
            await act(path).ConfigureAwait(false);
        }
        catch (Exception exception) when (FileFaults.IsFault(exception))
        {
            var (message, fix) = FileFaults.Explain(exception, folder.History);
            logger.TestsNotStored(endpoint, message, fix);
        }
    }

    /// <summary>Names of endpoints are DNS names; anything else could lead out of the folder.</summary>
    private string? PathOf(string endpoint) =>
        endpoint.Length is > 0 and <= LongestName && endpoint[0] != '.' && endpoint.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.')
            ? Path.Combine(Folder, endpoint + Suffix)
            : null;
}
