using Portal.KubernetesServer;
using Portal.Tests.Shared;

namespace Portal.Stores.Tests.Kubernetes;

/// <summary>The real kubectl takes our API server for a cluster. Commands and texts are those that 1.20 (Debian 12) and 1.32 share.</summary>
public sealed class KubectlTests : IAsyncLifetime
{
    private const string Endpoint = "dataflowendpoints.connectivity.iotoperations.azure.com";

    private readonly TemporaryFolder folder = new();
    private KubernetesApiServer server = null!;

    public async ValueTask InitializeAsync()
    {
        server = await KubernetesApiServer.StartAsync();
        folder.Write("config", server.Kubeconfig());
    }

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task It_applies_meets_conflicts_takes_over_compares_and_deletes()
    {
        var gzip = Manifest("Gzip");
        Assert.Contains("serverside-applied", (await KubectlAsync("apply", "--server-side", "--field-manager=portal", "-f", gzip)).MustSucceed().Output);

        var conflict = await KubectlAsync("apply", "--server-side", "-f", Manifest("Lz4"));
        Assert.Equal(1, conflict.ExitCode);
        Assert.Contains("conflict with \"portal\"", conflict.Error);
        Assert.Contains(".spec.kafkaSettings.compression", conflict.Error);
        (await KubectlAsync("apply", "--server-side", "--force-conflicts", "-f", Manifest("Lz4"))).MustSucceed();
        Assert.Equal("Lz4", (await KubectlAsync("get", Endpoint, "kafka-a", "-o", "jsonpath={.spec.kafkaSettings.compression}")).MustSucceed().Output.Trim());

        // It ends with 1 when there is a difference.
        var diff = await KubectlAsync("diff", "-f", gzip);
        Assert.Equal((1, ""), (diff.ExitCode, diff.Error));
        Assert.Contains("-    compression: Lz4", diff.Output);
        Assert.Contains("+    compression: Gzip", diff.Output);

        var wrong = await KubectlAsync("apply", "-f", Manifest("None of these"));
        Assert.Equal(1, wrong.ExitCode);
        Assert.Contains("Unsupported value", wrong.Error);
        Assert.Contains("deleted", (await KubectlAsync("delete", "dataflowendpoint", "kafka-a")).MustSucceed().Output);
        Assert.Contains("NotFound", (await KubectlAsync("get", "dataflowendpoint", "kafka-a")).Error);
    }

    [Fact]
    public async Task It_applies_on_the_client_lists_explains_and_watches()
    {
        await using var watch = RunningProcess.Start("kubectl", ["get", "dataflowendpoints", "--watch", "-o", "name"], null, Environment());
        await Wait.UntilAsync(() => server.WatchCount == 1, "kubectl watches", lastSeen: () => watch.Error);
        Assert.Contains("created", (await KubectlAsync("apply", "-f", Manifest("Gzip"))).MustSucceed().Output);
        Assert.Contains("unchanged", (await KubectlAsync("apply", "-f", Manifest("Gzip"))).MustSucceed().Output);
        Assert.Contains("configured", (await KubectlAsync("apply", "-f", Manifest("Lz4"))).MustSucceed().Output);
        await Wait.UntilAsync(() => watch.Output.Split("dataflowendpoint.connectivity.iotoperations.azure.com/kafka-a").Length == 3, "both changes are told", lastSeen: () => watch.Output);

        Assert.Matches("NAME +TYPE +STATUS +RUNTIME +AGE\nkafka-a +Kafka", (await KubectlAsync("get", "dataflowendpoints")).MustSucceed().Output);
        Assert.Contains("<host>:<port>", (await KubectlAsync("explain", "dataflowendpoint.spec.kafkaSettings.host")).MustSucceed().Output);
        Assert.Matches("v?1\\.32", (await KubectlAsync("version", "-o", "json")).MustSucceed().Output);
    }

    private string Manifest(string compression) => folder.Write($"kafka-{compression.Length}.yaml", $"""
        apiVersion: connectivity.iotoperations.azure.com/v1
        kind: DataflowEndpoint
        metadata:
          name: kafka-a
        spec:
          endpointType: Kafka
          kafkaSettings:
            host: kafka.plant.example:9093
            authentication:
              method: Anonymous
            compression: {compression}

        """);

    private Dictionary<string, string?> Environment() => new() { ["KUBECONFIG"] = folder.Combine("config"), ["HOME"] = folder.Path, ["KUBECTL_EXTERNAL_DIFF"] = null };

    private Task<ProcessResult> KubectlAsync(params string[] arguments) => ProcessRunner.RunAsync("kubectl", arguments, limit: TimeSpan.FromMinutes(1), environment: Environment());
}
