using Confluent.Kafka;
using Portal.Messaging.Probes;
using Portal.Messaging.Tests.Support;
using Portal.Model.Endpoints;
using Portal.Sandbox.Kafka;
using Portal.Tests.Shared;

namespace Portal.Messaging.Tests.Probes;

public sealed class KafkaTests
{
    [Fact]
    public async Task A_cluster_passes_with_all_its_brokers()
    {
        await using var fixture = new ProbeFixture();
        using var cluster = MockKafkaCluster.Start(brokers: 3);

        var report = await fixture.RunAsync(Plain(cluster));

        ReportAssert.Green(report);
        Assert.Equal("Connected, no sign-in needed", report.Stage(TestStage.SignIn).Summary);
        var brokers = report.Stage(TestStage.Broker).Evidence["brokers"]!.AsArray();
        Assert.Equal(cluster.Ports.Select(port => $"127.0.0.1:{port}").Order(), brokers.Select(broker => (string)broker!["address"]!).Order());
        Assert.All(brokers, broker => Assert.Equal("reached", (string)broker!["result"]!));
        Assert.Equal("Not used with Kafka", report.Stage(TestStage.WebSocket).Summary);
    }

    [Fact]
    public async Task A_topic_is_read_and_written_only_when_asked()
    {
        await using var fixture = new ProbeFixture();
        using var cluster = MockKafkaCluster.Start();
        cluster.CreateTopic("plant", partitions: 3);
        var endpoint = Plain(cluster);

        var look = await fixture.RunAsync(new TestRequest(endpoint) { Topic = "plant" });
        ReportAssert.Green(look);
        Assert.Equal("3 partitions", look.Stage(TestStage.Topic).Summary);
        Assert.Equal(0, Written(cluster));

        var read = await fixture.RunAsync(new TestRequest(endpoint) { Topic = "plant", Read = true });
        ReportAssert.Green(read);
        Assert.Equal("3 partitions, may read", read.Stage(TestStage.Topic).Summary);
        Assert.Equal(0, Written(cluster));

        var round = await fixture.RunAsync(new TestRequest(endpoint) { Topic = "plant", RoundTrip = true });
        ReportAssert.Green(round);
        Assert.Contains("came back in", round.Stage(TestStage.Topic).Summary, StringComparison.Ordinal);
        Assert.Equal(1, Written(cluster));
    }

    [Theory]
    [InlineData(ErrorCode.UnknownTopicOrPart, "topic-unknown")]
    [InlineData(ErrorCode.TopicAuthorizationFailed, "topic-not-authorized")]
    [InlineData(ErrorCode.TopicException, "topic-invalid")]
    public async Task A_topic_that_may_not_be_used_is_explained(ErrorCode error, string cause)
    {
        await using var fixture = new ProbeFixture();
        using var cluster = MockKafkaCluster.Start();
        cluster.CreateTopic("plant");
        cluster.SetTopicError("plant", error);

        ReportAssert.Failed(await fixture.RunAsync(new TestRequest(Plain(cluster)) { Topic = "plant" }), TestStage.Topic, cause);
    }

    [Theory]
    [InlineData(ErrorCode.TopicAuthorizationFailed, "topic-write-not-authorized")]
    [InlineData(ErrorCode.MsgSizeTooLarge, "kafka-message-too-large")]
    public async Task A_refused_message_is_explained(ErrorCode error, string cause)
    {
        await using var fixture = new ProbeFixture();
        using var cluster = MockKafkaCluster.Start();
        cluster.CreateTopic("plant");
        cluster.FailNext(apiKey: 0, error);

        ReportAssert.Failed(await fixture.RunAsync(new TestRequest(Plain(cluster)) { Topic = "plant", Write = true }), TestStage.Topic, cause);
    }

    [Fact]
    public async Task A_refused_consumer_group_is_explained()
    {
        await using var fixture = new ProbeFixture();
        using var cluster = MockKafkaCluster.Start();
        cluster.CreateTopic("plant");
        cluster.FailNext(apiKey: 9, [.. Enumerable.Repeat(ErrorCode.GroupAuthorizationFailed, 5)]);
        var endpoint = Plain(cluster);

        var report = await fixture.RunAsync(new TestRequest(endpoint with { Settings = endpoint.Kafka! with { ConsumerGroupId = "line3" } }) { Topic = "plant", Read = true });

        Assert.Contains("'line3'", ReportAssert.Failed(report, TestStage.Topic, "kafka-group-not-authorized").Explanation, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_broker_that_advertises_what_the_policy_forbids_is_named()
    {
        using var cluster = MockKafkaCluster.Start(brokers: 2);
        await using var fixture = new ProbeFixture(("Portal:Network:Deny:0", $"127.0.0.1/32:{cluster.Ports[1]}"));

        ReportAssert.Failed(await fixture.RunAsync(ProbeFixture.Kafka($"127.0.0.1:{cluster.Ports[0]}")), TestStage.Broker, "kafka-listener-not-allowed");
    }

    [Fact]
    public async Task A_plain_cluster_behind_an_endpoint_with_TLS_is_found_by_a_second_look()
    {
        await using var fixture = new ProbeFixture();
        using var cluster = MockKafkaCluster.Start();

        ReportAssert.Failed(await fixture.RunAsync(ProbeFixture.Kafka($"127.0.0.1:{cluster.Ports[0]}", tls: true, ca: null)), TestStage.Tls, "tls-plain-server");
    }

    [Fact]
    public async Task A_TLS_server_behind_an_endpoint_without_TLS_fails_at_sign_in()
    {
        await using var fixture = new ProbeFixture();
        await using var server = await MosquittoBroker.StartAsync(new MosquittoOptions { Listeners = [new MosquittoListener { Certificate = fixture.Certificates.Server }] });

        ReportAssert.Failed(await fixture.RunAsync(ProbeFixture.Kafka($"127.0.0.1:{server.Port}")), TestStage.SignIn, "signin-tls-server");
    }

    [Fact]
    public async Task Something_else_than_Kafka_is_told()
    {
        await using var fixture = new ProbeFixture();
        await using var server = RawServer.Closing();

        ReportAssert.Failed(await fixture.RunAsync(ProbeFixture.Kafka($"127.0.0.1:{server.Port}")), TestStage.SignIn, "signin-closed");
    }

    [Fact]
    public async Task SASL_at_a_listener_without_it_is_told()
    {
        await using var fixture = new ProbeFixture();
        fixture.Secrets.Add(ProbeFixture.SecretName, "username", "anna").Add(ProbeFixture.SecretName, "password", "hunter2");
        using var cluster = MockKafkaCluster.Start();

        var report = await fixture.RunAsync(ProbeFixture.Kafka($"127.0.0.1:{cluster.Ports[0]}", authentication: new Authentication.Sasl(SaslType.Plain, ProbeFixture.SecretName)));

        ReportAssert.Failed(report, TestStage.SignIn, "signin-no-sasl");
    }

    [Fact]
    public async Task A_host_alias_is_the_bootstrap_address()
    {
        await using var fixture = new ProbeFixture();
        using var cluster = MockKafkaCluster.Start();
        fixture.Aliases.Set(new HostAddress("sandbox-kafka", 9092), new HostAddress("127.0.0.1", cluster.Ports[0]));

        ReportAssert.Green(await fixture.RunAsync(ProbeFixture.Kafka("sandbox-kafka:9092")));
    }

    private static DataflowEndpoint Plain(MockKafkaCluster cluster) => ProbeFixture.Kafka($"127.0.0.1:{cluster.Ports[0]}");

    private static long Written(MockKafkaCluster cluster)
    {
        using var consumer = new ConsumerBuilder<Ignore, Ignore>(new ConsumerConfig { BootstrapServers = cluster.BootstrapServers, GroupId = "count" }).SetLogHandler((_, _) => { }).Build();
        return Enumerable.Range(0, 3).Sum(partition => consumer.QueryWatermarkOffsets(new TopicPartition("plant", partition), TimeSpan.FromSeconds(10)).High.Value);
    }
}
