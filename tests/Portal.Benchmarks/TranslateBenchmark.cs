using System.Diagnostics;
using System.Text;
using Portal.Messaging;
using Portal.Messaging.Flows;
using Portal.Model.Dataflows;
using Portal.Model.Endpoints;

namespace Portal.Benchmarks;

/// <summary>What translating one message costs: messages a second on one thread, and bytes allocated a message. Wanted: above 200,000 for plain messages.</summary>
internal static class TranslateBenchmark
{
    private const int Warmup = 100_000;
    private const int Messages = 1_000_000;

    private static readonly DateTimeOffset Time = new(2026, 11, 22, 14, 2, 51, TimeSpan.Zero);

    private static readonly Message Plain = new() { Topic = "line3/press-07/telemetry", Payload = new byte[256], Timestamp = Time, Qos = 1, Retain = false };

    private static readonly Message Rich = Plain with
    {
        ContentType = "application/json",
        ResponseTopic = "line3/ack",
        CorrelationData = new byte[] { 1, 2, 3, 4 },
        MessageExpiryInterval = 300,
        PayloadFormatIndicator = 1,
        Properties = [Property("unit", "degC"), Property("device-id", "press-07"), Property("specversion", "1.0"), Property("type", "t"), Property("source", "s"), Property("id", "a3c1")],
    };

    private static readonly Message Record = new()
    {
        Topic = "orders",
        Payload = new byte[256],
        Timestamp = Time,
        Partition = 1,
        Offset = 1,
        Key = "press-07"u8.ToArray(),
        Properties = [Property("unit", "degC"), Property("device-id", "press-07"), Property("trace", "00-1"), Property("amqp", "x")],
    };

    private static readonly Message Json = Plain with
    {
        Payload = """{"temp_c":71.40,"rpm":1480,"load":0.83,"status":{"code":4,"text":"running"},"asset":"press-07","site":"leipzig"}"""u8.ToArray(),
    };

    public static void Run()
    {
        var (mqtt, kafka) = (new MqttSettings(), new KafkaSettings());
        Measure("MQTT to Kafka, plain", mqtt, kafka, Plain);
        Measure("MQTT to Kafka, 6 properties, event", mqtt, kafka, Rich);
        Measure("MQTT to Kafka, events made", mqtt, kafka with { CloudEventAttributes = CloudEventAttributes.CreateOrRemap }, Plain);
        Measure("MQTT to Kafka, key by topic", mqtt, kafka with { PartitionStrategy = PartitionStrategy.Topic }, Plain);
        Measure("Kafka to MQTT, 4 headers", kafka, mqtt, Record);
        Measure("MQTT to MQTT, 6 properties", mqtt, mqtt, Rich);
        Measure("Kafka to Kafka, 4 headers", kafka, kafka, Record);
        Measure("MQTT to Kafka, filter", mqtt, kafka, Json, new Transformation { Filters = [new TransformationFilter { Inputs = ["temp_c"], Expression = "$1 > -40" }] });
        Measure("MQTT to Kafka, 3 rules", mqtt, kafka, Json, new Transformation
        {
            Filters = [new TransformationFilter { Inputs = ["temp_c"], Expression = "$1 > -40" }],
            Maps = [new TransformationMap { Inputs = ["temp_c"], Output = "temperature", Expression = "cToF($1)" }, new TransformationMap { Inputs = ["rpm"], Output = "rpm" }],
        });
        Measure("MQTT to Kafka, pass through and rename", mqtt, kafka, Json, new Transformation
        {
            Maps = [new TransformationMap { Inputs = ["*"], Output = "*" }, new TransformationMap { Inputs = ["temp_c"], Output = "temperature" }],
        });
    }

    private static void Measure(string name, BrokerSettings source, BrokerSettings destination, Message message, Transformation? transformation = null)
    {
        var translator = new MessageTranslator(FlowPlan.Create(
            new Dataflow
            {
                Name = "press-telemetry",
                Source = new DataflowSource { EndpointRef = "from", DataSources = ["in"] },
                Transformation = transformation,
                Destination = new DataflowDestination { EndpointRef = "to", DataDestination = "out" },
            },
            new DataflowEndpoint { Name = "from", Settings = source }, new DataflowEndpoint { Name = "to", Settings = destination }, 0));
        var sent = Translate(translator, message, Warmup);
        var count = transformation is null ? Messages : Messages / 4;
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        var processor = Process.GetCurrentProcess().TotalProcessorTime;
        var clock = Stopwatch.GetTimestamp();
        sent += Translate(translator, message, count);
        var elapsed = Stopwatch.GetElapsedTime(clock);
        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        processor = Process.GetCurrentProcess().TotalProcessorTime - processor;
        Console.WriteLine(
            $"{name,-40} {count / elapsed.TotalSeconds,12:N0} messages/s, {count / processor.TotalSeconds,12:N0} a CPU second, {allocated / (double)count,6:N0} B a message{(sent == Warmup + count ? "" : ", not all went on")}");
    }

    private static int Translate(MessageTranslator translator, Message message, int count)
    {
        var sent = 0;
        for (var at = 0; at < count; at++)
            if (translator.Translate(message, Time, Time).Message is not null)
                sent++;
        return sent;
    }

    private static MessageProperty Property(string name, string value) => new(name, Encoding.UTF8.GetBytes(value));
}
