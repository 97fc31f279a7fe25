using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography.X509Certificates;
using k8s;
using k8s.Authentication;

namespace Portal.Stores.Kubernetes;

/// <summary>The service account of a pod: the files that Kubernetes mounts and renews, and where the API server is.</summary>
/// <param name="Folder">Folder of the files.</param>
/// <param name="Host">Address of the API server.</param>
/// <param name="Port">Its port.</param>
internal sealed record PodAccount(string Folder, string? Host, string? Port)
{
    /// <summary>That of the pod that the portal runs in.</summary>
    public static PodAccount Own => new(
        "/var/run/secrets/kubernetes.io/serviceaccount", Environment.GetEnvironmentVariable("KUBERNETES_SERVICE_HOST"), Environment.GetEnvironmentVariable("KUBERNETES_SERVICE_PORT"));

    public bool IsThere => !string.IsNullOrEmpty(Host) && int.TryParse(Port, NumberStyles.None, CultureInfo.InvariantCulture, out _) && File.Exists(Token) && File.Exists(Authority);

    private string Token => Path.Combine(Folder, "token");

    private string Authority => Path.Combine(Folder, "ca.crt");

    public KubernetesClientConfiguration Configuration()
    {
        var authorities = new X509Certificate2Collection();
        authorities.ImportFromPemFile(Authority);
        return new KubernetesClientConfiguration
        {
            Host = new UriBuilder(Uri.UriSchemeHttps, Host, int.Parse(Port!, CultureInfo.InvariantCulture)).ToString(),
            TokenProvider = new FileToken(Token),
            SslCaCerts = authorities,
        };
    }
}

/// <summary>A token that somebody else keeps fresh in a file: read for every request.</summary>
internal sealed class FileToken(string path) : ITokenProvider
{
    public async Task<AuthenticationHeaderValue> GetAuthenticationHeaderAsync(CancellationToken cancellationToken)
        => new("Bearer", (await File.ReadAllTextAsync(path, cancellationToken).ConfigureAwait(false)).Trim());
}
