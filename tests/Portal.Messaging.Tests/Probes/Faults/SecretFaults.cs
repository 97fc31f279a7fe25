using Portal.Messaging.Probes;
using Portal.Messaging.Tests.Support;
using Portal.Model.Endpoints;
using Portal.Tests.Shared;

namespace Portal.Messaging.Tests.Probes.Faults;

/// <summary>Settings and secrets: nothing is dialled, or nothing answers.</summary>
internal static class SecretFaults
{
    private const string Nowhere = "127.0.0.1:9";
    private const string ConnectionString = "Endpoint=sb://plant.servicebus.windows.net/;SharedAccessKeyName=root;SharedAccessKey=c2VjcmV0LWtleQ==";
    private const string User = "$ConnectionString";

    public static IEnumerable<Fault> All =>
    [
        new("host without a port", TestStage.Settings, "host-port-missing", "port", bench => bench.Fixture.RunAsync(ProbeFixture.Mqtt("broker.example"))),
        new("connection string as host", TestStage.Settings, "host-connection-string", "host", bench => bench.Fixture.RunAsync(ProbeFixture.Kafka(ConnectionString))),
        new("address of a web page as host", TestStage.Settings, "host-scheme", "only host and port", bench => bench.Fixture.RunAsync(ProbeFixture.Mqtt("mqtts://broker.example:8883"))),
        new("type that is not spoken", TestStage.Settings, "endpoint-type", "Mqtt or Kafka", bench => bench.Fixture.RunAsync(new DataflowEndpoint { Name = "lake", OtherType = "DataLakeStorage" })),
        new("host of another service", TestStage.Settings, "host-suffix", "eventgrid", bench => bench.Fixture.RunAsync(new TestRequest(ProbeFixture.Mqtt(Nowhere)) { Kind = EndpointKind.EventGrid })),
        Sasl("no such secret", "secret-missing", "username and password", "", name: "nowhere"),
        Sasl("no password", "secret-entry-missing", "password", "username=anna"),
        Sasl("lone token", "secret-token-key", "username", "token=abc"),
        Sasl("empty password", "secret-entry-empty", "again", "username=anna|password="),
        new("lost value", TestStage.Secrets, "secret-value-unusable", "again", bench =>
        {
            bench.Fixture.Secrets.Add(ProbeFixture.SecretName, "username", "anna").AddLost(ProbeFixture.SecretName, "password", "Its key is lost.");
            return bench.Fixture.RunAsync(ProbeFixture.Kafka(Nowhere, authentication: new Authentication.Sasl(SaslType.Plain, ProbeFixture.SecretName)));
        }),
        Sasl("connection string as user name", "connection-string-as-username", User, $"username={ConnectionString}|password={ConnectionString}"),
        Sasl("no connection string", "connection-string-malformed", "connection string", $"username={User}|password=hunter2"),
        Sasl("half a connection string", "connection-string-malformed", "whole", $"username={User}|password=Endpoint=sb://plant.servicebus.windows.net/"),
        Sasl("one event hub only", "connection-string-entity-path", "namespace", $"username={User}|password={ConnectionString};EntityPath=line3", isWarning: true),
        Sasl("small letters", "connection-string-user", User, $"username=$connectionstring|password={ConnectionString}", isWarning: true),
        Sasl("another user name", "connection-string-user", User, $"username=anna|password={ConnectionString}", isWarning: true),
        Sasl("connection string with SCRAM", "connection-string-mechanism", "Plain", $"username={User}|password={ConnectionString}", isWarning: true, type: SaslType.ScramSha256),
        Sasl("another namespace", "connection-string-other-namespace", "namespace", $"username={User}|password={ConnectionString}", isWarning: true),
        Sasl("line break behind the password", "secret-entry-blank", "printf", "username=anna|password=hunter2\n", isWarning: true),
        Dated("not active yet", "secret-not-active", "activation", 1, null),
        Dated("expired value", "secret-expired", "later", null, -1),
        Dated("value that expires soon", "secret-expires-soon", "before", null, 5, isWarning: true),
        Ca("no such config map", "config-map-missing", "kubectl create configmap", null),
        Ca("empty config map", "config-map-empty", "ca.crt", bench => bench.Fixture.ConfigMaps.AddEmpty(ProbeFixture.CaName)),
        Ca("text that is no certificate", "ca-not-pem", "BEGIN CERTIFICATE", bench => bench.Fixture.ConfigMaps.Add(ProbeFixture.CaName, "not a certificate")),
        Ca("expired CA", "ca-expired", "renewed", bench => bench.Trust(bench.Own(TestAuthority.CreateRoot("Old root", Validity.Over)))),
        Ca("CA that expires soon", "ca-expires-soon", "successor", bench => bench.Trust(bench.Own(TestAuthority.CreateRoot("Root of last year", new Validity(TimeSpan.FromDays(-300), TimeSpan.FromDays(5))))), isWarning: true),
        X509("key of another certificate", "key-mismatch", "openssl", bench => (bench.Certificates.Client.CertificatePem, bench.Certificates.Server.KeyPem)),
        X509("certificate in DER", "certificate-not-pem", "PEM", bench => ("MIIBszCCAVmg", bench.Certificates.Client.KeyPem)),
        X509("key in DER", "key-not-pem", "PRIVATE KEY", bench => (bench.Certificates.Client.CertificatePem, "MIIBszCCAVmg")),
        X509("key with a password", "key-encrypted", "without a password", bench => (bench.Certificates.Client.CertificatePem, "-----BEGIN ENCRYPTED PRIVATE KEY-----\nMIIB\n-----END ENCRYPTED PRIVATE KEY-----")),
        X509("intermediates in DER", "intermediates-not-pem", "BEGIN CERTIFICATE", bench => (bench.Certificates.Client.CertificatePem, bench.Certificates.Client.KeyPem), intermediates: "MIIBszCCAVmg"),
        X509("expired client certificate", "certificate-expired", "renewed", bench => (bench.Certificates.ExpiredClient.CertificatePem, bench.Certificates.ExpiredClient.KeyPem)),
        X509("client certificate of tomorrow", "certificate-not-yet-valid", "clock", bench => Pem(bench.Own(bench.Certificates.Root.CreateClient("c", Validity.NotYet)))),
        X509("client certificate that expires soon", "certificate-expires-soon", "renewed", bench => Pem(bench.Own(bench.Certificates.Root.CreateClient("c", new Validity(TimeSpan.FromDays(-90), TimeSpan.FromDays(4))))), isWarning: true),
        X509("server certificate of a client", "certificate-wrong-usage", "clientAuth", bench => Pem(bench.Certificates.Server), isWarning: true),
        Token("no token", "token-missing", "projected", (_, _) => { }),
        Token("token file that is gone", "token-missing", "projected", (bench, folder) => bench.Fixture.Tokens.Add("aio-internal", folder.Combine("gone"))),
        Token("empty token file", "token-missing", "projected", (bench, folder) => bench.Fixture.Tokens.Add("aio-internal", folder.Write("empty", " \n"))),
        Token("old token", "token-expired", "projected volume", (bench, folder) => bench.Fixture.Tokens.Add("aio-internal", folder.Write("old", TestTokens.Create("aio-internal", TimeSpan.FromMinutes(-1))))),
        Token("token for another audience", "token-audience", "audience 'aio-internal'", (bench, folder) => bench.Fixture.Tokens.Add("aio-internal", folder.Write("other", TestTokens.Create("https://kubernetes.default.svc", TimeSpan.FromHours(1)))), isWarning: true),
    ];

    private static (string Certificate, string Key) Pem(TestCertificate certificate) => (certificate.CertificatePem, certificate.KeyPem);

    // Entries are separated by |.
    private static Fault Sasl(string title, string cause, string fix, string entries, string name = ProbeFixture.SecretName, bool isWarning = false, SaslType type = SaslType.Plain) => new(title, TestStage.Secrets, cause, fix, bench =>
    {
        foreach (var entry in entries.Split('|', StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = entry.IndexOf('=', StringComparison.Ordinal);
            bench.Fixture.Secrets.Add(ProbeFixture.SecretName, entry[..equals], entry[(equals + 1)..]);
        }
        return bench.Fixture.RunAsync(ProbeFixture.Kafka(Nowhere, authentication: new Authentication.Sasl(type, name)));
    })
    { IsWarning = isWarning };

    private static Fault Dated(string title, string cause, string fix, int? activeInDays, int? expiresInDays, bool isWarning = false) => new(title, TestStage.Secrets, cause, fix, bench =>
    {
        var now = TimeProvider.System.GetUtcNow();
        bench.Fixture.Secrets.Add(ProbeFixture.SecretName, "username", "anna")
            .Add(ProbeFixture.SecretName, "password", "hunter2", activeInDays is { } from ? now.AddDays(from) : null, expiresInDays is { } to ? now.AddDays(to) : null);
        return bench.Fixture.RunAsync(ProbeFixture.Kafka(Nowhere, authentication: new Authentication.Sasl(SaslType.Plain, ProbeFixture.SecretName)));
    })
    { IsWarning = isWarning };

    private static Fault Ca(string title, string cause, string fix, Action<FaultBench>? prepare, bool isWarning = false) => new(title, TestStage.Secrets, cause, fix, bench =>
    {
        prepare?.Invoke(bench);
        return bench.Fixture.RunAsync(ProbeFixture.Mqtt(Nowhere));
    })
    { IsWarning = isWarning };

    private static Fault X509(string title, string cause, string fix, Func<FaultBench, (string Certificate, string Key)> make, string? intermediates = null, bool isWarning = false) => new(title, TestStage.Secrets, cause, fix, bench =>
    {
        var (certificate, key) = make(bench);
        bench.Fixture.Secrets.Add(ProbeFixture.SecretName, "client_cert.pem", certificate).Add(ProbeFixture.SecretName, "client_key.pem", key);
        if (intermediates is not null)
            bench.Fixture.Secrets.Add(ProbeFixture.SecretName, "client_intermediate_certs.pem", intermediates);
        return bench.Fixture.RunAsync(ProbeFixture.Mqtt(Nowhere, ca: null, authentication: new Authentication.X509Certificate(ProbeFixture.SecretName)));
    })
    { IsWarning = isWarning };

    private static Fault Token(string title, string cause, string fix, Action<FaultBench, TemporaryFolder> prepare, bool isWarning = false) => new(title, TestStage.Secrets, cause, fix, bench =>
    {
        prepare(bench, bench.Own(new TemporaryFolder()));
        return bench.Fixture.RunAsync(ProbeFixture.Mqtt(Nowhere, ca: null, authentication: new Authentication.ServiceAccountToken("aio-internal")));
    })
    { IsWarning = isWarning };
}
