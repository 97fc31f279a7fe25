using System.Net.Security;
using Confluent.Kafka;
using Portal.Messaging.Connections;
using Portal.Messaging.Kafka;
using Portal.Messaging.Network;
using Portal.Messaging.Tests.Support;
using Portal.Messaging.Tests.Support.Kafka;
using Portal.Model.Endpoints;
using Portal.Sandbox.Kafka;
using Portal.Tests.Shared;
using SaslType = Portal.Model.Endpoints.SaslType;

namespace Portal.Messaging.Tests.Flows;

/// <summary>The settings of both endpoint pages take effect in a dataflow.</summary>
public sealed class SettingsTests
{
    private const int Messages = 20;
    private const string Password = "hunter2-is-secret";

    [Fact]
    public async Task Tls_a_client_certificate_and_websockets_carry_a_flow()
    {
        await using var host = await FlowHost.StartAsync();
        var certificates = host.Parts.Certificates;
        host.Parts.ConfigMaps.Add(ProbeFixture.CaName, certificates.Root.CertificatePem);
        var method = host.Parts.AddClientCertificate(certificates.ClientByIntermediate);
        await using var broker = await MosquittoBroker.StartAsync(new MosquittoOptions
        {
            Listeners =
            [
                new MosquittoListener { Certificate = certificates.Server, ClientAuthority = certificates.Root },
                new MosquittoListener { Certificate = certificates.Server, WebSockets = true },
                new MosquittoListener(),
            ],
            AllowAnonymousToo = true,
        });
        var destination = ProbeFixture.Mqtt($"localhost:{broker.Ports[1]}/mqtt").With((MqttSettings settings) => settings with { Protocol = MqttProtocol.WebSockets });
        await host.RunAsync(ProbeFixture.Mqtt($"localhost:{broker.Port}", authentication: method), "line3/#", destination, "copied");
        await broker.WaitForLogAsync("u'test-client'");
        await Endpoints.PublishNumbersAsync(broker.Ports[2], "line3/press", 0, Messages);
        await host.WaitForDeliveredAsync(Messages);
    }

    [Theory]
    [InlineData(SaslType.Plain, "PLAIN")]
    [InlineData(SaslType.ScramSha512, "SCRAM-SHA-512")]
    public async Task Sasl_over_tls_carries_a_flow(SaslType type, string mechanism)
    {
        await using var broker = await MosquittoBroker.StartAsync();
        using var cluster = MockKafkaCluster.Start();
        cluster.CreateTopic("plant");
        await using var host = await FlowHost.StartAsync();
        host.Parts.ConfigMaps.Add(ProbeFixture.CaName, host.Parts.Certificates.Root.CertificatePem);
        host.Parts.Secrets.Add(ProbeFixture.SecretName, "username", "portal").Add(ProbeFixture.SecretName, "password", Password);
        await using var gateway = KafkaGateway.Start(cluster, new GatewayOptions
        {
            Mechanisms = [mechanism],
            ScramPassword = Password,
            Tls = new SslServerAuthenticationOptions { ServerCertificate = host.Parts.Certificates.Server.Certificate },
        });
        var destination = ProbeFixture.Kafka($"localhost:{gateway.Port}", tls: true, authentication: new Authentication.Sasl(type, ProbeFixture.SecretName));
        await host.RunAsync(Endpoints.Mqtt(broker.Port), "line3/#", destination, "plant");
        await Endpoints.PublishNumbersAsync(broker.Port, "line3/press", 0, Messages);
        await host.WaitForDeliveredAsync(Messages);
        Assert.Equal(Messages, (await Endpoints.ConsumeAsync(cluster, "plant")).Count);
        Assert.DoesNotContain(Password, host.Parts.Log, StringComparison.Ordinal);
    }

    [Fact]
    public void Settings_of_a_kafka_destination_are_those_of_its_producer()
    {
        var settings = new KafkaSettings
        {
            Host = "kafka.example:9092",
            Authentication = new Authentication.Anonymous(),
            Compression = KafkaCompression.Lz4,
            KafkaAcks = KafkaAcks.One,
            Batching = new BatchingSettings { LatencyMs = 17, MaxBytes = 12_345, MaxMessages = 67 },
        };
        var config = Producer(settings);
        Assert.Equal((CompressionType.Lz4, Acks.Leader, 17.0, 12_345, 67), (config.CompressionType, config.Acks, config.LingerMs, config.BatchSize, config.BatchNumMessages));
        Assert.Equal(Partitioner.Murmur2Random, config.Partitioner);
        config = Producer(settings with { Batching = settings.Batching with { Mode = OperationalMode.Disabled }, KafkaAcks = KafkaAcks.Zero });
        Assert.Equal((1, 0.0, Acks.None), (config.BatchNumMessages, config.LingerMs, config.Acks));
        config = Producer(new KafkaSettings { Host = "kafka.example:9092", Authentication = new Authentication.Anonymous() });
        Assert.Equal((CompressionType.None, Acks.All, 5.0, 1_000_000, 100_000), (config.CompressionType, config.Acks, config.LingerMs, config.BatchSize, config.BatchNumMessages));
    }

    [Fact]
    public async Task Qos_0_of_a_source_needs_no_acknowledgement()
    {
        await using var broker = new ScriptedBroker();
        using var cluster = MockKafkaCluster.Start();
        cluster.CreateTopic("plant");
        await using var host = await FlowHost.StartAsync();
        await host.RunAsync(Endpoints.Mqtt(broker.Port).With((MqttSettings settings) => settings with { Qos = 0 }), "line3/#", Endpoints.Kafka(cluster), "plant");
        var subscribe = broker.Of(1, Messaging.Mqtt.Session.MqttPacketType.Subscribe).Single();
        Assert.Equal(0, subscribe.Body[^1] & 3);
        await broker.SendAsync(0x30, 10, 0, 5, (byte)'l', (byte)'i', (byte)'n', (byte)'e', (byte)'3', 0, (byte)'h', (byte)'i');
        await host.WaitForDeliveredAsync(1);
        Assert.Empty(broker.Of(1, Messaging.Mqtt.Session.MqttPacketType.PubAck));
    }

    private static ProducerConfig Producer(KafkaSettings settings)
    {
        using var material = new ConnectionMaterial();
        var endpoint = new DataflowEndpoint { Name = "plant-kafka", Settings = settings };
        return KafkaClientSettings.From(endpoint, ClientRole.Flow("line3-flow", 0), new HostAliases(), material).Producer();
    }
}
