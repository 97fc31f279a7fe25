using Portal.Model;
using Portal.Model.Validation;

namespace Portal.Stores.Kubernetes;

/// <summary>A cluster as a target.</summary>
public sealed class KubernetesOptions
{
    /// <summary>Path of the kubeconfig; null = the files that <c>KUBECONFIG</c> names, else <c>.kube/config</c> in the home folder.</summary>
    public string? Kubeconfig { get; set; }

    /// <summary>Context of the kubeconfig; null = its current one.</summary>
    public string? Context { get; set; }

    /// <summary>Namespace of the resources, secrets and config maps.</summary>
    public string Namespace { get; set; } = Resource.DefaultNamespace;

    /// <summary>True to use the service account of the pod that the portal runs in; then neither kubeconfig nor context applies.</summary>
    public bool InCluster { get; set; }

    /// <summary>How long a request may take, and a sign-in program.</summary>
    internal TimeSpan RequestLimit { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a watch may say nothing. The server ends one after five minutes; one that is silent for longer has lost its connection.</summary>
    internal TimeSpan WatchLimit { get; set; } = TimeSpan.FromSeconds(ResourceApi.WatchSeconds + 30);

    /// <summary>The service account of <see cref="InCluster"/>.</summary>
    internal PodAccount Pod { get; set; } = PodAccount.Own;

    /// <summary>What is wrong, each with the key, the value and what is allowed; empty when nothing is.</summary>
    /// <param name="section">Section of the configuration, for example <c>Portal:Targets:1</c>.</param>
    public IReadOnlyList<string> Check(string section)
    {
        var faults = new List<string>();
        if (Namespace.Length > 63 || Namespace.Contains('.', StringComparison.Ordinal) || !NameRules.IsKubernetesName(Namespace))
            faults.Add($"{section}:{nameof(Namespace)} is '{Namespace}'. Give the name of a namespace: up to 63 of a-z, 0-9 and hyphen, for example {Resource.DefaultNamespace}.");
        if (InCluster)
        {
            if (Kubeconfig is not null || Context is not null)
                faults.Add($"{section}:{nameof(InCluster)} is true and {nameof(Kubeconfig)} or {nameof(Context)} is given too. In a pod the service account decides; remove the others, or set {nameof(InCluster)} to false.");
            else if (!Pod.IsThere)
                faults.Add($"{section}:{nameof(InCluster)} is true, but the portal does not run in a pod with a service account. Set it to false and name a {nameof(Context)}.");
            return faults;
        }
        var path = string.Join(Path.PathSeparator, KubeconfigPaths);
        if (!KubeconfigPaths.Any(File.Exists))
            return [.. faults, $"{section}:{nameof(Kubeconfig)} is '{path}', which is not there. Give the path of a kubeconfig file, or set {nameof(InCluster)} to true in a pod."];
        try
        {
            var kubeconfig = Stores.Kubernetes.Kubeconfig.Load(KubeconfigPaths);
            var (contexts, wanted) = (kubeconfig.Contexts, Context ?? kubeconfig.Config.CurrentContext);
            if (string.IsNullOrEmpty(wanted))
                faults.Add($"{section}:{nameof(Context)} is empty and {path} has no current context. {Allowed(contexts)}");
            else if (!contexts.Contains(wanted))
                faults.Add($"{section}:{nameof(Context)} is '{wanted}', which {path} does not have. {Allowed(contexts)}");
        }
        catch (Exception exception) when (exception is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            faults.Add($"{section}:{nameof(Kubeconfig)} is '{path}', which cannot be read as a kubeconfig: {exception.Message} Give one that 'kubectl --kubeconfig {path} config view' shows.");
        }
        return faults;
    }

    /// <summary>Where it is, in short: the context, in a pod nothing.</summary>
    public string Describe() => InCluster ? Namespace : $"{Context ?? Stores.Kubernetes.Kubeconfig.Load(KubeconfigPaths).Config.CurrentContext}, {Namespace}";

    /// <summary>The kubeconfigs that apply, those that come first before the others.</summary>
    internal IReadOnlyList<string> KubeconfigPaths
    {
        get
        {
            if (Kubeconfig is not null)
                return [Path.GetFullPath(Kubeconfig)];
            return (Environment ?? System.Environment.GetEnvironmentVariable("KUBECONFIG"))?.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries) is { Length: > 0 } files
                ? [.. files.Select(Path.GetFullPath)]
                : [Path.Combine(System.Environment.GetFolderPath(System.Environment.SpecialFolder.UserProfile), ".kube", "config")];
        }
    }

    /// <summary>In place of the environment variable <c>KUBECONFIG</c>; null = the variable itself.</summary>
    internal string? Environment { get; set; }

    private static string Allowed(IReadOnlyList<string> contexts)
        => contexts.Count == 0 ? "It has no contexts; make one with 'kubectl config set-context'." : $"It has: {string.Join(", ", contexts)}.";
}
