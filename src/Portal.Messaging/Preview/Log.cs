using Microsoft.Extensions.Logging;

namespace Portal.Messaging.Preview;

internal static partial class Log
{
    [LoggerMessage(EventId = 1, Level = LogLevel.Error, Message = "A preview reader failed unexpectedly and tries again")]
    public static partial void ReaderFailed(ILogger logger, Exception exception);
}
