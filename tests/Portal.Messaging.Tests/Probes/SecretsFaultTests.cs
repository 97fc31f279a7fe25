using Portal.Messaging.Probes;
using Portal.Messaging.Tests.Support;
using Portal.Model.Endpoints;
using Portal.Tests.Shared;

namespace Portal.Messaging.Tests.Probes;

/// <summary>The stages settings and secrets; nothing is listening anywhere.</summary>
public sealed class SecretsFaultTests
{
    private const string Host = "127.0.0.1:9";
    private const string ConnectionString = "Endpoint=sb://plant.servicebus.windows.net/;SharedAccessKeyName=root;SharedAccessKey=c2VjcmV0LWtleQ==";

    [Fact]
    public async Task Invalid_settings_fail_with_every_finding()
    {
        await using var fixture = new ProbeFixture();
        var endpoint = ProbeFixture.Mqtt("broker.example", authentication: new Authentication.ServiceAccountToken());

        var report = await fixture.RunAsync(endpoint);

        var failed = ReportAssert.Failed(report, TestStage.Settings, "host-port-missing");
        Assert.Equal(2, failed.Evidence["findings"]!.AsArray().Count);
        Assert.All(report.Stages.Skip(1), stage => Assert.Equal(TestVerdict.Skipped, stage.Verdict));
    }

    [Fact]
    public async Task A_connection_string_pasted_as_host_is_explained()
    {
        await using var fixture = new ProbeFixture();

        ReportAssert.Failed(await fixture.RunAsync(ProbeFixture.Kafka(ConnectionString)), TestStage.Settings, "host-connection-string");
    }

    [Fact]
    public async Task An_endpoint_of_another_type_is_not_tested()
    {
        await using var fixture = new ProbeFixture();

        ReportAssert.Failed(await fixture.RunAsync(new DataflowEndpoint { Name = "lake", OtherType = "DataLakeStorage" }), TestStage.Settings, "endpoint-type");
    }

    [Fact]
    public async Task The_kind_that_is_passed_in_decides_the_rules()
    {
        await using var fixture = new ProbeFixture();

        ReportAssert.Failed(await fixture.RunAsync(new TestRequest(ProbeFixture.Mqtt(Host)) { Kind = EndpointKind.EventGrid }), TestStage.Settings, "host-suffix");
    }

    [Fact]
    public async Task A_missing_secret_fails_and_name_and_TCP_are_looked_at_all_the_same()
    {
        await using var fixture = new ProbeFixture();
        await using var server = RawServer.Hanging();

        var report = await fixture.RunAsync(ProbeFixture.Kafka($"127.0.0.1:{server.Port}", authentication: new Authentication.Sasl(SaslType.Plain, "nowhere")));

        ReportAssert.Failed(report, TestStage.Secrets, "secret-missing");
        Assert.Equal(TestVerdict.Passed, report.Stage(TestStage.Tcp).Verdict);
        Assert.Equal("Skipped, needs its secrets", report.Stage(TestStage.SignIn).Summary);
    }

    [Theory]
    [InlineData("username=anna", "secret-entry-missing")]
    [InlineData("token=abc", "secret-token-key")]
    [InlineData("username=anna;password=", "secret-entry-empty")]
    [InlineData("username=@;password=@", "connection-string-as-username")]
    [InlineData("username=$ConnectionString;password=hunter2", "connection-string-malformed")]
    [InlineData("username=$ConnectionString;password=Endpoint=sb://plant.servicebus.windows.net/", "connection-string-malformed")]
    public async Task A_bad_user_name_or_password_is_seen_before_anything_is_sent(string entries, string cause)
    {
        await using var fixture = new ProbeFixture();
        Add(fixture, entries);

        ReportAssert.Failed(await fixture.RunAsync(Sasl()), TestStage.Secrets, cause);
    }

    [Theory]
    [InlineData("username=$ConnectionString;password=@;EntityPath=line3", "connection-string-entity-path")]
    [InlineData("username=$connectionstring;password=@", "connection-string-user")]
    [InlineData("username=anna;password=@", "connection-string-user")]
    [InlineData("username=anna;password=hunter2\n", "secret-entry-blank")]
    public async Task A_doubtful_user_name_or_password_warns(string entries, string cause)
    {
        await using var fixture = new ProbeFixture();
        Add(fixture, entries);

        var secrets = (await fixture.RunAsync(Sasl())).Stage(TestStage.Secrets);

        Assert.Equal(TestVerdict.Warning, secrets.Verdict);
        Assert.Contains(cause, secrets.Evidence["problems"]!.AsArray().Select(problem => (string)problem!["cause"]!));
    }

    [Fact]
    public async Task Dates_of_vault_secrets_count()
    {
        var now = TimeProvider.System.GetUtcNow();
        Assert.Equal("secret-not-active", await CauseAsync(now.AddDays(1), null));
        Assert.Equal("secret-expired", await CauseAsync(null, now.AddDays(-1)));
        Assert.Equal("secret-expires-soon", await CauseAsync(null, now.AddDays(5)));
        Assert.Null(await CauseAsync(now.AddDays(-1), now.AddDays(100)));

        static async Task<string?> CauseAsync(DateTimeOffset? activation, DateTimeOffset? expiration)
        {
            await using var fixture = new ProbeFixture();
            fixture.Secrets.Add(ProbeFixture.SecretName, "username", "anna").Add(ProbeFixture.SecretName, "password", "hunter2", activation, expiration);
            return (await fixture.RunAsync(Sasl())).Stage(TestStage.Secrets).Cause;
        }
    }

    [Fact]
    public async Task A_missing_config_map_fails_and_TLS_waits_for_it()
    {
        await using var fixture = new ProbeFixture();
        await using var server = RawServer.Hanging();

        var report = await fixture.RunAsync(ProbeFixture.Mqtt($"127.0.0.1:{server.Port}", ca: "nowhere"));

        ReportAssert.Failed(report, TestStage.Secrets, "config-map-missing");
        Assert.Equal("Skipped, needs the trusted CA certificates", report.Stage(TestStage.Tls).Summary);
    }

    [Fact]
    public async Task A_config_map_without_a_good_CA_fails()
    {
        await using var fixture = new ProbeFixture();
        using var expired = TestAuthority.CreateRoot("Old root", Validity.Over);
        fixture.ConfigMaps.AddEmpty("empty").Add("garbage", "not a certificate").Add("old", expired.CertificatePem)
            .Add("half", "not a certificate").Add("half", fixture.Certificates.Root.CertificatePem, "good.crt");

        Assert.Equal("config-map-empty", (await fixture.RunAsync(ProbeFixture.Mqtt(Host, ca: "empty"))).FailedStage?.Cause);
        Assert.Equal("ca-not-pem", (await fixture.RunAsync(ProbeFixture.Mqtt(Host, ca: "garbage"))).FailedStage?.Cause);
        Assert.Equal("ca-expired", (await fixture.RunAsync(ProbeFixture.Mqtt(Host, ca: "old"))).FailedStage?.Cause);
        Assert.Equal(TestVerdict.Warning, (await fixture.RunAsync(ProbeFixture.Mqtt(Host, ca: "half"))).Stage(TestStage.Secrets).Verdict);
    }

    [Fact]
    public async Task A_key_that_does_not_match_is_named()
    {
        await using var fixture = new ProbeFixture();
        fixture.Secrets.Add(ProbeFixture.SecretName, "client_cert.pem", fixture.Certificates.Client.CertificatePem)
            .Add(ProbeFixture.SecretName, "client_key.pem", fixture.Certificates.Server.KeyPem);

        ReportAssert.Failed(await X509Async(fixture), TestStage.Secrets, "key-mismatch");
    }

    [Fact]
    public async Task The_keys_of_a_TLS_secret_are_read_too()
    {
        await using var fixture = new ProbeFixture();
        fixture.Secrets.Add(ProbeFixture.SecretName, "tls.crt", fixture.Certificates.ClientByIntermediate.ChainPem)
            .Add(ProbeFixture.SecretName, "tls.key", fixture.Certificates.ClientByIntermediate.KeyPem);

        var secrets = (await X509Async(fixture)).Stage(TestStage.Secrets);

        Assert.Equal(TestVerdict.Passed, secrets.Verdict);
        Assert.Equal(1, (int)secrets.Evidence["clientCertificate"]!["intermediates"]!);
    }

    [Fact]
    public async Task Bad_certificates_and_keys_are_told_apart()
    {
        var certificates = new TestCertificates();
        using (certificates)
        {
            var (good, key) = (certificates.Client.CertificatePem, certificates.Client.KeyPem);
            using var notYet = certificates.Root.CreateClient("test-client", Validity.NotYet);
            Assert.Equal("certificate-not-pem", await CauseAsync("MIIBszCCAVmg", key));
            Assert.Equal("key-not-pem", await CauseAsync(good, "MIIBszCCAVmg"));
            Assert.Equal("key-encrypted", await CauseAsync(good, "-----BEGIN ENCRYPTED PRIVATE KEY-----\nMIIB\n-----END ENCRYPTED PRIVATE KEY-----"));
            Assert.Equal("key-mismatch", await CauseAsync(good, "-----BEGIN PRIVATE KEY-----\nMIIB\n-----END PRIVATE KEY-----"));
            Assert.Equal("intermediates-not-pem", await CauseAsync(good, key, "oops"));
            Assert.Equal("certificate-expired", await CauseAsync(certificates.ExpiredClient.CertificatePem, certificates.ExpiredClient.KeyPem));
            Assert.Equal("certificate-not-yet-valid", await CauseAsync(notYet.CertificatePem, notYet.KeyPem));
            Assert.Equal("certificate-wrong-usage", await CauseAsync(certificates.Server.CertificatePem, certificates.Server.KeyPem));
            Assert.Null(await CauseAsync(good, key));
        }

        static async Task<string?> CauseAsync(string certificate, string key, string? intermediates = null)
        {
            await using var fixture = new ProbeFixture();
            fixture.Secrets.Add(ProbeFixture.SecretName, "client_cert.pem", certificate).Add(ProbeFixture.SecretName, "client_key.pem", key);
            if (intermediates is not null)
                fixture.Secrets.Add(ProbeFixture.SecretName, "client_intermediate_certs.pem", intermediates);
            return (await X509Async(fixture)).Stage(TestStage.Secrets).Cause;
        }
    }

    [Fact]
    public async Task Service_account_tokens_are_looked_at()
    {
        using var folder = new TemporaryFolder();
        Assert.Equal("token-missing", await CauseAsync(null));
        Assert.Equal("token-missing", await CauseAsync(folder.Combine("gone")));
        Assert.Equal("token-missing", await CauseAsync(folder.Write("empty", " \n")));
        Assert.Equal("token-expired", await CauseAsync(folder.Write("old", TestTokens.Create("aio-internal", TimeSpan.FromMinutes(-1)))));
        Assert.Equal("token-audience", await CauseAsync(folder.Write("other", TestTokens.Create("https://kubernetes.default.svc", TimeSpan.FromHours(1)))));
        Assert.Null(await CauseAsync(folder.Write("good", TestTokens.Create("aio-internal", TimeSpan.FromHours(1)))));

        static async Task<string?> CauseAsync(string? file)
        {
            await using var fixture = new ProbeFixture();
            if (file is not null)
                fixture.Tokens.Add("aio-internal", file);
            return (await fixture.RunAsync(ProbeFixture.Mqtt(Host, ca: null, authentication: new Authentication.ServiceAccountToken("aio-internal")))).Stage(TestStage.Secrets).Cause;
        }
    }

    private static DataflowEndpoint Sasl() => ProbeFixture.Kafka(Host, authentication: new Authentication.Sasl(SaslType.Plain, ProbeFixture.SecretName));

    private static Task<TestReport> X509Async(ProbeFixture fixture) =>
        fixture.RunAsync(ProbeFixture.Mqtt(Host, ca: null, authentication: new Authentication.X509Certificate(ProbeFixture.SecretName)));

    // @ stands for a connection string.
    private static void Add(ProbeFixture fixture, string entries)
    {
        foreach (var entry in entries.Split(";", 2))
        {
            var equals = entry.IndexOf('=', StringComparison.Ordinal);
            fixture.Secrets.Add(ProbeFixture.SecretName, entry[..equals], entry[(equals + 1)..].Replace("@", ConnectionString, StringComparison.Ordinal));
        }
    }
}
