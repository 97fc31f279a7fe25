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

    [Fact]
    public async Task An_endpoint_of_another_type_and_one_with_errors_say_so()
    {
        await using var host = new PreviewHost();
        Task<string?> Publish(DataflowEndpoint endpoint) => host.Service.PublishAsync(endpoint, Messages.Mqtt("a"), TestContext.Current.CancellationToken);

        Assert.Contains("DataExplorer", await Publish(new DataflowEndpoint { Name = "adx", OtherType = "DataExplorer" }), StringComparison.Ordinal);
        Assert.False(string.IsNullOrEmpty(await Publish(ProbeFixture.Mqtt("broker-without-port"))));
    }
}
