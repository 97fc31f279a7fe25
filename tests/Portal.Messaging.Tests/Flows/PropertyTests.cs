using Portal.Messaging.Flows;
using Portal.Model.Endpoints;
using Portal.Sandbox.Kafka;
using Portal.Tests.Shared;

namespace Portal.Messaging.Tests.Flows;

/// <summary>MQTT 5 properties and Kafka headers through a running dataflow, set and read by the brokers' own tools.</summary>
public sealed class PropertyTests
{
    [Fact]
    public async Task Properties_of_mosquitto_pub_arrive_in_kcat_byte_for_byte()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        using var cluster = MockKafkaCluster.Start();
        cluster.CreateTopic("plant");
        await using var host = await FlowHost.StartAsync();
        await host.RunAsync(Endpoints.Mqtt(broker.Port), "line3/#", Endpoints.Kafka(cluster).With((KafkaSettings settings) => settings with { PartitionStrategy = PartitionStrategy.Topic }), "plant");
        await Endpoints.PublishAsync(
            broker.Port, "line3/press", "24.5", "-D", "publish", "content-type", "text/plain", "-D", "publish", "response-topic", "answers/1", "-D", "publish", "correlation-data", "abc",
            "-D", "publish", "payload-format-indicator", "1", "-D", "publish", "user-property", "unit", "°C", "-D", "publish", "user-property", "unit", "K");
        await host.WaitForDeliveredAsync(1);
        var line = Assert.Single(await Endpoints.ConsumeAsync(cluster, "plant", "%k|%s|%h"));
        var parts = line.Split('|');
        Assert.Equal(("line3/press", "24.5"), (parts[0], parts[1]));
        string[] expected = ["Content Type=text/plain", "Correlation Data=abc", "Payload Format Indicator=1", "Response Topic=answers/1", "unit=K", "unit=°C"];
        Assert.Equal(expected.Order(StringComparer.Ordinal), parts[2].Split(',').Order(StringComparer.Ordinal));
        Assert.True(parts[2].IndexOf("unit=°C", StringComparison.Ordinal) < parts[2].IndexOf("unit=K", StringComparison.Ordinal), "The order of user properties is kept.");
    }

    [Fact]
    public async Task Headers_of_kcat_arrive_in_mosquitto_sub()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        using var cluster = MockKafkaCluster.Start();
        cluster.CreateTopic("plant");
        await using var seen = await Endpoints.SubscribeAsync(broker, "from/kafka", "%p %P");
        await using var host = await FlowHost.StartAsync();
        await host.RunAsync(Endpoints.Kafka(cluster), "plant", Endpoints.Mqtt(broker.Port), "from/kafka");
        await Endpoints.ProduceAsync(cluster, "plant", ["24.5"], "-k", "press-07", "-H", "unit=K", "-H", "line=3");
        await host.WaitForDeliveredAsync(1);
        await seen.WaitForOutputAsync("24.5 ");
        Assert.Contains("Key:press-07", seen.Output, StringComparison.Ordinal);
        Assert.Contains("unit:K", seen.Output, StringComparison.Ordinal);
        Assert.Contains("line:3", seen.Output, StringComparison.Ordinal);
        Assert.Contains("Timestamp:1", seen.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_message_that_waits_longer_than_its_expiry_is_counted_and_not_sent()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        using var cluster = MockKafkaCluster.Start();
        cluster.CreateTopic("plant");
        await using var host = await FlowHost.StartAsync();
        await host.RunAsync(Endpoints.Mqtt(broker.Port), "line3/#", Endpoints.Kafka(cluster), "plant");
        cluster.TakeDown();
        await host.WaitForAsync(FlowState.WaitingForDestination);
        await Endpoints.PublishAsync(broker.Port, "line3/press", "short", "-D", "publish", "message-expiry-interval", "1");
        await Endpoints.PublishAsync(broker.Port, "line3/press", "long", "-D", "publish", "message-expiry-interval", "1000");
        await Wait.UntilAsync(() => host.Status.Ledger.InFlight == 2, "both wait", FlowHost.Limit, host.Describe);
        var over = TimeProvider.System.GetUtcNow().AddSeconds(1);
        await Wait.UntilAsync(() => TimeProvider.System.GetUtcNow() > over, "the expiry of the first is over");
        cluster.BringUp();
        await Wait.UntilAsync(() => host.Status.Ledger.InFlight == 0, "both are settled", FlowHost.Limit, host.Describe);
        Assert.Equal(new FlowLedger(2, 1, 0, 1, 0, 0, 0), host.Status.Ledger);
        Assert.Equal(["long"], await Endpoints.ConsumeAsync(cluster, "plant"));
    }
}
