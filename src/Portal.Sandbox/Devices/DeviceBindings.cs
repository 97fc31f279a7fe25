using System.Text;
using Confluent.Kafka;
using MQTTnet;
using MQTTnet.Protocol;

namespace Portal.Sandbox.Devices;

/// <summary>CloudEvents 1.0 on the wire: MQTT 5 user properties without a prefix, Kafka headers with <c>ce_</c>.</summary>
internal static class DeviceBindings
{
    private const string Json = "application/json";
    private const string KafkaPrefix = "ce_";
    private const string KafkaContentType = "content-type";

    public static MqttApplicationMessage ToMqtt(DeviceMessage message)
    {
        var builder = new MqttApplicationMessageBuilder()
            .WithTopic(message.Topic)
            .WithPayload(message.Data.ToJsonString())
            .WithPayloadFormatIndicator(MqttPayloadFormatIndicator.CharacterData)
            .WithContentType(Json)
            .WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce)
            .WithRetainFlag(message.Retain);
        if (message.Expiry is { } expiry)
            builder.WithMessageExpiryInterval((uint)expiry.TotalSeconds);
        foreach (var (name, value) in Attributes(message))
            builder.WithUserProperty(name, Encoding.UTF8.GetBytes(value).AsMemory());
        return builder.WithUserProperty("datacontenttype", Encoding.UTF8.GetBytes(Json).AsMemory()).Build();
    }

    public static Message<string, string> ToKafka(DeviceMessage message)
    {
        var headers = new Headers();
        foreach (var (name, value) in Attributes(message))
            headers.Add(KafkaPrefix + name, Encoding.UTF8.GetBytes(value));
        headers.Add(KafkaContentType, Encoding.UTF8.GetBytes(Json));
        return new Message<string, string> { Key = message.Device, Value = message.Data.ToJsonString(), Headers = headers };
    }

    private static IEnumerable<(string Name, string Value)> Attributes(DeviceMessage message) =>
    [
        ("specversion", "1.0"),
        ("type", message.Type),
        ("source", message.Source),
        ("id", Guid.NewGuid().ToString()),
        ("time", message.Time.ToString("yyyy-MM-ddTHH:mm:ss.fffZ")),
        ("subject", message.Subject),
    ];
}
