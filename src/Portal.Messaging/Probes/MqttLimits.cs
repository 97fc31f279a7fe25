using System.Globalization;
using System.Text.Json.Nodes;
using Portal.Messaging.Connections;

namespace Portal.Messaging.Probes;

/// <summary>The limits in a broker's answer to the sign-in, against what the endpoint asks for. Pure.</summary>
internal static class MqttLimits
{
    private const uint SmallPacket = 64 * 1024;
    private const uint Forever = uint.MaxValue;

    public static StageFinding Check(MqttProbeSession session)
    {
        var (answer, settings) = (session.Answer!, session.Settings);
        var granted = answer.SessionExpiryInterval is { } expiry and > 0 ? expiry : settings.SessionExpirySeconds;
        // A broker that grants what was asked leaves the value out; the client library then shows 0.
        var problems = new List<Problem>();
        if ((int)answer.MaximumQoS < settings.Qos)
            problems.Add(new Problem(
                "broker-qos", $"The broker allows at most QoS {(int)answer.MaximumQoS}, the endpoint asks for QoS {settings.Qos}: messages could not be delivered at least once.",
                "Use a broker with QoS 1, or set Quality of service to 0 if losses are acceptable.")
            { Summary = $"At most QoS {(int)answer.MaximumQoS}" });
        if (!answer.RetainAvailable && session.KeepsRetain)
            problems.Add(Problem.Warning(
                "broker-retain", "The broker takes no retained messages, and Retain is Keep: messages with the retain flag would be refused.", "Set Retain to Never for this endpoint.") with
            { Summary = "No retained messages" });
        if (granted < settings.SessionExpirySeconds)
            problems.Add(Problem.Warning(
                "broker-session-expiry", $"The broker keeps a session for {Seconds(granted)}, the endpoint asks for {Seconds(settings.SessionExpirySeconds)}: after a longer interruption messages are lost.",
                $"Set Session expiry to {granted}, or raise the broker's limit.") with
            { Summary = $"Session kept for {Seconds(granted)} only" });
        if (!answer.WildcardSubscriptionAvailable)
            problems.Add(Problem.Warning("broker-wildcards", "The broker takes no wildcards in subscriptions.", "Name topics without + and # in dataflows that read from this endpoint.") with { Summary = "No wildcard subscriptions" });
        if (answer.MaximumPacketSize is > 0 and < SmallPacket)
            problems.Add(Problem.Warning(
                "broker-packet-size", $"The broker takes packets of at most {answer.MaximumPacketSize} bytes; larger messages are rejected.", "Keep messages smaller, or raise the broker's maximum packet size.") with
            { Summary = $"Packets of at most {answer.MaximumPacketSize} bytes" });
        var facts = new JsonArray(
            Fact("Maximum QoS", settings.Qos, (int)answer.MaximumQoS),
            Fact("Receive maximum", settings.ReceiveMaximum, answer.ReceiveMaximum ?? ushort.MaxValue),
            Fact("Session expiry", Seconds(settings.SessionExpirySeconds), Seconds(granted)),
            Fact("Keep alive", $"{settings.KeepAlive.TotalSeconds} s", $"{(answer.ServerKeepAlive > 0 ? answer.ServerKeepAlive : settings.KeepAlive.TotalSeconds)} s"),
            Fact("Retained messages", null, answer.RetainAvailable),
            Fact("Shared subscriptions", null, answer.SharedSubscriptionAvailable),
            Fact("Wildcard subscriptions", null, answer.WildcardSubscriptionAvailable),
            Fact("Subscription identifiers", null, answer.SubscriptionIdentifiersAvailable),
            Fact("Maximum packet size", null, answer.MaximumPacketSize is > 0 ? answer.MaximumPacketSize.Value : "no limit"),
            Fact("Topic alias maximum", null, (int)answer.TopicAliasMaximum));
        var summary = string.Create(CultureInfo.InvariantCulture,
            $"QoS {Math.Min((int)answer.MaximumQoS, 2)}, receive maximum {answer.ReceiveMaximum ?? ushort.MaxValue}, session {Seconds(granted)}, {(answer.SharedSubscriptionAvailable ? "shared subscriptions" : "no shared subscriptions")}");
        return StageFinding.Of(problems, summary, new JsonObject { ["facts"] = facts });
    }

    private static JsonNode Fact(string name, JsonNode? asked, JsonNode granted) => new JsonObject { ["name"] = name, ["asked"] = asked, ["granted"] = granted };

    private static string Seconds(uint seconds) => seconds == Forever ? "without end" : string.Create(CultureInfo.InvariantCulture, $"{seconds} s");
}
