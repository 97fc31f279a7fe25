using Portal.Model.Endpoints;
using Portal.Model.Validation;

namespace Portal.Model.Fields;

public static partial class EndpointFields
{
    private static IEnumerable<EndpointField> KafkaAuthentication()
    {
        const string root = "kafkaSettings.authentication";
        yield return new EndpointField<SaslType?>
        {
            Path = root + ".saslSettings.saslType",
            Label = "SASL type",
            Help = "Mechanism of the sign-in. Event Hubs connection strings use Plain.",
            Tab = FieldTab.Basic,
            Section = AuthenticationSection,
            Input = FieldInput.Choice,
            Choices = Choices(
                (SaslType.Plain, "Plain", "User name and password, protected by TLS only."),
                (SaslType.ScramSha256, "ScramSha256", "The password itself is not sent."),
                (SaslType.ScramSha512, "ScramSha512", "The password itself is not sent.")),
            IsRequired = true,
            AppliesTo = Uses<Authentication.Sasl>,
            Rule = MethodRules.CheckSaslType,
            Az = Az("--sasl-type"),
            Get = endpoint => From<Authentication.Sasl, SaslType?>(endpoint, sasl => sasl.SaslType),
            Set = (endpoint, value) => Into<Authentication.Sasl>(endpoint, sasl => sasl with { SaslType = value }),
        };
        yield return Secret<Authentication.Sasl>(
            root + ".saslSettings.secretRef", "The Kubernetes secret with the entries username and password.", "sasl-secret",
            sasl => sasl.SecretRef, (sasl, value) => sasl with { SecretRef = value });
        foreach (var field in ManagedIdentities(root))
            yield return field;
        yield return X509(root);
    }

    private static IEnumerable<EndpointField> MqttAuthentication()
    {
        const string root = "mqttSettings.authentication";
        yield return new EndpointField<string>
        {
            Path = root + ".serviceAccountTokenSettings.audience",
            Label = "Service audience",
            Help = "Audience of the service account token. The built-in broker expects aio-internal.",
            Tab = FieldTab.Basic,
            Section = AuthenticationSection,
            Example = "aio-internal",
            IsRequired = true,
            AppliesTo = Uses<Authentication.ServiceAccountToken>,
            Az = kind => new AzOption(kind == EndpointKind.CustomMqtt ? "--sat-audience" : "--audience"),
            Get = endpoint => From<Authentication.ServiceAccountToken, string>(endpoint, token => token.Audience),
            Set = (endpoint, value) => Into<Authentication.ServiceAccountToken>(endpoint, token => token with { Audience = value }),
        };
        yield return X509(root);
        foreach (var field in ManagedIdentities(root))
            yield return field;
    }

    private static EndpointField X509(string root) => Secret<Authentication.X509Certificate>(
        root + ".x509CertificateSettings.secretRef", "The Kubernetes secret with the three entries below. Values never leave the vault.", "client-certificate",
        x509 => x509.SecretRef, (x509, value) => x509 with { SecretRef = value });

    private static EndpointField<string> Secret<TAuthentication>(
        string path, string help, string example, Func<TAuthentication, string?> get, Func<TAuthentication, string?, TAuthentication> set)
        where TAuthentication : Authentication => new()
        {
            Path = path,
            Label = "Synced secret name",
            Help = help,
            Tab = FieldTab.Basic,
            Section = AuthenticationSection,
            Input = FieldInput.Secret,
            Example = example,
            IsRequired = true,
            AppliesTo = Uses<TAuthentication>,
            Rule = ReferenceRules.CheckSecret,
            Az = Az("--secret-name"),
            Get = endpoint => From(endpoint, get),
            Set = (endpoint, value) => Into<TAuthentication>(endpoint, authentication => set(authentication, value)),
        };

    private static IEnumerable<EndpointField> ManagedIdentities(string root)
    {
        yield return new EndpointField<string>
        {
            Path = root + ".systemAssignedManagedIdentitySettings.audience",
            Label = "Audience",
            Help = "Audience of the token. Empty: derived from the host.",
            Tab = FieldTab.Basic,
            Section = AuthenticationSection,
            DerivedDefault = TokenDefaults.Audience,
            AppliesTo = Uses<Authentication.SystemAssignedManagedIdentity>,
            Rule = MethodRules.CheckAudience,
            Az = kind => new AzOption(kind == EndpointKind.CustomMqtt ? "--sami-audience" : "--audience"),
            Get = endpoint => From<Authentication.SystemAssignedManagedIdentity, string>(endpoint, identity => identity.Audience),
            Set = (endpoint, value) => Into<Authentication.SystemAssignedManagedIdentity>(endpoint, identity => identity with { Audience = value }),
        };
        yield return UserAssigned(
            root + ".userAssignedManagedIdentitySettings.clientId", "--client-id", "Client ID", "Client ID of the user-assigned managed identity.",
            identity => identity.ClientId, (identity, value) => identity with { ClientId = value }, MethodRules.CheckClientId);
        yield return UserAssigned(
            root + ".userAssignedManagedIdentitySettings.tenantId", "--tenant-id", "Tenant ID", "Tenant ID of the user-assigned managed identity.",
            identity => identity.TenantId, (identity, value) => identity with { TenantId = value }, MethodRules.CheckTenantId);
        yield return new EndpointField<string>
        {
            Path = root + ".userAssignedManagedIdentitySettings.scope",
            Label = "Scope",
            Help = "Scope of the token, with the suffix /.default. Empty: derived from the host.",
            Tab = FieldTab.Basic,
            Section = AuthenticationSection,
            DerivedDefault = TokenDefaults.Scope,
            AppliesTo = Uses<Authentication.UserAssignedManagedIdentity>,
            Rule = MethodRules.CheckScope,
            Az = Az("--scope"),
            Get = endpoint => From<Authentication.UserAssignedManagedIdentity, string>(endpoint, identity => identity.Scope),
            Set = (endpoint, value) => Into<Authentication.UserAssignedManagedIdentity>(endpoint, identity => identity with { Scope = value }),
        };
    }

    private static EndpointField<string> UserAssigned(
        string path, string option, string label, string help, Func<Authentication.UserAssignedManagedIdentity, string?> get,
        Func<Authentication.UserAssignedManagedIdentity, string?, Authentication.UserAssignedManagedIdentity> set,
        Func<DataflowEndpoint, EndpointKind, Finding?> rule) => new()
        {
            Path = path,
            Label = label,
            Help = help,
            Tab = FieldTab.Basic,
            Section = AuthenticationSection,
            Example = "6e2d4c1a-0f3b-4d5e-8a7c-9b1f2e3d4c5a",
            IsRequired = true,
            AppliesTo = Uses<Authentication.UserAssignedManagedIdentity>,
            Rule = rule,
            Az = Az(option),
            Get = endpoint => From(endpoint, get),
            Set = (endpoint, value) => Into<Authentication.UserAssignedManagedIdentity>(endpoint, identity => set(identity, value)),
        };
}
