using Microsoft.Extensions.Logging;

namespace Portal.Stores.Kubernetes;

/// <summary>What a cluster as a target writes to the log: places and causes, never a document or a value.</summary>
internal static partial class KubernetesLog
{
    [LoggerMessage(200, LogLevel.Information, "{Target} has not answered yet; what is shown is what is known so far.")]
    public static partial void AnswerAwaited(this ILogger logger, string target);

    [LoggerMessage(202, LogLevel.Debug, "The watch of {Kind} was cut and goes on where it was: {Message}")]
    public static partial void WatchCut(this ILogger logger, string kind, string message);

    [LoggerMessage(203, LogLevel.Debug, "The watch of {Kind} begins anew: the cluster has forgotten the version that it was at.")]
    public static partial void WatchTooOld(this ILogger logger, string kind);

    [LoggerMessage(204, LogLevel.Warning, "What the portal may do in the cluster is not known: {Message}")]
    public static partial void RightsNotKnown(this ILogger logger, string message);

    [LoggerMessage(205, LogLevel.Warning, "The event of {Name} is not written; the change itself is made: {Message}")]
    public static partial void EventNotWritten(this ILogger logger, string name, string message);

    [LoggerMessage(206, LogLevel.Warning, "The {What} of the cluster cannot be read: {Message}")]
    public static partial void NotListed(this ILogger logger, string what, string message);

    [LoggerMessage(207, LogLevel.Error, "The watch of {Kind} failed in the portal and begins anew.")]
    public static partial void WatchFailed(this ILogger logger, Exception exception, string kind);

    [LoggerMessage(208, LogLevel.Error, "The portal failed while it looked what it may do in the cluster, and looks again.")]
    public static partial void LookFailed(this ILogger logger, Exception exception);
}
