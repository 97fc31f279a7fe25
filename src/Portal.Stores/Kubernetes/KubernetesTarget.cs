using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Portal.Model;
using Portal.Model.Ports;

namespace Portal.Stores.Kubernetes;

/// <summary>A cluster as a target: its stores, kept up to date while it runs. Its state is that of <see cref="Resources"/>.</summary>
public sealed class KubernetesTarget : IAsyncDisposable
{
    private readonly KubernetesConnection connection;
    private readonly TargetWatch watch;
    private readonly EventWriter events;
    private readonly ILogger logger;
    private readonly CancellationTokenSource stopping = new();
    private Task running = Task.CompletedTask;

    private KubernetesTarget(KubernetesOptions options, TimeProvider time, ILogger logger)
    {
        this.logger = logger;
        connection = new KubernetesConnection(options, time);
        var calls = new KubernetesCalls(connection, time);
        var api = new ResourceApi(calls);
        var cache = new ResourceCache(logger);
        watch = new TargetWatch(calls, [.. Enum.GetValues<ResourceKind>().Select(kind => new ResourceWatch(kind, api, cache, calls, time, logger))], time, logger);
        events = new EventWriter(calls, time, logger);
        Resources = new KubernetesResourceStore(api, cache, connection, watch, events);
        var secrets = new KubernetesSecretStore(calls, watch, time);
        (Secrets, SecretReader) = (secrets, secrets);
        var maps = new KubernetesConfigMapStore(calls, watch);
        ConfigMaps = maps;
        watch.StateChanged += secrets.Reread;
        watch.StateChanged += maps.Reread;
    }

    public IResourceStore Resources { get; }

    public ISecretStore Secrets { get; }

    public ISecretReader SecretReader { get; }

    public IConfigMapStore ConfigMaps { get; }

    /// <summary>Makes the target; nothing is asked of the cluster before <see cref="Start"/>.</summary>
    /// <param name="options">Options that <see cref="KubernetesOptions.Check"/> found nothing wrong with.</param>
    /// <param name="services">Gives <see cref="ILoggerFactory"/> and <see cref="TimeProvider"/>.</param>
    public static KubernetesTarget Create(KubernetesOptions options, IServiceProvider services)
        => new(options, services.GetService<TimeProvider>() ?? TimeProvider.System, services.GetRequiredService<ILoggerFactory>().CreateLogger<KubernetesTarget>());

    /// <summary>Begins to list and watch. A cluster that cannot be reached is a state, not a failure.</summary>
    public void Start() => running = Task.Run(RunAsync);

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync().ConfigureAwait(false);
        await running.ConfigureAwait(false);
        connection.Dispose();
        stopping.Dispose();
    }

    private async Task RunAsync()
    {
        try
        {
            await Task.WhenAll(watch.RunAsync(stopping.Token), events.RunAsync(stopping.Token)).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            logger.TargetStopped(exception, connection.Target);
        }
    }
}
