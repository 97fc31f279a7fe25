using System.Collections.Concurrent;
using System.Diagnostics;
using Portal.Messaging.Flows;
using Portal.Model.Dataflows;
using Portal.Sandbox.Kafka;
using Portal.Tests.Shared;

namespace Portal.Messaging.Tests.Flows;

/// <summary>Traces of a running dataflow, as a listener of OpenTelemetry gets them.</summary>
public sealed class FlowTraceTests
{
    private const string Trace = "4bf92f3577b34da6a3ce929d0e0e4736";
    private const string Span = "00f067aa0ba902b7";

    [Fact]
    public async Task A_message_has_an_activity_from_receipt_to_acknowledgement_and_one_for_its_way_out()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        using var cluster = MockKafkaCluster.Start();
        cluster.CreateTopic("plant", partitions: 1);
        await using var host = await FlowHost.StartAsync();
        var ended = new ConcurrentQueue<Activity>();
        using var listener = Listen(ended, "to-kafka", "to-mqtt");
        host.Store.Set(Endpoints.Mqtt(broker.Port) with { Name = "mqtt" }).Set(Endpoints.Kafka(cluster) with { Name = "kafka" }).Set(new DataflowProfile { Name = "default" });
        host.Store.Set(Between("to-kafka", "mqtt", "line3/#", "kafka", "plant")).Set(Between("to-mqtt", "kafka", "plant", "mqtt", "copied"));
        await Wait.UntilAsync(() => host.Service.All() is { Count: 2 } all && all.All(flow => flow.State is FlowState.Idle), "both run", FlowHost.Limit, host.Describe);
        await Endpoints.PublishAsync(broker.Port, "line3/press", "24.5", "-D", "publish", "user-property", "traceparent", $"00-{Trace}-{Span}-01");
        await Wait.UntilAsync(() => ended.Count == 4, "both flows have ended their activities", FlowHost.Limit, () => string.Join(", ", ended.Select(one => one.DisplayName)));

        var received = Of("process line3/press");
        Assert.Equal((ActivityKind.Consumer, Trace, Span), (received.Kind, received.TraceId.ToString(), received.ParentSpanId.ToString()));
        Assert.Equal(("mqtt", "process", "line3/press", "delivered"), (Tag(received, "messaging.system"), Tag(received, "messaging.operation.type"), Tag(received, "messaging.destination.name"), Tag(received, "portal.flow.outcome")));
        var sent = Of("send plant");
        Assert.Equal((ActivityKind.Producer, received.SpanId), (sent.Kind, sent.ParentSpanId));
        Assert.Equal(("kafka", "plant"), (Tag(sent, "messaging.system"), Tag(sent, "messaging.destination.name")));
        Assert.InRange(sent.Duration, TimeSpan.Zero, received.Duration);

        // The context goes on as a header, so that the second dataflow continues the same trace.
        var read = Of("process plant");
        Assert.Equal((Trace, Span), (read.TraceId.ToString(), read.ParentSpanId.ToString()));
        Assert.Equal(("kafka", "0", "0", "line3"), (Tag(read, "messaging.system"), Tag(read, "messaging.destination.partition.id"), Tag(read, "messaging.kafka.offset"), Tag(read, "messaging.consumer.group.name")));
        Assert.Equal(read.SpanId, Of("send copied").ParentSpanId);
        Assert.All(ended, activity => Assert.NotEqual(ActivityStatusCode.Error, activity.Status));

        Activity Of(string name) => Assert.Single(ended, activity => activity.DisplayName == name);
    }

    [Fact]
    public async Task Messages_without_a_context_are_sampled_and_one_that_is_dropped_says_why()
    {
        await using var broker = await MosquittoBroker.StartAsync(new MosquittoOptions { Lines = ["max_queued_messages 0"] });
        await using var host = await FlowHost.StartAsync();
        var ended = new ConcurrentQueue<Activity>();
        using var listener = Listen(ended, "sampled");
        host.Store.Set(Endpoints.Mqtt(broker.Port) with { Name = "mqtt" }).Set(new DataflowProfile { Name = "default" });
        host.Store.Set(Between("sampled", "mqtt", "line3/#", "mqtt", "copied/${inputTopic.3}"));
        await Wait.UntilAsync(() => host.Service.StatusOf("sampled").State is FlowState.Idle, "it runs", FlowHost.Limit, host.Describe);
        await Endpoints.PublishNumbersAsync(broker.Port, "line3/press", 0, 2000);
        await Wait.UntilAsync(() => host.Service.StatusOf("sampled").Ledger.Untranslatable == 2000, "all are dropped", FlowHost.Limit, host.Describe);
        // Ten a second, however long it took.
        var seconds = ended.Max(one => one.StartTimeUtc) - ended.Min(one => one.StartTimeUtc);
        Assert.InRange(ended.Count, 1, (10 * seconds.TotalSeconds) + 2);
        Assert.All(ended, activity => Assert.Equal((ActivityStatusCode.Error, "message-untranslatable", "untranslatable"), (activity.Status, Tag(activity, "error.type"), Tag(activity, "portal.flow.outcome"))));
    }

    private static ActivityListener Listen(ConcurrentQueue<Activity> ended, params string[] dataflows)
    {
        var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == FlowTraces.Name,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activity =>
            {
                if (activity.Kind is ActivityKind.Consumer or ActivityKind.Producer && dataflows.Contains(Tag(activity, "portal.dataflow")))
                    ended.Enqueue(activity);
            },
        };
        ActivitySource.AddActivityListener(listener);
        return listener;
    }

    private static string? Tag(Activity activity, string name) => activity.GetTagItem(name)?.ToString();

    private static Dataflow Between(string name, string from, string topic, string to, string target) => FlowHost.Flow(topic, target) with
    {
        Name = name,
        Source = new DataflowSource { EndpointRef = from, DataSources = [topic] },
        Destination = new DataflowDestination { EndpointRef = to, DataDestination = target },
    };
}
