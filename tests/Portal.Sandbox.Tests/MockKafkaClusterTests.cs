using System.Net.Sockets;
using System.Text;
using Confluent.Kafka;
using Portal.Sandbox.Kafka;
using Portal.Tests.Shared;

namespace Portal.Sandbox.Tests;

public sealed class MockKafkaClusterTests
{
    private static readonly TimeSpan _limit = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task A_tool_in_another_process_writes_and_reads_keys_and_headers()
    {
        using var cluster = MockKafkaCluster.Start();
        cluster.CreateTopic("plant", partitions: 1);

        var written = await ProcessRunner.RunAsync(
            "kcat",
            ["-P", "-b", cluster.BootstrapServers, "-t", "plant", "-k", "press-01", "-H", "ce_type=state", "-H", "line=1"],
            "running");
        written.MustSucceed();

        var read = await ProcessRunner.RunAsync(
            "kcat",
            ["-C", "-b", cluster.BootstrapServers, "-t", "plant", "-o", "beginning", "-e", "-q", "-f", "%p|%o|%k|%h|%s"]);
        Assert.Equal(["0|0|press-01|ce_type=state,line=1|running"], read.MustSucceed().Lines);
    }

    [Fact]
    public async Task A_consumer_group_keeps_its_committed_offset()
    {
        using var cluster = MockKafkaCluster.Start(brokers: 2);
        cluster.CreateTopic("orders", partitions: 2);
        await ProduceAsync(cluster, "orders", "first", partition: 1);

        Assert.Equal("first", ConsumeOneAndCommit(cluster, "orders"));
        await ProduceAsync(cluster, "orders", "second", partition: 1);
        Assert.Equal("second", ConsumeOneAndCommit(cluster, "orders"));
    }

    [Fact]
    public void A_topic_has_the_partitions_it_was_created_with_on_every_broker()
    {
        using var cluster = MockKafkaCluster.Start(brokers: 3);
        cluster.CreateTopic("wide", partitions: 6);

        using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = cluster.BootstrapServers }).Build();
        var metadata = admin.GetMetadata("wide", _limit);

        Assert.Equal([1, 2, 3], metadata.Brokers.Select(broker => broker.BrokerId).Order());
        Assert.All(metadata.Brokers, broker => Assert.Equal("127.0.0.1", broker.Host));
        Assert.Equal(cluster.Ports.Order(), metadata.Brokers.Select(broker => broker.Port).Order());
        Assert.Equal(6, Assert.Single(metadata.Topics).Partitions.Count);
    }

    [Fact]
    public async Task A_broker_that_goes_down_refuses_work_and_keeps_its_records_for_when_it_is_up_again()
    {
        using var cluster = MockKafkaCluster.Start();
        cluster.CreateTopic("kept");
        await ProduceAsync(cluster, "kept", "before");

        cluster.TakeDown();
        var refused = await Assert.ThrowsAsync<ProduceException<Null, string>>(() => ProduceAsync(cluster, "kept", "lost", timeoutMilliseconds: 400));
        Assert.Equal(ErrorCode.Local_MsgTimedOut, refused.Error.Code);

        cluster.BringUp();
        Assert.Equal(1, await ProduceAsync(cluster, "kept", "after"));
    }

    [Fact]
    public async Task Failures_can_be_asked_for()
    {
        using var cluster = MockKafkaCluster.Start();
        cluster.CreateTopic("picky");
        cluster.FailNext(apiKey: 0, ErrorCode.MsgSizeTooLarge);

        var refused = await Assert.ThrowsAsync<ProduceException<Null, string>>(() => ProduceAsync(cluster, "picky", "big"));
        Assert.Equal(ErrorCode.MsgSizeTooLarge, refused.Error.Code);
        Assert.Equal(0, await ProduceAsync(cluster, "picky", "small"));
    }

    [Fact]
    public void A_second_topic_of_the_same_name_is_refused()
    {
        using var cluster = MockKafkaCluster.Start();
        cluster.CreateTopic("once");

        Assert.Equal(ErrorCode.TopicAlreadyExists, Assert.Throws<KafkaException>(() => cluster.CreateTopic("once")).Error.Code);
    }

    [Fact]
    public async Task Dispose_closes_the_ports_and_says_so_afterwards()
    {
        var cluster = MockKafkaCluster.Start(brokers: 2);
        cluster.Dispose();
        cluster.Dispose();

        foreach (var port in cluster.Ports)
        {
            using var client = new TcpClient();
            await Assert.ThrowsAsync<SocketException>(() => client.ConnectAsync("127.0.0.1", port));
        }

        Assert.Throws<ObjectDisposedException>(() => cluster.CreateTopic("late"));
    }

    private static async Task<long> ProduceAsync(
        MockKafkaCluster cluster, string topic, string value, int partition = 0, int timeoutMilliseconds = 10_000)
    {
        var settings = new ProducerConfig { BootstrapServers = cluster.BootstrapServers, MessageTimeoutMs = timeoutMilliseconds, LingerMs = 0 };
        using var producer = new ProducerBuilder<Null, string>(settings).SetLogHandler(Quiet).SetErrorHandler(Quiet).Build();
        var report = await producer.ProduceAsync(
            new TopicPartition(topic, partition),
            new Message<Null, string> { Value = value, Headers = [new Header("line", Encoding.UTF8.GetBytes("1"))] },
            TestContext.Current.CancellationToken);
        return report.Offset.Value;
    }

    private static string ConsumeOneAndCommit(MockKafkaCluster cluster, string topic)
    {
        var settings = new ConsumerConfig
        {
            BootstrapServers = cluster.BootstrapServers,
            GroupId = "shift",
            AutoOffsetReset = AutoOffsetReset.Earliest,
            EnableAutoCommit = false,
            SessionTimeoutMs = 1200,
            HeartbeatIntervalMs = 300,
        };
        using var consumer = new ConsumerBuilder<Ignore, string>(settings).SetLogHandler(Quiet).SetErrorHandler(Quiet).Build();
        consumer.Subscribe(topic);
        var result = consumer.Consume(_limit);
        Assert.NotNull(result);
        consumer.Commit(result);
        consumer.Close();
        return result.Message.Value;
    }

    private static void Quiet<TClient, TEvent>(TClient client, TEvent entry)
    {
    }
}
