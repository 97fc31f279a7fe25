using Microsoft.Extensions.Logging;

namespace Portal.Messaging.Flows;

internal static partial class Log
{
    [LoggerMessage(EventId = 1, Level = LogLevel.Warning, Message = "Dataflow {Dataflow}, instance {Instance}, {Side}: {Cause}: {Explanation}")]
    public static partial void FlowProblem(ILogger logger, string dataflow, int instance, FlowSide side, string cause, string explanation);

    [LoggerMessage(EventId = 2, Level = LogLevel.Error, Message = "Dataflow {Dataflow}, instance {Instance}, failed unexpectedly and tries again")]
    public static partial void FlowFailed(ILogger logger, Exception exception, string dataflow, int instance);

    [LoggerMessage(EventId = 3, Level = LogLevel.Warning, Message = "Dataflow {Dataflow}, instance {Instance}, stopped with {Count} messages that were not confirmed in time; they stay unread at the source")]
    public static partial void NotDrained(ILogger logger, string dataflow, int instance, long count);

    [LoggerMessage(EventId = 4, Level = LogLevel.Information, Message = "Dataflow {Dataflow} starts with {Instances} instance(s)")]
    public static partial void FlowStarts(ILogger logger, string dataflow, int instances);

    [LoggerMessage(EventId = 5, Level = LogLevel.Information, Message = "Dataflow {Dataflow} is stopped")]
    public static partial void FlowStopped(ILogger logger, string dataflow);

    [LoggerMessage(EventId = 6, Level = LogLevel.Error, Message = "The dataflows could not be looked after and are looked at again")]
    public static partial void SupervisorFailed(ILogger logger, Exception exception);

    [LoggerMessage(EventId = 7, Level = LogLevel.Warning, Message = "The counters of dataflow {Dataflow} could not be saved: {Message}")]
    public static partial void NotSaved(ILogger logger, string dataflow, string message);

    [LoggerMessage(EventId = 8, Level = LogLevel.Warning, Message = "The counters of dataflow {Dataflow} could not be read and begin anew: {Message}")]
    public static partial void NotRead(ILogger logger, string dataflow, string message);

    [LoggerMessage(EventId = 9, Level = LogLevel.Information, Message = "Instance {Instance} of dataflow {Dataflow} has read what waited for it and left; the broker keeps no session of it")]
    public static partial void InstanceLeft(ILogger logger, string dataflow, int instance);

    [LoggerMessage(EventId = 10, Level = LogLevel.Error, Message = "Dataflow {Dataflow} could not be started or stopped")]
    public static partial void FlowNotChanged(ILogger logger, Exception exception, string dataflow);
}
