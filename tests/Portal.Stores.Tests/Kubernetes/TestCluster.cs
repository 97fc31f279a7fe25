using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Portal.KubernetesServer;
using Portal.Model;
using Portal.Model.Ports;
using Portal.Stores.Kubernetes;
using Portal.Stores.Tests.Contract;
using Portal.Stores.Tests.Support;
using Portal.Tests.Shared;

namespace Portal.Stores.Tests.Kubernetes;

/// <summary>A cluster of our API server, portals on it, and somebody with kubectl's rights who goes around them.</summary>
internal sealed class TestCluster : TargetUnderTest
{
    public const string Resources = "/apis/connectivity.iotoperations.azure.com/v1/namespaces/azure-iot-operations/";

    private readonly TemporaryFolder folder = new();
    private readonly List<KubernetesTarget> targets = [];
    private readonly ServiceProvider services;
    private readonly HttpClient http;

    private TestCluster(KubernetesApiServer server, TimeProvider clock)
    {
        Options = new KubernetesOptions { Kubeconfig = Kubeconfig };
        Server = server;
        services = new ServiceCollection().AddSingleton(clock).AddLogging(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(Log)).BuildServiceProvider();
        http = new HttpClient(new HttpClientHandler { ServerCertificateCustomValidationCallback = HttpClientHandler.DangerousAcceptAnyServerCertificateValidator }) { BaseAddress = new Uri(server.Address) };
        http.DefaultRequestHeaders.Add("Authorization", $"Bearer {KubernetesApiServer.AdminToken}");
    }

    public KubernetesApiServer Server { get; }

    public CollectedLog Log { get; } = new();

    /// <summary>How the portals reach the cluster.</summary>
    public KubernetesOptions Options { get; set; }

    public KubernetesTarget Target => targets[0];

    public override IResourceStore Store => Target.Resources;

    /// <summary>Path of the kubeconfig that the portals read.</summary>
    public string Kubeconfig => folder.Combine("config");

    /// <param name="kubeconfig">What stands in the kubeconfig; null = an administrator's token.</param>
    /// <param name="clock">The portal's clock.</param>
    /// <param name="prepare">What is done before the portal starts.</param>
    public static async Task<TestCluster> StartAsync(ServerOptions? options = null, Func<KubernetesApiServer, string>? kubeconfig = null, TimeProvider? clock = null, Action<TestCluster>? prepare = null)
    {
        var cluster = new TestCluster(await KubernetesApiServer.StartAsync(options ?? new ServerOptions { UsesTls = false }), clock ?? TimeProvider.System);
        prepare?.Invoke(cluster);
        cluster.WriteKubeconfig(kubeconfig?.Invoke(cluster.Server) ?? cluster.Server.Kubeconfig());
        cluster.Open();
        return cluster;
    }

    public void WriteKubeconfig(string text) => folder.Write("config", text);

    public string Write(string file, string text) => folder.Write(file, text);

    public string Path(string file) => folder.Combine(file);

    public KubernetesTarget Open()
    {
        var target = KubernetesTarget.Create(Options, services);
        targets.Add(target);
        target.Start();
        return target;
    }

    public Task BecomesAsync(TargetCondition condition, string? cause = null, KubernetesTarget? target = null) => Wait.UntilAsync(
        () => (target ?? Target).Resources.State is var state && state.Condition == condition && state.Cause == cause, $"the target is {condition} {cause}", lastSeen: () => $"{(target ?? Target).Resources.State}\n{Log.Text}");

    /// <summary>Watches are on, so that what happens from now on is told by them.</summary>
    public Task WatchedAsync() => Wait.UntilAsync(() => Server.WatchCount >= 3 * targets.Count, "all kinds are watched", lastSeen: () => Log.Text);

    public async Task<JsonObject?> SendAsync(string method, string path, JsonNode? body = null, string media = "application/json")
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        request.Headers.TryAddWithoutValidation("User-Agent", "somebody/1.0");
        if (body is not null)
            request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, media);
        using var response = await http.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        return (int)response.StatusCode == 404 ? null : response.IsSuccessStatusCode ? JsonNode.Parse(text)!.AsObject() : throw new InvalidOperationException(text);
    }

    /// <summary>A change of the spec by somebody else, with no regard to owners.</summary>
    public Task<JsonObject?> MergeOutsideAsync(string name, string patch, string query = "") => SendAsync("PATCH", $"{Resources}dataflowendpoints/{name}{query}", JsonNode.Parse(patch), "application/merge-patch+json");

    public override async Task<IResourceStore> OpenSecondAsync()
    {
        var second = Open();
        await BecomesAsync(TargetCondition.Ready, target: second);
        return second.Resources;
    }

    public override async Task PutOutsideAsync(JsonObject resource)
    {
        await WatchedAsync();
        var (kind, name) = (Enum.Parse<ResourceKind>((string)resource["kind"]!), (string)resource["metadata"]!["name"]!);
        var live = await ReadOutsideAsync(kind, name);
        if (live is null)
        {
            await SendAsync("POST", PathOf(kind), resource);
            return;
        }
        resource["metadata"]!["resourceVersion"] = live["metadata"]!["resourceVersion"]!.DeepClone();
        await SendAsync("PUT", PathOf(kind, name), resource);
    }

    public override Task DeleteOutsideAsync(ResourceKind kind, string name) => SendAsync("DELETE", PathOf(kind, name));

    public override async Task<string> StampAsync(ResourceKind kind, string name) => (string)(await ReadOutsideAsync(kind, name))!["metadata"]!["resourceVersion"]!;

    public override Task<JsonObject?> ReadOutsideAsync(ResourceKind kind, string name) => SendAsync("GET", PathOf(kind, name));

    public override async ValueTask DisposeAsync()
    {
        foreach (var target in targets)
            await target.DisposeAsync();
        http.Dispose();
        await Server.DisposeAsync();
        await services.DisposeAsync();
        folder.Dispose();
    }

    private static string PathOf(ResourceKind kind, string? name = null) => $"{Resources}{kind.ToString().ToLowerInvariant()}s{(name is null ? "" : "/" + name)}";
}
