using System.Text;
using System.Text.Unicode;
using CsCheck;
using Portal.Messaging.Flows;
using Portal.Model.Endpoints;

namespace Portal.Messaging.Tests.Flows;

public sealed class TranslationPropertyTests
{
    private const int Runs = 5_000;

    [Fact]
    public void The_inspector_never_disagrees_with_the_translation() => AnyFlow.All.Sample(
        (flow, message) =>
        {
            var translator = flow.Translator;
            var sent = translator.Translate(message, Flow.Received, Flow.Now);
            var explained = translator.Explain(message, Flow.Received, Flow.Now, partitions: 32);
            Assert.Equal((sent.Drop, sent.Why, sent.Headers), (explained.Result.Drop, explained.Result.Why, explained.Result.Headers));
            if (sent.Message is null)
                return;
            AssertSame(sent.Message, explained.Result.Message!);
            // Every header sent is the output of one step, every header received the input of one, and nothing else is.
            Assert.Equal(Sorted(sent.Message.Properties), Sorted(explained.Steps.Where(step => step.Output is { IsHeader: true }).Select(step => new MessageProperty(step.Output!.Name, step.Output.Value))));
            var isByProperty = flow.Destination is KafkaSettings { PartitionStrategy: PartitionStrategy.Property };
            Assert.Equal(
                Sorted(message.Properties),
                Sorted(explained.Steps.Where(step => step.Input is { IsHeader: true } && !(isByProperty && step.Rule.StartsWith("Part", StringComparison.Ordinal))).Select(step => new MessageProperty(step.Input!.Name, step.Input.Value))));
            Assert.All(explained.Steps, step =>
            {
                Assert.Equal(step.Change is PropertyChange.Dropped, step.Output is null);
                Assert.Equal(step.Change is PropertyChange.Generated, step.Input is null);
                Assert.NotEmpty(step.Rule);
            });
        },
        iter: Runs);

    [Fact]
    public void What_is_counted_is_not_sent_and_the_counts_add_up() => AnyFlow.All.Sample(
        (flow, message) =>
        {
            var explained = flow.Translator.Explain(message, Flow.Received, Flow.Now);
            if (explained.Result.Message is null)
                return;
            var counted = explained.Steps.Where(step => step.Counted is not null).ToList();
            Assert.All(counted, step => Assert.Null(step.Output));
            foreach (var reason in Enum.GetValues<HeaderDropReason>())
                Assert.Equal(explained.Result.Headers[reason], counted.Count(step => step.Counted == reason));
        },
        iter: Runs);

    [Fact]
    public void Valid_utf8_survives_from_kafka_to_mqtt() => AnyFlow.Kafka.Sample(
        message =>
        {
            var sent = Flow.KafkaToMqtt().Translate(message);
            string[] taken = message.Key is null ? ["Timestamp"] : ["Key", "Timestamp"];
            var mustSurvive = message.Properties.Where(header =>
                !header.Name.StartsWith("ce", StringComparison.Ordinal) && header.Name != "content-type" && !taken.Contains(header.Name) && CloudEvents.IndexOf(header.Name) < 0 && !header.Name.Any(char.IsControl)
                && (header.Value is not { } value || (value.Length < 65_536 && Utf8.IsValid(value.Span) && !Encoding.UTF8.GetString(value.Span).Any(char.IsControl))));
            var left = sent.Message!.Properties.ToList();
            foreach (var header in mustSurvive)
                Assert.True(left.Remove(left.First(property => property.Name == header.Name && property.Value!.Value.Span.SequenceEqual((header.Value ?? default).Span))));
            Assert.All(sent.Message.Properties, property => Assert.True(property.Value is { } value && Utf8.IsValid(value.Span) && value.Length < 65_536));
        },
        iter: Runs);

    [Fact]
    public void No_attribute_of_an_event_made_here_is_sent_twice() => AnyFlow.All.Sample(
        (flow, message) =>
        {
            var flowWithoutActions = flow with { Headers = [] };
            if (flow.Destination.CloudEventAttributes is not CloudEventAttributes.CreateOrRemap || flowWithoutActions.Translate(message).Message is not { } sent)
                return;
            if (flow.Destination is KafkaSettings)
                Assert.All(CloudEvents.Headers, name => Assert.InRange(sent.Properties.Count(header => header.Name == name || header.Name == "ce-" + name[3..]), CloudEvents.Headers.AsSpan(0, 4).Contains(name) ? 1 : 0, 1));
            else if (flow.Source is KafkaSettings)
                Assert.All(CloudEvents.Names, name => Assert.InRange(sent.Properties.Count(header => header.Name == name), CloudEvents.Names.AsSpan(0, 4).Contains(name) ? 1 : 0, 1));
        },
        iter: Runs);

    private static void AssertSame(Message left, Message right)
    {
        Assert.Equal(left with { Properties = [], Key = null, Payload = default, CorrelationData = null }, right with { Properties = [], Key = null, Payload = default, CorrelationData = null });
        Assert.Equal(Flow.Text(left.Key), Flow.Text(right.Key));
        Assert.Equal(Sorted(left.Properties), Sorted(right.Properties));
    }

    private static IEnumerable<string> Sorted(IEnumerable<MessageProperty> properties) =>
        properties.Select(property => property.Name + "=" + (property.Value is { } value ? Convert.ToHexString(value.Span) : "null")).Order(StringComparer.Ordinal);
}
