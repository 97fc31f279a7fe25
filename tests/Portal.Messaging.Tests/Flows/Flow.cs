using System.Text;
using Portal.Messaging.Flows;
using Portal.Model;
using Portal.Model.Dataflows;
using Portal.Model.Endpoints;

namespace Portal.Messaging.Tests.Flows;

/// <summary>A dataflow between two endpoints, the moments of a translation, and its result as text.</summary>
internal sealed record Flow(BrokerSettings Source, BrokerSettings Destination)
{
    public static readonly DateTimeOffset Received = new(2026, 11, 22, 14, 2, 51, 204, TimeSpan.Zero);
    public static readonly DateTimeOffset Now = Received.AddMilliseconds(1300);
    public static readonly Guid NewId = new("0f8fad5b-d9cb-469f-a165-70867728950e");

    public string Topic { get; init; } = "out";

    public ValueList<DestinationHeader> Headers { get; init; } = [];

    public Transformation? Transformation { get; init; }

    public int Instance { get; init; }

    public static Flow MqttToKafka(KafkaSettings? kafka = null) => new(new MqttSettings(), kafka ?? new KafkaSettings());

    public static Flow KafkaToMqtt(MqttSettings? mqtt = null) => new(new KafkaSettings(), mqtt ?? new MqttSettings());

    public static Flow MqttToMqtt(MqttSettings? mqtt = null) => new(new MqttSettings(), mqtt ?? new MqttSettings());

    public static Flow KafkaToKafka(KafkaSettings? kafka = null) => new(new KafkaSettings(), kafka ?? new KafkaSettings());

    public FlowPlan Plan => FlowPlan.Create(
        new Dataflow
        {
            Name = "press-telemetry",
            Source = new DataflowSource { EndpointRef = "from", DataSources = ["in"] },
            Transformation = Transformation,
            Destination = new DataflowDestination { EndpointRef = "to", DataDestination = Topic, Headers = Headers },
        },
        new DataflowEndpoint { Name = "from", Settings = Source }, new DataflowEndpoint { Name = "to", Settings = Destination }, Instance);

    public MessageTranslator Translator => new(Plan, () => NewId);

    public Translation Translate(Message message, DateTimeOffset? now = null) => Translator.Translate(message, Received, now ?? Now);

    /// <summary>The headers or user properties sent, one a line; bytes that are no text in hexadecimal.</summary>
    public string Properties(Message message) => Text(Translate(message).Message!.Properties);

    public static string Text(IEnumerable<MessageProperty> properties) => string.Join('\n', properties.Select(property => $"{property.Name}={Text(property.Value)}"));

    public static string Text(ReadOnlyMemory<byte>? value) => new ExplainedProperty("", value, true).Text ?? "null";

    public static Message Mqtt(params (string Name, string Value)[] properties) =>
        new() { Topic = "line3/press-07/telemetry", Payload = Bytes("{}"), Timestamp = Received, Qos = 1, Retain = false, Properties = [.. properties.Select(one => new MessageProperty(one.Name, Bytes(one.Value)))] };

    public static Message Kafka(params (string Name, string? Value)[] headers) => new()
    {
        Topic = "orders",
        Payload = Bytes("71.4"),
        Timestamp = DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_123),
        Partition = 2,
        Offset = 41,
        Properties = [.. headers.Select(one => new MessageProperty(one.Name, one.Value is null ? (ReadOnlyMemory<byte>?)null : Bytes(one.Value)))],
    };

    public static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
}
