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

    private readonly TemporaryFolder? _own;
    private IHostedService? _running;

    private FlowHost(string? data, FlowLimits? limits)
    {
        _own = data is null ? new TemporaryFolder() : null;
        Data = data ?? _own!.Path;
        Parts = new ProbeFixture(services => services.AddSingleton<IResourceStore>(Store).AddSingleton(limits ?? Quick), ("Portal:DataDirectory", Data));
    }

    /// <summary>The mock cluster keeps a member that left for the whole time of its session.</summary>
    public static FlowLimits Quick { get; } = new() { KafkaSession = TimeSpan.FromMilliseconds(1500), Drain = TimeSpan.FromSeconds(5) };

    public MemoryStore Store { get; } = new();

    public string Data { get; }

    /// <summary>Where the counters are kept.</summary>
    public string SnapshotFile => Path.Combine(Data, "history", "dataflows", Name + ".json");

    public ProbeFixture Parts { get; }

    public IFlowService Service => Parts.Services.GetRequiredService<IFlowService>();

    public FlowStatus Status => Service.StatusOf(Name);

    public static Task<FlowHost> StartAsync(FlowLimits? limits = null) => StartInAsync(null, limits);

    /// <param name="data">The data folder of an earlier run; null = one of its own.</param>
    public static async Task<FlowHost> StartInAsync(string? data, FlowLimits? limits = null)
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

    public Task WaitForAsync(params FlowState[] states) =>
        Wait.UntilAsync(() => states.Contains(Status.State), $"the dataflow is {string.Join(" or ", states)}", Limit, Describe);

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
        _own?.Dispose();
    }
}
