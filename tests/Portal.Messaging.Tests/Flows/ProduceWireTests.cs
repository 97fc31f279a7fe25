using Portal.Messaging.Tests.Support;
using Portal.Messaging.Tests.Support.Kafka;
using Portal.Model.Endpoints;
using Portal.Sandbox.Kafka;
using Portal.Tests.Shared;

namespace Portal.Messaging.Tests.Flows;

/// <summary>Settings of a Kafka destination in what goes over the wire: the Produce requests of a flow, and kcat's look at the partitions.</summary>
public sealed class ProduceWireTests
{
    private const int Messages = 20;
    private const int Patient = 3000;
    private const int Partitions = 16;

    /// <summary>Acknowledgements (with the number on the wire), compression (with its codec) and batching.</summary>
    public static TheoryData<KafkaAcks, short, KafkaCompression, int, string> Settings { get; } = new()
    {
        { KafkaAcks.Zero, 0, KafkaCompression.None, 0, "one a batch" },
        { KafkaAcks.One, 1, KafkaCompression.Gzip, 1, "by time" },
        { KafkaAcks.All, -1, KafkaCompression.Snappy, 2, "by count" },
        { KafkaAcks.All, -1, KafkaCompression.Lz4, 3, "by bytes" },
    };

    [Theory]
    [MemberData(nameof(Settings))]
    public async Task Acknowledgements_compression_and_batching_are_in_the_requests(KafkaAcks acks, short acksOnWire, KafkaCompression compression, int codec, string batches)
    {
        var (batching, isExpected) = Batching(batches);
        await using var broker = await MosquittoBroker.StartAsync();
        using var cluster = MockKafkaCluster.Start();
        cluster.CreateTopic("plant");
        await using var gateway = KafkaGateway.Start(cluster, new GatewayOptions());
        await using var host = await FlowHost.StartAsync();
        var destination = ProbeFixture.Kafka($"127.0.0.1:{gateway.Port}").With((KafkaSettings settings) => settings with { KafkaAcks = acks, Compression = compression, Batching = batching });
        await host.RunAsync(Endpoints.Mqtt(broker.Port), "line3/#", destination, "plant");
        var lines = Enumerable.Range(0, Messages).Select(number => Endpoints.Text(number).PadLeft(200, '.')).ToList();
        (await ProcessRunner.RunAsync(
            "mosquitto_pub", ["-V", "5", "-h", "127.0.0.1", "-p", Endpoints.Text(broker.Port), "-q", "1", "-t", "line3/press", "-l"], string.Join('\n', lines) + "\n", FlowHost.Limit)).MustSucceed();
        await host.WaitForDeliveredAsync(Messages);
        IReadOnlyList<string> arrived = [];
        await Wait.UntilAsync(async () => (arrived = await Endpoints.ConsumeAsync(cluster, "plant")).Count == Messages, "all are in the topic", FlowHost.Limit, host.Describe);
        Assert.Equal(lines, arrived);
        Assert.Equal(Messages, gateway.Produced.Sum(batch => batch.Records));
        Assert.All(gateway.Produced, batch => Assert.Equal((acksOnWire, codec), (batch.Acks, batch.Codec)));
        Assert.True(isExpected(gateway.Produced), string.Join(' ', gateway.Produced));
    }

    /// <summary>The broker waits for acknowledgements and they for the batch: a minute for each ten messages, if it waited for more.</summary>
    [Fact]
    public async Task A_batch_does_not_wait_while_nothing_more_may_come()
    {
        await using var broker = await MosquittoBroker.StartAsync(new MosquittoOptions { Lines = ["max_queued_messages 0"] });
        using var cluster = MockKafkaCluster.Start();
        cluster.CreateTopic("plant");
        await using var host = await FlowHost.StartAsync(FlowHost.Quick with { Drain = TimeSpan.FromMilliseconds(100) });
        var destination = Endpoints.Kafka(cluster).With((KafkaSettings settings) => settings with { Batching = new BatchingSettings { LatencyMs = 60_000 } });
        await host.RunAsync(Endpoints.Mqtt(broker.Port).With((MqttSettings settings) => settings with { MaxInflightMessages = 10 }), "line3/#", destination, "plant");
        await Endpoints.PublishNumbersAsync(broker.Port, "line3/press", 0, 100);
        await Wait.UntilAsync(() => host.Status.Ledger.Delivered > 80, "they do not wait", FlowHost.Limit, host.Describe);
    }

    /// <summary>Java's producer takes <c>toPositive(murmur2(key)) % partitions</c>; the hashes are those of Kafka's own unit tests.</summary>
    [Theory]
    [InlineData(PartitionStrategy.Topic)]
    [InlineData(PartitionStrategy.Property)]
    public async Task A_key_is_on_the_partition_that_a_java_producer_takes(PartitionStrategy strategy)
    {
        (string Key, int Hash)[] vectors =
        [
            ("21", -973932308), ("foobar", -790332482), ("a-little-bit-long-string", -985981536), ("a-little-bit-longer-string", -1486304829),
            ("lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", -58897971), ("abc", 479470107),
        ];
        await using var broker = await MosquittoBroker.StartAsync();
        using var cluster = MockKafkaCluster.Start();
        cluster.CreateTopic("plant", Partitions);
        await using var host = await FlowHost.StartAsync();
        var destination = Endpoints.Kafka(cluster).With((KafkaSettings settings) => settings with { PartitionStrategy = strategy, PartitionKeyProperty = "device" });
        await host.RunAsync(Endpoints.Mqtt(broker.Port), "#", destination, "plant");
        foreach (var (key, _) in vectors)
            await Endpoints.PublishAsync(broker.Port, strategy is PartitionStrategy.Topic ? key : "line3/press", "x", "-D", "publish", "user-property", "device", key);
        await host.WaitForDeliveredAsync(vectors.Length);
        var expected = vectors.Select(vector => $"{vector.Key} {(vector.Hash & int.MaxValue) % Partitions}");
        Assert.Equal(expected.Order(), (await Endpoints.ConsumeAsync(cluster, "plant", "%k %p")).Order());
    }

    [Fact]
    public async Task By_default_messages_without_a_key_are_spread_and_static_keeps_an_instance_to_one_partition()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        using var cluster = MockKafkaCluster.Start();
        cluster.CreateTopic("spread", Partitions);
        cluster.CreateTopic("fixed", Partitions);
        await using var host = await FlowHost.StartAsync();
        var destination = Endpoints.Kafka(cluster);
        await host.RunAsync(Endpoints.Mqtt(broker.Port), "line3/#", destination, "spread");
        await PublishSlowlyAsync(broker);
        await host.WaitForDeliveredAsync(Messages);
        var spread = await Endpoints.ConsumeAsync(cluster, "spread", "%p %K");
        // One partition takes what is gathered for one batch; 20 batches by chance in less than four of 16 partitions are none in a million million.
        Assert.InRange(spread.Distinct().Count(), 4, Partitions);
        Assert.All(spread, line => Assert.EndsWith(" -1", line, StringComparison.Ordinal));
        host.Store.Set(destination.With((KafkaSettings settings) => settings with { PartitionStrategy = PartitionStrategy.Static }) with { Name = "to-there" });
        host.Store.Set(FlowHost.Flow("line3/#", "fixed"));
        await host.WaitForAsync(Messaging.Flows.FlowState.Idle);
        await PublishSlowlyAsync(broker);
        await host.WaitForDeliveredAsync(2 * Messages);
        Assert.Single((await Endpoints.ConsumeAsync(cluster, "fixed", "%p")).Distinct());
    }

    private static (BatchingSettings Settings, Func<IReadOnlyList<ProducedBatch>, bool> IsExpected) Batching(string how) => how switch
    {
        "one a batch" => (new BatchingSettings { Mode = OperationalMode.Disabled, LatencyMs = Patient }, batches => batches.All(batch => batch.Records == 1)),
        "by time" => (new BatchingSettings { LatencyMs = Patient }, batches => batches.Single().Records == Messages),
        "by count" => (new BatchingSettings { LatencyMs = Patient, MaxMessages = Messages / 4 }, batches => batches.All(batch => batch.Records == Messages / 4)),
        _ => (new BatchingSettings { LatencyMs = 100, MaxBytes = 1000 }, batches => batches.Count >= Messages / 5 && batches.All(batch => batch.Bytes <= 1000)),
    };

    private static async Task PublishSlowlyAsync(MosquittoBroker broker) => (await ProcessRunner.RunAsync(
        "mosquitto_pub", "-V", "5", "-h", "127.0.0.1", "-p", Endpoints.Text(broker.Port), "-q", "1", "-t", "line3/press", "-m", "x", "--repeat", Endpoints.Text(Messages), "--repeat-delay", "0.025")).MustSucceed();
}
