using MQTTnet;
using Portal.Messaging.Connections;

namespace Portal.Messaging.Mqtt;

/// <summary>Why a broker ended a connection that had worked, by the reason code of its DISCONNECT.</summary>
internal static class MqttDisconnects
{
    private const int MostWords = 200;

    public static Problem Explain(MqttClientDisconnectReason reason, string? words)
    {
        var problem = Explain(reason);
        return string.IsNullOrWhiteSpace(words)
            ? problem
            : problem with { Explanation = $"{problem.Explanation} The broker says: {(words.Length <= MostWords ? words : words[..MostWords] + "...")}" };
    }

    /// <summary>A connection that ended without a word.</summary>
    public static Problem Lost() => Explain(MqttClientDisconnectReason.UnspecifiedError);

    /// <summary>A broker that does not keep to the protocol.</summary>
    public static Problem Broken(string what) => new(
        "connection-protocol", $"The broker does not keep to MQTT 5: {what}.", "Look into the broker's log, and whether a newer version of the broker mends it.");

    /// <summary>A broker that answers no ping.</summary>
    public static Problem Silent(TimeSpan keepAlive) => new(
        "connection-silent", $"The broker did not answer within one and a half times the keep alive of {keepAlive.TotalSeconds:0} s.",
        "Check that the broker runs and that the network to it holds; a shorter Keep alive notices a break sooner.");

    private static Problem Explain(MqttClientDisconnectReason reason) => reason switch
    {
        MqttClientDisconnectReason.ServerShuttingDown => new Problem(
            "connection-server-stopping", "The broker is shutting down.", "Wait until it runs again, or start it."),
        MqttClientDisconnectReason.SessionTakenOver => new Problem(
            "connection-taken-over", "Another client signed in with the same client ID.", "Give every client a client ID of its own; look for a second portal with the same Client ID prefix."),
        MqttClientDisconnectReason.NotAuthorized => new Problem(
            "connection-not-authorized", "The broker ended the connection: this client may not do that any more.", "Check the client's rights and whether its token or certificate has expired."),
        MqttClientDisconnectReason.KeepAliveTimeout => new Problem(
            "connection-keep-alive", "The broker heard nothing in time (keep alive).", "Raise Keep alive of the endpoint, or look for a network that drops packets."),
        MqttClientDisconnectReason.ServerBusy or MqttClientDisconnectReason.ConnectionRateExceeded or MqttClientDisconnectReason.QuotaExceeded or MqttClientDisconnectReason.MessageRateTooHigh => new Problem(
            "connection-quota", $"The broker ended the connection: a limit is used up ({reason}).", "Send or subscribe to less, or raise the broker's limit."),
        MqttClientDisconnectReason.PacketTooLarge => new Problem(
            "connection-packet-too-large", "The broker ended the connection: a packet was too large for it.", "Send smaller messages, or raise the broker's maximum packet size."),
        MqttClientDisconnectReason.AdministrativeAction => new Problem(
            "connection-administrator", "An administrator of the broker ended the connection.", "Ask the broker's administrator why."),
        MqttClientDisconnectReason.UseAnotherServer or MqttClientDisconnectReason.ServerMoved => new Problem(
            "connection-moved", "The broker sends clients to another server.", "Write that server as host of the endpoint."),
        MqttClientDisconnectReason.NormalDisconnection or MqttClientDisconnectReason.UnspecifiedError => new Problem(
            "connection-lost", "The connection to the broker was lost.", "Check that the broker runs and that the network to it holds; look into the broker's log."),
        _ => new Problem(
            "connection-ended", $"The broker ended the connection with {reason} (0x{(int)reason:X2}).", "Look into the broker's log for the reason."),
    };
}
