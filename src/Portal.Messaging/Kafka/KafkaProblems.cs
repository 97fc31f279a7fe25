using System.Text.RegularExpressions;
using Confluent.Kafka;
using Portal.Messaging.Connections;

namespace Portal.Messaging.Kafka;

/// <summary>What the Kafka client library reports, as a cause with its fix.</summary>
internal static partial class KafkaProblems
{
    /// <summary>The problem behind an error; null when it only says that something is not there yet.</summary>
    /// <param name="mechanism">SASL mechanism of the endpoint; null = none.</param>
    public static Problem? Explain(Error error, string? mechanism) => error.Code switch
    {
        ErrorCode.Local_Authentication or ErrorCode.SaslAuthenticationFailed => SaslProblem(error.Reason, mechanism),
        ErrorCode.UnsupportedSaslMechanism or ErrorCode.IllegalSaslState => SaslProblem(error.Reason, mechanism),
        ErrorCode.Local_Ssl => SslProblem(error.Reason),
        ErrorCode.Local_Transport => TransportProblem(error.Reason, mechanism),
        ErrorCode.Local_Resolve => new Problem("kafka-name-not-found", $"A broker's name is not known: {Detail(error.Reason)}.", "Let the name server know the names in the brokers' advertised.listeners.") { Summary = "A broker's name is not known" },
        ErrorCode.ClusterAuthorizationFailed => new Problem("kafka-cluster-not-authorized", "The user may not do this on the cluster.", "Give the user the operation Describe on the cluster, and for producers IdempotentWrite or Write on the topic.") { Summary = "Not authorized on the cluster" },
        ErrorCode.TopicAuthorizationFailed => new Problem("topic-not-authorized", "The user may not use this topic.", "Give the user the operations that it needs on the topic: Read and Describe as source, Write and Describe as destination. Event Hubs: the roles Data Receiver and Data Sender.") { Summary = "Not authorized for the topic" },
        ErrorCode.GroupAuthorizationFailed => new Problem("kafka-group-not-authorized", "The user may not use the consumer group.", "Give the user the operation Read on the group, or write another Consumer group ID.") { Summary = "Not authorized for the consumer group" },
        ErrorCode.UnknownTopicOrPart or ErrorCode.Local_UnknownTopic or ErrorCode.Local_UnknownPartition => new Problem("topic-unknown", "The topic does not exist, or the user may not see it.", "Check the spelling, create the topic (for Event Hubs the event hub), or give the user the operation Describe on it.") { Summary = "The topic does not exist" },
        ErrorCode.LeaderNotAvailable or ErrorCode.NotLeaderForPartition => new Problem("topic-no-leader", "A partition of the topic has no leader: its brokers are down or just starting.", "Check that all brokers run, then try again.") { Summary = "A partition has no leader" },
        ErrorCode.TopicException or ErrorCode.InvalidRequest => new Problem("topic-invalid", "The topic's name is not allowed.", "Use letters, digits, dot, hyphen and underscore, at most 249 characters.") { Summary = "The topic's name is not allowed" },
        ErrorCode.MsgSizeTooLarge or ErrorCode.InvalidMsgSize or ErrorCode.RecordListTooLarge => new Problem("kafka-message-too-large", "The message is larger than the broker or topic accepts.", "Send smaller messages, or raise max.message.bytes of the topic.") { Summary = "The message is too large" },
        ErrorCode.NotEnoughReplicas or ErrorCode.NotEnoughReplicasAfterAppend => new Problem("kafka-too-few-replicas", "Too few replicas of the partition are in sync for the acknowledgment All.", "Bring the other brokers back, or lower min.insync.replicas of the topic.") { Summary = "Too few replicas are in sync" },
        ErrorCode.UnsupportedVersion => new Problem("kafka-version", "The broker is too old for this.", "Use Apache Kafka 1.0 or newer.") { Summary = "The broker is too old" },
        ErrorCode.ThrottlingQuotaExceeded or ErrorCode.PolicyViolation => new Problem("kafka-quota", $"The broker refuses it by a quota or policy: {Detail(error.Reason)}.", "Lower the load, or raise the quota.") { Summary = "Refused by a quota or policy" },
        _ => null,
    };

    /// <summary>The problem behind an error, in general words when it is not a known one.</summary>
    public static Problem ExplainAny(Error error, string? mechanism) => Explain(error, mechanism) ?? new Problem(
        "kafka-error", $"The Kafka client reports {error.Code}: {Detail(error.Reason)}.", "Look into the brokers' logs; check host, port, TLS and authentication.")
    { Summary = Detail(error.Reason) };

    /// <summary>True for what the library throws when it does not take its settings.</summary>
    public static bool IsOfStart(Exception failure) => failure is InvalidOperationException or ArgumentException or KafkaException;

    /// <summary>Settings that the library does not take: it judges certificates for itself, and more strictly than others.</summary>
    public static Problem CannotStart(Exception failure) => new(
        "kafka-client", $"The Kafka client does not start with these settings: {failure.Message}",
        "Check certificate, key and CA of the endpoint. Keys are to be RSA with 2048 bits or more, or EC P-256.")
    { Summary = "The Kafka client does not start" };

    private static Problem SaslProblem(string reason, string? mechanism)
    {
        if (Offered().Match(reason) is { Success: true } offered)
        {
            var mechanisms = offered.Groups[1].Value.Trim().TrimEnd('.');
            if (mechanisms.Length == 0 || reason.Contains("SASL state", StringComparison.OrdinalIgnoreCase))
                return NoSasl();
            return NotOffered(mechanism ?? "", mechanisms);
        }
        if (reason.Contains("SASL state", StringComparison.OrdinalIgnoreCase) || reason.Contains("Handshake not supported", StringComparison.OrdinalIgnoreCase))
            return NoSasl();
        return Refused(mechanism ?? "", Detail(reason));
    }

    /// <summary>A mechanism that the broker does not offer, with those that it does.</summary>
    public static Problem NotOffered(string mechanism, string offered) => new(
        "signin-mechanism", $"The broker does not offer the SASL mechanism {mechanism}; it offers {offered}.", $"Choose a SASL type that it offers ({offered}), or switch {mechanism} on at the broker's listener.")
    { Summary = $"{mechanism} is not offered, but {offered}" };

    /// <summary>Credentials that the broker does not accept, with its words.</summary>
    public static Problem Refused(string mechanism, string? words)
    {
        var said = string.IsNullOrWhiteSpace(words) ? "it gives no reason" : words.Length <= 200 ? words.TrimEnd('.') : words[..200] + "...";
        return mechanism == "OAUTHBEARER"
            ? new Problem(
                "signin-token-refused", $"The broker does not accept the token: {said}.", "Check the audience or scope (for Event Hubs https://<namespace>.servicebus.windows.net/.default) and give the identity the roles Azure Event Hubs Data Sender and Data Receiver.")
            { Summary = "The broker does not accept the token" }
            : new Problem(
                "signin-bad-credentials", $"The broker does not accept the user name or password with {mechanism}: {said}.", "Check the keys username and password of the secret. For Event Hubs the user name is $ConnectionString and the password the connection string of the namespace.")
            { Summary = "User name or password not accepted" };
    }

    /// <summary>A listener without SASL.</summary>
    public static Problem NoSasl() => new(
        "signin-no-sasl", "The broker's listener takes no SASL sign-in on this port.", "Choose the authentication method Anonymous (None), or write the port of the SASL listener.")
    { Summary = "The listener takes no SASL" };

    private static Problem SslProblem(string reason)
    {
        if (reason.Contains("certificate verify failed", StringComparison.OrdinalIgnoreCase) || reason.Contains("could not be verified", StringComparison.OrdinalIgnoreCase))
            return new Problem("tls-untrusted-root", "The Kafka client does not trust the broker's certificate.", "Put the broker's CA into the config map of Trusted CA certificate config map.") { Summary = "The certificate is not trusted" };
        return new Problem("tls-refused", $"TLS with the broker failed: {Detail(reason)}.", "Look at the stage TLS and into the broker's log.") { Summary = "TLS failed" };
    }

    /// <summary>What it means when the broker closes the connection again and again; null when the text is about something else.</summary>
    /// <param name="text">A line that the client library logs about a connection that ended.</param>
    public static Problem? ExplainClosed(string text, string? mechanism)
    {
        if (!text.Contains("Disconnected", StringComparison.Ordinal) || State().Match(text) is not { Success: true } state)
            return null;
        return state.Groups[1].Value switch
        {
            "APIVERSION_QUERY" => new Problem(
                "signin-closed", "The server closes the connection at the first Kafka request: it speaks something else on this port.", "Check that the port is a Kafka listener (often 9092 plain, 9093 TLS) and that TLS mode matches it.")
            { Summary = "Closed at the first request" },
            "UP" or "UPDATE" when mechanism is null => new Problem(
                "signin-sasl-required", "The broker closes the connection at the first question: its listener wants a SASL sign-in, and this endpoint has none.", "Choose the authentication method Sasl, or write the port of a listener without sign-in.")
            { Summary = "The listener wants SASL" },
            "AUTH_HANDSHAKE" or "AUTH_LEGACY" or "AUTH_REQ" => new Problem(
                "signin-sasl-closed", $"The broker closes the connection during the sign-in with {mechanism}: it does not accept the credentials, or the mechanism.", "Check user name, password and SASL type; for Event Hubs also that the namespace and its shared access policy exist.")
            { Summary = "Closed during the sign-in" },
            _ => null,
        };
    }

    private static Problem? TransportProblem(string reason, string? mechanism) =>
        reason.Contains("might require SASL", StringComparison.OrdinalIgnoreCase) && mechanism is null ? ExplainClosed("Disconnected in state UP", null) : null;

    /// <summary>The reason without the client library's address prefix and timing suffix.</summary>
    internal static string Detail(string reason) => Timing().Replace(Prefix().Replace(reason, ""), "").Trim().TrimEnd('.', ':');

    [GeneratedRegex(@"in state ([A-Z_]+)")]
    private static partial Regex State();

    [GeneratedRegex(@"supported mechanisms:\s*([^()]*)", RegexOptions.IgnoreCase)]
    private static partial Regex Offered();

    [GeneratedRegex(@"^(?:\[thrd:[^\]]*\]:\s*)?(?:[a-z_]+://)?\S+?(?:/bootstrap|/\d+)?:\s+(?=\S)")]
    private static partial Regex Prefix();

    [GeneratedRegex(@"\s*\(after \d+ms in state \w+(?:, .*?)?\)|, \d+ identical error\(s\) suppressed")]
    private static partial Regex Timing();
}
