using System.Security.Cryptography;
using System.Text;
using k8s;

namespace Portal.Stores.Kubernetes;

/// <summary>The client of a cluster, made from the kubeconfig or the pod's service account, and made again when it no longer serves.</summary>
internal sealed class KubernetesConnection(KubernetesOptions options, TimeProvider time) : IDisposable
{
    public const string FieldManager = "portal";

    // A clock that is ahead of the one that dated the credentials must not make every request sign in anew.
    private static readonly TimeSpan ShortestSignIn = TimeSpan.FromMinutes(1);

    // Others wait behind a sign-in, and one that fails may take as long as a request. Shorter than the time after which watches look again.
    private static readonly TimeSpan SignInPause = TimeSpan.FromSeconds(12);

    private readonly SemaphoreSlim making = new(1);
    private volatile Signed? current;
    private volatile Failed? failed;
    private string? context = options.Context;

    public string Namespace => options.Namespace;

    /// <summary>The cluster, for people.</summary>
    public string Target => options.InCluster ? $"This cluster, namespace {options.Namespace}" : $"Cluster {context ?? Host ?? "of the current context"}, namespace {options.Namespace}";

    /// <summary>Address of the API server; null before the first use.</summary>
    public string? Host { get; private set; }

    /// <summary>How long a request may take.</summary>
    public TimeSpan RequestLimit => options.RequestLimit;

    /// <summary>How long a watch may say nothing.</summary>
    public TimeSpan WatchLimit => options.WatchLimit;

    public async ValueTask<k8s.Kubernetes> ClientAsync(CancellationToken cancellationToken)
    {
        if (current is { } ready && !IsOver(ready))
            return ready.Client;
        failed?.ThrowAgain();
        await making.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (current is { } made && !IsOver(made))
                return made.Client;
            failed?.ThrowAgain();
            var now = await MakeAsync(cancellationToken).ConfigureAwait(false);
            current = now;
            return now.Client;
        }
        catch (SignInException failure) when (failed is not { IsOver: false })
        {
            failed?.Dispose();
            failed = new Failed(failure, SignInPause, time);
            throw;
        }
        finally
        {
            making.Release();
        }
    }

    /// <summary>Has the next request read the credentials again and connect anew, unless another has done so since <paramref name="used"/> was taken.</summary>
    public void Renew(k8s.Kubernetes? used)
    {
        // The old client is not disposed: others may be in the middle of a request with it.
        if (current is { } now && (used is null || ReferenceEquals(now.Client, used)))
            current = null;
    }

    public void Dispose()
    {
        current?.Client.Dispose();
        failed?.Dispose();
        making.Dispose();
    }

    private bool IsOver(Signed signed) => signed.Ends is { } ends && time.GetUtcNow() >= ends;

    private async Task<Signed> MakeAsync(CancellationToken cancellationToken)
    {
        try
        {
            var (config, ends) = options.InCluster ? (options.Pod.Configuration(), null) : await FromFilesAsync(cancellationToken).ConfigureAwait(false);
            config.HttpClientTimeout = options.RequestLimit;
            config.UserAgent = "portal/1.0";
            Host = config.Host;
            return new Signed(new k8s.Kubernetes(config, new HeadLimit(options.RequestLimit)), ends);
        }
        catch (Exception exception) when (exception is CryptographicException or FormatException)
        {
            // Half written, for example. Its own words may be about credentials.
            throw new InvalidDataException(options.InCluster ? "the ca.crt of the pod's service account is no certificate." : "a certificate, a key or the address in it, or what its sign-in program gave, is not whole.");
        }
    }

    private async Task<(KubernetesClientConfiguration Config, DateTimeOffset? Ends)> FromFilesAsync(CancellationToken cancellationToken)
    {
        var kubeconfig = Kubeconfig.Load(options.KubeconfigPaths);
        // Kept from the first time on: somebody who switches with kubectl does not move the portal to another cluster.
        context ??= kubeconfig.Config.CurrentContext;
        var config = KubernetesClientConfiguration.BuildConfigFromConfigObject(kubeconfig.Config, context);
        var user = kubeconfig.UserOf(context) ?? "";
        if (kubeconfig.TokenFiles.TryGetValue(user, out var file))
            (config.AccessToken, config.TokenProvider) = (null, new FileToken(file));
        if (!kubeconfig.Programs.TryGetValue(user, out var program))
            return (config, null);
        var signed = await program.RunAsync(options.RequestLimit, cancellationToken).ConfigureAwait(false);
        config.AccessToken = signed.Token;
        if (signed is { CertificatePem: { } certificate, KeyPem: { } key })
            (config.ClientCertificateData, config.ClientCertificateKeyData) = (Base64(certificate), Base64(key));
        var soonest = time.GetUtcNow() + ShortestSignIn;
        return (config, signed.Ends is { } ends ? (ends > soonest ? ends : soonest) : null);
    }

    private static string Base64(string pem) => Convert.ToBase64String(Encoding.UTF8.GetBytes(pem));

    private sealed record Signed(k8s.Kubernetes Client, DateTimeOffset? Ends);

    /// <summary>A sign-in that failed, and is not tried again for a while.</summary>
    private sealed class Failed(SignInException failure, TimeSpan pause, TimeProvider time) : IDisposable
    {
        private readonly CancellationTokenSource end = new(pause, time);

        public bool IsOver => end.IsCancellationRequested;

        public void ThrowAgain()
        {
            if (!IsOver)
                throw new SignInException(failure.Message, failure.Fix);
        }

        public void Dispose() => end.Dispose();
    }
}
