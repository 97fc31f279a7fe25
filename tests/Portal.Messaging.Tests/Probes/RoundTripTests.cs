using Confluent.Kafka;
using Microsoft.Extensions.DependencyInjection;
using Portal.Messaging.Connections;
using Portal.Messaging.Kafka;
using Portal.Messaging.Mqtt;
using Portal.Messaging.Network;
using Portal.Messaging.Probes;
using Portal.Messaging.Tests.Support;
using Portal.Model.Endpoints;
using Portal.Sandbox.Kafka;
using Portal.Tests.Shared;

namespace Portal.Messaging.Tests.Probes;

/// <summary>What a test costs beyond the bare client's connect, in round trips and connections, not in time.</summary>
public sealed class RoundTripTests
{
    private const int MostOverBare = 3;

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task A_green_MQTT_test_costs_at_most_three_round_trips_more_than_the_bare_client(bool tls, bool webSockets)
    {
        await using var fixture = new ProbeFixture();
        fixture.ConfigMaps.Add(ProbeFixture.CaName, fixture.Certificates.Root.CertificatePem);
        await using var broker = await MosquittoBroker.StartAsync(new MosquittoOptions { Listeners = [new MosquittoListener { Certificate = tls ? fixture.Certificates.Server : null, WebSockets = webSockets }] });
        await using var bare = CountingProxy.To(broker.Port);
        await using var tested = CountingProxy.To(broker.Port);

        await using (await fixture.Services.GetRequiredService<MqttConnector>().OpenAsync(Endpoint(bare), null, TestContext.Current.CancellationToken))
        {
        }
        var report = await fixture.RunAsync(new TestRequest(Endpoint(tested)) { Topic = "plant/a", RoundTrip = true });

        ReportAssert.Green(report);
        TestContext.Current.TestOutputHelper?.WriteLine($"bare {bare.RoundTrips}, test {tested.RoundTrips}");
        Assert.Equal((1, 1), (bare.Connections, tested.Connections));
        Assert.InRange(tested.RoundTrips, bare.RoundTrips, bare.RoundTrips + MostOverBare);

        DataflowEndpoint Endpoint(CountingProxy proxy)
        {
            var endpoint = ProbeFixture.Mqtt($"localhost:{proxy.Port}/mqtt", tls);
            return endpoint with { Settings = endpoint.Mqtt! with { Host = webSockets ? endpoint.Mqtt!.Host : $"localhost:{proxy.Port}", Protocol = webSockets ? MqttProtocol.WebSockets : null } };
        }
    }

    [Fact]
    public async Task A_green_Kafka_test_makes_one_connection_of_its_own_and_one_more_for_each_listener_at_the_same_time()
    {
        await using var fixture = new ProbeFixture();
        using var cluster = MockKafkaCluster.Start(brokers: 3);
        var open = 0;
        var most = 0;
        var listeners = cluster.Ports.Select(port => RawServer.Start(async (stream, token) =>
        {
            InterlockedMost(ref most, Interlocked.Increment(ref open));
            // Nobody is let go before all have come: connections one after the other would never end.
            await Wait.UntilAsync(() => Volatile.Read(ref most) >= cluster.Ports.Count, "every listener was dialled");
            Interlocked.Decrement(ref open);
        })).ToList();
        var endpoint = ProbeFixture.Kafka($"127.0.0.1:{cluster.Ports[0]}");
        var context = new ProbeContext(new TestRequest(endpoint), TimeSpan.FromSeconds(15))
        {
            Target = KafkaClientSettings.From(endpoint, ClientRole.Test(), fixture.Aliases, new ConnectionMaterial()).Target,
            KafkaAddresses = new KafkaAddressPolicy(fixture.Services.GetRequiredService<NetworkPolicy>()),
            Cluster = new KafkaCluster("c", 1, [.. listeners.Select((listener, index) => new KafkaNode(index + 1, "127.0.0.1", listener.Port))]),
        };

        var finding = await fixture.Services.GetRequiredService<KafkaBrokers>().RunAsync(context, TestContext.Current.CancellationToken);

        Assert.True(finding.Verdict is TestVerdict.Passed, finding.Summary);
        Assert.Equal([1, 1, 1], listeners.Select(listener => listener.Count));
        await context.DisposeAsync();
        foreach (var listener in listeners)
            await listener.DisposeAsync();
    }

    [Fact]
    public async Task A_green_Kafka_test_adds_the_dialogue_and_the_listener_to_what_the_bare_client_does()
    {
        await using var fixture = new ProbeFixture();
        using var cluster = MockKafkaCluster.Start();
        await using var bare = Support.Kafka.KafkaGateway.Start(cluster, new());
        await using var tested = Support.Kafka.KafkaGateway.Start(cluster, new());

        using (var client = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = $"127.0.0.1:{bare.Port}" }).SetLogHandler((_, _) => { }).Build())
            await Task.Run(() => client.GetMetadata(TimeSpan.FromSeconds(20)), TestContext.Current.CancellationToken);
        ReportAssert.Green(await fixture.RunAsync(ProbeFixture.Kafka($"127.0.0.1:{tested.Port}")));

        TestContext.Current.TestOutputHelper?.WriteLine($"bare {bare.Count}, test {tested.Count}");
        // One for the test's own words with the broker, one to the advertised listener; the library may open a second of its own.
        Assert.InRange(tested.Count, 3, bare.Count + 3);
    }

    private static void InterlockedMost(ref int most, int value)
    {
        int seen;
        while ((seen = Volatile.Read(ref most)) < value && Interlocked.CompareExchange(ref most, value, seen) != seen)
        {
        }
    }
}
