using Microsoft.Extensions.Logging;

namespace Portal.Sandbox;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Error, "The sandbox could not renew the service account token for audience {Audience} in {Path}. Check that the disk has room and the folder may be written.")]
    public static partial void TokenNotRenewed(ILogger logger, string audience, string path, Exception exception);

    [LoggerMessage(2, LogLevel.Information, "The sandbox broker refused client {ClientId}: {Reason}")]
    public static partial void SignInRefused(ILogger logger, string clientId, string reason);

    [LoggerMessage(3, LogLevel.Information, "The sandbox broker disconnected client {ClientId}: its token expired at {Expired} and it did not sign in again before.")]
    public static partial void TokenExpired(ILogger logger, string clientId, DateTimeOffset expired);

    [LoggerMessage(4, LogLevel.Information, "The sandbox is up: MQTT with TLS on 127.0.0.1:{TlsPort}, plain MQTT on 127.0.0.1:{PlainPort}, demo Kafka on {Kafka}")]
    public static partial void Started(ILogger logger, int tlsPort, int plainPort, string kafka);

    [LoggerMessage(5, LogLevel.Warning, "{Notice}")]
    public static partial void Notice(ILogger logger, string notice);

    [LoggerMessage(6, LogLevel.Warning, "The demo Kafka could not start, the sandbox goes on without it.")]
    public static partial void KafkaFailed(ILogger logger, Exception exception);

    [LoggerMessage(7, LogLevel.Error, "A part of the sandbox stopped: its simulated devices or the renewal of its tokens. Restart the portal to bring it back.")]
    public static partial void BackgroundFailed(ILogger logger, Exception exception);

    [LoggerMessage(8, LogLevel.Debug, "A demo record for the topic {Topic} was not stored: {Reason}")]
    public static partial void DemoRecordLost(ILogger logger, string topic, string reason);
}
