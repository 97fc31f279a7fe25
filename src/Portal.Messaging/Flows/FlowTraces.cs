using System.Diagnostics;
using System.Globalization;
using System.Text;
using Portal.Model.Endpoints;

namespace Portal.Messaging.Flows;

/// <summary>
/// Traces of dataflows: an activity for each connection, from dialling to its end, and for single messages one from receipt
/// to acknowledgement with one from sending to confirmation in it. Names are those of OpenTelemetry's conventions for messaging.
/// </summary>
internal static class FlowTraces
{
    public const string Name = "Portal.Flows";

    public static ActivitySource Source { get; } = new(Name);
}

/// <summary>
/// Chooses the messages of one instance that are traced: those that bring a sampled W3C trace context (user property or header
/// <c>traceparent</c>), which the activity continues, and ten a second of the others. Nothing is done while nobody listens.
/// </summary>
/// <param name="group">Consumer group of a Kafka source.</param>
internal sealed class FlowTracer(string dataflow, int instance, Wire from, Wire to, string? group, TimeProvider time)
{
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(100);

    private long _lastAt;

    public FlowTrace? Begin(Message message)
    {
        if (!FlowTraces.Source.HasListeners())
            return null;
        var context = ContextOf(message);
        if ((context.TraceFlags & ActivityTraceFlags.Recorded) == 0)
        {
            if (_lastAt != 0 && time.GetElapsedTime(_lastAt) < _pause)
                return null;
            _lastAt = time.GetTimestamp();
        }

        var process = Detached(() => FlowTraces.Source.StartActivity(ActivityKind.Consumer, context, name: $"process {message.Topic}"));
        if (process is null)
            return null;
        Describe(process, from, "process", message)
            .SetTag("messaging.destination.partition.id", message.Partition?.ToString(CultureInfo.InvariantCulture))
            .SetTag("messaging.kafka.offset", message.Offset)
            .SetTag("messaging.consumer.group.name", group);
        return new FlowTrace(this, process);
    }

    public Activity? Send(Activity process, Message message)
    {
        var send = Detached(() => FlowTraces.Source.StartActivity(ActivityKind.Producer, process.Context, name: $"send {message.Topic}"));
        return send is null ? null : Describe(send, to, "send", message);
    }

    /// <summary>Starts or stops an activity and leaves that of the thread, which is the connection's, as it is.</summary>
    public static T Detached<T>(Func<T> action)
    {
        var current = Activity.Current;
        Activity.Current = null;
        try
        {
            return action();
        }
        finally
        {
            Activity.Current = current;
        }
    }

    private Activity Describe(Activity activity, Wire wire, string operation, Message message) => activity
        .SetTag("messaging.system", wire is Wire.Kafka ? "kafka" : "mqtt")
        .SetTag("messaging.operation.name", operation)
        .SetTag("messaging.operation.type", operation)
        .SetTag("messaging.destination.name", message.Topic)
        .SetTag("messaging.message.body.size", message.Payload.Length)
        .SetTag("portal.dataflow", dataflow)
        .SetTag("portal.flow.instance", instance);

    private static ActivityContext ContextOf(Message message)
    {
        foreach (var property in message.Properties)
            if (property.Name is "traceparent" or "ce_traceparent" && property.Value is { } value && ActivityContext.TryParse(Encoding.UTF8.GetString(value.Span), null, isRemote: true, out var context))
                return context;
        return default;
    }
}

/// <summary>The activities of one message.</summary>
internal sealed class FlowTrace(FlowTracer tracer, Activity process)
{
    private readonly Lock _gate = new();
    private Activity? _send;
    private string? _cause;

    /// <summary>It is handed to the destination, again after a break.</summary>
    public void Sending(Message message)
    {
        lock (_gate)
        {
            if (_send is { } before)
                Stop(before, "connection-lost");
            _send = tracer.Send(process, message);
        }
    }

    /// <summary>The destination does not take it now.</summary>
    public void NotSent()
    {
        lock (_gate)
            _send = null;
    }

    /// <summary>Why it does not go on.</summary>
    public void Fail(string cause)
    {
        lock (_gate)
            _cause = cause;
    }

    public void End(FlowOutcome outcome)
    {
        lock (_gate)
        {
            if (_send is { } send)
                Stop(send, _cause);
            process.SetTag("portal.flow.outcome", outcome.ToString().ToLowerInvariant());
            Stop(process, _cause);
        }
    }

    private static void Stop(Activity activity, string? cause)
    {
        if (cause is not null)
            activity.SetTag("error.type", cause).SetStatus(ActivityStatusCode.Error, cause);
        FlowTracer.Detached(() =>
        {
            activity.Stop();
            return activity;
        });
    }
}
