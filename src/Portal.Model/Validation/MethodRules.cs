using Portal.Model.Endpoints;

namespace Portal.Model.Validation;

/// <summary>Which method a kind allows, and what its settings must look like.</summary>
internal static class MethodRules
{
    public static Finding? Check(DataflowEndpoint endpoint, EndpointKind kind)
    {
        var path = "spec." + endpoint.Settings!.Member + ".authentication.method";
        var method = endpoint.Settings.Authentication?.Method;
        var allowed = string.Join(", ", kind.AllMethods);
        if (method is null)
            return Finding.Error("method-missing", path, "No authentication method is chosen.", $"Choose one of {allowed}.");
        if (!kind.AllMethods.Contains(method.Value))
            return Finding.Error("method-not-allowed", path, $"{kind.DisplayName} does not take the method {method}.", $"Choose one of {allowed}.");
        if (kind.SchemaOnlyMethods.Contains(method.Value))
            return Finding.Info("method-schema-only", path, $"{method} is also in the schema, but no documentation offers it for {kind.DisplayName}.") with
            {
                AsOf = Facts.SchemaDate,
                Source = Facts.KafkaPage,
            };
        return null;
    }

    public static Finding? CheckSaslType(DataflowEndpoint endpoint, EndpointKind kind) =>
        kind == EndpointKind.EventHubs && endpoint.Settings?.Authentication is Authentication.Sasl { SaslType: not null and not SaslType.Plain } sasl
            ? Finding.Warning("event-hubs-sasl-type", "spec.kafkaSettings.authentication.saslSettings.saslType", $"Event Hubs offers the mechanism PLAIN only; a sign-in with {sasl.SaslType} will be refused.", "Choose Plain, with the user name $ConnectionString and the connection string as password.") with
            {
                AsOf = Facts.SchemaDate,
                Source = Facts.EventHubsKafka,
            }
            : null;

    public static Finding? CheckClientId(DataflowEndpoint endpoint, EndpointKind kind) => CheckGuid(endpoint, "Client ID", "clientId", identity => identity.ClientId);

    public static Finding? CheckTenantId(DataflowEndpoint endpoint, EndpointKind kind) => CheckGuid(endpoint, "Tenant ID", "tenantId", identity => identity.TenantId);

    public static Finding? CheckAudience(DataflowEndpoint endpoint, EndpointKind kind) =>
        endpoint.Settings?.Authentication is Authentication.SystemAssignedManagedIdentity identity && identity.Audience?.EndsWith("/.default", StringComparison.Ordinal) is true
            ? Finding.Warning("audience-default-suffix", "spec." + endpoint.Settings.Member + ".authentication.systemAssignedManagedIdentitySettings.audience", "An audience has no suffix /.default; that is how a scope ends.", $"Write {identity.Audience[..^"/.default".Length]}.")
            : null;

    public static Finding? CheckScope(DataflowEndpoint endpoint, EndpointKind kind) =>
        endpoint.Settings?.Authentication is Authentication.UserAssignedManagedIdentity { Scope: { Length: > 0 } scope } && !scope.EndsWith("/.default", StringComparison.Ordinal)
            ? Finding.Warning("scope-default-suffix", "spec." + endpoint.Settings.Member + ".authentication.userAssignedManagedIdentitySettings.scope", "The scope lacks the suffix /.default; a token request with it will be refused.", $"Write {scope.TrimEnd('/')}/.default.") with
            {
                AsOf = Facts.SchemaDate,
                Source = Facts.KafkaPage,
            }
            : null;

    private static Finding? CheckGuid(DataflowEndpoint endpoint, string label, string member, Func<Authentication.UserAssignedManagedIdentity, string?> get)
    {
        if (endpoint.Settings?.Authentication is not Authentication.UserAssignedManagedIdentity identity || get(identity) is not { Length: > 0 } value || Guid.TryParse(value, out _))
            return null;
        var path = $"spec.{endpoint.Settings.Member}.authentication.userAssignedManagedIdentitySettings.{member}";
        return value.Contains('<', StringComparison.Ordinal)
            ? Finding.Error("placeholder", path, $"{label} still holds the placeholder '{value}'.", "Write the GUID of the identity.")
            : Finding.Error("not-a-guid", path, $"{label} is not a GUID.", "Write for example 6e2d4c1a-0f3b-4d5e-8a7c-9b1f2e3d4c5a.");
    }
}

/// <summary>TLS that a service forces, and what a connection without TLS means.</summary>
internal static class TlsRules
{
    public static Finding? Check(DataflowEndpoint endpoint, EndpointKind kind)
    {
        if (endpoint.Settings!.UsesTls)
            return null;
        var path = "spec." + endpoint.Settings.Member + ".tls.mode";
        if (kind.RequiresTls)
            return Finding.Error("tls-required", path, $"{kind.DisplayName} accepts TLS connections only.", "Switch TLS mode enabled on.");
        return endpoint.Settings.Authentication switch
        {
            Authentication.X509Certificate => Finding.Error("tls-required-for-certificate", path, "A client certificate is sent within TLS, and TLS is off.", "Switch TLS mode enabled on, or choose another authentication method."),
            Authentication.Anonymous or null => null,
            Authentication.Sasl { SaslType: SaslType.ScramSha256 or SaslType.ScramSha512 } => Finding.Warning("tls-off", path, "TLS is off: messages can be read on the way.", "Switch TLS mode enabled on unless the network is trusted."),
            _ => Finding.Warning("tls-off-credentials", path, "TLS is off: the credentials and messages can be read on the way.", "Switch TLS mode enabled on unless the network is trusted."),
        };
    }
}

/// <summary>Names of secrets and config maps. Whether they exist is for the store to say.</summary>
internal static class ReferenceRules
{
    public static Finding? CheckConfigMap(DataflowEndpoint endpoint, EndpointKind kind) =>
        Check(endpoint.Settings!.Tls.TrustedCaCertificateConfigMapRef, "spec." + endpoint.Settings.Member + ".tls.trustedCaCertificateConfigMapRef", "config map", "client-ca-configmap");

    public static Finding? CheckSecret(DataflowEndpoint endpoint, EndpointKind kind)
    {
        var authentication = endpoint.Settings!.Authentication;
        return authentication is null ? null
            : Check(authentication.SecretReference, $"spec.{endpoint.Settings.Member}.authentication.{authentication.SettingsMember}.secretRef", "secret", "line3-client-cert");
    }

    private static Finding? Check(string? name, string path, string what, string example) =>
        string.IsNullOrEmpty(name) || NameRules.IsKubernetesName(name) ? null
        : name.Contains('<', StringComparison.Ordinal) || name.Contains("${", StringComparison.Ordinal)
            ? Finding.Error("placeholder", path, $"The name of the {what} still holds the placeholder '{name}'.", $"Write the name, for example {example}.")
            : Finding.Error("reference-name", path, $"'{name}' cannot be the name of a {what}.", $"Use a-z, 0-9, hyphen and dot, for example {example}.");
}
