using System.Text.Json.Nodes;
using Portal.Messaging.Preview;

namespace Portal.Messaging.Tests.Preview;

public sealed class MessageJsonTests
{
    [Fact]
    public void An_mqtt_message_has_the_shape_of_the_api() => Assert.Equal(
        """
        {"topic":"line3/ü","partition":null,"offset":null,"key":null,"timestamp":"2026-03-14T09:26:53.589Z","qos":1,"retain":false,
        "contentType":"application/json","responseTopic":"line3/ack","correlationData":"jwI=","messageExpiryInterval":300,"payloadFormatIndicator":1,
        "properties":[{"name":"unit","value":"°C"},{"name":"unit","value":"K"}],
        "payload":{"encoding":"json","value":{"t":71.40,"l":[1,2]},"size":29,"truncated":false}}
        """.ReplaceLineEndings(""),
        MessageJson.ToText((Messages.Mqtt("line3/ü", "{ \"t\": 71.40,\n \"l\": [ 1, 2 ]}") with
        {
            ContentType = "application/json",
            ResponseTopic = "line3/ack",
            CorrelationData = new byte[] { 0x8f, 0x02 },
            MessageExpiryInterval = 300,
            PayloadFormatIndicator = 1,
            Properties = [Messages.Property("unit", "°C"), Messages.Property("unit", "K")],
        }).InPreview()));

    [Fact]
    public void A_kafka_message_has_the_shape_of_the_api() => Assert.Equal(
        """
        {"topic":"orders","partition":2,"offset":41,"key":"press-07","timestamp":"2026-03-14T09:26:53.589Z","qos":null,"retain":null,"contentType":"text/plain",
        "properties":[{"name":"content-type","value":"text/plain"},{"name":"none","value":null},{"name":"amqp","value":"oQP/","encoding":"base64"}],
        "payload":{"encoding":"text","value":"71.4","size":4,"truncated":false}}
        """.ReplaceLineEndings(""),
        MessageJson.ToText((Messages.Kafka("orders", "press-07", "71.4") with
        {
            Properties =
            [
                Messages.Property("content-type", "text/plain"), Messages.Property("none", null), new MessageProperty("amqp", new byte[] { 0xa1, 0x03, 0xff }),
            ],
        }).InPreview()));

    [Theory]
    [InlineData("71.40", null, """{"encoding":"text","value":"71.40","size":5,"truncated":false}""")]
    [InlineData("71.40", "application/json; charset=utf-8", """{"encoding":"json","value":71.40,"size":5,"truncated":false}""")]
    [InlineData("{\"a\":1", "application/json", """{"encoding":"text","value":"{\"a\":1","size":6,"truncated":false}""")]
    [InlineData("", "application/json", """{"encoding":"text","value":"","size":0,"truncated":false}""")]
    [InlineData("a\nb", null, """{"encoding":"text","value":"a\nb","size":3,"truncated":false}""")]
    public void The_encoding_follows_the_payload(string payload, string? contentType, string expected) =>
        Assert.EndsWith($"\"payload\":{expected}}}", MessageJson.ToText((Messages.Mqtt("t", payload) with { ContentType = contentType }).InPreview()));

    [Fact]
    public void Bytes_are_base64_and_a_cut_payload_says_so()
    {
        var binary = JsonNode.Parse(MessageJson.ToText((Messages.Mqtt("t", [0xff, 0x00]) with { Key = new byte[] { 0xfe } }).InPreview()))!;
        Assert.Equal("""{"encoding":"base64","value":"/wA=","size":2,"truncated":false}""", binary["payload"]!.ToJsonString(), ignoreCase: false);
        Assert.Equal("""{"encoding":"base64","value":"/g=="}""", binary["key"]!.ToJsonString());

        var cut = JsonNode.Parse(MessageJson.ToText(Messages.Mqtt("t", Messages.Bytes("{\"a\":\"ö")[..7]).InPreview(size: 70_000)))!;
        Assert.Equal("text", (string?)cut["payload"]!["encoding"]);
        Assert.Equal("{\"a\":\"", (string?)cut["payload"]!["value"]);
        Assert.Equal(70_000, (long?)cut["payload"]!["size"]);
        Assert.True((bool?)cut["payload"]!["truncated"]);
    }
}
