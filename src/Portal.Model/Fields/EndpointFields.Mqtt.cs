using Portal.Model.Endpoints;
using Portal.Model.Validation;

namespace Portal.Model.Fields;

public static partial class EndpointFields
{
    private static DataflowEndpoint WithMqtt(DataflowEndpoint endpoint, Func<MqttSettings, MqttSettings> change) =>
        With(endpoint, settings => change((MqttSettings)settings));

    private static IEnumerable<EndpointField> MqttAdvanced()
    {
        const string root = "mqttSettings";
        yield return new EndpointField<string>
        {
            Path = root + ".clientIdPrefix",
            Label = "Client ID prefix",
            Help = "Start of the MQTT client ID; the dataflow's name and instance follow. Changing it starts a new session: messages waiting in the old one are lost.",
            Section = MessagesSection,
            Example = "line3",
            Rule = MqttRules.CheckClientIdPrefix,
            Az = Az("--client-id-prefix"),
            Get = endpoint => endpoint.Mqtt?.ClientIdPrefix,
            Set = (endpoint, value) => WithMqtt(endpoint, mqtt => mqtt with { ClientIdPrefix = value }),
        };
        yield return new EndpointField<long?>
        {
            Path = root + ".qos",
            Label = "Quality of service (QoS)",
            Help = "Delivery guarantee of subscriptions and of messages sent.",
            Section = MessagesSection,
            Input = FieldInput.Choice,
            Range = (0, 1),
            Choices = [new FieldChoice("1", "1", "At least once: acknowledged, repeated when needed."), new FieldChoice("0", "0", "At most once: messages may be lost.")],
            Default = "1",
            Az = Az("--qos"),
            Get = endpoint => endpoint.Mqtt?.Qos,
            Set = (endpoint, value) => WithMqtt(endpoint, mqtt => mqtt with { Qos = value }),
        };
        yield return new EndpointField<RetainPolicy?>
        {
            Path = root + ".retain",
            Label = "Retain",
            Help = "Whether the retain flag of a message is kept.",
            Section = MessagesSection,
            Effect = FieldEffect.MqttToMqtt,
            Input = FieldInput.Choice,
            Choices = Choices(
                (RetainPolicy.Keep, "Keep", "The flag is sent as it was received."),
                (RetainPolicy.Never, "Never", "The flag is cleared: the destination retains nothing.")),
            Default = nameof(RetainPolicy.Keep),
            Rule = MqttRules.CheckRetain,
            Az = Az("--retain"),
            Get = endpoint => endpoint.Mqtt?.Retain,
            Set = (endpoint, value) => WithMqtt(endpoint, mqtt => mqtt with { Retain = value }),
        };
        yield return new EndpointField<long?>
        {
            Path = root + ".sessionExpirySeconds",
            Label = "Session expiry",
            Help = "How long the broker keeps the session, and the messages waiting in it, after the connection is lost.",
            Section = MessagesSection,
            Input = FieldInput.Number,
            Unit = "s",
            Range = (0, Most32BitUnsigned),
            Example = "3600",
            DerivedDefault = _ => "Service default (3600 s, or 600 s since 2025)",
            Rule = MqttRules.CheckSessionExpiry,
            Az = Az("--session-expiry"),
            Get = endpoint => endpoint.Mqtt?.SessionExpirySeconds,
            Set = (endpoint, value) => WithMqtt(endpoint, mqtt => mqtt with { SessionExpirySeconds = value }),
        };
        yield return new EndpointField<MqttProtocol?>
        {
            Path = root + ".protocol",
            Label = "Protocol",
            Help = "MQTT over TCP, or in WebSocket frames where only web ports are open.",
            Section = MessagesSection,
            Input = FieldInput.Choice,
            Choices = Choices(
                (MqttProtocol.Mqtt, "Mqtt", "MQTT over TCP."),
                (MqttProtocol.WebSockets, "WebSockets", "MQTT in WebSocket frames.")),
            Default = nameof(MqttProtocol.Mqtt),
            Az = Az("--protocol"),
            Get = endpoint => endpoint.Mqtt?.Protocol,
            Set = (endpoint, value) => WithMqtt(endpoint, mqtt => mqtt with { Protocol = value }),
        };
        yield return new EndpointField<long?>
        {
            Path = root + ".maxInflightMessages",
            Label = "Maximum in-flight messages",
            Help = "As source the receive maximum; as destination the messages sent before an acknowledgment is awaited.",
            Section = MessagesSection,
            Input = FieldInput.Number,
            Unit = "messages",
            Range = (0, 65535),
            Default = "100",
            Rule = MqttRules.CheckInflight,
            Az = Az("--max-inflight-msg"),
            Get = endpoint => endpoint.Mqtt?.MaxInflightMessages,
            Set = (endpoint, value) => WithMqtt(endpoint, mqtt => mqtt with { MaxInflightMessages = value }),
        };
        yield return new EndpointField<long?>
        {
            Path = root + ".keepAliveSeconds",
            Label = "Keep alive",
            Help = "Longest silence before the client pings the broker. 0 switches pings off.",
            Section = MessagesSection,
            Input = FieldInput.Number,
            Unit = "s",
            Range = (0, 65535),
            Default = "60",
            Rule = MqttRules.CheckKeepAlive,
            Az = Az("--keep-alive"),
            Get = endpoint => endpoint.Mqtt?.KeepAliveSeconds,
            Set = (endpoint, value) => WithMqtt(endpoint, mqtt => mqtt with { KeepAliveSeconds = value }),
        };
        yield return CloudEvents(root);
    }
}
