using System.Diagnostics.Metrics;
using Portal.Messaging.Flows;
using Portal.Model;
using Portal.Model.Dataflows;
using Portal.Model.Endpoints;
using Portal.Sandbox.Kafka;
using Portal.Tests.Shared;

namespace Portal.Messaging.Tests.Flows;

/// <summary>Dataflows follow the store, and their counters outlive the process.</summary>
public sealed class SupervisorTests
{
    private const int Messages = 200;

    [Fact]
    public async Task Counters_and_their_beginning_outlive_a_restart()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        using var cluster = MockKafkaCluster.Start();
        cluster.CreateTopic("plant");
        using var data = new TemporaryFolder();
        FlowStatus before;
        await using (var host = await FlowHost.StartInAsync(data.Path))
        {
            await RunAsync(host, broker, cluster);
            await host.StopAsync();
            before = host.Status;
        }

        await using var again = await FlowHost.StartInAsync(data.Path);
        await again.RunAsync(Endpoints.Mqtt(broker.Port), "line3/#", Endpoints.Kafka(cluster), "plant");
        Assert.Equal((before.Ledger, before.Since, before.LastDelivery), (again.Status.Ledger, again.Status.Since, again.Status.LastDelivery));
        await Endpoints.PublishNumbersAsync(broker.Port, "line3/press", 0, Messages);
        await again.WaitForDeliveredAsync(2 * Messages);
        Assert.Equal(2 * Messages, again.Status.Ledger.Received);
    }

    [Fact]
    public async Task Counters_that_cannot_be_saved_are_an_error_and_messages_go_on()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        using var cluster = MockKafkaCluster.Start();
        cluster.CreateTopic("plant");
        await using var host = await FlowHost.StartAsync();
        // A file where the folder would be fails as a full or read-only disk does, whoever runs the test.
        var inTheWay = Path.Combine(host.Data, "history");
        await File.WriteAllTextAsync(inTheWay, "");
        await RunAsync(host, broker, cluster);
        await Wait.UntilAsync(() => host.Status.LastErrors.Any(error => error.Code == "counters-not-saved"), "the error shows", FlowHost.Limit, host.Describe);
        Assert.Equal(FlowState.Healthy, host.Status.State);
        File.Delete(inTheWay);
        await Wait.UntilAsync(() => File.Exists(host.SnapshotFile), "the counters are saved", FlowHost.Limit, host.Describe);
    }

    [Fact]
    public async Task A_dataflow_stops_and_starts_with_its_mode_and_goes_with_its_document()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        using var cluster = MockKafkaCluster.Start();
        cluster.CreateTopic("plant");
        await using var host = await FlowHost.StartAsync();
        await RunAsync(host, broker, cluster);
        var flow = FlowHost.Flow("line3/#", "plant");
        host.Store.Set(flow with { Mode = OperationalMode.Disabled });
        await host.WaitForAsync(FlowState.Stopped);
        // The session waits at the broker.
        await Endpoints.PublishNumbersAsync(broker.Port, "line3/press", 0, 50);
        host.Store.Set(flow);
        await host.WaitForDeliveredAsync(Messages + 50);
        // Half a file is no reason to stop.
        host.Store.Break(ResourceKind.Dataflow, FlowHost.Name);
        await Endpoints.PublishNumbersAsync(broker.Port, "line3/press", 0, 50);
        await host.WaitForDeliveredAsync(Messages + 100);
        host.Store.Set(flow).Remove(ResourceKind.Dataflow, FlowHost.Name);
        await Wait.UntilAsync(() => host.Service.All().Count == 0, "the dataflow is gone", FlowHost.Limit, host.Describe);
        Assert.False(File.Exists(host.SnapshotFile));
        Assert.Equal(FlowState.Stopped, host.Status.State);
    }

    [Fact]
    public async Task A_change_of_an_endpoint_or_topic_takes_effect_and_old_filters_leave_the_session()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        using var cluster = MockKafkaCluster.Start();
        cluster.CreateTopic("plant");
        cluster.CreateTopic("other");
        await using var host = await FlowHost.StartAsync();
        await RunAsync(host, broker, cluster);
        host.Store.Set(FlowHost.Flow("line4/#", "other"));
        await Wait.UntilAsync(() => broker.Log.Contains("line4", StringComparison.Ordinal) || host.Status.State is FlowState.Idle, "it runs anew", FlowHost.Limit, host.Describe);
        await host.WaitForAsync(FlowState.Idle, FlowState.Healthy);
        await Endpoints.PublishAsync(broker.Port, "line3/press", "of the old filter");
        await Endpoints.PublishAsync(broker.Port, "line4/press", "of the new filter");
        await host.WaitForDeliveredAsync(Messages + 1);
        Assert.Equal(["of the new filter"], await Endpoints.ConsumeAsync(cluster, "other"));
    }

    [Fact]
    public async Task A_kafka_source_without_a_group_fails_in_the_words_of_the_service()
    {
        await using var host = await FlowHost.StartAsync();
        host.Store.Set(Portal.Messaging.Tests.Support.ProbeFixture.Kafka("127.0.0.1:9") with { Name = "from-here" }).Set(Endpoints.Mqtt(9) with { Name = "to-there" });
        host.Store.Set(new DataflowProfile { Name = "default" }).Set(FlowHost.Flow("plant", "copied"));
        await host.WaitForAsync(FlowState.Failed);
        Assert.Equal("Kafka type source endpoints must have a consumerGroupId defined", host.Status.Problem!.Message);
    }

    [Fact]
    public async Task Metrics_say_what_the_status_says_and_balance()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        using var cluster = MockKafkaCluster.Start();
        cluster.CreateTopic("plant");
        await using var host = await FlowHost.StartAsync();
        var values = new Dictionary<string, double>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Meter.Name == "Portal.Flows")
                self.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument.Name, value, tags));
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(instrument.Name, value, tags));
        listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Add(instrument.Name, value, tags));
        listener.Start();
        await RunAsync(host, broker, cluster, name: "metrics-flow");
        await Wait.UntilAsync(
            () =>
            {
                values.Clear();
                listener.RecordObservableInstruments();
                return values.GetValueOrDefault("portal.flow.delivered") == Messages;
            },
            "the metrics have all messages", lastSeen: () => string.Join(' ', values));
        Assert.Equal(values["portal.flow.received"], values["portal.flow.delivered"] + values["portal.flow.in_flight"] + values["portal.flow.dropped"]);
        Assert.Equal(1, values["portal.flow.state"]);
        Assert.True(values["portal.flow.latency"] > 0);

        void Add(string name, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            foreach (var tag in tags)
                if (tag is { Key: "dataflow", Value: "metrics-flow" })
                    values[name] = values.GetValueOrDefault(name) + value;
        }
    }

    private static async Task RunAsync(FlowHost host, MosquittoBroker broker, MockKafkaCluster cluster, string name = FlowHost.Name)
    {
        host.Store.Set(Endpoints.Mqtt(broker.Port) with { Name = "from-here" }).Set(Endpoints.Kafka(cluster) with { Name = "to-there" });
        host.Store.Set(new DataflowProfile { Name = "default" }).Set(FlowHost.Flow("line3/#", "plant") with { Name = name });
        await Wait.UntilAsync(() => host.Service.StatusOf(name).State is FlowState.Idle, "it runs", FlowHost.Limit, host.Describe);
        await Endpoints.PublishNumbersAsync(broker.Port, "line3/press", 0, Messages);
        await Wait.UntilAsync(() => host.Service.StatusOf(name).Ledger is { InFlight: 0, Delivered: Messages }, "all is delivered", FlowHost.Limit, host.Describe);
    }
}
