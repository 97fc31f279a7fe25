using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using MQTTnet;
using MQTTnet.Formatter;
using Portal.Sandbox.Identity;
using Portal.Sandbox.Mqtt;
using Portal.Tests.Shared;

namespace Portal.Sandbox.Tests;

/// <summary>A sandbox broker on free ports, with a clock in the test's hand, and clients for it.</summary>
internal sealed class BrokerUnderTest : IAsyncDisposable
{
    private readonly TemporaryFolder _folder;
    private readonly List<IMqttClient> _clients = [];

    private BrokerUnderTest(TemporaryFolder folder, FakeTimeProvider time, SandboxCertificateAuthority authority, ServiceAccountTokenIssuer issuer, SandboxBroker broker) =>
        (_folder, Time, Authority, Issuer, Broker) = (folder, time, authority, issuer, broker);

    public FakeTimeProvider Time { get; }

    public SandboxCertificateAuthority Authority { get; }

    public ServiceAccountTokenIssuer Issuer { get; }

    public SandboxBroker Broker { get; }

    public string CaFile => _folder.Combine("ca.crt");

    public static async Task<BrokerUnderTest> StartAsync(int tlsPort = 0, int plainPort = 0)
    {
        var folder = new TemporaryFolder();
        // Certificates are checked against the real clock, so the test's one starts there.
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        var authority = SandboxCertificateAuthority.Open(folder.Path, time);
        var issuer = ServiceAccountTokenIssuer.Open(folder.Path, TimeSpan.FromMinutes(10), time);
        var broker = await SandboxBroker.StartAsync(
            tlsPort, plainPort, authority, issuer, time, NullLogger.Instance, TestContext.Current.CancellationToken);
        return new BrokerUnderTest(folder, time, authority, issuer, broker);
    }

    public string Token(string audience = TokenSignIn.Audience, TimeSpan? lifetime = null) => Issuer.CreateToken(audience, lifetime);

    public IMqttClient Client()
    {
        var client = new MqttClientFactory().CreateMqttClient();
        _clients.Add(client);
        return client;
    }

    public MqttClientOptionsBuilder Tls(string name = "aio-broker") =>
        new MqttClientOptionsBuilder()
            .WithTcpServer("127.0.0.1", Broker.TlsPort)
            .WithProtocolVersion(MqttProtocolVersion.V500)
            .WithTlsOptions(tls => tls
                .WithTargetHost(name)
                .WithRevocationMode(X509RevocationMode.NoCheck)
                .WithTrustChain([X509Certificate2.CreateFromPem(Authority.CertificatePem)]));

    public MqttClientOptionsBuilder Plain() =>
        new MqttClientOptionsBuilder().WithTcpServer("127.0.0.1", Broker.PlainPort).WithProtocolVersion(MqttProtocolVersion.V500);

    public Task<MqttClientConnectResult> SignInAsync(IMqttClient client, string token, MqttClientOptionsBuilder? options = null) =>
        client.ConnectAsync(
            (options ?? Tls()).WithEnhancedAuthentication(TokenSignIn.Method, Encoding.UTF8.GetBytes(token)).Build(),
            TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        foreach (var client in _clients)
            client.Dispose();
        await Broker.DisposeAsync();
        Issuer.Dispose();
        _folder.Dispose();
    }
}
