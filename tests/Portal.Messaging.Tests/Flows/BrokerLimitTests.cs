using Portal.Messaging.Flows;
using Portal.Sandbox.Kafka;
using Portal.Tests.Shared;

namespace Portal.Messaging.Tests.Flows;

/// <summary>Limits that a destination broker names are kept to.</summary>
public sealed class BrokerLimitTests
{
    [Fact]
    public async Task A_message_that_is_too_large_for_the_broker_is_rejected_alone()
    {
        await using var source = await MosquittoBroker.StartAsync();
        await using var destination = await MosquittoBroker.StartAsync(new MosquittoOptions { Lines = ["max_packet_size 500"] });
        await using var seen = await Endpoints.SubscribeAsync(destination, "copied");
        await using var host = await FlowHost.StartAsync();
        await host.RunAsync(Endpoints.Mqtt(source.Port), "line3/#", Endpoints.Mqtt(destination.Port), "copied");
        await Endpoints.PublishAsync(source.Port, "line3/press", "before");
        await Endpoints.PublishAsync(source.Port, "line3/press", new string('x', 600));
        await Endpoints.PublishAsync(source.Port, "line3/press", "after");
        await seen.WaitForOutputAsync("after\n");
        await Wait.UntilAsync(() => host.Status.Ledger == new FlowLedger(3, 2, 0, 0, 0, 0, 1), "the ledger has it", lastSeen: host.Describe);
        var error = Assert.Single(host.Status.LastErrors);
        Assert.Equal((FlowSide.Message, "topic-message-too-large"), (error.Side, error.Code));
        Assert.Equal("before\nafter\n", seen.Output);
    }

    [Fact]
    public async Task At_qos_0_a_message_is_delivered_when_it_is_written()
    {
        await using var broker = await MosquittoBroker.StartAsync(new MosquittoOptions { Listeners = [new MosquittoListener { Lines = ["max_qos 0"] }] });
        using var cluster = MockKafkaCluster.Start();
        cluster.CreateTopic("plant");
        await using var seen = await Endpoints.SubscribeAsync(broker, "from/kafka");
        await using var host = await FlowHost.StartAsync();
        await host.RunAsync(Endpoints.Kafka(cluster), "plant", Endpoints.Mqtt(broker.Port), "from/kafka");
        await Endpoints.ProduceAsync(cluster, "plant", Enumerable.Range(0, 50).Select(Endpoints.Text));
        await host.WaitForDeliveredAsync(50);
        await seen.WaitForOutputAsync("49\n");
    }

    [Fact]
    public async Task A_refused_topic_holds_the_flow_and_says_who_must_act()
    {
        await using var broker = await MosquittoBroker.StartAsync(new MosquittoOptions { Acl = "topic readwrite line3/#" });
        await using var host = await FlowHost.StartAsync();
        await host.RunAsync(Endpoints.Mqtt(broker.Port), "line3/#", Endpoints.Mqtt(broker.Port), "forbidden");
        await Endpoints.PublishAsync(broker.Port, "line3/press", "held");
        await host.WaitForAsync(FlowState.WaitingForDestination);
        Assert.Equal("topic-write-not-authorized", host.Status.Problem!.Code);
        Assert.Equal(new FlowLedger(1, 0, 1, 0, 0, 0, 0), host.Status.Ledger);
    }
}
