using System.Globalization;
using Portal.Messaging.Tests.Support;
using Portal.Model.Endpoints;
using Portal.Sandbox.Kafka;
using Portal.Tests.Shared;

namespace Portal.Messaging.Tests.Flows;

/// <summary>Endpoints of brokers that a test started, and tools beside them.</summary>
internal static class Endpoints
{
    public static DataflowEndpoint Mqtt(int port) => ProbeFixture.Mqtt($"127.0.0.1:{port}", tls: false);

    public static DataflowEndpoint Kafka(MockKafkaCluster cluster) => ProbeFixture.Kafka($"127.0.0.1:{cluster.Ports[0]}")
        .With(settings => settings with { ConsumerGroupId = "line3" });

    public static DataflowEndpoint With(this DataflowEndpoint endpoint, Func<MqttSettings, MqttSettings> change) => endpoint with { Settings = change(endpoint.Mqtt!) };

    public static DataflowEndpoint With(this DataflowEndpoint endpoint, Func<KafkaSettings, KafkaSettings> change) => endpoint with { Settings = change(endpoint.Kafka!) };

    /// <summary>Publishes with mosquitto_pub at QoS 1.</summary>
    public static async Task PublishAsync(int port, string topic, string message, params string[] more) =>
        (await ProcessRunner.RunAsync("mosquitto_pub", ["-V", "5", "-h", "127.0.0.1", "-p", Text(port), "-q", "1", "-t", topic, "-m", message, .. more])).MustSucceed();

    /// <summary>Publishes the numbers from a first one on, one message each.</summary>
    public static async Task PublishNumbersAsync(int port, string topic, int first, int count)
    {
        var lines = string.Join('\n', Enumerable.Range(first, count).Select(Text)) + "\n";
        (await ProcessRunner.RunAsync("mosquitto_pub", ["-V", "5", "-h", "127.0.0.1", "-p", Text(port), "-q", "1", "-t", topic, "-l"], lines, FlowHost.Limit)).MustSucceed();
    }

    /// <summary>Produces one message a line with kcat.</summary>
    public static async Task ProduceAsync(MockKafkaCluster cluster, string topic, IEnumerable<string> lines, params string[] more) =>
        (await ProcessRunner.RunAsync("kcat", ["-P", "-b", cluster.BootstrapServers, "-t", topic, .. more], string.Join('\n', lines) + "\n", FlowHost.Limit)).MustSucceed();

    /// <summary>Everything in a topic, in kcat's format, one record a line.</summary>
    public static async Task<IReadOnlyList<string>> ConsumeAsync(MockKafkaCluster cluster, string topic, string format = "%s") =>
        (await ProcessRunner.RunAsync("kcat", ["-C", "-b", cluster.BootstrapServers, "-t", topic, "-e", "-q", "-o", "beginning", "-f", format + "\\n"], limit: FlowHost.Limit)).MustSucceed().Lines;

    /// <summary>Subscribes with mosquitto_sub and is ready when the broker has it.</summary>
    public static async Task<RunningProcess> SubscribeAsync(MosquittoBroker broker, string topic, string format = "%p", params string[] more)
    {
        var id = $"sub-{Guid.NewGuid():N}";
        var process = RunningProcess.Start(
            "mosquitto_sub", ["-V", "5", "-h", "127.0.0.1", "-p", Text(broker.Port), "-i", id, "-q", "1", "-t", topic, "-F", format, .. more]);
        await broker.WaitForLogAsync(id);
        return process;
    }

    public static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
