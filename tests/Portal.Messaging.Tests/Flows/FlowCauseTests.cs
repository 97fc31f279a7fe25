using Microsoft.Extensions.Logging.Abstractions;
using Portal.Messaging.Connections;
using Portal.Messaging.Flows;
using Portal.Messaging.Mqtt.Session;
using Portal.Messaging.Tests.Support;
using Portal.Model.Dataflows;
using Portal.Model.Endpoints;
using Portal.Sandbox.Kafka;
using Portal.Tests.Shared;

namespace Portal.Messaging.Tests.Flows;

/// <summary>Causes of a dataflow that does not run, holds or drops: each has its code, its words and its effect on the ledger.</summary>
public sealed class FlowCauseTests
{
    private static readonly DataflowEndpoint Grid = ProbeFixture.Mqtt("line3.westeurope-1.ts.eventgrid.azure.net:8883", authentication: new Authentication.SystemAssignedManagedIdentity());

    public static TheoryData<string, string> Reasons { get; } = new()
    {
        { "endpoint-missing", "There is no endpoint named 'to-there'." },
        { "destination-type", "LocalStorage" },
        { "host-blank", "The endpoint 'from-here' is not valid: " },
        { "event-grid-instances", "Event Grid has no shared subscriptions" },
    };

    [Theory]
    [MemberData(nameof(Reasons))]
    public async Task A_dataflow_that_cannot_run_fails_with_the_reason_and_runs_when_it_is_mended(string code, string words)
    {
        await using var source = await MosquittoBroker.StartAsync();
        using var cluster = MockKafkaCluster.Start();
        cluster.CreateTopic("plant");
        await using var host = await FlowHost.StartAsync();
        var good = Endpoints.Mqtt(source.Port) with { Name = "from-here" };
        host.Store.Set(code switch { "host-blank" => ProbeFixture.Mqtt("no host at all", tls: false), "event-grid-instances" => Grid, _ => good } with { Name = "from-here" });
        if (code is "destination-type")
            host.Store.Set(new DataflowEndpoint { Name = "to-there", OtherType = "LocalStorage" });
        else if (code is not "endpoint-missing")
            host.Store.Set(Endpoints.Kafka(cluster) with { Name = "to-there" });
        host.Store.Set(new DataflowProfile { Name = "default", InstanceCount = code is "event-grid-instances" ? 2 : 1 }).Set(FlowHost.Flow("line3/#", "plant"));
        await host.WaitForAsync(FlowState.Failed);
        Assert.Equal((FlowSide.Flow, code), (host.Status.Problem!.Side, host.Status.Problem.Code));
        Assert.Contains(words, host.Status.Problem.Message, StringComparison.Ordinal);
        Assert.NotEmpty(host.Status.Problem.Fix);
        host.Store.Set(new DataflowProfile { Name = "default" }).Set(good).Set(Endpoints.Kafka(cluster) with { Name = "to-there" });
        await host.WaitForAsync(FlowState.Idle);
        Assert.Null(host.Status.Problem);
    }

    [Fact]
    public async Task The_retain_flag_is_cleared_and_counted_where_the_broker_keeps_no_messages()
    {
        await using var source = await MosquittoBroker.StartAsync();
        await using var destination = await MosquittoBroker.StartAsync(new MosquittoOptions { Lines = ["retain_available false"] });
        await using var seen = await Endpoints.SubscribeAsync(destination, "copied", "%p retain=%r");
        await using var host = await FlowHost.StartAsync();
        await host.RunAsync(Endpoints.Mqtt(source.Port), "line3/#", Endpoints.Mqtt(destination.Port).With((MqttSettings settings) => settings with { Retain = RetainPolicy.Keep }), "copied");
        await Endpoints.PublishAsync(source.Port, "line3/press", "kept", "-r");
        await Endpoints.PublishAsync(source.Port, "line3/press", "passing");
        await seen.WaitForOutputAsync("passing retain=0\n");
        await host.WaitForDeliveredAsync(2);
        Assert.Equal("kept retain=0\npassing retain=0\n", seen.Output);
        Assert.Equal(1, Assert.Single(host.Status.HeadersDropped, one => one.Key == "retain-unsupported").Value);
        Assert.Equal(new FlowLedger(2, 2, 0, 0, 0, 0, 0), host.Status.Ledger);
        Assert.Equal(0, host.Status.Reconnects);
    }

    [Fact]
    public async Task A_message_without_a_form_at_the_destination_is_dropped_as_untranslatable_and_named()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        await using var host = await FlowHost.StartAsync();
        await host.RunAsync(Endpoints.Mqtt(broker.Port), "line3/#", Endpoints.Mqtt(broker.Port), "copied/${inputTopic.3}");
        await Endpoints.PublishAsync(broker.Port, "line3/press", "too short");
        await Endpoints.PublishAsync(broker.Port, "line3/press/7", "long enough");
        await Wait.UntilAsync(() => host.Status.Ledger == new FlowLedger(2, 1, 0, 0, 0, 1, 0), "one is dropped and one is delivered", FlowHost.Limit, host.Describe);
        Assert.Equal((FlowSide.Message, "message-untranslatable"), (Assert.Single(host.Status.LastErrors).Side, host.Status.LastErrors[0].Code));
    }

    [Fact]
    public async Task A_destination_that_confirms_nothing_is_not_called_healthy()
    {
        await using var source = await MosquittoBroker.StartAsync();
        await using var destination = new ScriptedBroker();
        await using var host = await FlowHost.StartAsync(FlowHost.Quick with { Silence = TimeSpan.FromSeconds(1), Drain = TimeSpan.FromSeconds(1) });
        await host.RunAsync(Endpoints.Mqtt(source.Port), "line3/#", Endpoints.Mqtt(destination.Port), "copied");
        await Endpoints.PublishAsync(source.Port, "line3/press", "never confirmed");
        await host.WaitForAsync(FlowState.WaitingForDestination);
        Assert.Equal("destination-silent", host.Status.Problem!.Code);
        Assert.Equal(new FlowLedger(1, 0, 1, 0, 0, 0, 0), host.Status.Ledger);
        var sent = destination.Of(1, MqttPacketType.Publish).Single().Body;
        var id = 2 + "copied".Length;
        await destination.SendAsync(0x40, 2, sent[id], sent[id + 1]);
        await host.WaitForAsync(FlowState.Healthy, FlowState.Idle);
        Assert.Equal(new FlowLedger(1, 1, 0, 0, 0, 0, 0), host.Status.Ledger);
    }

    /// <summary>What nobody foresaw is told, and the flow tries again.</summary>
    [Fact]
    public async Task An_unforeseen_failure_is_shown_and_tried_again()
    {
        var errors = new FlowErrors(TimeProvider.System);
        var source = new FailingSource();
        var plan = Flow.MqttToMqtt().Plan;
        var parts = new FlowParts(FlowHost.Name, 0, 10, new MessageTranslator(plan), new FlowTracer(FlowHost.Name, 0, Wire.Mqtt, Wire.Mqtt, null, TimeProvider.System), source, new SilentSink(), (_, problem, _) => Task.FromResult(problem));
        await using (var pump = new FlowPump(parts, FlowHost.Quick, errors, TimeProvider.System, NullLogger.Instance))
        {
            pump.Start();
            await Wait.UntilAsync(() => source.Runs > 1, "it is tried again", FlowHost.Limit);
            Assert.Equal(FlowState.WaitingForSource, pump.Sides.State(null, null, FlowHost.Quick.Silence).State);
        }

        var error = Assert.Single(errors.Latest);
        Assert.Equal((FlowSide.Source, "flow-failed", "The flow failed unexpectedly: nobody foresaw this"), (error.Side, error.Code, error.Message));
    }

    private sealed class FailingSource : IFlowSource
    {
        private int _runs;

        public int Runs => Volatile.Read(ref _runs);

        public Task<Problem?> RunAsync(IFlowIntake intake, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _runs);
            throw new InvalidOperationException("nobody foresaw this");
        }

        public void Acknowledge(FlowSlot slot) => throw new NotSupportedException();
    }

    private sealed class SilentSink : IFlowSink
    {
        public async Task<Problem> RunAsync(IFlowOutlet outlet, CancellationToken cancellationToken)
        {
            outlet.Connected();
            await Task.Delay(Timeout.Infinite, cancellationToken);
            throw new OperationCanceledException(cancellationToken);
        }

        public FlowSend Send(FlowSlot slot, Message message) => FlowSend.NotNow;

        public void Hurry() => throw new NotSupportedException();
    }
}
