using Microsoft.Extensions.Logging;

namespace Portal.Stores;

/// <summary>What the stores write to the log: places and causes, never a document or a value.</summary>
internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Error, "The data folder is not ready for writing: {Message} {Fix}")]
    public static partial void FolderNotReady(this ILogger logger, string message, string fix);

    [LoggerMessage(2, LogLevel.Information, "Removed {Location}, left over from a write that was cut short; the file it was meant for is as it was.")]
    public static partial void LeftoverRemoved(this ILogger logger, string location);

    [LoggerMessage(3, LogLevel.Error, "A key cannot be stored and lives only until the portal ends: {Message} {Fix}")]
    public static partial void KeyNotStored(this ILogger logger, string message, string fix);

    [LoggerMessage(4, LogLevel.Error, "The key {Location} cannot be read and is left out: {Message}")]
    public static partial void KeyNotRead(this ILogger logger, string location, string message);

    [LoggerMessage(5, LogLevel.Error, "The activity {Action} of {SubjectKind} {Subject} cannot be recorded: {Message} {Fix}")]
    public static partial void ActivityNotStored(this ILogger logger, string action, string subjectKind, string subject, string message, string fix);

    [LoggerMessage(6, LogLevel.Warning, "A line of {Location} at byte {Offset} is not an activity and is left out; a write was cut short there.")]
    public static partial void ActivityLineSkipped(this ILogger logger, string location, long offset);

    [LoggerMessage(7, LogLevel.Warning, "{Location} cannot be read: {Message}")]
    public static partial void FileNotRead(this ILogger logger, string location, string message);

    [LoggerMessage(8, LogLevel.Error, "A listener failed on the news of a change; the change is stored.")]
    public static partial void ListenerFailed(this ILogger logger, Exception exception);

    [LoggerMessage(9, LogLevel.Information, "Read {Count} manifests in {Folder}.")]
    public static partial void ManifestsRead(this ILogger logger, int count, string folder);

    [LoggerMessage(10, LogLevel.Warning, "The system tells nothing of changes in {Folder} ({Message}); the folder is looked at every second instead.")]
    public static partial void NotWatched(this ILogger logger, string folder, string message);

    [LoggerMessage(11, LogLevel.Error, "Looking for changes in {Folder} failed; it is tried again.")]
    public static partial void WatchFailed(this ILogger logger, Exception exception, string folder);

    [LoggerMessage(12, LogLevel.Information, "Created the dataflow profile 'default' with one instance.")]
    public static partial void DefaultProfileCreated(this ILogger logger);

    [LoggerMessage(13, LogLevel.Error, "The dataflow profile 'default' cannot be created: {Message} {Fix}")]
    public static partial void DefaultProfileNotCreated(this ILogger logger, string message, string fix);

    [LoggerMessage(14, LogLevel.Error, "The test results of {Endpoint} cannot be stored: {Message} {Fix}")]
    public static partial void TestsNotStored(this ILogger logger, string endpoint, string message, string fix);

    [LoggerMessage(15, LogLevel.Information, "{Target} is {Condition}. {Message}")]
    public static partial void TargetIs(this ILogger logger, string target, string condition, string message);

    [LoggerMessage(21, LogLevel.Critical, "{Target} is no longer kept up to date; start the portal again and report this.")]
    public static partial void TargetStopped(this ILogger logger, Exception exception, string target);

    [LoggerMessage(30, LogLevel.Warning, "{Path} cannot be read from Azure: {Message}")]
    public static partial void AzureNotRead(this ILogger logger, string path, string message);

    [LoggerMessage(31, LogLevel.Information, "Azure did not take the change of {Name}: {Code}: {Message}")]
    public static partial void AzureRefused(this ILogger logger, string name, string code, string message);
}
