using System.Globalization;

namespace Portal.Messaging.Flows;

/// <summary>
/// Makes the message to send from a message received, as the plan of the dataflow says. Pure but for the id and time of
/// generated CloudEvents; never throws for what a message holds. Safe for several threads at once.
/// </summary>
/// <param name="plan">The plan.</param>
/// <param name="newId">Ids of generated CloudEvents; null = random ones.</param>
public sealed class MessageTranslator(FlowPlan plan, Func<Guid>? newId = null)
{
    private const string ExpiredWhy = "The message expiry interval ran out before the destination took the message. Look at why it waited, or send messages that live longer.";

    private readonly Func<Guid> _newId = newId ?? Guid.NewGuid;

    /// <summary>Translates a message.</summary>
    /// <param name="message">As it was received.</param>
    /// <param name="receivedAt">When it was received: the start of the time spent here, and the timestamp of a Kafka record made from MQTT.</param>
    /// <param name="now">Now; expiry is what remains at this moment.</param>
    public Translation Translate(Message message, DateTimeOffset receivedAt, DateTimeOffset now) => Run(message, receivedAt, now, null);

    /// <summary>Translates a message and tells what happened to every property of it, by the same code.</summary>
    /// <param name="message">As it was received.</param>
    /// <param name="receivedAt">When it was received.</param>
    /// <param name="now">Now.</param>
    /// <param name="partitions">Partitions of a Kafka destination topic, to tell the partition; null = not known.</param>
    public Explanation Explain(Message message, DateTimeOffset receivedAt, DateTimeOffset now, int? partitions = null)
    {
        var trace = new Trace(partitions);
        var result = Run(message, receivedAt, now, trace);
        return new Explanation(result, trace.Steps);
    }

    /// <summary>
    /// The same translation at a later moment, for a message that waited for the destination: only what remains of its expiry
    /// changes, or it is dropped as expired. Generated ids and times stay, so that a message sent again is known as the same.
    /// Cheap when the message never expires: the earlier translation comes back.
    /// </summary>
    /// <param name="earlier">What <see cref="Translate"/> gave.</param>
    /// <param name="message">The message as it was received.</param>
    /// <param name="receivedAt">When it was received.</param>
    /// <param name="now">Now.</param>
    public Translation Refresh(in Translation earlier, Message message, DateTimeOffset receivedAt, DateTimeOffset now)
    {
        if (earlier.Message is not { } output || plan.FromKafka || message.MessageExpiryInterval is not { } expiry)
            return earlier;
        if (TranslationWork.RemainingOf(expiry, receivedAt, now) is not { } remaining)
            return Translation.Dropped(DropReason.Expired, ExpiredWhy);
        if (!plan.ToKafka)
            return output.MessageExpiryInterval == remaining ? earlier : earlier with { Message = output with { MessageExpiryInterval = remaining } };
        if (!plan.CopiesProperties)
            return earlier;
        var properties = output.Properties.ToArray();
        // The first of that name is ours; a destination header may have replaced it, then there is none that counts down.
        var at = plan.Headers.Any(action => action.Header.Name == KafkaHeaders.MessageExpiryInterval) ? -1 : Array.FindIndex(properties, property => property.Name == KafkaHeaders.MessageExpiryInterval);
        if (at < 0)
            return earlier;
        properties[at] = KafkaHeaders.Expiry(remaining);
        return earlier with { Message = output with { Properties = properties } };
    }

    private Translation Run(Message message, DateTimeOffset receivedAt, DateTimeOffset now, Trace? trace)
    {
        uint? remaining = null;
        if (!plan.FromKafka && message.MessageExpiryInterval is { } expiry)
        {
            remaining = TranslationWork.RemainingOf(expiry, receivedAt, now);
            if (remaining is null)
            {
                trace?.Field(PropertyChange.Dropped, "Message expiry interval", expiry.ToString(CultureInfo.InvariantCulture), null, null, Rules.Remaining(TranslationWork.SpentSeconds(receivedAt, now)));
                return Translation.Dropped(DropReason.Expired, ExpiredWhy);
            }
        }
        var made = plan.Transform?.Run(message) ?? new TransformOutcome(message.Payload, false, [], null, null, Rules.Payload);
        if (made.Drop is { } drop)
        {
            trace?.Add(PropertyChange.Dropped, new ExplainedProperty("Payload", message.Payload, false), null, made.Rule);
            return Translation.Dropped(drop, made.Why!);
        }
        if (plan.TopicOf.Of(message.Topic, out var why) is not { } topic)
        {
            trace?.Field(PropertyChange.Dropped, "Topic", message.Topic, null, null, Rules.DestinationTopic);
            return Translation.Dropped(DropReason.Untranslatable, why!);
        }
        var work = new TranslationWork(plan, message, topic, receivedAt, now, remaining, TranslationWork.ContentTypeOf(message, made.IsRewritten), made.IsRewritten);
        return plan.ToKafka ? ToKafka(work, made, trace) : ToMqtt(work, made, trace);
    }

    private Translation ToKafka(in TranslationWork work, in TransformOutcome made, Trace? trace)
    {
        var message = work.Message;
        var timestamp = plan.FromKafka && message.Timestamp != default ? message.Timestamp : work.ReceivedAt;
        trace?.RecordFields(work, timestamp, made);
        var headers = KafkaHeaders.Write(work, _newId, trace);
        headers.Apply(made.Headers, plan.ToKafka);
        headers.Apply(plan.Headers);
        var key = KafkaHeaders.Key(plan, message, ref headers);
        return Translation.Of(
            new Message
            {
                Topic = work.Topic,
                Payload = made.Payload,
                HasNoValue = work.HasNoValue,
                Timestamp = timestamp,
                Key = key,
                Properties = headers.ToList(),
            },
            headers.Drops);
    }

    private Translation ToMqtt(in TranslationWork work, in TransformOutcome made, Trace? trace)
    {
        var message = work.Message;
        trace?.MqttFields(work, made);
        var headers = MqttProperties.Write(work, _newId, trace, out var contentType);
        headers.Apply(made.Headers, plan.ToKafka);
        headers.Apply(plan.Headers);
        trace?.ContentType(work, contentType);
        return Translation.Of(
            new Message
            {
                Topic = work.Topic,
                Payload = made.Payload,
                Timestamp = work.ReceivedAt,
                Qos = plan.Qos,
                Retain = plan.KeepsRetain && message.Retain is true,
                ContentType = contentType,
                ResponseTopic = plan.FromKafka ? null : message.ResponseTopic,
                CorrelationData = plan.FromKafka ? null : message.CorrelationData,
                PayloadFormatIndicator = plan.FromKafka ? null : message.PayloadFormatIndicator,
                MessageExpiryInterval = work.Remaining,
                Properties = headers.ToList(),
            },
            headers.Drops);
    }
}
