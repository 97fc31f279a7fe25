using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Portal.Messaging.Probes;
using Portal.Messaging.Tests.Support;
using Portal.Messaging.Tests.Support.Kafka;
using Portal.Model.Endpoints;
using Portal.Sandbox.Kafka;
using Portal.Tests.Shared;

namespace Portal.Messaging.Tests.Probes;

/// <summary>Kafka with TLS and SASL, on a gateway in front of the mock cluster.</summary>
public sealed class KafkaSignInTests
{
    private const string Secret = "hunter2-is-secret";

    [Theory]
    [InlineData(SaslType.Plain, "PLAIN", true)]
    [InlineData(SaslType.Plain, "PLAIN", false)]
    [InlineData(SaslType.ScramSha256, "SCRAM-SHA-256", true)]
    [InlineData(SaslType.ScramSha512, "SCRAM-SHA-512", true)]
    [InlineData(SaslType.ScramSha512, "SCRAM-SHA-512", false)]
    public async Task Each_mechanism_signs_in(SaslType type, string mechanism, bool tls)
    {
        await using var fixture = new ProbeFixture();
        using var cluster = MockKafkaCluster.Start();
        cluster.CreateTopic("plant");
        await using var gateway = KafkaGateway.Start(cluster, Sasl(mechanism) with { Tls = tls ? Tls(fixture) : null });

        var report = await fixture.RunAsync(new TestRequest(Endpoint(fixture, gateway, type, tls)) { Topic = "plant", RoundTrip = true });

        Assert.True(report.Outcome is TestOutcome.Passed, ReportAssert.Text(report));
        Assert.Equal($"Signed in with {mechanism}", report.Stage(TestStage.SignIn).Summary);
        Assert.Contains("came back", report.Stage(TestStage.Topic).Summary, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(SaslType.Plain, "PLAIN")]
    [InlineData(SaslType.ScramSha256, "SCRAM-SHA-256")]
    [InlineData(SaslType.ScramSha512, "SCRAM-SHA-512")]
    public async Task A_wrong_password_is_named_and_nowhere_written(SaslType type, string mechanism)
    {
        await using var fixture = new ProbeFixture();
        using var cluster = MockKafkaCluster.Start();
        await using var gateway = KafkaGateway.Start(cluster, Sasl(mechanism) with { Tls = Tls(fixture), ScramPassword = "another", SignIn = (_, _) => "Authentication failed: Invalid username or password" });

        var report = await fixture.RunAsync(Endpoint(fixture, gateway, type));

        ReportAssert.Failed(report, TestStage.SignIn, "signin-bad-credentials");
        var written = TestReportJson.ToJson(report).ToJsonString() + fixture.Log;
        Assert.DoesNotContain(Secret, written, StringComparison.Ordinal);
        Assert.DoesNotContain(Convert.ToBase64String(Encoding.UTF8.GetBytes(Secret)), written, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_mechanism_that_is_not_offered_is_named_with_those_that_are()
    {
        await using var fixture = new ProbeFixture();
        using var cluster = MockKafkaCluster.Start();
        await using var gateway = KafkaGateway.Start(cluster, new GatewayOptions { Mechanisms = ["SCRAM-SHA-512", "OAUTHBEARER"] });

        var failed = ReportAssert.Failed(await fixture.RunAsync(Endpoint(fixture, gateway, SaslType.Plain, tls: false)), TestStage.SignIn, "signin-mechanism");

        Assert.Contains("SCRAM-SHA-512", failed.Explanation, StringComparison.Ordinal);
        Assert.Contains("OAUTHBEARER", failed.Explanation, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_broker_that_cuts_off_a_refused_sign_in_is_understood()
    {
        await using var fixture = new ProbeFixture();
        using var cluster = MockKafkaCluster.Start();
        await using var gateway = KafkaGateway.Start(cluster, Sasl("PLAIN") with { CutsRefused = true, SignIn = (_, _) => "no" });

        ReportAssert.Failed(await fixture.RunAsync(Endpoint(fixture, gateway, SaslType.Plain, tls: false)), TestStage.SignIn, "signin-sasl-closed");
    }

    [Fact]
    public async Task A_listener_that_wants_SASL_is_named()
    {
        await using var fixture = new ProbeFixture();
        using var cluster = MockKafkaCluster.Start();
        await using var gateway = KafkaGateway.Start(cluster, Sasl("PLAIN"));

        ReportAssert.Failed(await fixture.RunAsync(ProbeFixture.Kafka($"127.0.0.1:{gateway.Port}")), TestStage.SignIn, "signin-sasl-required");
    }

    [Theory]
    [InlineData("kafka.nowhere.invalid", 9092)]
    [InlineData("127.0.0.1", 0)]
    public async Task A_lying_advertised_listener_is_named(string host, int port)
    {
        await using var fixture = new ProbeFixture();
        using var cluster = MockKafkaCluster.Start();
        port = port == 0 ? FreePort.Next() : port;
        await using var gateway = KafkaGateway.Start(cluster, new GatewayOptions { Advertised = (host, port) });

        var report = await fixture.RunAsync(new TestRequest(ProbeFixture.Kafka($"127.0.0.1:{gateway.Port}")) { Topic = "plant" });

        var failed = ReportAssert.Failed(report, TestStage.Broker, "kafka-listener-unreachable");
        Assert.Contains($"{host}:{port}", failed.Explanation, StringComparison.Ordinal);
        Assert.Contains("advertised.listeners", failed.Fix, StringComparison.Ordinal);
        Assert.Equal("Skipped, needs reachable brokers", report.Stage(TestStage.Topic).Summary);
    }

    [Fact]
    public async Task A_listener_advertised_at_a_metadata_address_is_not_dialled()
    {
        await using var fixture = new ProbeFixture();
        using var cluster = MockKafkaCluster.Start();
        await using var gateway = KafkaGateway.Start(cluster, new GatewayOptions { Advertised = ("169.254.169.254", 80) });

        ReportAssert.Failed(await fixture.RunAsync(ProbeFixture.Kafka($"127.0.0.1:{gateway.Port}")), TestStage.Broker, "kafka-listener-not-allowed");
    }

    [Theory]
    [InlineData(nameof(TestCertificates.ExpiredServer), "tls-expired")]
    [InlineData(nameof(TestCertificates.NotYetValidServer), "tls-not-yet-valid")]
    [InlineData(nameof(TestCertificates.WrongNameServer), "tls-name-mismatch")]
    public async Task A_bad_certificate_is_named(string certificate, string cause)
    {
        await using var fixture = new ProbeFixture();
        using var cluster = MockKafkaCluster.Start();
        var bad = (TestCertificate)typeof(TestCertificates).GetProperty(certificate)!.GetValue(fixture.Certificates)!;
        await using var gateway = KafkaGateway.Start(cluster, new GatewayOptions { Tls = Tls(fixture, bad) });

        ReportAssert.Failed(await fixture.RunAsync(ProbeFixture.Kafka($"localhost:{gateway.Port}", tls: true)), TestStage.Tls, cause);
    }

    [Fact]
    public async Task A_client_certificate_with_its_intermediate_is_shown_by_the_client_library_too()
    {
        await using var fixture = new ProbeFixture();
        using var cluster = MockKafkaCluster.Start();
        var method = fixture.AddClientCertificate(fixture.Certificates.ClientByIntermediate);
        var tls = Tls(fixture);
        tls.ClientCertificateRequired = true;
        tls.CertificateChainPolicy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            CustomTrustStore = { fixture.Certificates.Root.Certificate },
            RevocationMode = X509RevocationMode.NoCheck,
        };
        await using var gateway = KafkaGateway.Start(cluster, new GatewayOptions { Tls = tls });

        var report = await fixture.RunAsync(ProbeFixture.Kafka($"localhost:{gateway.Port}", tls: true, authentication: method));

        Assert.True(report.Outcome is TestOutcome.Passed, ReportAssert.Text(report));
    }

    private static GatewayOptions Sasl(string mechanism) => new()
    {
        Mechanisms = [mechanism],
        ScramPassword = Secret,
        SignIn = (_, message) => Encoding.UTF8.GetString(message) == $"\0anna\0{Secret}" ? null : "Authentication failed",
    };

    private static SslServerAuthenticationOptions Tls(ProbeFixture fixture, TestCertificate? certificate = null)
    {
        fixture.ConfigMaps.Add(ProbeFixture.CaName, fixture.Certificates.Root.CertificatePem);
        return new SslServerAuthenticationOptions { ServerCertificate = (certificate ?? fixture.Certificates.Server).Certificate };
    }

    private static DataflowEndpoint Endpoint(ProbeFixture fixture, KafkaGateway gateway, SaslType type, bool tls = true)
    {
        fixture.Secrets.Add(ProbeFixture.SecretName, "username", "anna").Add(ProbeFixture.SecretName, "password", Secret);
        return ProbeFixture.Kafka($"localhost:{gateway.Port}", tls, authentication: new Authentication.Sasl(type, ProbeFixture.SecretName));
    }
}
