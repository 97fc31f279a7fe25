using Confluent.Kafka;
using Portal.Messaging.Flows;
using Portal.Model.Endpoints;
using Portal.Sandbox.Kafka;
using Portal.Tests.Shared;

namespace Portal.Messaging.Tests.Flows;

/// <summary>Kafka brokers fail, slow down or move partitions in the middle: numbered messages, none missing at the end.</summary>
public sealed class KafkaFaultFlowTests
{
    private const int Messages = 3000;
    private const short ProduceKey = 0;

    [Fact]
    public async Task Stopped_brokers_hold_the_flow_and_lose_nothing()
    {
        await using var broker = await MosquittoBroker.StartAsync(new MosquittoOptions { Lines = ["max_queued_messages 0"] });
        using var cluster = MockKafkaCluster.Start();
        cluster.CreateTopic("plant", partitions: 1);
        await using var host = await FlowHost.StartAsync();
        await host.RunAsync(Endpoints.Mqtt(broker.Port), "line3/#", Endpoints.Kafka(cluster), "plant");
        await Endpoints.PublishNumbersAsync(broker.Port, "line3/press", 0, Messages / 2);
        await host.WaitForDeliveredAsync(Messages / 2);
        cluster.TakeDown();
        await host.WaitForAsync(FlowState.WaitingForDestination);
        await Endpoints.PublishNumbersAsync(broker.Port, "line3/press", Messages / 2, Messages / 2);
        await Wait.UntilAsync(() => host.Status.Ledger.InFlight > 0, "messages wait", FlowHost.Limit, host.Describe);
        Assert.Equal(FlowState.WaitingForDestination, host.Status.State);
        Assert.Equal("connection-lost", host.Status.Problem!.Code);
        cluster.BringUp();
        await host.WaitForDeliveredAsync(Messages);
        Assert.Equal(new Numbered(0, 0, true), Numbered.Of(await Endpoints.ConsumeAsync(cluster, "plant"), Messages));
        Assert.Equal(FlowState.Healthy, host.Status.State);
    }

    [Fact]
    public async Task Stopped_brokers_of_a_source_are_waited_for()
    {
        using var cluster = MockKafkaCluster.Start();
        using var destination = MockKafkaCluster.Start();
        cluster.CreateTopic("plant", partitions: 1);
        destination.CreateTopic("copied", partitions: 1);
        await using var host = await FlowHost.StartAsync();
        await host.RunAsync(Endpoints.Kafka(cluster), "plant", Endpoints.Kafka(destination), "copied");
        await Endpoints.ProduceAsync(cluster, "plant", Enumerable.Range(0, Messages / 2).Select(Endpoints.Text));
        await host.WaitForDeliveredAsync(Messages / 2);
        cluster.TakeDown();
        await host.WaitForAsync(FlowState.WaitingForSource);
        cluster.BringUp();
        await Endpoints.ProduceAsync(cluster, "plant", Enumerable.Range(Messages / 2, Messages / 2).Select(Endpoints.Text));
        await Wait.UntilAsync(() => host.Status.Ledger is { InFlight: 0 } ledger && ledger.Delivered >= Messages, "all is delivered", FlowHost.Limit, host.Describe);
        var arrived = Numbered.Of(await Endpoints.ConsumeAsync(destination, "copied"), Messages);
        Assert.Equal((0, true), (arrived.Missing, arrived.IsOrdered));
        Assert.Equal(Messages + arrived.Duplicates, host.Status.Ledger.Delivered);
    }

    /// <param name="isOrdered">With All the broker checks the order by numbers, which the mock cluster does not do.</param>
    [Theory]
    [InlineData(KafkaAcks.All, false)]
    [InlineData(KafkaAcks.One, true)]
    public async Task Errors_of_a_broker_that_pass_are_repeated_without_loss_and_duplicates(KafkaAcks acks, bool isOrdered)
    {
        await using var broker = await MosquittoBroker.StartAsync(new MosquittoOptions { Lines = ["max_queued_messages 0"] });
        using var cluster = MockKafkaCluster.Start();
        cluster.CreateTopic("plant", partitions: 1);
        await using var host = await FlowHost.StartAsync();
        var destination = Endpoints.Kafka(cluster).With((KafkaSettings settings) => settings with { KafkaAcks = acks });
        await host.RunAsync(Endpoints.Mqtt(broker.Port), "line3/#", destination, "plant");
        cluster.FailNext(ProduceKey, ErrorCode.NotLeaderForPartition, ErrorCode.NotEnoughReplicas, ErrorCode.RequestTimedOut);
        await Endpoints.PublishNumbersAsync(broker.Port, "line3/press", 0, Messages);
        await host.WaitForDeliveredAsync(Messages);
        var arrived = Numbered.Of(await Endpoints.ConsumeAsync(cluster, "plant"), Messages);
        Assert.Equal((0, 0), (arrived.Missing, arrived.Duplicates));
        Assert.True(arrived.IsOrdered || !isOrdered, arrived.ToString());
    }

    [Fact]
    public async Task A_refusal_that_holds_for_every_message_holds_the_flow_and_loses_nothing()
    {
        await using var broker = await MosquittoBroker.StartAsync(new MosquittoOptions { Lines = ["max_queued_messages 0"] });
        using var cluster = MockKafkaCluster.Start();
        cluster.CreateTopic("plant", partitions: 1);
        await using var host = await FlowHost.StartAsync();
        await host.RunAsync(Endpoints.Mqtt(broker.Port), "line3/#", Endpoints.Kafka(cluster), "plant");
        cluster.FailNext(ProduceKey, ErrorCode.TopicAuthorizationFailed);
        await Endpoints.PublishNumbersAsync(broker.Port, "line3/press", 0, Messages);
        await host.WaitForDeliveredAsync(Messages);
        var error = Assert.Single(host.Status.LastErrors);
        Assert.Equal((FlowSide.Destination, "topic-not-authorized"), (error.Side, error.Code));
        var arrived = Numbered.Of(await Endpoints.ConsumeAsync(cluster, "plant"), Messages);
        Assert.Equal(0, arrived.Missing);
        Assert.Equal(0, host.Status.Ledger.Dropped);
    }

    [Fact]
    public async Task A_message_that_is_too_large_for_the_topic_is_rejected_alone()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        using var cluster = MockKafkaCluster.Start();
        cluster.CreateTopic("plant", partitions: 1);
        await using var host = await FlowHost.StartAsync();
        await host.RunAsync(Endpoints.Mqtt(broker.Port), "line3/#", Endpoints.Kafka(cluster), "plant");
        // The batch is refused, then the message when it is sent alone.
        cluster.FailNext(ProduceKey, ErrorCode.MsgSizeTooLarge, ErrorCode.MsgSizeTooLarge);
        await Endpoints.PublishAsync(broker.Port, "line3/press", "large");
        await Wait.UntilAsync(() => host.Status.Ledger == new FlowLedger(1, 0, 0, 0, 0, 0, 1), "it is rejected", FlowHost.Limit, host.Describe);
        // A batch that is refused says nothing about its messages.
        cluster.FailNext(ProduceKey, ErrorCode.MsgSizeTooLarge);
        await Endpoints.PublishNumbersAsync(broker.Port, "line3/press", 0, 50);
        await Wait.UntilAsync(() => host.Status.Ledger == new FlowLedger(51, 50, 0, 0, 0, 0, 1), "the others are delivered", FlowHost.Limit, host.Describe);
        Assert.Equal(50, (await Endpoints.ConsumeAsync(cluster, "plant")).Count);
        Assert.Equal("kafka-message-too-large", Assert.Single(host.Status.LastErrors).Code);
    }

    [Fact]
    public async Task A_slow_destination_slows_the_source_down_and_never_more_is_in_flight_than_allowed()
    {
        const int Inflight = 40;
        await using var broker = await MosquittoBroker.StartAsync(new MosquittoOptions { Lines = ["max_queued_messages 0"] });
        using var cluster = MockKafkaCluster.Start();
        cluster.CreateTopic("plant", partitions: 1);
        cluster.SetRoundTripTime(TimeSpan.FromMilliseconds(40));
        await using var host = await FlowHost.StartAsync();
        await host.RunAsync(Endpoints.Mqtt(broker.Port).With((MqttSettings settings) => settings with { MaxInflightMessages = Inflight }), "line3/#", Endpoints.Kafka(cluster), "plant");
        await Endpoints.PublishNumbersAsync(broker.Port, "line3/press", 0, Messages / 3);
        var most = 0L;
        await Wait.UntilAsync(
            () =>
            {
                var ledger = host.Status.Ledger;
                Assert.True(ledger.IsBalanced && ledger.InFlight >= 0, ledger.ToString());
                most = Math.Max(most, ledger.InFlight);
                return ledger.Delivered >= Messages / 3;
            },
            "all is delivered", FlowHost.Limit, host.Describe);
        Assert.InRange(most, 1, Inflight + 1);
        Assert.Equal(new Numbered(0, 0, true), Numbered.Of(await Endpoints.ConsumeAsync(cluster, "plant"), Messages / 3));
    }

    [Fact]
    public async Task A_rebalance_in_the_middle_loses_nothing()
    {
        using var cluster = MockKafkaCluster.Start();
        using var destination = MockKafkaCluster.Start();
        cluster.CreateTopic("plant", partitions: 4);
        destination.CreateTopic("copied", partitions: 1);
        destination.SetRoundTripTime(TimeSpan.FromMilliseconds(20));
        await Endpoints.ProduceAsync(cluster, "plant", Enumerable.Range(0, Messages).Select(Endpoints.Text));
        await using var host = await FlowHost.StartAsync(limits: FlowHost.Quick with { KafkaWindow = 50 });
        await host.RunAsync(Endpoints.Kafka(cluster), "plant", Endpoints.Kafka(destination), "copied");
        await Wait.UntilAsync(() => host.Status.Ledger.Delivered > Messages / 5, "a fifth is delivered", FlowHost.Limit, host.Describe);
        // A second member comes, takes half of the partitions, reads without committing, and goes.
        await using (var member = RunningProcess.Start(
            "kcat", ["-b", cluster.BootstrapServers, "-G", "line3", "-X", "session.timeout.ms=1500", "-X", "heartbeat.interval.ms=400", "-X", "enable.auto.commit=false", "-X", "auto.offset.reset=earliest", "-u", "plant"]))
        {
            await Wait.UntilAsync(() => member.Error.Contains("assigned: plant", StringComparison.Ordinal), "the second member has partitions", FlowHost.Limit, () => member.Error);
            await member.KillAsync();
        }

        destination.SetRoundTripTime(TimeSpan.Zero);
        await Wait.UntilAsync(() => host.Status.Ledger is { InFlight: 0 } ledger && ledger.Delivered >= Messages, "all is delivered", FlowHost.Limit, host.Describe);
        IReadOnlyList<string> copied = [];
        await Wait.UntilAsync(
            async () => Numbered.Of(copied = await Endpoints.ConsumeAsync(destination, "copied"), Messages).Missing == 0,
            "no number is missing", TimeSpan.FromSeconds(10), () => $"{host.Describe()}, missing {string.Join(' ', Enumerable.Range(0, Messages).Select(Endpoints.Text).Except(copied))}");
        // What was finished and not yet committed when a partition went comes again to whoever reads it next.
        Assert.Equal(host.Status.Ledger.Delivered, copied.Count);
    }
}
