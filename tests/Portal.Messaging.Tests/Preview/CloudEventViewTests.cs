using Portal.Messaging.Preview;

namespace Portal.Messaging.Tests.Preview;

public sealed class CloudEventViewTests
{
    [Fact]
    public void Mqtt_carries_attributes_as_user_properties_without_a_prefix()
    {
        var view = CloudEventView.Of(Messages.Mqtt("t", "{}") with
        {
            ContentType = "application/json",
            Properties =
            [
                Messages.Property("source", "aio://leipzig/press-07"), Messages.Property("unit", "degC"),
                Messages.Property("id", "a3c1-7f20-9be4"), Messages.Property("ce_type", "x"),
            ],
        });

        Assert.Equal(CloudEventMode.Binary, view.Mode);
        Assert.Equal(["id=a3c1-7f20-9be4", "source=aio://leipzig/press-07", "datacontenttype=application/json"], Text(view));
        Assert.Equal(["type", "specversion"], view.Missing);
    }

    [Theory]
    [InlineData("ce_")]
    [InlineData("ce-")]
    public void Kafka_carries_attributes_in_headers_with_a_prefix(string prefix)
    {
        var view = CloudEventView.Of(Messages.Kafka("t", null, "{}") with
        {
            Properties =
            [
                Messages.Property("content-type", "text/plain"), Messages.Property(prefix + "line", "3"), Messages.Property("id", "not this"),
                .. CloudEventView.Required.Select(name => Messages.Property(prefix + name, name.ToUpperInvariant())),
            ],
        });

        Assert.Equal(CloudEventMode.Binary, view.Mode);
        Assert.Equal(["id=ID", "source=SOURCE", "type=TYPE", "specversion=SPECVERSION", "datacontenttype=text/plain", "line=3"], Text(view));
        Assert.Empty(view.Missing);
    }

    [Fact]
    public void Structured_mode_is_read_from_the_payload()
    {
        const string Payload = """{"specversion":"1.0","data":{"id":"inner"},"id":"A1","type":"t","sequence":7,"subject":null}""";
        var view = CloudEventView.Of(Messages.Mqtt("t", Payload) with { ContentType = "application/cloudevents+json; charset=utf-8" });

        Assert.Equal(CloudEventMode.Structured, view.Mode);
        Assert.Equal(["id=A1", "type=t", "specversion=1.0", "sequence=7"], Text(view));
        Assert.Equal(["source"], view.Missing);
    }

    [Theory]
    [InlineData("""{"id":"A1","source":"s","data":[1,2""")]
    [InlineData("""{"id":"A1","source":"s",oops""")]
    public void A_structured_event_that_is_cut_or_broken_shows_what_was_read(string payload)
    {
        var view = CloudEventView.Of(Messages.Kafka("t", null, payload) with
        {
            Properties = [Messages.Property("Content Type", "application/cloudevents+json")],
        });

        Assert.Equal(["id=A1", "source=s"], Text(view));
        Assert.Equal(["type", "specversion"], view.Missing);
    }

    [Fact]
    public void A_message_without_attributes_is_no_event()
    {
        var view = CloudEventView.Of(Messages.Mqtt("t", "x") with { Properties = [Messages.Property("subject", "s")] });

        Assert.Equal(CloudEventMode.None, view.Mode);
        Assert.Empty(view.Attributes);
        Assert.Equal(4, view.Missing.Count);
    }

    private static IEnumerable<string> Text(CloudEventView view) => view.Attributes.Select(attribute => $"{attribute.Name}={attribute.Value}");
}
