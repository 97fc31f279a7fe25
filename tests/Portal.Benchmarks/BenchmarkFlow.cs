using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Portal.Messaging;
using Portal.Messaging.Flows;
using Portal.Model.Dataflows;
using Portal.Model.Endpoints;
using Portal.Model.Ports;
using Portal.Stores;

namespace Portal.Benchmarks;

/// <summary>One dataflow, run as the portal composes it over a data folder.</summary>
internal sealed class BenchmarkFlow : IAsyncDisposable
{
    public const string Name = "line3-flow";
    public const string From = "source";
    public const string To = "plant";

    private readonly IHost _host;

    private BenchmarkFlow(IHost host) => _host = host;

    public FlowStatus Status => _host.Services.GetRequiredService<IFlowService>().StatusOf(Name);

    /// <summary>From the topics <c>line3/#</c> or <see cref="From"/> to the topic <see cref="To"/>.</summary>
    public static async Task<BenchmarkFlow> CreateAsync(BrokerSettings source, BrokerSettings destination, string data, FlowLimits? limits = null)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection([new("Portal:DataDirectory", data)]);
        builder.Logging.AddSimpleConsole().SetMinimumLevel(LogLevel.Error);
        builder.Services.AddSingleton(limits ?? new FlowLimits());
        builder.Services.AddStores(builder.Configuration);
        builder.Services.AddMessaging(builder.Configuration);
        var host = builder.Build();
        var store = host.Services.GetRequiredService<IResourceStore>();
        await store.SaveAsync(New("from-here", source), Precondition.None);
        await store.SaveAsync(New("to-there", destination), Precondition.None);
        await store.SaveAsync(
            new Dataflow
            {
                Name = Name,
                Source = new DataflowSource { EndpointRef = "from-here", DataSources = [source is MqttSettings ? "line3/#" : From] },
                Destination = new DataflowDestination { EndpointRef = "to-there", DataDestination = To },
            },
            Precondition.None);
        return new BenchmarkFlow(host);
    }

    public static MqttSettings Mqtt(int port, int inflight) => new()
    {
        Host = $"127.0.0.1:{port}",
        Authentication = new Authentication.Anonymous(),
        MaxInflightMessages = inflight,
        Tls = new TlsSettings { Mode = OperationalMode.Disabled },
    };

    public static KafkaSettings Kafka(int port) => new()
    {
        Host = $"127.0.0.1:{port}",
        Authentication = new Authentication.Anonymous(),
        ConsumerGroupId = "line3",
        Tls = new TlsSettings { Mode = OperationalMode.Disabled },
    };

    public Task StartAsync() => _host.StartAsync();

    /// <summary>Waits until so many are delivered and none is in flight.</summary>
    public async Task DeliveredAsync(long count)
    {
        while (Status.Ledger is not { InFlight: 0 } ledger || ledger.Delivered < count)
            await Task.Delay(5);
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
    }

    private static DataflowEndpoint New(string name, BrokerSettings settings) =>
        (settings is MqttSettings ? EndpointKind.CustomMqtt : EndpointKind.CustomKafka).New(name) with { Settings = settings };
}
