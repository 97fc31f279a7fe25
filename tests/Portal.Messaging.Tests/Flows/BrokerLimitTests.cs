using Microsoft.Extensions.DependencyInjection;
using Portal.Messaging.Connections;
using Portal.Messaging.Flows;
using Portal.Messaging.Mqtt;
using Portal.Messaging.Network;
using Portal.Messaging.Preview;
using Portal.Messaging.Tests.Support;
using Portal.Model.Endpoints;
using Portal.Sandbox.Kafka;
using Portal.Tests.Shared;

namespace Portal.Messaging.Tests.Flows;

/// <summary>Limits that a destination broker names are kept to.</summary>
public sealed class BrokerLimitTests
{
    [Fact]
    public async Task A_message_that_is_too_large_for_the_broker_is_rejected_alone()
    {
        await using var source = await MosquittoBroker.StartAsync();
        await using var destination = await MosquittoBroker.StartAsync(new MosquittoOptions { Lines = ["max_packet_size 500"] });
        await using var seen = await Endpoints.SubscribeAsync(destination, "copied");
        await using var host = await FlowHost.StartAsync();
        await host.RunAsync(Endpoints.Mqtt(source.Port), "line3/#", Endpoints.Mqtt(destination.Port), "copied");
        await Endpoints.PublishAsync(source.Port, "line3/press", "before");
        await Endpoints.PublishAsync(source.Port, "line3/press", new string('x', 600));
        await Endpoints.PublishAsync(source.Port, "line3/press", "after");
        await seen.WaitForOutputAsync("after\n");
        await Wait.UntilAsync(() => host.Status.Ledger == new FlowLedger(3, 2, 0, 0, 0, 0, 1), "the ledger has it", lastSeen: host.Describe);
        var error = Assert.Single(host.Status.LastErrors);
        Assert.Equal((FlowSide.Message, "topic-message-too-large"), (error.Side, error.Code));
        Assert.Equal("before\nafter\n", seen.Output);
    }

    /// <summary>The limit is Event Grid's: its answer to the sign-in does not say it, and a larger packet would end the connection.</summary>
    [Fact]
    public async Task A_message_that_is_too_large_for_Event_Grid_is_rejected_alone()
    {
        const int mostOfPacket = 512 * 1024;
        await using var source = await MosquittoBroker.StartAsync();
        await using var host = await FlowHost.StartAsync();
        await using var grid = await EventGrid.StartAsync(host.Parts);
        await using var seen = await Endpoints.SubscribeAsync(grid.Broker, "copied", "%l", "-p", Endpoints.Text(grid.Broker.Ports[1]));
        // First byte, three bytes of length, the topic, the packet identifier and no properties.
        var mostOfPayload = mostOfPacket - 1 - 3 - (2 + "copied".Length) - 2 - 1;
        using var files = new TemporaryFolder();
        await host.RunAsync(Endpoints.Mqtt(source.Port), "line3/#", grid.Endpoint, "copied");

        foreach (var size in new[] { mostOfPayload, mostOfPayload + 1, 1 })
        {
            await File.WriteAllBytesAsync(files.Combine("payload"), new byte[size], TestContext.Current.CancellationToken);
            (await ProcessRunner.RunAsync("mosquitto_pub", ["-V", "5", "-h", "127.0.0.1", "-p", Endpoints.Text(source.Port), "-q", "1", "-t", "line3/press", "-f", files.Combine("payload")])).MustSucceed();
        }

        await seen.WaitForOutputAsync("\n1\n");
        await Wait.UntilAsync(() => host.Status.Ledger == new FlowLedger(3, 2, 0, 0, 0, 0, 1), "the ledger has it", lastSeen: host.Describe);
        Assert.Equal($"{mostOfPayload}\n1\n", seen.Output);
        var error = Assert.Single(host.Status.LastErrors);
        Assert.Equal((FlowSide.Message, "topic-message-too-large"), (error.Side, error.Code));
        Assert.Contains("524,288 bytes", error.Message, StringComparison.Ordinal);
        Assert.Equal(0, host.Status.Reconnects);
    }

    /// <summary>Event Grid takes nothing larger, so nothing larger comes; what comes is read.</summary>
    [Fact]
    public async Task What_Event_Grid_sends_is_read_at_its_largest()
    {
        using var cluster = MockKafkaCluster.Start();
        cluster.CreateTopic("plant");
        await using var host = await FlowHost.StartAsync();
        await using var grid = await EventGrid.StartAsync(host.Parts);
        using var files = new TemporaryFolder();
        await File.WriteAllBytesAsync(files.Combine("payload"), new byte[512 * 1024 - 50], TestContext.Current.CancellationToken);
        await host.RunAsync(grid.Endpoint, "line3/#", Endpoints.Kafka(cluster), "plant");

        (await ProcessRunner.RunAsync("mosquitto_pub", ["-V", "5", "-h", "127.0.0.1", "-p", Endpoints.Text(grid.Broker.Ports[1]), "-q", "1", "-t", "line3/press", "-f", files.Combine("payload")])).MustSucceed();

        await host.WaitForDeliveredAsync(1);
        Assert.Equal(new FlowLedger(1, 1, 0, 0, 0, 0, 0), host.Status.Ledger);
        Assert.Equal([Endpoints.Text(512 * 1024 - 50)], await Endpoints.ConsumeAsync(cluster, "plant", "%S"));
    }

    /// <summary>A single message is not sent either, and says why.</summary>
    [Fact]
    public async Task A_published_message_that_is_too_large_for_Event_Grid_is_refused_with_its_limit()
    {
        await using var fixture = new ProbeFixture();
        await using var grid = await EventGrid.StartAsync(fixture);
        var service = fixture.Services.GetRequiredService<IPreviewService>();

        Assert.Null(await service.PublishAsync(grid.Endpoint, new Message { Topic = "t", Payload = new byte[512 * 1024 - 100] }, TestContext.Current.CancellationToken));
        Assert.Contains(
            "524,288 bytes", await service.PublishAsync(grid.Endpoint, new Message { Topic = "t", Payload = new byte[512 * 1024] }, TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    /// <summary>A test asks for the same as a flow: the longest keep alive that Event Grid takes.</summary>
    [Fact]
    public void A_sign_in_at_Event_Grid_keeps_to_its_keep_alive()
    {
        var endpoint = ProbeFixture.Mqtt($"{EventGrid.Name}:8883").With((MqttSettings settings) => settings with { KeepAliveSeconds = 3000 });

        Assert.Equal(TimeSpan.FromSeconds(1160), MqttClientSettings.From(endpoint, ClientRole.Test(), new HostAliases()).KeepAlive);
        Assert.Equal(TimeSpan.FromSeconds(3000), MqttClientSettings.From(endpoint with { Settings = endpoint.Mqtt! with { Host = "broker:8883" } }, ClientRole.Test(), new HostAliases()).KeepAlive);
    }

    [Fact]
    public async Task At_qos_0_a_message_is_delivered_when_it_is_written()
    {
        await using var broker = await MosquittoBroker.StartAsync(new MosquittoOptions { Listeners = [new MosquittoListener { Lines = ["max_qos 0"] }] });
        using var cluster = MockKafkaCluster.Start();
        cluster.CreateTopic("plant");
        await using var seen = await Endpoints.SubscribeAsync(broker, "from/kafka");
        await using var host = await FlowHost.StartAsync();
        await host.RunAsync(Endpoints.Kafka(cluster), "plant", Endpoints.Mqtt(broker.Port), "from/kafka");
        await Endpoints.ProduceAsync(cluster, "plant", Enumerable.Range(0, 50).Select(Endpoints.Text));
        await host.WaitForDeliveredAsync(50);
        await seen.WaitForOutputAsync("49\n");
    }

    [Fact]
    public async Task A_refused_topic_holds_the_flow_and_says_who_must_act()
    {
        await using var broker = await MosquittoBroker.StartAsync(new MosquittoOptions { Acl = "topic readwrite line3/#" });
        await using var host = await FlowHost.StartAsync();
        await host.RunAsync(Endpoints.Mqtt(broker.Port), "line3/#", Endpoints.Mqtt(broker.Port), "forbidden");
        await Endpoints.PublishAsync(broker.Port, "line3/press", "held");
        await host.WaitForAsync(FlowState.WaitingForDestination);
        Assert.Equal("topic-write-not-authorized", host.Status.Problem!.Code);
        Assert.Equal(new FlowLedger(1, 0, 1, 0, 0, 0, 0), host.Status.Ledger);
    }

    /// <summary>A broker under the name of an Event Grid namespace, with a client certificate as Event Grid wants it.</summary>
    private sealed class EventGrid : IAsyncDisposable
    {
        public const string Name = "line3.westeurope-1.ts.eventgrid.azure.net";

        private readonly TestCertificate _certificate;

        private EventGrid(MosquittoBroker broker, DataflowEndpoint endpoint, TestCertificate certificate) => (Broker, Endpoint, _certificate) = (broker, endpoint, certificate);

        /// <summary>Its second port is plain, for tools.</summary>
        public MosquittoBroker Broker { get; }

        public DataflowEndpoint Endpoint { get; }

        public static async Task<EventGrid> StartAsync(ProbeFixture parts)
        {
            var root = parts.Certificates.Root;
            parts.ConfigMaps.Add(ProbeFixture.CaName, root.CertificatePem);
            var method = parts.AddClientCertificate(parts.Certificates.Client);
            var certificate = root.CreateServer(null, Name);
            var broker = await MosquittoBroker.StartAsync(new MosquittoOptions
            {
                Listeners = [new MosquittoListener { Certificate = certificate, ClientAuthority = root }, new MosquittoListener()],
                AllowAnonymousToo = true,
            });
            parts.Aliases.Set(new HostAddress(Name, 8883), new HostAddress("127.0.0.1", broker.Port));
            return new EventGrid(broker, ProbeFixture.Mqtt($"{Name}:8883", authentication: method), certificate);
        }

        public async ValueTask DisposeAsync()
        {
            await Broker.DisposeAsync();
            _certificate.Dispose();
        }
    }
}
