using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Portal.Messaging.Identity;
using Portal.Messaging.Network;
using Portal.Messaging.Probes;
using Portal.Model.Endpoints;
using Portal.Model.Ports;
using Portal.Tests.Shared;

namespace Portal.Messaging.Tests.Support;

/// <summary>A tester as the portal composes it, over stores in memory; collects everything that is logged.</summary>
internal sealed class ProbeFixture : IAsyncDisposable
{
    public const string CaName = "broker-ca";
    public const string SecretName = "broker-secret";

    private readonly ServiceProvider _provider;
    private readonly CollectingLogger _log = new();

    public ProbeFixture(params (string Key, string Value)[] configuration)
        : this(_ => { }, configuration)
    {
    }

    /// <param name="more">Services beside those of the portal, added first.</param>
    public ProbeFixture(Action<IServiceCollection> more, params (string Key, string Value)[] configuration)
    {
        var services = new ServiceCollection();
        services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(_log));
        services.AddSingleton<ISecretReader>(Secrets);
        services.AddSingleton<IConfigMapStore>(ConfigMaps);
        services.AddSingleton<IServiceAccountTokens>(Tokens);
        more(services);
        services.AddMessaging(new ConfigurationBuilder().AddInMemoryCollection(configuration.Select(pair => KeyValuePair.Create(pair.Key, (string?)pair.Value))).Build());
        _provider = services.BuildServiceProvider();
    }

    public FakeSecrets Secrets { get; } = new();

    public FakeConfigMaps ConfigMaps { get; } = new();

    public FakeTokens Tokens { get; } = new();

    public TestCertificates Certificates { get; } = new();

    public HostAliases Aliases => _provider.GetRequiredService<HostAliases>();

    public IConnectionTester Tester => _provider.GetRequiredService<IConnectionTester>();

    public IServiceProvider Services => _provider;

    public string Log => _log.Text;

    public static DataflowEndpoint Mqtt(string host, bool tls = true, string? ca = CaName, Authentication? authentication = null) => new()
    {
        Name = "line3-broker",
        Settings = new MqttSettings
        {
            Host = host,
            Authentication = authentication ?? new Authentication.Anonymous(),
            Tls = new TlsSettings { Mode = tls ? OperationalMode.Enabled : OperationalMode.Disabled, TrustedCaCertificateConfigMapRef = tls ? ca : null },
        },
    };

    public static DataflowEndpoint Kafka(string host, bool tls = false, string? ca = CaName, Authentication? authentication = null) => new()
    {
        Name = "plant-kafka",
        Settings = new KafkaSettings
        {
            Host = host,
            Authentication = authentication ?? new Authentication.Anonymous(),
            Tls = new TlsSettings { Mode = tls ? OperationalMode.Enabled : OperationalMode.Disabled, TrustedCaCertificateConfigMapRef = tls ? ca : null },
        },
    };

    /// <summary>Runs a test and checks what holds for every report.</summary>
    public async Task<TestReport> RunAsync(TestRequest request)
    {
        var seen = new List<StageResult>();
        var report = await Tester.RunAsync(request, seen.Add, TestContext.Current.CancellationToken);
        Assert.Equal(Enum.GetValues<TestStage>(), report.Stages.Select(stage => stage.Stage));
        Assert.Equal(report.Stages, seen);
        Assert.All(report.Stages, stage => Assert.False(string.IsNullOrWhiteSpace(stage.Summary), $"{stage.Stage} says nothing."));
        return report;
    }

    public Task<TestReport> RunAsync(DataflowEndpoint endpoint) => RunAsync(new TestRequest(endpoint));

    /// <summary>The certificate of a client as its secret.</summary>
    public Authentication AddClientCertificate(TestCertificate certificate)
    {
        Secrets.Add(SecretName, "client_cert.pem", certificate.CertificatePem).Add(SecretName, "client_key.pem", certificate.KeyPem);
        if (certificate.IntermediatesPem.Length > 0)
            Secrets.Add(SecretName, "client_intermediate_certs.pem", certificate.IntermediatesPem);
        return new Authentication.X509Certificate(SecretName);
    }

    public async ValueTask DisposeAsync()
    {
        await _provider.DisposeAsync();
        Certificates.Dispose();
    }

    private sealed class CollectingLogger : ILoggerProvider, ILogger
    {
        private readonly System.Text.StringBuilder _text = new();

        public string Text
        {
            get
            {
                lock (_text)
                    return _text.ToString();
            }
        }

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            lock (_text)
                _text.AppendLine(formatter(state, exception)).AppendLine(exception?.ToString());
        }

        public void Dispose()
        {
        }
    }
}
