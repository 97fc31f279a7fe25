using MQTTnet;
using MQTTnet.Exceptions;
using MQTTnet.Packets;
using MQTTnet.Protocol;
using Portal.Messaging.Connections;
using Portal.Messaging.Mqtt;

namespace Portal.Messaging.Probes;

/// <summary>Subscribes to a topic, and publishes one message only when asked to.</summary>
internal sealed class MqttTopic(TimeProvider clock)
{
    /// <summary>A broker that may not deliver says nothing; so long a message may take to come back.</summary>
    private static readonly TimeSpan _roundTripLimit = TimeSpan.FromSeconds(5);

    public async Task<StageFinding> RunAsync(ProbeContext context, CancellationToken cancellationToken)
    {
        var (request, session, topic) = (context.Request, context.Mqtt!, context.Request.Topic!);
        var report = new TopicReport(topic);
        if (TopicFilter.IsShared(topic))
        {
            if (!session.Answer!.SharedSubscriptionAvailable)
            {
                report.Bad("shared", MqttTopicProblems.OfSubscription(MqttClientSubscribeResultCode.SharedSubscriptionsNotSupported, topic, null));
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
                await SubscribeAsync(context, session, topic, report, cancellationToken);
            if (writes)
                await PublishAsync(context, session, topic, report, cancellationToken);
        }
        catch (Exception e) when (e is MqttCommunicationException or MqttProtocolViolationException or IOException or InvalidOperationException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            report.Bad("connection", new Problem("topic-closed", "The broker closed the connection at the question for the topic.", "Look into the broker's log: some brokers cut off a client that asks for a topic it may not use. Check its rights on the topic.") { Summary = "The broker closed the connection" });
        }
        return report.Finding();
    }

    private static async Task SubscribeAsync(ProbeContext context, MqttProbeSession session, string topic, TopicReport report, CancellationToken cancellationToken)
    {
        var result = await session.Client.SubscribeAsync(
            new MqttClientSubscribeOptions { TopicFilters = [new MqttTopicFilter { Topic = topic, QualityOfServiceLevel = (MqttQualityOfServiceLevel)session.Settings.Qos }] },
            cancellationToken);
        var code = result.Items.First().ResultCode;
        if (code <= MqttClientSubscribeResultCode.GrantedQoS2)
        {
            if ((int)code < session.Settings.Qos)
                report.Bad("read", Problem.Warning("topic-qos-lowered", $"The broker grants QoS {(int)code} for reading, the endpoint asks for {session.Settings.Qos}.", "Raise the QoS that the broker allows for this topic, or expect that messages can be lost.") with { Summary = $"Only QoS {(int)code} granted" });
            else
                report.Good("read", $"may subscribe (QoS {(int)code})");
            return;
        }
        report.Bad("read", MqttTopicProblems.OfSubscription(code, topic, result.ReasonString).WithRole(context.Endpoint, isSource: true));
    }

    private async Task PublishAsync(ProbeContext context, MqttProbeSession session, string topic, TopicReport report, CancellationToken cancellationToken)
    {
        var payload = TestMessage.Payload(context.Role.Name, clock.GetUtcNow());
        var started = clock.GetTimestamp();
        var result = await session.Client.PublishAsync(
            new MqttApplicationMessage
            {
                Topic = topic,
                PayloadSegment = payload,
                ContentType = TestMessage.ContentType,
                QualityOfServiceLevel = (MqttQualityOfServiceLevel)session.Settings.Qos,
            },
            cancellationToken);
        if (!result.IsSuccess)
        {
            report.Bad("write", MqttTopicProblems.OfPublication(result.ReasonCode, topic, result.ReasonString).WithRole(context.Endpoint, isSource: false));
            return;
        }
        report.Good("write", session.Settings.Qos == 0 ? "written (QoS 0, not acknowledged)" : "may write (acknowledged)");
        if (!context.Request.RoundTrip || report.HasFailed)
            return;
        if (await ComesBackAsync(session, payload, cancellationToken))
            report.Good("roundTrip", $"came back in {clock.GetElapsedTime(started).TotalMilliseconds:0} ms");
        else
            report.Bad("roundTrip", new Problem("topic-round-trip-lost", $"The test message was written to '{topic}' but did not come back in {_roundTripLimit.TotalSeconds:0} s: the broker took the subscription without delivering, or dropped the message.", "Check the rights to read the topic (many brokers accept the subscription and deliver nothing) and to write it.") { Summary = "The message did not come back" });
    }

    private async Task<bool> ComesBackAsync(MqttProbeSession session, byte[] payload, CancellationToken cancellationToken)
    {
        using var timer = new CancellationTokenSource(_roundTripLimit, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timer.Token);
        try
        {
            while (true)
            {
                var message = await session.Received.ReadAsync(either.Token);
                if (message.Payload.FirstSpan.SequenceEqual(payload))
                    return true;
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }
}
