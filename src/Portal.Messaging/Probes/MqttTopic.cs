using System.Threading.Channels;
using Portal.Messaging.Connections;
using Portal.Messaging.Mqtt;
using Portal.Messaging.Mqtt.Session;

namespace Portal.Messaging.Probes;

/// <summary>Subscribes to a topic, and publishes one message only when asked to.</summary>
internal sealed class MqttTopic(TimeProvider clock)
{
    /// <summary>A broker that may not deliver says nothing; so long a message may take to come back.</summary>
    private static readonly TimeSpan _roundTripLimit = TimeSpan.FromSeconds(5);

    public async Task<StageFinding> RunAsync(ProbeContext context, CancellationToken cancellationToken)
    {
        var (request, connection, topic) = (context.Request, context.Mqtt!, context.Request.Topic!);
        var report = new TopicReport(topic);
        if (TopicFilter.IsShared(topic))
        {
            if (!connection.Answer.SharedSubscriptionAvailable)
            {
                report.Bad("shared", MqttTopicProblems.OfSubscription(MqttReasonCode.SharedSubscriptionsNotSupported, topic, null));
                return report.Finding();
            }
            // A share would take messages from the flows that are in it.
            topic = topic.Split('/', 3) is [_, _, { Length: > 0 } filter] ? filter : topic;
            report.Evidence["subscribed"] = topic;
        }
        var writes = request.Write || request.RoundTrip;
        if (writes && topic.AsSpan().IndexOfAny('#', '+') >= 0)
        {
            report.Bad("write", new Problem("topic-wildcard", $"'{topic}' holds a wildcard; a message can be written to one topic only.", "Write a topic without + and #, for example line3/press-01/test.") { Summary = "A wildcard cannot be written to" });
            return report.Finding();
        }
        try
        {
            if (request.Read || request.RoundTrip || !writes)
                await SubscribeAsync(context, connection, topic, report, cancellationToken);
            if (writes)
                await PublishAsync(context, connection, topic, report, cancellationToken);
        }
        catch (ConnectionException e)
        {
            report.Bad("connection", MqttTopicProblems.OfLoss(
                e.Problem, "The broker closed the connection at the question for the topic.",
                "Look into the broker's log: some brokers cut off a client that asks for a topic it may not use. Check its rights on the topic."));
        }
        return report.Finding();
    }

    private static async Task SubscribeAsync(ProbeContext context, MqttConnection connection, string topic, TopicReport report, CancellationToken cancellationToken)
    {
        var (code, words) = await connection.SubscribeAsync(topic, cancellationToken);
        if (code.IsFailure)
            report.Bad("read", MqttTopicProblems.OfSubscription(code, topic, words).WithRole(context.Endpoint, isSource: true));
        else if ((int)code < connection.Settings.Qos)
            report.Bad("read", Problem.Warning("topic-qos-lowered", $"The broker grants QoS {(int)code} for reading, the endpoint asks for {connection.Settings.Qos}.", "Raise the QoS that the broker allows for this topic, or expect that messages can be lost.") with { Summary = $"Only QoS {(int)code} granted" });
        else
            report.Good("read", $"may subscribe (QoS {(int)code})");
    }

    private async Task PublishAsync(ProbeContext context, MqttConnection connection, string topic, TopicReport report, CancellationToken cancellationToken)
    {
        var payload = TestMessage.Payload(context.Role.Name, clock.GetUtcNow());
        var started = clock.GetTimestamp();
        var answer = await connection.PublishAsync(new Message { Topic = topic, Payload = payload, ContentType = TestMessage.ContentType }, cancellationToken);
        if (answer.Reason.IsFailure)
        {
            report.Bad("write", MqttTopicProblems.OfPublication(answer.Reason, topic, answer.Words).WithRole(context.Endpoint, isSource: false));
            return;
        }
        report.Good("write", connection.Qos == 0 ? "written (QoS 0, not acknowledged)" : "may write (acknowledged)");
        if (!context.Request.RoundTrip || report.HasFailed)
            return;
        if (await ComesBackAsync(context.Received.Reader, payload, cancellationToken))
            report.Good("roundTrip", $"came back in {clock.GetElapsedTime(started).TotalMilliseconds:0} ms");
        else
            report.Bad("roundTrip", new Problem("topic-round-trip-lost", $"The test message was written to '{topic}' but did not come back in {_roundTripLimit.TotalSeconds:0} s: the broker took the subscription without delivering, or dropped the message.", "Check the rights to read the topic (many brokers accept the subscription and deliver nothing) and to write it.") { Summary = "The message did not come back" });
    }

    private async Task<bool> ComesBackAsync(ChannelReader<Message> received, byte[] payload, CancellationToken cancellationToken)
    {
        using var timer = new CancellationTokenSource(_roundTripLimit, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timer.Token);
        try
        {
            while (true)
            {
                var message = await received.ReadAsync(either.Token);
                if (message.Payload.Span.SequenceEqual(payload))
                    return true;
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }
}
