using System.Net.Security;
using Portal.Messaging.Flows;
using Portal.Messaging.Preview;
using Portal.Messaging.Probes;
using Portal.Messaging.Tests.Preview;
using Portal.Messaging.Tests.Support;
using Portal.Messaging.Tests.Support.Kafka;
using Portal.Model.Dataflows;
using Portal.Model.Endpoints;
using Portal.Sandbox.Kafka;
using Portal.Tests.Shared;

namespace Portal.Messaging.Tests.Flows;

/// <summary>A client certificate whose key is too short for the Kafka library: whoever uses it says the same.</summary>
public sealed class KafkaStartTests
{
    private const string Cause = "kafka-client";
    private const int ShortKey = 1024;

    [Fact]
    public async Task A_test_a_preview_and_a_message_say_that_the_client_does_not_start()
    {
        await using var host = new PreviewHost();
        using var cluster = MockKafkaCluster.Start();
        cluster.CreateTopic("plant");
        await using var gateway = Gateway(host.Parts, cluster);
        var endpoint = Endpoint(host.Parts, gateway);

        var failed = ReportAssert.Failed(await host.Parts.RunAsync(endpoint), TestStage.Broker, Cause);
        await using var preview = host.Open(endpoint, "plant");
        await preview.WaitForAsync(PreviewState.Failed);
        var published = await host.Service.PublishAsync(endpoint, new Message { Topic = "plant" }, TestContext.Current.CancellationToken);

        Assert.Contains("key too small", failed.Explanation, StringComparison.Ordinal);
        Assert.Contains("2048 bits", failed.Fix, StringComparison.Ordinal);
        Assert.Equal((failed.Cause, failed.Explanation, failed.Fix), (preview.Status.Cause, preview.Status.Explanation, preview.Status.Fix));
        Assert.Equal($"{failed.Explanation} {failed.Fix}", published);
    }

    [Theory]
    [InlineData(FlowSide.Source)]
    [InlineData(FlowSide.Destination)]
    public async Task A_dataflow_says_it_on_the_side_that_it_is_on(FlowSide side)
    {
        await using var broker = await MosquittoBroker.StartAsync();
        using var cluster = MockKafkaCluster.Start();
        cluster.CreateTopic("plant");
        await using var host = await FlowHost.StartAsync();
        await using var gateway = Gateway(host.Parts, cluster);
        var kafka = Endpoint(host.Parts, gateway);
        var isSource = side is FlowSide.Source;
        host.Store.Set((isSource ? kafka : Endpoints.Mqtt(broker.Port)) with { Name = "from-here" }).Set((isSource ? Endpoints.Mqtt(broker.Port) : kafka) with { Name = "to-there" });
        host.Store.Set(new DataflowProfile { Name = "default" }).Set(FlowHost.Flow("plant", "copied"));

        await Wait.UntilAsync(() => host.Status.LastErrors.Any(error => error.Code == Cause), "the reason shows", FlowHost.Limit, host.Describe);

        var error = host.Status.LastErrors.First(error => error.Code == Cause);
        Assert.Equal(side, error.Side);
        Assert.Contains("2048 bits", error.Fix, StringComparison.Ordinal);
    }

    /// <summary>The server asks for no certificate, so that only the library has looked at it.</summary>
    private static KafkaGateway Gateway(ProbeFixture parts, MockKafkaCluster cluster)
    {
        parts.ConfigMaps.Add(ProbeFixture.CaName, parts.Certificates.Root.CertificatePem);
        return KafkaGateway.Start(cluster, new GatewayOptions { Tls = new SslServerAuthenticationOptions { ServerCertificate = parts.Certificates.Server.Certificate } });
    }

    private static DataflowEndpoint Endpoint(ProbeFixture parts, KafkaGateway gateway) =>
        ProbeFixture.Kafka($"localhost:{gateway.Port}", tls: true, authentication: SpecialCertificates.AddClient(parts.Secrets, ShortKey))
            .With((KafkaSettings settings) => settings with { ConsumerGroupId = "line3" });
}
