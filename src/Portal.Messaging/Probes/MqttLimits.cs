using System.Globalization;
using System.Text.Json.Nodes;
using Portal.Messaging.Connections;
using Portal.Messaging.Mqtt;
using Portal.Messaging.Mqtt.Session;
using Portal.Model.Endpoints;

namespace Portal.Messaging.Probes;

/// <summary>The limits in a broker's answer to the sign-in, against what the endpoint asks for. Pure.</summary>
internal static class MqttLimits
{
    private const uint SmallPacket = 64 * 1024;
    private const uint Forever = uint.MaxValue;

    /// <param name="endpoint">What the endpoint asks for, with null for what it leaves to the defaults.</param>
    public static StageFinding Check(MqttConnAck answer, MqttClientSettings settings, MqttSettings endpoint)
    {
        // A broker that grants what was asked leaves the value out.
        var granted = answer.SessionExpiryInterval ?? settings.SessionExpirySeconds;
        var receiveMaximum = answer.ReceiveMaximum;
        var problems = new List<Problem>();
        if (answer.MaximumQoS < settings.Qos)
            problems.Add(new Problem(
                "broker-qos", $"The broker allows at most QoS {answer.MaximumQoS}, the endpoint asks for QoS {settings.Qos}: messages could not be delivered at least once.",
                "Use a broker with QoS 1, or set Quality of service to 0 if losses are acceptable.")
            { Summary = $"At most QoS {answer.MaximumQoS}" });
        if (!answer.RetainAvailable && endpoint.Retain is not RetainPolicy.Never)
            problems.Add(Problem.Warning(
                "broker-retain", "The broker takes no retained messages, and Retain is Keep: messages with the retain flag would be refused.", "Set Retain to Never for this endpoint.") with
            { Summary = "No retained messages" });
        if (granted == 0 && settings.SessionExpirySeconds > 0)
            problems.Add(Problem.Warning(
                "broker-no-sessions", $"The broker keeps no session after a disconnect, the endpoint asks for {Seconds(settings.SessionExpirySeconds)}: what comes in between is lost.",
                "Allow persistent sessions on the broker, or accept losses and set Session expiry to 0.") with
            { Summary = "Sessions are not kept" });
        else if (granted < settings.SessionExpirySeconds)
            problems.Add(Problem.Warning(
                "broker-session-expiry", $"The broker keeps a session for {Seconds(granted)}, the endpoint asks for {Seconds(settings.SessionExpirySeconds)}: after a longer interruption messages are lost.",
                $"Set Session expiry to {granted}, or raise the broker's limit.") with
            { Summary = $"Session kept for {Seconds(granted)} only" });
        if (endpoint.MaxInflightMessages is { } inflight && receiveMaximum < inflight)
            problems.Add(Problem.Warning(
                "broker-receive-maximum", $"The broker takes at most {receiveMaximum} unacknowledged messages at once, the endpoint asks for {inflight}: dataflows that write to it go slower than set.",
                $"Set Maximum in-flight messages to {receiveMaximum}, or raise the broker's receive maximum (for mosquitto max_inflight_messages).") with
            { Summary = $"At most {receiveMaximum} messages in flight" });
        if (endpoint.KeepAliveSeconds is { } keepAlive && answer.ServerKeepAlive > 0 && answer.ServerKeepAlive != keepAlive)
            problems.Add(Problem.Warning(
                "broker-keep-alive", $"The broker sets the keep alive to {answer.ServerKeepAlive} s in place of the {keepAlive} s of the endpoint.",
                $"Nothing is lost by it. Set Keep alive to {answer.ServerKeepAlive} so that form and broker say the same.") with
            { Summary = $"Keep alive is {answer.ServerKeepAlive} s" });
        if (!answer.WildcardSubscriptionAvailable)
            problems.Add(Problem.Warning("broker-wildcards", "The broker takes no wildcards in subscriptions.", "Name topics without + and # in dataflows that read from this endpoint.") with { Summary = "No wildcard subscriptions" });
        if (answer.MaximumPacketSize < SmallPacket)
            problems.Add(Problem.Warning(
                "broker-packet-size", $"The broker takes packets of at most {answer.MaximumPacketSize} bytes; larger messages are rejected.", "Keep messages smaller, or raise the broker's maximum packet size.") with
            { Summary = $"Packets of at most {answer.MaximumPacketSize} bytes" });
        var facts = new JsonArray(
            Fact("Maximum QoS", settings.Qos, answer.MaximumQoS),
            Fact("Receive maximum", settings.ReceiveMaximum, receiveMaximum),
            Fact("Session expiry", Seconds(settings.SessionExpirySeconds), Seconds(granted)),
            Fact("Keep alive", $"{settings.KeepAlive.TotalSeconds} s", $"{(answer.ServerKeepAlive > 0 ? answer.ServerKeepAlive : settings.KeepAlive.TotalSeconds)} s"),
            Fact("Retained messages", null, answer.RetainAvailable),
            Fact("Shared subscriptions", null, answer.SharedSubscriptionAvailable),
            Fact("Wildcard subscriptions", null, answer.WildcardSubscriptionAvailable),
            Fact("Subscription identifiers", null, answer.SubscriptionIdentifierAvailable),
            Fact("Maximum packet size", null, answer.MaximumPacketSize is { } size ? size : "no limit"),
            Fact("Topic alias maximum", null, answer.TopicAliasMaximum));
        var summary = string.Create(CultureInfo.InvariantCulture,
            $"QoS {Math.Min(answer.MaximumQoS, 2)}, receive maximum {receiveMaximum}, session {Seconds(granted)}, {(answer.SharedSubscriptionAvailable ? "shared subscriptions" : "no shared subscriptions")}");
        return StageFinding.Of(problems, summary, new JsonObject { ["facts"] = facts });
    }

    private static JsonNode Fact(string name, JsonNode? asked, JsonNode granted) => new JsonObject { ["name"] = name, ["asked"] = asked, ["granted"] = granted };

    private static string Seconds(uint seconds) => seconds == Forever ? "without end" : string.Create(CultureInfo.InvariantCulture, $"{seconds} s");
}
