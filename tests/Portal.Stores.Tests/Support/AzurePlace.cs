using System.Text.Json.Nodes;
using Azure.Core;
using Azure.Core.Pipeline;
using Microsoft.Extensions.Logging;
using Portal.AzureServer;
using Portal.Model;
using Portal.Stores.AzureResourceManager;

namespace Portal.Stores.Tests.Support;

/// <summary>An Azure server of this test with one instance in it, and targets on it.</summary>
internal sealed class AzurePlace : IAsyncDisposable
{
    public const string Subscription = "6e2d4c1a-0f3b-4d5e-8a7c-9b1f2e3d4c5a";
    public const string Group = "/subscriptions/" + Subscription + "/resourceGroups/plant";
    public const string Instance = Group + "/providers/Microsoft.IoTOperations/instances/aio-hall3";
    public const string CustomLocation = Group + "/providers/Microsoft.ExtendedLocation/customLocations/hall3";

    private readonly List<AzureTarget> targets = [];

    private AzurePlace(TestAzure server)
    {
        Server = server;
        Credential = new TestCredential(server.Tokens);
        server.Arm.Put(Instance, new JsonObject { ["location"] = "westeurope", ["extendedLocation"] = ExtendedLocation(), ["properties"] = new JsonObject { ["version"] = "1.2.3" } });
        Put(ResourceKind.DataflowProfile, "default", new JsonObject { ["instanceCount"] = 1 });
    }

    public TestAzure Server { get; }

    public TestCredential Credential { get; }

    public QuickTime Time { get; } = new();

    public CollectedLog Log { get; } = new();

    public static async Task<AzurePlace> StartAsync() => new(await TestAzure.StartAsync());

    /// <summary>A target on the instance, read every 5 s of a time that runs fifty times faster; not running unless asked for.</summary>
    public AzureTarget Open(Action<AzureTargetOptions>? change = null, bool runs = false)
    {
        var options = new AzureTargetOptions { SubscriptionId = Subscription, ResourceGroup = "plant", Instance = "aio-hall3", RefreshInterval = TimeSpan.FromSeconds(5) };
        change?.Invoke(options);
        var logs = LoggerFactory.Create(builder => builder.SetMinimumLevel(LogLevel.Trace).AddProvider(Log));
        var target = AzureTarget.Create(options, new AzureTargetServices
        {
            Credential = Credential,
            Transport = new HttpClientTransport(Server.CreateHandler()),
            Time = Time,
            Logs = logs,
            RetryDelay = DelayStrategy.CreateFixedDelayStrategy(TimeSpan.FromMilliseconds(10)),
        });
        targets.Add(target);
        if (runs)
            target.Start();
        return target;
    }

    public static string PathOf(ResourceKind kind, string name, string profile = "default") => kind switch
    {
        ResourceKind.DataflowEndpoint => $"{Instance}/dataflowEndpoints/{name}",
        ResourceKind.DataflowProfile => $"{Instance}/dataflowProfiles/{name}",
        _ => $"{Instance}/dataflowProfiles/{profile}/dataflows/{name}",
    };

    /// <summary>Puts a resource as somebody else would.</summary>
    public void Put(ResourceKind kind, string name, JsonObject properties, string profile = "default") =>
        Server.Arm.Put(PathOf(kind, name, profile), new JsonObject { ["extendedLocation"] = ExtendedLocation(), ["properties"] = properties.DeepClone() });

    public JsonObject? Properties(ResourceKind kind, string name, string profile = "default") => Server.Arm.Find(PathOf(kind, name, profile))?["properties"] as JsonObject;

    public static JsonObject ExtendedLocation() => new() { ["name"] = CustomLocation, ["type"] = "CustomLocation" };

    public async ValueTask DisposeAsync()
    {
        foreach (var target in targets)
            await target.DisposeAsync();
        await Server.DisposeAsync();
    }
}
