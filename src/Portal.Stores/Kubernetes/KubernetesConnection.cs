using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;
using k8s;
using k8s.Authentication;
using Portal.Model.Documents;

namespace Portal.Stores.Kubernetes;

/// <summary>The client of a cluster, made from the kubeconfig or the pod's service account, and made again when the token is refused.</summary>
internal sealed class KubernetesConnection(KubernetesOptions options) : IDisposable
{
    public const string FieldManager = "portal";

    private static readonly TimeSpan RequestLimit = TimeSpan.FromSeconds(30);

    private readonly Lock gate = new();
    private k8s.Kubernetes? client;
    private string? host;

    public string Namespace => options.Namespace;

    /// <summary>The cluster, for people.</summary>
    public string Target => options.InCluster ? $"This cluster, namespace {options.Namespace}" : $"Cluster {options.Context ?? host ?? "of the current context"}, namespace {options.Namespace}";

    /// <summary>Address of the API server; null before the first use.</summary>
    public string? Host => host;

    public k8s.Kubernetes Client
    {
        get
        {
            lock (gate)
                return client ??= Make();
        }
    }

    /// <summary>Reads the credentials again, unless somebody has done so since <paramref name="used"/> was taken.</summary>
    public void Renew(k8s.Kubernetes used)
    {
        // The old client is not disposed: others may be in the middle of a request with it.
        lock (gate)
            if (ReferenceEquals(client, used))
                client = Make();
    }

    public void Dispose()
    {
        lock (gate)
            client?.Dispose();
    }

    private k8s.Kubernetes Make()
    {
        var config = options.InCluster
            ? KubernetesClientConfiguration.InClusterConfig()
            : KubernetesClientConfiguration.BuildConfigFromConfigFile(new FileInfo(options.KubeconfigPath), options.Context);
        config.HttpClientTimeout = RequestLimit;
        config.UserAgent = "portal/1.0";
        if (!options.InCluster && config.AccessToken is null && config.TokenProvider is null && config.Username is null && TokenFile(config.CurrentContext) is { } file)
            config.TokenProvider = new FileToken(file);
        host = config.Host;
        return new k8s.Kubernetes(config);
    }

    // The client library does not know the member tokenFile of a user.
    private string? TokenFile(string? context)
    {
        var path = options.KubeconfigPath;
        if (Yaml.Read(File.ReadAllText(path)) is not { Documents: [var document] })
            return null;
        var user = Named(document.Root["contexts"], context)?["context"] is JsonObject of ? Text(of["user"]) : null;
        var file = Named(document.Root["users"], user)?["user"] is JsonObject credentials ? Text(credentials["tokenFile"]) : null;
        return file is null ? null : Path.GetFullPath(file, Path.GetDirectoryName(path)!);
    }

    private static JsonObject? Named(JsonNode? list, string? name)
        => (list as JsonArray ?? []).OfType<JsonObject>().FirstOrDefault(item => name is not null && Text(item["name"]) == name);

    private static string? Text(JsonNode? node) => node?.GetValueKind() is JsonValueKind.String ? node.GetValue<string>() : null;

    /// <summary>A token that somebody else keeps fresh in a file.</summary>
    private sealed class FileToken(string path) : ITokenProvider
    {
        public async Task<AuthenticationHeaderValue> GetAuthenticationHeaderAsync(CancellationToken cancellationToken)
            => new("Bearer", (await File.ReadAllTextAsync(path, cancellationToken).ConfigureAwait(false)).Trim());
    }
}
