using System.Text.Json.Nodes;
using Portal.Messaging.Flows;
using Portal.Model.Dataflows;
using Portal.Model.Endpoints;

namespace Portal.Messaging.Tests.Flows;

public sealed class ToMqttTests
{
    [Fact]
    public void Key_timestamp_and_headers_become_user_properties() => Assert.Equal(
        "Key=press-07\nTimestamp=1700000000123\nunit=°C\nunit=K\nnone=",
        Flow.KafkaToMqtt().Properties(Flow.Kafka(("unit", "°C"), ("unit", "K"), ("none", null)) with { Key = Flow.Bytes("press-07") }));

    [Fact]
    public void A_record_without_key_has_only_its_timestamp() =>
        Assert.Equal("Timestamp=1700000000123", Flow.KafkaToMqtt().Properties(Flow.Kafka()));

    [Theory]
    [InlineData("A103626172")]
    [InlineData("824027CCCCCCCCCCCD")]
    [InlineData("ED A0 80")]
    [InlineData("C0 80")]
    public void A_header_that_is_not_utf8_is_removed_and_counted(string hex)
    {
        var translation = Flow.KafkaToMqtt().Translate(Flow.Kafka(("before", "1"), ("after", "2")) with
        {
            Properties = [new("before", Flow.Bytes("1")), new("amqp", Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal))), new("after", Flow.Bytes("2"))],
        });
        Assert.Equal("Timestamp=1700000000123\nbefore=1\nafter=2", Flow.Text(translation.Message!.Properties));
        Assert.Equal(new HeaderDrops(NotUtf8: 1), translation.Headers);
    }

    [Theory]
    [InlineData(65_535, 0)]
    [InlineData(65_536, 1)]
    [InlineData(70_000, 1)]
    public void A_header_of_64_KB_or_more_is_removed_and_counted(int size, int dropped)
    {
        var translation = Flow.KafkaToMqtt().Translate(Flow.Kafka(("large", new string('a', size)), ("small", "s")));
        Assert.Equal(new HeaderDrops(TooLarge: dropped), translation.Headers);
        Assert.Equal(3 - dropped, translation.Message!.Properties.Count);
        Assert.Equal("71.4", Flow.Text(translation.Message.Payload));
    }

    [Fact]
    public void A_key_that_mqtt_cannot_carry_is_counted_like_a_header()
    {
        var binary = Flow.KafkaToMqtt().Translate(Flow.Kafka() with { Key = new byte[] { 0xff } });
        Assert.Equal(("Timestamp=1700000000123", new HeaderDrops(NotUtf8: 1)), (Flow.Text(binary.Message!.Properties), binary.Headers));
        Assert.Equal(new HeaderDrops(TooLarge: 1), Flow.KafkaToMqtt().Translate(Flow.Kafka() with { Key = new byte[65_536] }).Headers);
        Assert.Equal("Key=\nTimestamp=1700000000123", Flow.KafkaToMqtt().Properties(Flow.Kafka() with { Key = ReadOnlyMemory<byte>.Empty }));
    }

    [Fact]
    public void A_control_character_is_removed_and_counted() => Assert.Equal(
        new HeaderDrops(ControlCharacter: 7),
        Flow.KafkaToMqtt().Translate(Flow.Kafka(
            ("zero", "a\0b"), ("na\0me", "x"), ("line", "a\nb"), ("delete", "\u007f"), ("next", "\u0085"), ("none", "\ufdd0"), ("none", "\U0001ffff"), ("fine", "ü\u00a0\ufffd😀"))).Headers);

    [Fact]
    public void A_header_named_like_key_or_timestamp_gives_way()
    {
        var translation = Flow.KafkaToMqtt().Translate(Flow.Kafka(("Key", "mine"), ("Timestamp", "mine")) with { Key = Flow.Bytes("k") });
        Assert.Equal(("Key=k\nTimestamp=1700000000123", new HeaderDrops(NameTaken: 2)), (Flow.Text(translation.Message!.Properties), translation.Headers));
        Assert.Equal("Timestamp=1700000000123\nKey=mine", Flow.KafkaToMqtt().Properties(Flow.Kafka(("Key", "mine"))));
    }

    [Theory]
    [InlineData(null, 1)]
    [InlineData(0L, 0)]
    [InlineData(1L, 1)]
    public void Qos_is_that_of_the_destination_and_retain_is_clear(long? qos, int expected)
    {
        var sent = Flow.KafkaToMqtt(new MqttSettings { Qos = qos, Retain = RetainPolicy.Keep }).Translate(Flow.Kafka()).Message!;
        Assert.Equal((expected, false, null, null), (sent.Qos, sent.Retain, sent.Key, sent.ContentType));
        Assert.Equal(expected, Flow.MqttToMqtt(new MqttSettings { Qos = qos }).Translate(Flow.Mqtt() with { Qos = 0 }).Message!.Qos);
    }

    [Fact]
    public void From_mqtt_to_mqtt_all_properties_pass_and_expiry_counts_down()
    {
        var message = Flow.Mqtt(("a", "1"), ("a", "2"), ("Key", "k")) with
        {
            PayloadFormatIndicator = 0,
            ResponseTopic = "r",
            MessageExpiryInterval = 60,
            CorrelationData = new byte[] { 0xff },
            ContentType = "text/plain",
        };
        var sent = Flow.MqttToMqtt().Translate(message).Message!;
        Assert.Equal("a=1\na=2\nKey=k", Flow.Text(sent.Properties));
        Assert.Equal((0, "r", 59u, "FF", "text/plain"), (sent.PayloadFormatIndicator, sent.ResponseTopic, sent.MessageExpiryInterval, Flow.Text(sent.CorrelationData), sent.ContentType));
        var translator = Flow.MqttToMqtt().Translator;
        var first = translator.Translate(message, Flow.Received, Flow.Now);
        Assert.Equal(50u, translator.Refresh(first, message, Flow.Received, Flow.Received.AddSeconds(10)).Message!.MessageExpiryInterval);
        Assert.Equal(DropReason.Expired, translator.Refresh(first, message, Flow.Received, Flow.Received.AddSeconds(60)).Drop);
    }

    [Theory]
    [InlineData(null, true, true)]
    [InlineData(RetainPolicy.Keep, true, true)]
    [InlineData(RetainPolicy.Keep, false, false)]
    [InlineData(RetainPolicy.Never, true, false)]
    public void Retain_is_kept_or_cleared(RetainPolicy? policy, bool received, bool sent) =>
        Assert.Equal(sent, Flow.MqttToMqtt(new MqttSettings { Retain = policy }).Translate(Flow.Mqtt() with { Retain = received }).Message!.Retain);

    [Fact]
    public void From_kafka_to_kafka_the_record_stays_as_it_is()
    {
        var message = Flow.Kafka(("a", "1"), ("none", null)) with { Key = new byte[] { 0xff, 0x00 } };
        message = message with { Properties = [.. message.Properties, new MessageProperty("binary", new byte[] { 0x82, 0x40 })] };
        var sent = Flow.KafkaToKafka().Translate(message).Message!;
        Assert.Equal("a=1\nnone=null\nbinary=82 40", Flow.Text(sent.Properties));
        Assert.Equal(("FF 00", message.Timestamp, "out", null), (Flow.Text(sent.Key), sent.Timestamp, sent.Topic, sent.Partition));
        Assert.Equal("orders", Flow.Text(Flow.KafkaToKafka(new KafkaSettings { PartitionStrategy = PartitionStrategy.Topic }).Translate(message).Message!.Key));
    }

    [Theory]
    [InlineData("null", true)]
    [InlineData("\"\"", false)]
    public void A_null_value_stays_one_until_a_rule_writes_the_payload(string payload, bool hasNoValue)
    {
        var sample = JsonNode.Parse($$"""{"topic":"orders","payload":{{payload}}}""")!.AsObject();
        var message = SampleMessage.Read(sample, Wire.Kafka, Flow.Received, "message", [])!;
        Assert.Equal((hasNoValue, hasNoValue), (message.HasNoValue, Flow.KafkaToKafka().Translate(message).Message!.HasNoValue));
        var step = Assert.Single(Flow.KafkaToKafka().Translator.Explain(message, Flow.Received, Flow.Now).Steps, step => step.Input?.Name == "Payload");
        Assert.Equal(hasNoValue ? (null, null) : ("", ""), (step.Input!.Text, step.Output!.Text));

        var written = Flow.KafkaToKafka() with { Transformation = new Transformation { Maps = [new TransformationMap { Inputs = ["$metadata.topic"], Output = "topic" }] } };
        Assert.False(written.Translate(message).Message!.HasNoValue);
        Assert.False(Flow.KafkaToMqtt().Translate(message).Message!.HasNoValue);
    }

    [Theory]
    [InlineData("${inputTopic}", "line3/press-07/telemetry", "line3/press-07/telemetry")]
    [InlineData("processed/${inputTopic.2}", "line3/press-07/telemetry", "processed/press-07")]
    [InlineData("${inputTopic.3}/${inputTopic.1}", "a/b/c", "c/a")]
    [InlineData("x/${inputTopic.1}", "orders", "x/orders")]
    [InlineData("x/${inputTopic.2}", "/a/b/", "x/b")]
    [InlineData("x/${inputTopic.2}/y", "a//c", "x//y")]
    [InlineData("x/$inputTopic.2", "a/b", "x/$inputTopic.2")]
    [InlineData("x/${inputTopic.4}", "a/b/c", null)]
    [InlineData("${inputTopic.1}", "/", null)]
    [InlineData("${inputTopic}", "line3/\npress", null)]
    public void The_destination_topic_is_made_from_the_topic(string template, string topic, string? expected)
    {
        var translation = (Flow.MqttToMqtt() with { Topic = template }).Translate(Flow.Mqtt() with { Topic = topic });
        Assert.Equal(expected, translation.Message?.Topic);
        Assert.Equal(expected is null ? DropReason.Untranslatable : null, translation.Drop);
    }

    [Fact]
    public void Why_a_topic_cannot_be_made_is_the_same_for_topics_of_one_shape()
    {
        var translator = (Flow.MqttToMqtt() with { Topic = "x/${inputTopic.4}" }).Translator;
        string Why(string topic) => translator.Translate(Flow.Mqtt() with { Topic = topic }, Flow.Received, Flow.Now).Why!;
        Assert.Equal(Why("a/b/c"), Why("d/e/f"));
        Assert.NotEqual(Why("a/b/c"), Why("a/b"));
        Assert.StartsWith("The topic has 3 segments, ${inputTopic.4} of the destination needs 4.", Why("a/b/c"), StringComparison.Ordinal);
    }
}
