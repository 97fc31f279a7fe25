using Portal.Model.Endpoints;
using Portal.Model.Fields;

namespace Portal.Model.Documents;

/// <summary>The commands that go with an endpoint: other ways to make it, and the secret and config map that it names.</summary>
internal static class AzCompanions
{
    /// <summary>One text a block: a sentence, then its commands.</summary>
    public static IEnumerable<string> Of(DataflowEndpoint endpoint, EndpointKind? kind, DocumentOptions options)
    {
        var @namespace = Shell.Quote(options.Namespace ?? endpoint.Namespace ?? Resource.DefaultNamespace);
        if (Secret(endpoint, kind, @namespace) is { } secret)
            yield return secret;
        if (ConfigMap(endpoint, @namespace) is { } configMap)
            yield return configMap;
        yield return "The same endpoint from the YAML document, made in the cluster (Azure does not see it):\n"
            + $"kubectl apply -f {EndpointDocuments.FileName(endpoint, DocumentFormat.Yaml)}";
        yield return "The same endpoint from the Bicep document:\n"
            + $"az deployment group create --resource-group {Shell.Quote(options.ResourceGroup)} --template-file {EndpointDocuments.FileName(endpoint, DocumentFormat.Bicep)}";
    }

    private static string? Secret(DataflowEndpoint endpoint, EndpointKind? kind, string @namespace)
    {
        var authentication = endpoint.Settings?.Authentication;
        var entries = SecretEntryField.For(authentication?.Method);
        if (entries.IsEmpty)
            return null;
        var command = Shell.Command(
            $"kubectl create secret generic {Shell.Quote(authentication!.SecretReference is { Length: > 0 } name ? name : "<SECRET_NAME>")} -n {@namespace}",
            entries.Where(entry => entry.IsRequired).Select(entry => Entry(entry, authentication, kind)));
        var optional = entries.Where(entry => !entry.IsRequired).Select(entry => $"\nOptional: {Entry(entry, authentication, kind)}");
        return "Before that, the secret that the endpoint names, where none is synced from a vault:\n" + command + string.Concat(optional);
    }

    private static string Entry(SecretEntryField entry, Authentication authentication, EndpointKind? kind)
    {
        if (entry.IsPem)
            return $"--from-file={entry.Key}={entry.Key}";
        var isConnectionString = kind == EndpointKind.EventHubs && authentication is Authentication.Sasl { SaslType: null or SaslType.Plain };
        var value = (entry.Key, isConnectionString) switch
        {
            ("username", true) => "$ConnectionString",
            (_, true) => "<CONNECTION_STRING>",
            _ => $"<{entry.Key.ToUpperInvariant()}>",
        };
        return $"--from-literal={entry.Key}={Shell.Quote(value)}";
    }

    private static string? ConfigMap(DataflowEndpoint endpoint, string @namespace) =>
        endpoint.Settings?.Tls.TrustedCaCertificateConfigMapRef is { Length: > 0 } name
        // This one comes with Azure IoT Operations.
        && name != EndpointKind.LocalMqtt.Preset.Tls.TrustedCaCertificateConfigMapRef
            ? $"Before that, the config map with the certificates of the trusted CA:\nkubectl create configmap {Shell.Quote(name)} --from-file=ca.crt -n {@namespace}"
            : null;
}
