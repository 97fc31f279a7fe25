using Portal.Messaging.Network;
using Portal.Model;
using Portal.Model.Dataflows;
using Portal.Model.Endpoints;
using Portal.Model.Ports;
using Portal.Sandbox;
using Portal.Targets;

namespace Portal.Hosting;

/// <summary>Joins the sandbox to the portal: its addresses, its CA, its tokens, and endpoints to begin with.</summary>
internal sealed partial class SandboxComposition(
    SandboxState sandbox, HostAliases aliases, TargetSet targets, TimeProvider clock, ILogger<SandboxComposition> logger) : IHostedService
{
    private readonly IConfigMapStore configMaps = targets.Default.ConfigMaps;
    private readonly IResourceStore store = targets.Default.Resources;
    private readonly IActivityLog activity = targets.Default.Get<IActivityLog>();

    private const string MqttEndpoint = "default";
    private const string KafkaEndpoint = "sandbox-kafka";

    /// <summary>A dataflow to begin with: what the simulated devices send goes to the demo Kafka.</summary>
    private static readonly Dataflow Example = new()
    {
        Name = "plant-telemetry",
        Source = new DataflowSource { EndpointRef = MqttEndpoint, DataSources = ["azure-iot-operations/data/#"] },
        Destination = new DataflowDestination { EndpointRef = KafkaEndpoint, DataDestination = "plant-telemetry" },
    };

    public static void Add(IServiceCollection services, IConfiguration configuration, string dataDirectory)
    {
        services.AddSandbox(sandbox =>
        {
            sandbox.Directory = Path.Combine(dataDirectory, "sandbox");
            sandbox.TlsPort = PortalOptions.Port(configuration, "Portal:Sandbox:TlsPort", SandboxOptions.DefaultTlsPort);
            sandbox.PlainPort = PortalOptions.Port(configuration, "Portal:Sandbox:PlainPort", SandboxOptions.DefaultPlainPort);
        });
        services.AddHostedService<SandboxComposition>();
    }

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        // What the operator configured wins over the sandbox's own names.
        var configured = aliases.Entries;
        foreach (var (from, to) in sandbox.HostAliases)
            if (!configured.ContainsKey(from) && HostAddress.TryParse(from, out var written) && HostAddress.TryParse(to, out var dialled))
                aliases.Set(written, dialled);
        await SaveCaAsync(cancellationToken);
        await SeedAsync(EndpointKind.LocalMqtt.New(MqttEndpoint), cancellationToken);
        if (sandbox.KafkaPort is null)
            return;
        await SeedAsync(
            EndpointKind.CustomKafka.New(KafkaEndpoint) with
            {
                Settings = new KafkaSettings
                {
                    Host = SandboxState.KafkaName,
                    Authentication = new Authentication.Anonymous(),
                    ConsumerGroupId = "portal-sandbox",
                    Tls = new TlsSettings { Mode = OperationalMode.Disabled },
                },
            },
            cancellationToken);
        await SeedAsync(Example, cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task SaveCaAsync(CancellationToken cancellationToken)
    {
        if (sandbox.CaPem.Length == 0)
            return;
        var stored = await configMaps.FindAsync(SandboxState.CaConfigMapName, cancellationToken);
        if (stored?.Data.Values.Any(text => text.ReplaceLineEndings().Trim() == sandbox.CaPem.ReplaceLineEndings().Trim()) is true)
            return;
        var data = new Dictionary<string, string>(stored?.Data ?? new Dictionary<string, string>()) { ["ca.crt"] = sandbox.CaPem };
        Report(await configMaps.SaveAsync(new ConfigMap(SandboxState.CaConfigMapName, data), cancellationToken), SandboxState.CaConfigMapName);
    }

    /// <summary>Writes a resource once: what was changed or deleted since is left as it is.</summary>
    private async Task SeedAsync(Resource resource, CancellationToken cancellationToken)
    {
        var known = await activity.ReadAsync(new ActivityQuery(resource.Name, resource.Kind.ToString(), Most: 1), cancellationToken);
        if (known.Count > 0)
            return;
        var result = await store.SaveAsync(resource, Precondition.New, cancellationToken);
        Report(result, resource.Name);
        if (result is StoreResult.Saved)
            await activity.AppendAsync(
                new ActivityEntry(clock.GetUtcNow(), "sandbox", ActivityAction.Created, resource.Kind.ToString(), resource.Name, $"{resource.Name} created by the sandbox", null, Model.Documents.Manifest.Write(resource)),
                cancellationToken);
    }

    private void Report(StoreResult result, string name)
    {
        // A resource of that name is somebody's: it stays.
        if (result is StoreResult.Denied denied)
            LogNotWritten(name, denied.Message);
        else if (result is StoreResult.Unavailable unavailable)
            LogNotWritten(name, unavailable.Message);
    }

    [LoggerMessage(LogLevel.Warning, "The sandbox could not write {Name}: {Message}")]
    private partial void LogNotWritten(string name, string message);
}
