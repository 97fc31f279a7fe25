using Portal.Messaging.Probes;
using Portal.Messaging.Tests.Support;
using Portal.Model.Endpoints;
using Portal.Tests.Shared;

namespace Portal.Messaging.Tests.Probes;

public sealed class MqttGreenTests
{
    [Fact]
    public async Task A_plain_broker_passes_and_unused_stages_say_so()
    {
        await using var fixture = new ProbeFixture();
        await using var broker = await MosquittoBroker.StartAsync();

        var report = await fixture.RunAsync(ProbeFixture.Mqtt($"127.0.0.1:{broker.Port}", tls: false));

        ReportAssert.Green(report);
        Assert.Equal("Not used, TLS is off", report.Stage(TestStage.Tls).Summary);
        Assert.Equal("Not used, Protocol is Mqtt", report.Stage(TestStage.WebSocket).Summary);
        Assert.Equal("Not asked for, no topic given", report.Stage(TestStage.Topic).Summary);
        Assert.Equal($"portal ({Environment.MachineName})", report.VantagePoint);
    }

    [Theory]
    [InlineData("localhost", false)]
    [InlineData("127.0.0.1", true)]
    public async Task TLS_with_an_own_CA_passes_and_shows_the_chain(string host, bool byIntermediate)
    {
        await using var fixture = new ProbeFixture();
        fixture.ConfigMaps.Add(ProbeFixture.CaName, fixture.Certificates.Root.CertificatePem);
        await using var broker = await MosquittoBroker.StartAsync(new MosquittoOptions
        {
            Listeners = [new MosquittoListener { Certificate = byIntermediate ? fixture.Certificates.ServerByIntermediate : fixture.Certificates.Server }],
        });

        var report = await fixture.RunAsync(ProbeFixture.Mqtt($"{host}:{broker.Port}"));

        ReportAssert.Green(report);
        var tls = report.Stage(TestStage.Tls).Evidence;
        Assert.Equal("TLS 1.3", (string?)tls["protocol"]);
        var chain = tls["chain"]!.AsArray();
        Assert.Equal(byIntermediate ? ["server", "intermediate", "root"] : ["server", "root"], chain.Select(one => (string)one!["role"]!));
        Assert.Equal([true, .. byIntermediate ? new[] { true } : [], false], chain.Select(one => (bool)one!["received"]!));
        Assert.True((bool)chain[^1]!["trusted"]!);
        Assert.Contains("localhost", chain[0]!["names"]!.AsArray().Select(name => (string)name!));
        Assert.All(tls["checks"]!.AsArray(), check => Assert.True((bool)check!["ok"]!));
    }

    [Fact]
    public async Task A_client_certificate_with_its_intermediate_signs_in()
    {
        await using var fixture = new ProbeFixture();
        fixture.ConfigMaps.Add(ProbeFixture.CaName, fixture.Certificates.Root.CertificatePem);
        var method = fixture.AddClientCertificate(fixture.Certificates.ClientByIntermediate);
        await using var broker = await MosquittoBroker.StartAsync(new MosquittoOptions
        {
            Listeners = [new MosquittoListener { Certificate = fixture.Certificates.Server, ClientAuthority = fixture.Certificates.Root }],
        });

        var report = await fixture.RunAsync(ProbeFixture.Mqtt($"localhost:{broker.Port}", authentication: method));

        ReportAssert.Green(report);
        await broker.WaitForLogAsync("u'test-client'");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task WebSockets_pass_with_and_without_TLS(bool tls)
    {
        await using var fixture = new ProbeFixture();
        fixture.ConfigMaps.Add(ProbeFixture.CaName, fixture.Certificates.Root.CertificatePem);
        await using var broker = await MosquittoBroker.StartAsync(new MosquittoOptions
        {
            Listeners = [new MosquittoListener { WebSockets = true, Certificate = tls ? fixture.Certificates.Server : null }],
        });
        var endpoint = ProbeFixture.Mqtt($"localhost:{broker.Port}/mqtt", tls);

        var report = await fixture.RunAsync(new TestRequest(endpoint with { Settings = endpoint.Mqtt! with { Protocol = MqttProtocol.WebSockets } }) { Topic = "plant/test", RoundTrip = true });

        ReportAssert.Green(report);
        Assert.Equal("/mqtt, subprotocol mqtt", report.Stage(TestStage.WebSocket).Summary);
        Assert.StartsWith("may subscribe (QoS 1), may write (acknowledged), came back in", report.Stage(TestStage.Topic).Summary, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_host_alias_is_dialled_and_the_written_name_is_checked_in_TLS()
    {
        await using var fixture = new ProbeFixture();
        using var certificate = fixture.Certificates.Root.CreateServer(null, "aio-broker");
        fixture.ConfigMaps.Add(ProbeFixture.CaName, fixture.Certificates.Root.CertificatePem);
        await using var broker = await MosquittoBroker.StartAsync(new MosquittoOptions { Listeners = [new MosquittoListener { Certificate = certificate }] });
        fixture.Aliases.Set(new HostAddress("aio-broker", 18883), new HostAddress("127.0.0.1", broker.Port));

        var report = await fixture.RunAsync(ProbeFixture.Mqtt("aio-broker:18883"));

        ReportAssert.Green(report);
        Assert.Equal($"aio-broker:18883 is a host alias of 127.0.0.1:{broker.Port}", report.Stage(TestStage.Name).Summary);
    }

    [Fact]
    public async Task The_client_id_is_that_of_a_test_and_nothing_is_left_behind()
    {
        await using var fixture = new ProbeFixture();
        await using var broker = await MosquittoBroker.StartAsync(new MosquittoOptions { Verbose = true });
        var endpoint = ProbeFixture.Mqtt($"127.0.0.1:{broker.Port}", tls: false);

        var report = await fixture.RunAsync(endpoint with { Settings = endpoint.Mqtt! with { ClientIdPrefix = "leipzig" } });

        ReportAssert.Green(report);
        var clientId = (string)report.Stage(TestStage.SignIn).Evidence["clientId"]!;
        Assert.Matches("^leipzig-test-[0-9a-f]{8}$", clientId);
        await broker.WaitForLogAsync($"Received DISCONNECT from {clientId}");
    }

    [Fact]
    public async Task The_limits_of_the_broker_are_shown_against_the_settings()
    {
        await using var fixture = new ProbeFixture();
        await using var broker = await MosquittoBroker.StartAsync(new MosquittoOptions { Lines = ["max_inflight_messages 7", "max_keepalive 30"] });

        var report = await fixture.RunAsync(ProbeFixture.Mqtt($"127.0.0.1:{broker.Port}", tls: false));

        ReportAssert.Green(report);
        var facts = report.Stage(TestStage.Broker).Evidence["facts"]!.AsArray().ToDictionary(fact => (string)fact!["name"]!, fact => fact!["granted"]!.ToJsonString());
        Assert.Equal("7", facts["Receive maximum"]);
        Assert.Equal("\"30 s\"", facts["Keep alive"]);
        Assert.Equal("\"3600 s\"", facts["Session expiry"]);
        Assert.Equal("true", facts["Shared subscriptions"]);
    }
}
