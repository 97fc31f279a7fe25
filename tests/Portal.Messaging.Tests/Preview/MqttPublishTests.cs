using Portal.Messaging.Mqtt.Session;
using Portal.Messaging.Tests.Support;
using Portal.Model.Endpoints;
using Portal.Tests.Shared;

namespace Portal.Messaging.Tests.Preview;

public sealed class MqttPublishTests
{
    [Fact]
    public async Task A_message_goes_out_with_all_its_properties()
    {
        await using var broker = await MosquittoBroker.StartAsync(new MosquittoOptions { Verbose = true });
        await using var host = new PreviewHost();
        await using var subscriber = RunningProcess.Start(
            "mosquitto_sub",
            ["-h", "127.0.0.1", "-p", $"{broker.Port}", "-V", "5", "-q", "1", "-t", "line3/#", "-C", "1", "-F", "%t|%p|%q|%r|%C|%R|%D|%F|%P"]);
        await broker.WaitForLogAsync("SUBACK");

        var result = await host.Service.PublishAsync(
            MqttPreviewTests.Endpoint(broker, "line3"),
            new Message
            {
                Topic = "line3/test",
                Payload = "Grüße"u8.ToArray(),
                ContentType = "text/plain",
                ResponseTopic = "line3/ack",
                CorrelationData = "c1"u8.ToArray(),
                PayloadFormatIndicator = 1,
                MessageExpiryInterval = 60,
                Properties = [Messages.Property("unit", "°C"), Messages.Property("unit", "K")],
            },
            TestContext.Current.CancellationToken);

        Assert.Null(result);
        await subscriber.WaitForExitAsync();
        Assert.Equal("line3/test|Grüße|1|0|text/plain|line3/ack|c1|1|unit:°C unit:K", subscriber.Output.Trim());
        Assert.Contains("PUBACK to line3-preview-", broker.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_MQTT_cannot_carry_is_said_without_a_connection()
    {
        await using var host = new PreviewHost();
        var endpoint = ProbeFixture.Mqtt("127.0.0.1:1", tls: false);
        Task<string?> Publish(Message message) => host.Service.PublishAsync(endpoint, message, TestContext.Current.CancellationToken);

        Assert.Contains("wildcard", await Publish(Messages.Mqtt("a/#")), StringComparison.Ordinal);
        Assert.Contains("missing", await Publish(Messages.Mqtt("")), StringComparison.Ordinal);
        Assert.Contains("no key", await Publish(Messages.Kafka("a", "k", "")), StringComparison.Ordinal);
        Assert.Contains("not valid UTF-8", await Publish(Messages.Mqtt("a") with { Properties = [new MessageProperty("p", new byte[] { 0xff })] }), StringComparison.Ordinal);
        Assert.Contains("Nothing listens on", await Publish(Messages.Mqtt("a")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_broker_that_refuses_the_message_is_quoted()
    {
        await using var broker = await MosquittoBroker.StartAsync(new MosquittoOptions { Acl = "topic readwrite open/#" });
        await using var host = new PreviewHost();
        var endpoint = MqttPreviewTests.Endpoint(broker);

        Assert.Null(await host.Service.PublishAsync(endpoint, Messages.Mqtt("open/x"), TestContext.Current.CancellationToken));
        Assert.Contains(
            "may not write to 'closed/x'", await host.Service.PublishAsync(endpoint, Messages.Mqtt("closed/x"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_words_of_a_broker_that_refuses_are_passed_on(bool end)
    {
        await using var broker = Probes.MqttFaultTests.Refusing(MqttPacketType.Publish, end);
        await using var host = new PreviewHost();

        var result = await host.Service.PublishAsync(ProbeFixture.Mqtt($"127.0.0.1:{broker.Port}", tls: false), Messages.Mqtt("t"), TestContext.Current.CancellationToken);

        Assert.Contains("The broker says: nope", result, StringComparison.Ordinal);
    }

    [Fact]
    public async Task At_qos_0_a_message_is_out_when_it_is_written_and_the_connection_left_in_order()
    {
        await using var broker = await MosquittoBroker.StartAsync(new MosquittoOptions { Listeners = [new MosquittoListener { Lines = ["max_qos 0"] }], Verbose = true });
        await using var host = new PreviewHost();
        await using var seen = await Flows.Endpoints.SubscribeAsync(broker, "t");

        Assert.Null(await host.Service.PublishAsync(MqttPreviewTests.Endpoint(broker), Messages.Mqtt("t", "once"), TestContext.Current.CancellationToken));

        await seen.WaitForOutputAsync("once\n");
        await broker.WaitForLogAsync("Received DISCONNECT from portal-preview-");
    }

    [Fact]
    public async Task A_message_that_is_larger_than_the_broker_takes_is_not_sent()
    {
        await using var broker = await MosquittoBroker.StartAsync(new MosquittoOptions { Lines = ["max_packet_size 500"], Verbose = true });
        await using var host = new PreviewHost();

        var result = await host.Service.PublishAsync(MqttPreviewTests.Endpoint(broker), Messages.Mqtt("t", new byte[499]), TestContext.Current.CancellationToken);

        Assert.Contains("larger than the 500 bytes", result, StringComparison.Ordinal);
        Assert.DoesNotContain("Received PUBLISH", broker.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_endpoint_of_another_type_and_one_with_errors_say_so()
    {
        await using var host = new PreviewHost();
        Task<string?> Publish(DataflowEndpoint endpoint) => host.Service.PublishAsync(endpoint, Messages.Mqtt("a"), TestContext.Current.CancellationToken);

        Assert.Contains("DataExplorer", await Publish(new DataflowEndpoint { Name = "adx", OtherType = "DataExplorer" }), StringComparison.Ordinal);
        Assert.False(string.IsNullOrEmpty(await Publish(ProbeFixture.Mqtt("broker-without-port"))));
    }
}
