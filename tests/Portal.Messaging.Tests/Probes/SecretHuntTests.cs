using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Portal.Messaging.Connections;
using Portal.Messaging.Kafka;
using Portal.Messaging.Mqtt;
using Portal.Messaging.Probes;
using Portal.Messaging.Tests.Probes.Faults;
using Portal.Messaging.Tests.Support;
using Portal.Messaging.Tests.Support.Kafka;
using Portal.Model.Endpoints;
using Portal.Tests.Shared;

namespace Portal.Messaging.Tests.Probes;

/// <summary>Runs every sign-in, right and wrong, and looks for the secrets in everything that was written.</summary>
public sealed class SecretHuntTests
{
    private const string Token = "service-account-token-of-the-test";
    private const string Key = "c2hhcmVkLWFjY2Vzcy1rZXktb2YtdGhlLXRlc3Q=";
    private const string ConnectionString = $"Endpoint=sb://plant.servicebus.windows.net/;SharedAccessKeyName=root;SharedAccessKey={Key}";

    [Fact]
    public async Task No_secret_is_in_any_report_log_or_exception()
    {
        await using var bench = new FaultBench();
        var written = new StringBuilder();
        IdentityEndpoint.EnsureStarted();
        bench.Trust();
        var folder = bench.Own(new TemporaryFolder());
        var token = TestTokens.Create("aio-internal", TimeSpan.FromHours(1), Token);
        bench.Fixture.Tokens.Add("aio-internal", folder.Write("token", token));

        var endpoints = await EndpointsAsync(bench);
        foreach (var endpoint in endpoints)
        {
            var report = await bench.Fixture.RunAsync(new TestRequest(endpoint) { Topic = "plant", Read = true, Write = true });
            written.AppendLine(TestReportJson.ToJson(report).ToJsonString()).AppendLine(TestReportJson.ToFull(report).ToJsonString()).AppendLine(report.ToString());
            foreach (var stage in report.Stages)
                written.AppendLine(stage.ToString()).AppendLine(stage.Explanation).AppendLine(stage.Fix);
            written.AppendLine(await ExceptionAsync(bench, endpoint));
        }
        written.AppendLine(bench.Fixture.Log);

        var text = written.ToString();
        Assert.True(text.Length > 50_000, $"Only {text.Length} characters were written: the hunt saw too little.");
        var keyBody = bench.Certificates.Client.KeyPem.Split('\n')[1];
        foreach (var secret in new[] { FaultBench.Password, "wrong-" + FaultBench.Password, Key, token, token.Split('.')[1], IdentityEndpoint.TokenFor("https://localhost").Split('.')[0] + ".", keyBody, "identity-header-of-the-test" })
        {
            foreach (var form in Forms(secret))
            {
                if (text.Contains(form, StringComparison.OrdinalIgnoreCase))
                    Assert.Fail($"A secret is in what was written: ...{Around(text, form)}...");
            }
        }
        TestContext.Current.TestOutputHelper?.WriteLine($"{endpoints.Count} sign-ins, {text.Length:N0} characters searched");
    }

    private static async Task<List<DataflowEndpoint>> EndpointsAsync(FaultBench bench)
    {
        var cluster = bench.Cluster("plant");
        var endpoints = new List<DataflowEndpoint>();
        foreach (var (type, mechanism) in new[] { (SaslType.Plain, "PLAIN"), (SaslType.ScramSha256, "SCRAM-SHA-256"), (SaslType.ScramSha512, "SCRAM-SHA-512") })
        {
            foreach (var isRight in new[] { true, false })
            {
                var gateway = bench.Gateway(new GatewayOptions
                {
                    Mechanisms = [mechanism],
                    ScramPassword = FaultBench.Password,
                    SignIn = (_, message) => Encoding.UTF8.GetString(message) == $"\0anna\0{FaultBench.Password}" ? null : "Authentication failed",
                    Tls = new() { ServerCertificate = bench.Certificates.Server.Certificate },
                }, cluster);
                var secret = $"{mechanism.ToLowerInvariant()}-{(isRight ? "right" : "wrong")}";
                bench.Fixture.Secrets.Add(secret, "username", "anna").Add(secret, "password", isRight ? FaultBench.Password : "wrong-" + FaultBench.Password);
                endpoints.Add(ProbeFixture.Kafka($"localhost:{gateway.Port}", tls: true, authentication: new Authentication.Sasl(type, secret)));
            }
        }
        bench.Fixture.Secrets.Add("event-hubs", "username", "$ConnectionString").Add("event-hubs", "password", ConnectionString + ";EntityPath=a");
        bench.Fixture.Secrets.Add("swapped", "username", ConnectionString).Add("swapped", "password", ConnectionString);
        endpoints.Add(ProbeFixture.Kafka($"localhost:{bench.Gateway(new GatewayOptions { Mechanisms = ["PLAIN"] }, cluster).Port}", authentication: new Authentication.Sasl(SaslType.Plain, "event-hubs")));
        endpoints.Add(ProbeFixture.Kafka("localhost:9", authentication: new Authentication.Sasl(SaslType.Plain, "swapped")));
        endpoints.Add(ProbeFixture.Kafka(ConnectionString));
        foreach (var words in new[] { null, "refused" })
            endpoints.Add(ProbeFixture.Kafka($"localhost:{bench.Gateway(new GatewayOptions { Mechanisms = ["OAUTHBEARER"], SignIn = (_, _) => words }, cluster).Port}", authentication: new Authentication.SystemAssignedManagedIdentity()));
        foreach (byte code in new byte[] { 0, 0x87 })
        {
            var broker = bench.Own(ScriptedBroker.Start(new BrokerScript { Connect = code }));
            endpoints.Add(ProbeFixture.Mqtt($"localhost:{broker.Port}", tls: false, authentication: new Authentication.ServiceAccountToken("aio-internal")));
            endpoints.Add(ProbeFixture.Mqtt($"localhost:{broker.Port}", tls: false, authentication: new Authentication.SystemAssignedManagedIdentity()));
        }
        var certificate = bench.Fixture.AddClientCertificate(bench.Certificates.Client);
        var mosquitto = await bench.MosquittoAsync(new MosquittoListener { Certificate = bench.Certificates.Server, ClientAuthority = bench.Certificates.Root });
        endpoints.Add(ProbeFixture.Mqtt($"localhost:{mosquitto.Port}", authentication: certificate));
        bench.Fixture.Secrets.Add("mismatch", "client_cert.pem", bench.Certificates.Server.CertificatePem).Add("mismatch", "client_key.pem", bench.Certificates.Client.KeyPem);
        endpoints.Add(ProbeFixture.Mqtt($"localhost:{mosquitto.Port}", authentication: new Authentication.X509Certificate("mismatch")));
        return endpoints;
    }

    /// <summary>What a preview's connection throws, with everything inside it.</summary>
    private static async Task<string?> ExceptionAsync(FaultBench bench, DataflowEndpoint endpoint)
    {
        try
        {
            if (endpoint.Mqtt is not null)
                await (await bench.Fixture.Services.GetRequiredService<MqttConnector>().OpenAsync(endpoint, null, TestContext.Current.CancellationToken)).DisposeAsync();
            else
                await (await bench.Fixture.Services.GetRequiredService<KafkaConnector>().OpenAsync(endpoint, ClientRole.Preview(), TestContext.Current.CancellationToken)).DisposeAsync();
            return null;
        }
        catch (Exception e) when (e is ConnectionException or ArgumentException)
        {
            return e.ToString();
        }
    }

    private static IEnumerable<string> Forms(string secret)
    {
        var bytes = Encoding.UTF8.GetBytes(secret);
        yield return secret;
        yield return Convert.ToHexString(bytes);
        yield return Uri.EscapeDataString(secret);
        // In the middle of a longer text Base64 looks different, by where the secret begins.
        for (var start = 0; start < 3; start++)
        {
            var whole = Convert.ToBase64String([.. new byte[start], .. bytes]);
            yield return whole[(start == 0 ? 0 : 4)..^4];
        }
    }

    private static string Around(string text, string form)
    {
        var at = text.IndexOf(form, StringComparison.OrdinalIgnoreCase);
        return text[Math.Max(0, at - 80)..at] + "(secret)";
    }
}
