using Microsoft.Extensions.Logging;

namespace Portal.Stores.Kubernetes;

/// <summary>What a cluster as a target writes to the log: places and causes, never a document or a value.</summary>
internal static partial class KubernetesLog
{
    [LoggerMessage(200, LogLevel.Information, "{Target} has not answered yet; what is shown is what is known so far.")]
    public static partial void AnswerAwaited(this ILogger logger, string target);
}
