using Portal.Messaging.Flows;
using Portal.Sandbox.Kafka;
using Portal.Tests.Shared;

namespace Portal.Messaging.Tests.Flows;

/// <summary>All four pairs on a real mosquitto and Kafka's wire protocol, with the brokers' own tools on both ends.</summary>
public sealed class FourPairTests
{
    private const int Messages = 500;

    [Fact]
    public async Task From_mqtt_to_kafka()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        using var cluster = MockKafkaCluster.Start();
        cluster.CreateTopic("plant", partitions: 1);
        await using var host = await FlowHost.StartAsync();
        await host.RunAsync(Endpoints.Mqtt(broker.Port), "line3/#", Endpoints.Kafka(cluster), "plant");
        await Endpoints.PublishNumbersAsync(broker.Port, "line3/press", 0, Messages);
        await host.WaitForDeliveredAsync(Messages);
        Assert.Equal(Numbers(), await Endpoints.ConsumeAsync(cluster, "plant"));
        Assert.Equal(new FlowLedger(Messages, Messages, 0, 0, 0, 0, 0), host.Status.Ledger);
        Assert.Equal(FlowState.Healthy, host.Status.State);
    }

    [Fact]
    public async Task From_kafka_to_mqtt()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        using var cluster = MockKafkaCluster.Start();
        cluster.CreateTopic("plant", partitions: 1);
        await using var seen = await Endpoints.SubscribeAsync(broker, "from/kafka");
        await using var host = await FlowHost.StartAsync();
        await host.RunAsync(Endpoints.Kafka(cluster), "plant", Endpoints.Mqtt(broker.Port), "from/kafka");
        await Endpoints.ProduceAsync(cluster, "plant", Numbers());
        await host.WaitForDeliveredAsync(Messages);
        await seen.WaitForOutputAsync($"\n{Messages - 1}\n");
        Assert.Equal(Numbers(), seen.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(new FlowLedger(Messages, Messages, 0, 0, 0, 0, 0), host.Status.Ledger);
    }

    [Fact]
    public async Task From_mqtt_to_mqtt_on_one_broker()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        await using var seen = await Endpoints.SubscribeAsync(broker, "copied");
        await using var host = await FlowHost.StartAsync();
        await host.RunAsync(Endpoints.Mqtt(broker.Port), "line3/#", Endpoints.Mqtt(broker.Port), "copied");
        await Endpoints.PublishNumbersAsync(broker.Port, "line3/press", 0, Messages);
        await host.WaitForDeliveredAsync(Messages);
        await seen.WaitForOutputAsync($"\n{Messages - 1}\n");
        Assert.Equal(Numbers(), seen.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public async Task From_kafka_to_kafka()
    {
        using var cluster = MockKafkaCluster.Start();
        await using var host = await CopyAsync(cluster);
        await Endpoints.ProduceAsync(cluster, "plant", Numbers());
        await host.WaitForDeliveredAsync(Messages);
        Assert.Equal(Numbers(), await Endpoints.ConsumeAsync(cluster, "copied"));
    }

    /// <summary>A null value deletes its key from a compacted topic; an empty one does not. kcat tells a null by the size -1.</summary>
    [Fact]
    public async Task A_null_value_of_kafka_stays_one()
    {
        using var cluster = MockKafkaCluster.Start();
        await using var host = await CopyAsync(cluster);
        await Endpoints.ProduceAsync(cluster, "plant", ["press:on", "press:"], "-K:");
        await Endpoints.ProduceAsync(cluster, "plant", ["press:"], "-K:", "-Z");
        await host.WaitForDeliveredAsync(3);
        Assert.Equal(["press 2", "press 0", "press -1"], await Endpoints.ConsumeAsync(cluster, "copied", "%k %S"));
    }

    [Fact]
    public async Task A_topic_that_the_brokers_make_on_its_first_use_needs_no_preparation()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        using var cluster = MockKafkaCluster.Start();
        await using var host = await FlowHost.StartAsync();
        await host.RunAsync(Endpoints.Mqtt(broker.Port), "line3/#", Endpoints.Kafka(cluster), "made-on-first-use");
        await Endpoints.PublishNumbersAsync(broker.Port, "line3/press", 0, Messages);
        await host.WaitForDeliveredAsync(Messages);
        Assert.Equal(Numbers().Order(), (await Endpoints.ConsumeAsync(cluster, "made-on-first-use")).Order());
    }

    [Fact]
    public async Task Several_instances_share_the_work()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        using var cluster = MockKafkaCluster.Start();
        cluster.CreateTopic("plant", partitions: 4);
        await using var host = await FlowHost.StartAsync();
        await host.RunAsync(Endpoints.Mqtt(broker.Port), "line3/#", Endpoints.Kafka(cluster), "plant", instances: 3);
        await Wait.UntilAsync(() => host.Status.Instances.All(one => one.State is FlowState.Idle), "all instances are connected", lastSeen: host.Describe);
        await Endpoints.PublishNumbersAsync(broker.Port, "line3/press", 0, Messages);
        await host.WaitForDeliveredAsync(Messages);
        Assert.Equal(Numbers().Order(), (await Endpoints.ConsumeAsync(cluster, "plant")).Order());
        Assert.Equal(3, host.Status.Instances.Length);
    }

    /// <summary>A dataflow that copies the topic plant to the topic copied.</summary>
    private static async Task<FlowHost> CopyAsync(MockKafkaCluster cluster)
    {
        cluster.CreateTopic("plant", partitions: 1);
        cluster.CreateTopic("copied", partitions: 1);
        var host = await FlowHost.StartAsync();
        return await host.RunAsync(Endpoints.Kafka(cluster), "plant", Endpoints.Kafka(cluster), "copied");
    }

    private static IEnumerable<string> Numbers() => Enumerable.Range(0, Messages).Select(Endpoints.Text);
}
