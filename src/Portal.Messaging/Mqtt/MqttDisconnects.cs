using Portal.Messaging.Connections;
using Portal.Messaging.Mqtt.Session;

namespace Portal.Messaging.Mqtt;

/// <summary>Why a broker ended a connection that had worked, by the reason code of its DISCONNECT.</summary>
internal static class MqttDisconnects
{
    /// <summary>Cause of a connection that ended without a word.</summary>
    public const string LostCause = "connection-lost";

    public static Problem Explain(MqttDisconnect end) => BrokerWords.Added(end.Words, Explain(end.Reason, end.ServerReference));

    /// <summary>A connection that ended without a word.</summary>
    public static Problem Lost() => Explain(MqttReasonCode.UnspecifiedError, null);

    /// <summary>A broker that does not keep to the protocol.</summary>
    public static Problem Broken(string what) => new(
        "connection-protocol", $"The broker does not keep to MQTT 5: {what}.", "Look into the broker's log, and whether a newer version of the broker mends it.");

    /// <summary>A broker that answers no ping.</summary>
    public static Problem Silent(TimeSpan keepAlive) => new(
        "connection-silent", $"The broker did not answer within one and a half times the keep alive of {keepAlive.TotalSeconds:0} s.",
        "Check that the broker runs and that the network to it holds; a shorter Keep alive notices a break sooner.");

    private static Problem Explain(MqttReasonCode reason, string? server) => reason switch
    {
        MqttReasonCode.ServerShuttingDown => new Problem(
            "connection-server-stopping", "The broker is shutting down.", "Wait until it runs again, or start it."),
        MqttReasonCode.SessionTakenOver => new Problem(
            "connection-taken-over", "Another client signed in with the same client ID.", "Give every client a client ID of its own; look for a second portal with the same Client ID prefix."),
        MqttReasonCode.NotAuthorized => new Problem(
            "connection-not-authorized", "The broker ended the connection: this client may not do that any more.", "Check the client's rights and whether its token or certificate has expired."),
        MqttReasonCode.KeepAliveTimeout => new Problem(
            "connection-keep-alive", "The broker heard nothing in time (keep alive).", "Raise Keep alive of the endpoint, or look for a network that drops packets."),
        MqttReasonCode.ServerBusy or MqttReasonCode.ConnectionRateExceeded or MqttReasonCode.QuotaExceeded or MqttReasonCode.MessageRateTooHigh => new Problem(
            "connection-quota", $"The broker ended the connection: a limit is used up ({reason}).", "Send or subscribe to less, or raise the broker's limit."),
        MqttReasonCode.PacketTooLarge => new Problem(
            "connection-packet-too-large", "The broker ended the connection: a packet was too large for it.", "Send smaller messages, or raise the broker's maximum packet size."),
        MqttReasonCode.AdministrativeAction => new Problem(
            "connection-administrator", "An administrator of the broker ended the connection.", "Ask the broker's administrator why."),
        MqttReasonCode.UseAnotherServer or MqttReasonCode.ServerMoved => new Problem(
            "connection-moved", $"The broker sends clients to another server{(string.IsNullOrEmpty(server) ? "" : $": {server}")}.", "Write that server as host of the endpoint."),
        MqttReasonCode.Success or MqttReasonCode.UnspecifiedError => new Problem(
            LostCause, "The connection to the broker was lost.", "Check that the broker runs and that the network to it holds; look into the broker's log."),
        _ => new Problem(
            "connection-ended", $"The broker ended the connection with {reason} (0x{(int)reason:X2}).", "Look into the broker's log for the reason."),
    };
}

/// <summary>What a broker says of its reason, passed on in a length that a page bears.</summary>
internal static class BrokerWords
{
    private const int Most = 200;

    public static Problem Added(string? words, Problem problem) => string.IsNullOrWhiteSpace(words)
        ? problem
        : problem with { Explanation = $"{problem.Explanation} The broker says: {(words.Length <= Most ? words : words[..Most] + "...")}" };
}
