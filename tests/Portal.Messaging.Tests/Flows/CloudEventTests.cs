using Portal.Messaging.Flows;
using Portal.Model.Endpoints;

namespace Portal.Messaging.Tests.Flows;

public sealed class CloudEventTests
{
    private static readonly (string, string)[] Event = [("specversion", "1.0"), ("type", "ms.aio.telemetry"), ("source", "aio://leipzig/press-07"), ("id", "a3c1")];

    private static readonly (string, string?)[] Record = [("ce_specversion", "1.0"), ("ce_type", "t"), ("ce_source", "s"), ("ce_id", "i")];

    private static Flow Creating(Flow flow) => flow with { Destination = flow.Destination with { CloudEventAttributes = CloudEventAttributes.CreateOrRemap } };

    [Fact]
    public void A_complete_event_gets_the_kafka_binding() => Assert.Equal(
        "ce_specversion=1.0\nce_type=ms.aio.telemetry\nce_source=aio://leipzig/press-07\nce_id=a3c1\nunit=C\nce_time=2018-04-05T17:31:00Z\nce_subject=sub\nce_dataschema=sr://a\ncontent-type=application/json",
        Flow.MqttToKafka().Properties(Flow.Mqtt([.. Event, ("unit", "C"), ("time", "2018-04-05T17:31:00Z"), ("subject", "sub"), ("dataschema", "sr://a"), ("datacontenttype", "application/json")])));

    [Fact]
    public void The_content_type_is_the_attribute_and_a_copied_property_too() => Assert.Equal(
        "Content Type=text/plain\nce_specversion=1.0\nce_type=ms.aio.telemetry\nce_source=aio://leipzig/press-07\nce_id=a3c1\ncontent-type=text/plain",
        Flow.MqttToKafka().Properties(Flow.Mqtt(Event) with { ContentType = "text/plain" }));

    [Fact]
    public void Attributes_go_out_even_when_properties_are_not_copied()
    {
        var kafka = new KafkaSettings { CopyMqttProperties = OperationalMode.Disabled };
        Assert.Equal(
            "ce_specversion=1.0\nce_type=ms.aio.telemetry\nce_source=aio://leipzig/press-07\nce_id=a3c1",
            Flow.MqttToKafka(kafka).Properties(Flow.Mqtt([.. Event, ("unit", "C")])));
        Assert.Empty(Flow.MqttToKafka(kafka).Properties(Flow.Mqtt(Event[..3])));
    }

    [Fact]
    public void An_incomplete_event_passes_as_it_is() => Assert.Equal(
        "specversion=1.0\ntype=ms.aio.telemetry\nsource=aio://leipzig/press-07\ntime=t\ncontent-type=x",
        Flow.MqttToKafka().Properties(Flow.Mqtt([.. Event[..3], ("time", "t"), ("content-type", "x")])));

    [Fact]
    public void An_attribute_is_never_sent_twice()
    {
        var translation = Flow.MqttToKafka().Translate(Flow.Mqtt([.. Event, ("ce_id", "other"), ("ce-type", "other"), ("id", "second"), ("datacontenttype", "a"), ("content-type", "b")]));
        Assert.Equal(
            "ce_specversion=1.0\nce_type=ms.aio.telemetry\nce_source=aio://leipzig/press-07\nce_id=a3c1\ncontent-type=a", Flow.Text(translation.Message!.Properties));
        Assert.Equal(new HeaderDrops(NameTaken: 4), translation.Headers);
    }

    [Fact]
    public void Missing_attributes_are_made_and_existing_ones_stay() => Assert.Equal(
        $"""
        ce_id=mine
        ce_time=2018-04-05T17:31:00Z
        ce_specversion=1.0
        ce_type=ms.aio-dataflow.telemetry
        ce_source=aio://to
        ce_subject=out
        """,
        Creating(Flow.MqttToKafka()).Properties(Flow.Mqtt(("id", "mine"), ("time", "2018-04-05T17:31:00Z"))));

    [Fact]
    public void All_attributes_are_made_for_a_message_without_any() => Assert.Equal(
        $"""
        Content Type=text/plain
        ce_specversion=1.0
        ce_type=ms.aio-dataflow.telemetry
        ce_source=aio://to
        ce_id={Flow.NewId}
        ce_subject=out
        ce_time=2026-11-22T14:02:52.504Z
        content-type=text/plain
        """,
        Creating(Flow.MqttToKafka()).Properties(Flow.Mqtt() with { ContentType = "text/plain" }));

    [Fact]
    public void Made_attributes_take_those_that_have_kafka_names_for_their_own() => Assert.Equal(
        "ce_id=mine\nce_specversion=1.0\nce_type=ms.aio-dataflow.telemetry\nce_source=aio://to\nce_subject=out\nce_time=2026-11-22T14:02:52.504Z",
        Creating(Flow.MqttToKafka()).Properties(Flow.Mqtt(("ce-id", "mine"))));

    [Fact]
    public void A_complete_event_gets_nothing_made() => Assert.Equal(
        "ce_specversion=1.0\nce_type=ms.aio.telemetry\nce_source=aio://leipzig/press-07\nce_id=a3c1", Creating(Flow.MqttToKafka()).Properties(Flow.Mqtt(Event)));

    [Theory]
    [InlineData("ce_")]
    [InlineData("ce-")]
    public void Both_prefixes_are_read_and_none_is_on_mqtt(string prefix)
    {
        var message = Flow.Kafka([.. Record.Select(one => (prefix + one.Item1[3..], one.Item2)), ("content-type", "application/json"), (prefix + "traceparent", "00-1"), ("unit", "C"), ("id", "plain")]);
        var translation = Flow.KafkaToMqtt().Translate(message);
        Assert.Equal(
            "Timestamp=1700000000123\nspecversion=1.0\ntype=t\nsource=s\nid=i\ndatacontenttype=application/json\ntraceparent=00-1\nunit=C", Flow.Text(translation.Message!.Properties));
        Assert.Equal(("application/json", new HeaderDrops(NameTaken: 1)), (translation.Message.ContentType, translation.Headers));
        Assert.Equal(
            "ce_specversion=1.0\nce_type=t\nce_source=s\nce_id=i\ncontent-type=application/json\nce_traceparent=00-1\nunit=C\nid=plain",
            Flow.KafkaToKafka().Properties(message));
    }

    [Fact]
    public void The_underscore_form_counts_where_both_are_there() => Assert.Equal(
        "Timestamp=1700000000123\nid=i\nspecversion=1.0\ntype=t\nsource=s",
        Flow.KafkaToMqtt().Properties(Flow.Kafka([("ce-id", "other"), ("ce_id", "i"), .. Record[..3]])));

    [Fact]
    public void An_incomplete_record_passes_as_it_is() => Assert.Equal(
        "Timestamp=1700000000123\nce_specversion=1.0\nce_type=t\nce_source=s\ncontent-type=x", Flow.KafkaToMqtt().Properties(Flow.Kafka([.. Record[..3], ("content-type", "x")])));

    [Fact]
    public void A_header_that_has_the_name_of_an_attribute_on_mqtt_is_one() => Assert.Equal(
        "Timestamp=1700000000123\nid=plain\ntype=with-prefix\nspecversion=1.0\nsource=aio://to\nsubject=out\ntime=2026-11-22T14:02:52.504Z",
        Creating(Flow.KafkaToMqtt()).Properties(Flow.Kafka(("id", "plain"), ("type", "other"), ("ce-type", "with-prefix"))));

    [Fact]
    public void An_attribute_that_mqtt_cannot_carry_is_missing()
    {
        var message = Flow.Kafka(Record[..3]) with { Properties = [.. Flow.Kafka(Record[..3]).Properties, new MessageProperty("ce_id", new byte[] { 0xff })] };
        var translation = Creating(Flow.KafkaToMqtt()).Translate(message);
        Assert.Contains($"id={Flow.NewId}", Flow.Text(translation.Message!.Properties), StringComparison.Ordinal);
        Assert.Equal(1, translation.Headers.NotUtf8);
    }

    [Fact]
    public void Between_mqtt_brokers_an_event_is_unchanged_and_a_missing_one_is_made()
    {
        (string, string)[] all = [.. Event, ("datacontenttype", "a"), ("id", "second")];
        Assert.Equal(Flow.Text(Flow.Mqtt(all).Properties), Creating(Flow.MqttToMqtt()).Properties(Flow.Mqtt(all)));
        Assert.Equal(
            $"unit=C\nspecversion=1.0\ntype=ms.aio-dataflow.telemetry\nsource=aio://to\nid={Flow.NewId}\nsubject=out\ntime=2026-11-22T14:02:52.504Z\ndatacontenttype=text/plain",
            Creating(Flow.MqttToMqtt()).Properties(Flow.Mqtt(("unit", "C")) with { ContentType = "text/plain" }));
    }

    [Fact]
    public void A_message_sent_again_keeps_its_id_and_time()
    {
        var translator = new MessageTranslator(Creating(Flow.MqttToKafka()).Plan);
        var message = Flow.Mqtt() with { MessageExpiryInterval = 100 };
        var first = translator.Translate(message, Flow.Received, Flow.Received);
        var again = translator.Refresh(first, message, Flow.Received, Flow.Received.AddSeconds(5));
        Assert.Equal(Flow.Text(first.Message!.Properties).Replace("=100", "=95", StringComparison.Ordinal), Flow.Text(again.Message!.Properties));
    }
}
