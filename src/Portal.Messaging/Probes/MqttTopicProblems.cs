using Portal.Messaging.Connections;
using Portal.Messaging.Mqtt;
using Portal.Messaging.Mqtt.Session;

namespace Portal.Messaging.Probes;

/// <summary>Why a broker refuses a subscription or a message, by its reason code.</summary>
internal static class MqttTopicProblems
{
    public static Problem OfSubscription(MqttReasonCode code, string topic, string? reason) => BrokerWords.Added(reason, code switch
    {
        MqttReasonCode.NotAuthorized => new Problem("topic-read-not-authorized", $"This client may not read '{topic}'.", "Give it the right to subscribe on the broker (an ACL, or for Event Grid the role or permission binding Subscriber).") { Summary = "May not read the topic" },
        MqttReasonCode.TopicFilterInvalid => new Problem("topic-filter-invalid", $"The broker does not accept the topic filter '{topic}'.", "Write for example line3/+/telemetry or line3/#; # stands at the end only.") { Summary = "Topic filter not accepted" },
        MqttReasonCode.QuotaExceeded => new Problem("topic-quota", "A limit of the broker for subscriptions is used up.", "End unused subscriptions, or raise the limit.") { Summary = "Too many subscriptions" },
        MqttReasonCode.SharedSubscriptionsNotSupported => new Problem("topic-shared-unsupported", "The broker takes no shared subscriptions ($share/...).", "Write the topic filter without $share/, and keep the instance count of the profile at 1.") { Summary = "No shared subscriptions" },
        MqttReasonCode.WildcardSubscriptionsNotSupported => new Problem("topic-wildcards-unsupported", $"The broker refuses '{topic}': it takes no wildcards in subscriptions.", "Write a topic without + and #.") { Summary = "No wildcards" },
        _ => new Problem("topic-read-refused", $"The broker refuses the subscription to '{topic}' with {code} (0x{(int)code:X2}).", "Look into the broker's log for the reason.") { Summary = $"Subscription refused: {code}" },
    });

    public static Problem OfUnsubscription(MqttReasonCode code, string topic, string? reason) => BrokerWords.Added(reason, new Problem(
        "topic-unsubscribe-refused", $"The broker does not end the subscription to '{topic}': {code} (0x{(int)code:X2}).", "Look into the broker's log for the reason.")
    { Summary = "Subscription not ended" });

    public static Problem OfPublication(MqttReasonCode code, string topic, string? reason) => BrokerWords.Added(reason, code switch
    {
        MqttReasonCode.NotAuthorized => new Problem("topic-write-not-authorized", $"This client may not write to '{topic}'.", "Give it the right to publish on the broker (an ACL, or for Event Grid the role or permission binding Publisher).") { Summary = "May not write to the topic" },
        MqttReasonCode.TopicNameInvalid => new Problem("topic-name-invalid", $"The broker does not accept the topic '{topic}'.", "Write a topic that the broker allows; topics that begin with $ are often reserved.") { Summary = "Topic not accepted" },
        MqttReasonCode.QuotaExceeded => new Problem("topic-write-quota", "A limit of the broker for messages is used up.", "Send less, or raise the limit.") { Summary = "Too many messages" },
        MqttReasonCode.PayloadFormatInvalid => new Problem("topic-payload-refused", "The broker does not accept the payload of the message.", "Check the rules for payloads on the broker.") { Summary = "Payload not accepted" },
        _ => new Problem("topic-write-refused", $"The broker refuses the message to '{topic}' with {code} (0x{(int)code:X2}).", "Look into the broker's log for the reason.") { Summary = $"Message refused: {code}" },
    });

    /// <summary>A connection that ended at a question for a topic: the broker's reason, or the given words when it had none.</summary>
    public static Problem OfLoss(Problem lost, string explanation, string fix) =>
        lost.Cause == MqttDisconnects.LostCause ? new Problem("topic-closed", explanation, fix) { Summary = "The broker closed the connection" } : lost;
}
