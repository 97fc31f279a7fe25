using Microsoft.Extensions.DependencyInjection;
using Portal.Messaging.Network;
using Portal.Messaging.Probes;
using Portal.Messaging.Tests.Support;
using Portal.Messaging.Tests.Support.Kafka;
using Portal.Model.Endpoints;
using Portal.Sandbox.Kafka;
using Portal.Tests.Shared;

namespace Portal.Messaging.Tests.Probes.Faults;

/// <summary>One way in which a connection does not work, made for real, and what the report must say of it.</summary>
/// <param name="Name">For the test's output.</param>
/// <param name="Stage">Stage that must name it.</param>
/// <param name="Cause">Stable code.</param>
/// <param name="Fix">Part of the fix.</param>
/// <param name="RunAsync">Makes the fault and tests the connection.</param>
internal sealed record Fault(string Name, TestStage Stage, string Cause, string Fix, Func<FaultBench, Task<TestReport>> RunAsync)
{
    /// <summary>True when the connection works all the same.</summary>
    public bool IsWarning { get; init; }

    public static Fault Warning(string name, TestStage stage, string cause, string fix, Func<FaultBench, Task<TestReport>> run) => new(name, stage, cause, fix, run) { IsWarning = true };
}

/// <summary>The parts of one fault, ended with it.</summary>
internal sealed class FaultBench : IAsyncDisposable
{
    public const string Password = "hunter2-is-secret";

    private readonly Stack<object> _owned = new();

    public ProbeFixture Fixture { get; private set; } = new();

    public TestCertificates Certificates => Fixture.Certificates;

    /// <summary>Another portal, with these settings or names.</summary>
    public async Task<FaultBench> WithAsync(FakeLookup? lookup = null, params (string Key, string Value)[] configuration)
    {
        await Fixture.DisposeAsync();
        Fixture = new ProbeFixture(services => services.AddSingleton<IHostLookup>(lookup ?? new FakeLookup()), configuration);
        return this;
    }

    public T Own<T>(T part)
        where T : class
    {
        _owned.Push(part);
        return part;
    }

    public async Task<MosquittoBroker> MosquittoAsync(MosquittoListener? listener = null, MosquittoOptions? options = null) =>
        Own(await MosquittoBroker.StartAsync((options ?? new MosquittoOptions()) with { Listeners = [listener ?? new MosquittoListener()] }));

    public MockKafkaCluster Cluster(params string[] topics)
    {
        var cluster = Own(MockKafkaCluster.Start());
        foreach (var topic in topics)
            cluster.CreateTopic(topic);
        return cluster;
    }

    public KafkaGateway Gateway(GatewayOptions options, MockKafkaCluster? cluster = null) => Own(KafkaGateway.Start(cluster ?? Cluster(), options));

    public void Trust(TestAuthority? authority = null) => Fixture.ConfigMaps.Add(ProbeFixture.CaName, (authority ?? Certificates.Root).CertificatePem);

    public Authentication Sasl(SaslType type = SaslType.Plain, string user = "anna", string password = Password)
    {
        Fixture.Secrets.Add(ProbeFixture.SecretName, "username", user).Add(ProbeFixture.SecretName, "password", password);
        return new Authentication.Sasl(type, ProbeFixture.SecretName);
    }

    public Task<TestReport> MqttAsync(int port, string? topic = null, bool read = false, bool write = false, bool roundTrip = false, Func<MqttSettings, MqttSettings>? with = null)
    {
        var endpoint = ProbeFixture.Mqtt($"127.0.0.1:{port}", tls: false);
        endpoint = endpoint with { Settings = (with ?? (same => same))(endpoint.Mqtt!) };
        return Fixture.RunAsync(new TestRequest(endpoint) { Topic = topic, Read = read, Write = write, RoundTrip = roundTrip });
    }

    public Task<TestReport> KafkaAsync(int port, Authentication? authentication = null, string? topic = null, bool read = false, bool write = false, string? group = null)
    {
        var endpoint = ProbeFixture.Kafka($"127.0.0.1:{port}", authentication: authentication);
        return Fixture.RunAsync(new TestRequest(endpoint with { Settings = endpoint.Kafka! with { ConsumerGroupId = group } }) { Topic = topic, Read = read, Write = write });
    }

    public Task<TestReport> TlsAsync(int port, string? ca = ProbeFixture.CaName, Authentication? authentication = null) =>
        Fixture.RunAsync(ProbeFixture.Mqtt($"localhost:{port}", ca: ca, authentication: authentication));

    public async ValueTask DisposeAsync()
    {
        while (_owned.TryPop(out var part))
        {
            if (part is IAsyncDisposable later)
                await later.DisposeAsync();
            else if (part is IDisposable now)
                now.Dispose();
        }
        await Fixture.DisposeAsync();
    }
}
