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

/// <summary>One dataflow, MQTT to Kafka, run as the portal composes it over a data folder.</summary>
internal sealed class BenchmarkFlow : IAsyncDisposable
{
    public const string Name = "line3-flow";

    private readonly IHost _host;

    private BenchmarkFlow(IHost host) => _host = host;

    public FlowStatus Status => _host.Services.GetRequiredService<IFlowService>().StatusOf(Name);

    public static async Task<BenchmarkFlow> CreateAsync(int mqttPort, int kafkaPort, int inflight, string data)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection([new("Portal:DataDirectory", data)]);
        builder.Logging.AddSimpleConsole().SetMinimumLevel(LogLevel.Error);
        builder.Services.AddStores(builder.Configuration);
        builder.Services.AddMessaging(builder.Configuration);
        var host = builder.Build();
        var store = host.Services.GetRequiredService<IResourceStore>();
        await store.SaveAsync(Mqtt(mqttPort, inflight), Precondition.None);
        await store.SaveAsync(Kafka(kafkaPort), Precondition.None);
        await store.SaveAsync(
            new Dataflow
            {
                Name = Name,
                Source = new DataflowSource { EndpointRef = "line3-mqtt", DataSources = ["line3/#"] },
                Destination = new DataflowDestination { EndpointRef = "plant-kafka", DataDestination = "plant" },
            },
            Precondition.None);
        return new BenchmarkFlow(host);
    }

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

    private static DataflowEndpoint Mqtt(int port, int inflight) => EndpointKind.CustomMqtt.New("line3-mqtt") with
    {
        Settings = new MqttSettings
        {
            Host = $"127.0.0.1:{port}",
            Authentication = new Authentication.Anonymous(),
            MaxInflightMessages = inflight,
            Tls = new TlsSettings { Mode = OperationalMode.Disabled },
        },
    };

    private static DataflowEndpoint Kafka(int port) => EndpointKind.CustomKafka.New("plant-kafka") with
    {
        Settings = new KafkaSettings
        {
            Host = $"127.0.0.1:{port}",
            Authentication = new Authentication.Anonymous(),
            Tls = new TlsSettings { Mode = OperationalMode.Disabled },
        },
    };
}
