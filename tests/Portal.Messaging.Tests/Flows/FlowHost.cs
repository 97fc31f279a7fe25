using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Portal.Messaging.Flows;
using Portal.Messaging.Tests.Support;
using Portal.Model.Dataflows;
using Portal.Model.Endpoints;
using Portal.Model.Ports;
using Portal.Tests.Shared;

namespace Portal.Messaging.Tests.Flows;

/// <summary>Dataflows as the portal composes and runs them, over a store in memory and a data folder of its own.</summary>
internal sealed class FlowHost : IAsyncDisposable
{
    public const string Name = "line3-flow";
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly bool _ownsData;
    private IHostedService? _running;

    private FlowHost(TemporaryFolder? data, FlowLimits? limits)
    {
        _ownsData = data is null;
        Data = data ?? new TemporaryFolder();
        Parts = new ProbeFixture(
            services => services.AddSingleton<IResourceStore>(Store).AddSingleton(limits ?? Quick), ("Portal:DataDirectory", Data.Path));
    }

    /// <summary>The mock cluster keeps a member that left for the whole time of its session.</summary>
    public static FlowLimits Quick { get; } = new() { KafkaSession = TimeSpan.FromMilliseconds(1500), Drain = TimeSpan.FromSeconds(5) };

    public MemoryStore Store { get; } = new();

    public TemporaryFolder Data { get; }

    public ProbeFixture Parts { get; }

    public IFlowService Service => Parts.Services.GetRequiredService<IFlowService>();

    public FlowStatus Status => Service.StatusOf(Name);

    public static async Task<FlowHost> StartAsync(TemporaryFolder? data = null, FlowLimits? limits = null)
    {
        var host = new FlowHost(data, limits);
        host._running = host.Parts.Services.GetServices<IHostedService>().Single();
        await host._running.StartAsync(CancellationToken.None);
        return host;
    }

    /// <summary>Stores both endpoints and the dataflow, and waits until both sides are connected.</summary>
    public async Task<FlowHost> RunAsync(DataflowEndpoint source, string from, DataflowEndpoint destination, string to, int instances = 1)
    {
        Store.Set(source with { Name = "from-here" }).Set(destination with { Name = "to-there" });
        Store.Set(new DataflowProfile { Name = "default", InstanceCount = instances });
        Store.Set(Flow(from, to));
        await WaitForAsync(FlowState.Idle);
        return this;
    }

    public static Dataflow Flow(string from, string to) => new()
    {
        Name = Name,
        Source = new DataflowSource { EndpointRef = "from-here", DataSources = [from] },
        Destination = new DataflowDestination { EndpointRef = "to-there", DataDestination = to },
    };

    public Task WaitForAsync(FlowState state) => Wait.UntilAsync(() => Status.State == state, $"the dataflow is {state}", Limit, Describe);

    public Task WaitForDeliveredAsync(long count) =>
        Wait.UntilAsync(() => Status.Ledger.Delivered >= count && Status.Ledger.InFlight == 0, $"{count} messages are delivered and none is in flight", Limit, Describe);

    public string Describe() => $"{Status.State} {Status.Ledger} {Status.Problem} {string.Join("; ", Status.LastErrors)}";

    /// <summary>Ends the host as an orderly stop of the portal does.</summary>
    public async Task StopAsync()
    {
        if (_running is { } running)
            await running.StopAsync(CancellationToken.None);
        _running = null;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await Parts.DisposeAsync();
        if (_ownsData)
            Data.Dispose();
    }
}
