using System.Net.Http.Headers;
using k8s;
using k8s.Authentication;

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
        var config = options.InCluster ? KubernetesClientConfiguration.InClusterConfig() : FromFile();
        config.HttpClientTimeout = RequestLimit;
        config.UserAgent = "portal/1.0";
        host = config.Host;
        return new k8s.Kubernetes(config);
    }

    private KubernetesClientConfiguration FromFile()
    {
        var kubeconfig = Kubeconfig.Load(options.KubeconfigPath);
        var config = KubernetesClientConfiguration.BuildConfigFromConfigObject(kubeconfig.Config, options.Context);
        if (kubeconfig.TokenFileOf(options.Context) is { } file)
            (config.AccessToken, config.TokenProvider) = (null, new FileToken(file));
        return config;
    }

    /// <summary>A token that somebody else keeps fresh in a file.</summary>
    private sealed class FileToken(string path) : ITokenProvider
    {
        public async Task<AuthenticationHeaderValue> GetAuthenticationHeaderAsync(CancellationToken cancellationToken)
            => new("Bearer", (await File.ReadAllTextAsync(path, cancellationToken).ConfigureAwait(false)).Trim());
    }
}
