using Portal.Messaging.Flows;
using Portal.Model.Dataflows;
using Portal.Model.Endpoints;

namespace Portal.Messaging.Tests.Flows;

public sealed class MqttToKafkaTests
{
    private static readonly Message Full = Flow.Mqtt(("unit", "°C"), ("unit", "K"), ("", "")) with
    {
        PayloadFormatIndicator = 1,
        ResponseTopic = "line3/ack/ü",
        MessageExpiryInterval = 300,
        CorrelationData = new byte[] { 0x8f, 0x02, 0x00, 0xff },
        ContentType = "application/json",
        Retain = true,
    };

    [Fact]
    public void Every_property_becomes_its_header_in_order() => Assert.Equal(
        """
        Payload Format Indicator=1
        Response Topic=line3/ack/ü
        Message Expiry Interval=299
        Correlation Data=8F 02 00 FF
        Content Type=application/json
        unit=°C
        unit=K
        =
        """,
        Flow.MqttToKafka().Properties(Full));

    [Fact]
    public void The_record_has_payload_topic_time_of_receipt_and_no_key()
    {
        var sent = Flow.MqttToKafka().Translate(Full).Message!;
        Assert.Equal(("out", null, null, Flow.Received), (sent.Topic, sent.Key, sent.Partition, sent.Timestamp));
        Assert.Equal((null, null, null, null), (sent.Qos, sent.Retain, sent.ContentType, sent.MessageExpiryInterval));
        Assert.True(sent.Payload.Span.SequenceEqual("{}"u8));
        Assert.Null(sent.CorrelationData);
    }

    [Theory]
    [InlineData(0, "0")]
    [InlineData(1, "1")]
    public void The_payload_format_indicator_is_a_digit(int value, string expected) =>
        Assert.Equal($"Payload Format Indicator={expected}", Flow.MqttToKafka().Properties(Flow.Mqtt() with { PayloadFormatIndicator = value }));

    [Fact]
    public void Nothing_is_made_of_what_was_not_sent()
    {
        var translation = Flow.MqttToKafka().Translate(Flow.Mqtt());
        Assert.Empty(translation.Message!.Properties);
        Assert.True(translation.Headers.IsEmpty);
    }

    [Fact]
    public void Empty_correlation_data_and_content_type_are_still_there() => Assert.Equal(
        "Correlation Data=\nContent Type=", Flow.MqttToKafka().Properties(Flow.Mqtt() with { CorrelationData = ReadOnlyMemory<byte>.Empty, ContentType = "" }));

    [Fact]
    public void The_built_in_wins_over_a_user_property_of_its_name()
    {
        var translation = Flow.MqttToKafka().Translate(Full with
        {
            Properties = [.. Flow.Mqtt(("Content Type", "x"), ("Correlation Data", "x"), ("Message Expiry Interval", "x"), ("Response Topic", "x"), ("Payload Format Indicator", "x"), ("content type", "kept")).Properties],
        });
        Assert.Equal(5, translation.Headers.NameTaken);
        Assert.Equal(5, translation.Headers.Headers);
        Assert.Equal(
            ["Payload Format Indicator", "Response Topic", "Message Expiry Interval", "Correlation Data", "Content Type", "content type"],
            translation.Message!.Properties.Select(header => header.Name));
        Assert.DoesNotContain(translation.Message.Properties, header => header.Value!.Value.Span.SequenceEqual("x"u8));
    }

    [Fact]
    public void A_name_that_no_built_in_takes_is_the_users() =>
        Assert.Equal("Response Topic=mine", Flow.MqttToKafka().Properties(Flow.Mqtt(("Response Topic", "mine"))));

    [Theory]
    [InlineData(300, 0, 300)]
    [InlineData(300, 999, 300)]
    [InlineData(300, 1000, 299)]
    [InlineData(3600, 1_000_000, 2600)]
    [InlineData(1, 999, 1)]
    [InlineData(300, -5000, 300)]
    [InlineData(4294967295, 1000, 4294967294)]
    public void The_remaining_seconds_are_sent(long expiry, long spentMilliseconds, long remaining)
    {
        var sent = Flow.MqttToKafka().Translate(Flow.Mqtt() with { MessageExpiryInterval = (uint)expiry }, Flow.Received.AddMilliseconds(spentMilliseconds)).Message!;
        Assert.Equal($"Message Expiry Interval={remaining}", Flow.Text(sent.Properties));
    }

    [Theory]
    [InlineData(1, 1000)]
    [InlineData(3600, 4_000_000)]
    [InlineData(0, 0)]
    public void An_expired_message_is_not_sent(long expiry, long spentMilliseconds)
    {
        foreach (var copy in new[] { OperationalMode.Enabled, OperationalMode.Disabled })
        {
            var translation = Flow.MqttToKafka(new KafkaSettings { CopyMqttProperties = copy }).Translate(Flow.Mqtt() with { MessageExpiryInterval = (uint)expiry }, Flow.Received.AddMilliseconds(spentMilliseconds));
            Assert.Equal((null, DropReason.Expired), (translation.Message, translation.Drop));
            Assert.NotEmpty(translation.Why!);
        }
    }

    [Fact]
    public void A_message_that_waits_expires_later()
    {
        var translator = Flow.MqttToKafka().Translator;
        var message = Full with { MessageExpiryInterval = 10 };
        var first = translator.Translate(message, Flow.Received, Flow.Received);
        var later = translator.Refresh(first, message, Flow.Received, Flow.Received.AddSeconds(7.5));
        Assert.Contains("Message Expiry Interval=3", Flow.Text(later.Message!.Properties), StringComparison.Ordinal);
        Assert.Equal(first.Message!.Properties.Count, later.Message.Properties.Count);
        Assert.Contains("Message Expiry Interval=10", Flow.Text(first.Message.Properties), StringComparison.Ordinal);
        Assert.Equal(DropReason.Expired, translator.Refresh(first, message, Flow.Received, Flow.Received.AddSeconds(10)).Drop);
        var forEver = translator.Translate(Flow.Mqtt(), Flow.Received, Flow.Received);
        Assert.Same(forEver.Message, translator.Refresh(forEver, Flow.Mqtt(), Flow.Received, Flow.Received.AddDays(1)).Message);
    }

    [Fact]
    public void Disabled_copies_nothing_and_counts_nothing()
    {
        var translation = Flow.MqttToKafka(new KafkaSettings { CopyMqttProperties = OperationalMode.Disabled }).Translate(Full);
        Assert.Empty(translation.Message!.Properties);
        Assert.True(translation.Headers.IsEmpty);
    }

    [Fact]
    public void The_key_follows_the_partition_strategy()
    {
        var message = Flow.Mqtt(("device-id", "press-07"), ("device-id", "second"));
        Assert.Null(Key(PartitionStrategy.Default, message));
        Assert.Null(Key(PartitionStrategy.Static, message));
        Assert.Equal("line3/press-07/telemetry", Key(PartitionStrategy.Topic, message));
        Assert.Equal("press-07", Key(PartitionStrategy.Property, message));
        Assert.Null(Key(PartitionStrategy.Property, Flow.Mqtt()));
    }

    [Fact]
    public void A_missing_partition_key_property_is_counted_and_is_no_header_drop()
    {
        var drops = Flow.MqttToKafka(new KafkaSettings { PartitionStrategy = PartitionStrategy.Property, PartitionKeyProperty = "device-id" }).Translate(Flow.Mqtt(("unit", "C"))).Headers;
        Assert.Equal((1, 0), (drops.PartitionKeyMissing, drops.Headers));
    }

    [Fact]
    public void A_static_partition_is_stable_and_another_for_each_instance()
    {
        var kafka = new KafkaSettings { PartitionStrategy = PartitionStrategy.Static };
        var partitions = Enumerable.Range(0, 20).Select(instance => (Flow.MqttToKafka(kafka) with { Instance = instance }).Plan.StaticPartition(32)).ToList();
        Assert.Equal(20, partitions.Distinct().Count());
        Assert.All(partitions, partition => Assert.InRange(partition!.Value, 0, 31));
        // Written down: the same after a restart and in every version.
        Assert.Equal(30, partitions[0]);
        Assert.Null(Flow.MqttToKafka().Plan.StaticPartition(32));
    }

    [Theory]
    [InlineData("21", 340)]
    [InlineData("foobar", 166)]
    [InlineData("a-little-bit-long-string", 112)]
    [InlineData("a-little-bit-longer-string", 819)]
    [InlineData("lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", 677)]
    [InlineData("abc", 107)]
    public void The_partition_of_a_key_is_that_of_the_java_producer(string key, int partition)
    {
        // Hashes of Kafka's own unit tests, modulo 1000.
        Assert.Equal(partition, Murmur2.Partition(Flow.Bytes(key), 1000));
        var steps = Flow.MqttToKafka(new KafkaSettings { PartitionStrategy = PartitionStrategy.Topic }).Translator.Explain(Flow.Mqtt() with { Topic = key }, Flow.Received, Flow.Now, partitions: 1000).Steps;
        Assert.Equal(partition.ToString(System.Globalization.CultureInfo.InvariantCulture), Assert.Single(steps, step => step.Rule == "murmur2 of the key, 1000 partitions").Output!.Text);
    }

    [Fact]
    public void Destination_headers_are_changed_in_their_order() => Assert.Equal(
        "unit=K\nadded=a\nContent Type=text/plain",
        (Flow.MqttToKafka() with
        {
            Headers =
            [
                new DestinationHeader { Action = HeaderAction.AddIfNotPresent, Key = "unit", Value = "ignored" },
                new DestinationHeader { Action = HeaderAction.AddIfNotPresent, Key = "added", Value = "a" },
                new DestinationHeader { Action = HeaderAction.AddOrReplace, Key = "Content Type", Value = "text/plain" },
                new DestinationHeader { Action = HeaderAction.Remove, Key = "gone" },
            ],
        }).Properties(Flow.Mqtt(("gone", "1"), ("unit", "K"), ("gone", "2")) with { ContentType = "application/json" }));

    private static string? Key(PartitionStrategy strategy, Message message) =>
        Flow.MqttToKafka(new KafkaSettings { PartitionStrategy = strategy, PartitionKeyProperty = "device-id" }).Translate(message).Message!.Key is { } key ? Flow.Text(key) : null;
}
