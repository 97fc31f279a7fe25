using Portal.Messaging.Probes;
using Portal.Messaging.Tests.Support;
using Portal.Tests.Shared;

namespace Portal.Messaging.Tests.Probes;

public sealed class TlsFaultTests
{
    [Theory]
    [InlineData(nameof(TestCertificates.ExpiredServer), "tls-expired", "expiry")]
    [InlineData(nameof(TestCertificates.NotYetValidServer), "tls-not-yet-valid", "expiry")]
    [InlineData(nameof(TestCertificates.WrongNameServer), "tls-name-mismatch", "name")]
    public async Task A_bad_certificate_is_named_and_the_rest_of_it_is_in_order(string certificate, string cause, string badCheck)
    {
        await using var fixture = new ProbeFixture();
        fixture.ConfigMaps.Add(ProbeFixture.CaName, fixture.Certificates.Root.CertificatePem);
        await using var broker = await BrokerAsync((TestCertificate)typeof(TestCertificates).GetProperty(certificate)!.GetValue(fixture.Certificates)!);

        var report = await fixture.RunAsync(ProbeFixture.Mqtt($"localhost:{broker.Port}"));

        var failed = ReportAssert.Failed(report, TestStage.Tls, cause);
        var checks = failed.Evidence["checks"]!.AsArray();
        Assert.Equal(["protocol", "name", "expiry", "root"], checks.Select(check => (string)check!["check"]!));
        Assert.Equal([badCheck], checks.Where(check => !(bool)check!["ok"]!).Select(check => (string)check!["check"]!));
        Assert.Equal("Skipped, needs TLS", report.Stage(TestStage.SignIn).Summary);
    }

    [Fact]
    public async Task A_CA_of_the_same_name_with_another_key_is_untrusted()
    {
        await using var fixture = new ProbeFixture();
        fixture.ConfigMaps.Add(ProbeFixture.CaName, fixture.Certificates.OtherRoot.CertificatePem);
        await using var broker = await BrokerAsync(fixture.Certificates.Server);

        var failed = ReportAssert.Failed(await fixture.RunAsync(ProbeFixture.Mqtt($"localhost:{broker.Port}")), TestStage.Tls, "tls-untrusted-root");

        Assert.Contains("another key", failed.Explanation, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_root_that_is_sent_but_not_trusted_is_shown_with_its_PEM()
    {
        await using var fixture = new ProbeFixture();
        using var other = TestAuthority.CreateRoot("Leipzig OT Root 2019");
        fixture.ConfigMaps.Add(ProbeFixture.CaName, other.CertificatePem);
        await using var broker = await BrokerAsync(new TestCertificate(
            fixture.Certificates.ServerByIntermediate.Certificate, fixture.Certificates.Intermediate.ChainPem));

        var failed = ReportAssert.Failed(await fixture.RunAsync(ProbeFixture.Mqtt($"localhost:{broker.Port}")), TestStage.Tls, "tls-untrusted-root");

        Assert.Contains("'Test Root CA'", failed.Explanation, StringComparison.Ordinal);
        Assert.Contains("'Leipzig OT Root 2019' only", failed.Explanation, StringComparison.Ordinal);
        var chain = failed.Evidence["chain"]!.AsArray();
        Assert.Equal(["server", "intermediate", "root"], chain.Select(one => (string)one!["role"]!));
        Assert.Equal(fixture.Certificates.Root.CertificatePem.Trim(), ((string)chain[2]!["pem"]!).Trim());
        Assert.Null((string?)chain[0]!["pem"]);
        Assert.Equal(fixture.Certificates.Root.Certificate.GetCertHashString(System.Security.Cryptography.HashAlgorithmName.SHA256), (string)chain[2]!["sha256"]!);
    }

    [Fact]
    public async Task An_issuer_that_is_neither_sent_nor_trusted_is_untrusted()
    {
        await using var fixture = new ProbeFixture();
        using var other = TestAuthority.CreateRoot("Some other CA");
        fixture.ConfigMaps.Add(ProbeFixture.CaName, other.CertificatePem);
        await using var broker = await BrokerAsync(fixture.Certificates.Server);

        ReportAssert.Failed(await fixture.RunAsync(ProbeFixture.Mqtt($"localhost:{broker.Port}")), TestStage.Tls, "tls-untrusted-root");
    }

    [Fact]
    public async Task Without_a_config_map_only_public_roots_count()
    {
        await using var fixture = new ProbeFixture();
        await using var broker = await BrokerAsync(fixture.Certificates.Server);

        var failed = ReportAssert.Failed(await fixture.RunAsync(ProbeFixture.Mqtt($"localhost:{broker.Port}", ca: null)), TestStage.Tls, "tls-untrusted-root");

        Assert.Contains("no config map is set", failed.Explanation, StringComparison.Ordinal);
        Assert.Equal("system", (string)failed.Evidence["trust"]!);
    }

    [Fact]
    public async Task A_self_signed_certificate_is_untrusted_until_it_is_in_the_config_map()
    {
        await using var fixture = new ProbeFixture();
        using var server = SpecialCertificates.SelfSigned("localhost");
        fixture.ConfigMaps.Add(ProbeFixture.CaName, fixture.Certificates.Root.CertificatePem);
        await using var broker = await BrokerAsync(server);
        var endpoint = ProbeFixture.Mqtt($"localhost:{broker.Port}");

        var failed = ReportAssert.Failed(await fixture.RunAsync(endpoint), TestStage.Tls, "tls-untrusted-root");
        Assert.Contains("signed by itself", failed.Explanation, StringComparison.Ordinal);

        fixture.ConfigMaps.Add(ProbeFixture.CaName, (string)failed.Evidence["chain"]![0]!["pem"]!);
        ReportAssert.Green(await fixture.RunAsync(endpoint));
    }

    [Fact]
    public async Task A_missing_intermediate_is_told_from_an_untrusted_root()
    {
        await using var fixture = new ProbeFixture();
        fixture.ConfigMaps.Add(ProbeFixture.CaName, fixture.Certificates.Root.CertificatePem);
        await using var broker = await BrokerAsync(new TestCertificate(fixture.Certificates.ServerByIntermediate.Certificate, ""));
        var endpoint = ProbeFixture.Mqtt($"localhost:{broker.Port}");

        var failed = ReportAssert.Failed(await fixture.RunAsync(endpoint), TestStage.Tls, "tls-missing-intermediate");
        Assert.Contains("'Test Intermediate CA'", failed.Explanation, StringComparison.Ordinal);

        // The stopgap of the fix works.
        fixture.ConfigMaps.Add(ProbeFixture.CaName, fixture.Certificates.Intermediate.CertificatePem, "intermediate.crt");
        ReportAssert.Green(await fixture.RunAsync(endpoint));
    }

    [Fact]
    public async Task An_expired_CA_in_the_chain_is_named()
    {
        await using var fixture = new ProbeFixture();
        using var intermediate = fixture.Certificates.Root.CreateIntermediate("Old Issuing CA", Validity.Over);
        using var server = SpecialCertificates.OutlivingItsIssuer(intermediate, "localhost");
        fixture.ConfigMaps.Add(ProbeFixture.CaName, fixture.Certificates.Root.CertificatePem);
        await using var broker = await BrokerAsync(server);

        var failed = ReportAssert.Failed(await fixture.RunAsync(ProbeFixture.Mqtt($"localhost:{broker.Port}")), TestStage.Tls, "tls-ca-expired");

        Assert.Contains("Old Issuing CA", failed.Explanation, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_certificate_for_clients_is_not_for_servers()
    {
        await using var fixture = new ProbeFixture();
        fixture.ConfigMaps.Add(ProbeFixture.CaName, fixture.Certificates.Root.CertificatePem);
        using var client = fixture.Certificates.Root.CreateClient("localhost");
        await using var broker = await BrokerAsync(client);

        ReportAssert.Failed(await fixture.RunAsync(ProbeFixture.Mqtt($"localhost:{broker.Port}")), TestStage.Tls, "tls-wrong-usage");
    }

    [Fact]
    public async Task A_certificate_that_ends_soon_warns()
    {
        await using var fixture = new ProbeFixture();
        fixture.ConfigMaps.Add(ProbeFixture.CaName, fixture.Certificates.Root.CertificatePem);
        using var server = fixture.Certificates.Root.CreateServer(new Validity(TimeSpan.FromDays(-80), TimeSpan.FromDays(9.5)));
        await using var broker = await BrokerAsync(server);

        var warned = ReportAssert.Warned(await fixture.RunAsync(ProbeFixture.Mqtt($"localhost:{broker.Port}")), TestStage.Tls, "tls-expires-soon");

        Assert.Equal("localhost expires in 9 days", warned.Summary);
    }

    [Fact]
    public async Task A_plain_broker_behind_an_endpoint_with_TLS_is_found_by_a_second_look()
    {
        await using var fixture = new ProbeFixture();
        fixture.ConfigMaps.Add(ProbeFixture.CaName, fixture.Certificates.Root.CertificatePem);
        await using var broker = await MosquittoBroker.StartAsync();

        ReportAssert.Failed(await fixture.RunAsync(ProbeFixture.Mqtt($"localhost:{broker.Port}")), TestStage.Tls, "tls-plain-server");
    }

    [Fact]
    public async Task A_web_server_behind_an_endpoint_with_TLS_speaks_plain_text()
    {
        await using var fixture = new ProbeFixture();
        await using var server = RawServer.Answering("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n");

        ReportAssert.Failed(await fixture.RunAsync(ProbeFixture.Mqtt($"127.0.0.1:{server.Port}", ca: null)), TestStage.Tls, "tls-plain-server");
    }

    [Fact]
    public async Task A_server_that_closes_in_the_handshake_is_told()
    {
        await using var fixture = new ProbeFixture();
        await using var server = RawServer.Closing();

        ReportAssert.Failed(await fixture.RunAsync(ProbeFixture.Mqtt($"127.0.0.1:{server.Port}", ca: null)), TestStage.Tls, "tls-closed");
    }

    [Fact]
    public async Task A_server_that_resets_in_the_handshake_is_told()
    {
        await using var fixture = new ProbeFixture();
        await using var server = RawServer.Resetting();

        var failed = ReportAssert.Failed(await fixture.RunAsync(ProbeFixture.Mqtt($"127.0.0.1:{server.Port}", ca: null)), TestStage.Tls, "tls-closed");

        Assert.Contains("cut", failed.Explanation, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("tlsv1.2")]
    [InlineData("tlsv1.3")]
    public async Task A_client_certificate_that_is_wanted_and_not_shown_is_named(string version)
    {
        await using var fixture = new ProbeFixture();
        fixture.ConfigMaps.Add(ProbeFixture.CaName, fixture.Certificates.Root.CertificatePem);
        await using var broker = await BrokerAsync(fixture.Certificates.Server, fixture.Certificates.Root, version);

        var failed = ReportAssert.Failed(await fixture.RunAsync(ProbeFixture.Mqtt($"localhost:{broker.Port}")), TestStage.Tls, "tls-client-certificate-required");

        Assert.True((bool)failed.Evidence["clientCertificateRequested"]!);
    }

    [Theory]
    [InlineData("tlsv1.2")]
    [InlineData("tlsv1.3")]
    public async Task A_client_certificate_of_an_unknown_CA_is_rejected(string version)
    {
        await using var fixture = new ProbeFixture();
        fixture.ConfigMaps.Add(ProbeFixture.CaName, fixture.Certificates.Root.CertificatePem);
        using var stranger = TestAuthority.CreateRoot("Stranger CA");
        using var client = stranger.CreateClient("stranger");
        var method = fixture.AddClientCertificate(client);
        await using var broker = await BrokerAsync(fixture.Certificates.Server, fixture.Certificates.Root, version);

        ReportAssert.Failed(await fixture.RunAsync(ProbeFixture.Mqtt($"localhost:{broker.Port}", authentication: method)), TestStage.Tls, "tls-client-certificate-rejected");
    }

    [Fact]
    public async Task A_client_certificate_is_not_shown_to_a_server_that_is_not_trusted()
    {
        await using var fixture = new ProbeFixture();
        fixture.ConfigMaps.Add(ProbeFixture.CaName, fixture.Certificates.OtherRoot.CertificatePem);
        var method = fixture.AddClientCertificate(fixture.Certificates.Client);
        await using var broker = await BrokerAsync(fixture.Certificates.Server, fixture.Certificates.Root);

        ReportAssert.Failed(await fixture.RunAsync(ProbeFixture.Mqtt($"localhost:{broker.Port}", authentication: method)), TestStage.Tls, "tls-untrusted-root");
    }

    private static Task<MosquittoBroker> BrokerAsync(TestCertificate certificate, TestAuthority? clients = null, string? version = null) =>
        MosquittoBroker.StartAsync(new MosquittoOptions
        {
            Listeners = [new MosquittoListener { Certificate = certificate, ClientAuthority = clients, Lines = version is null ? [] : [$"tls_version {version}"] }],
        });
}
