namespace Portal.Model.Endpoints;

/// <summary>Wire value of <c>authentication.method</c>.</summary>
public enum AuthenticationMethod
{
    SystemAssignedManagedIdentity,
    UserAssignedManagedIdentity,
    Sasl,
    X509Certificate,
    ServiceAccountToken,
    Anonymous,
}

/// <summary>How an endpoint signs in. Closed: the nested records are all there are. A member that is null is not set.</summary>
public abstract record Authentication
{
    private Authentication()
    {
    }

    /// <summary>The method's wire value.</summary>
    public abstract AuthenticationMethod Method { get; }

    /// <summary>Name of the member that holds the method's settings, for example <c>saslSettings</c>.</summary>
    public string SettingsMember => SettingsMemberOf(Method);

    /// <summary>Name of the synced secret that the method needs, null when it needs none or none is set.</summary>
    public virtual string? SecretReference => null;

    /// <summary>Managed identity of the Azure Arc extension.</summary>
    /// <param name="Audience">Token audience; null = derived from the host.</param>
    public sealed record SystemAssignedManagedIdentity(string? Audience = null) : Authentication
    {
        public override AuthenticationMethod Method => AuthenticationMethod.SystemAssignedManagedIdentity;
    }

    /// <summary>User-assigned managed identity through workload identity.</summary>
    /// <param name="ClientId">Client id (GUID) of the identity. Required.</param>
    /// <param name="TenantId">Tenant id (GUID) of the identity. Required.</param>
    /// <param name="Scope">Token scope with the <c>/.default</c> suffix; null = derived from the host.</param>
    public sealed record UserAssignedManagedIdentity(string? ClientId = null, string? TenantId = null, string? Scope = null) : Authentication
    {
        public override AuthenticationMethod Method => AuthenticationMethod.UserAssignedManagedIdentity;
    }

    /// <summary>SASL with a user name and a password (Kafka only).</summary>
    /// <param name="SaslType">Mechanism. Required.</param>
    /// <param name="SecretRef">Synced secret with the keys <c>username</c> and <c>password</c>. Required.</param>
    public sealed record Sasl(SaslType? SaslType = null, string? SecretRef = null) : Authentication
    {
        public override AuthenticationMethod Method => AuthenticationMethod.Sasl;

        public override string? SecretReference => SecretRef;
    }

    /// <summary>TLS client certificate.</summary>
    /// <param name="SecretRef">Synced secret with <c>client_cert.pem</c>, <c>client_key.pem</c> and, optionally, <c>client_intermediate_certs.pem</c>. Required.</param>
    public sealed record X509Certificate(string? SecretRef = null) : Authentication
    {
        public override AuthenticationMethod Method => AuthenticationMethod.X509Certificate;

        public override string? SecretReference => SecretRef;
    }

    /// <summary>Kubernetes service account token, sent as MQTT 5 enhanced authentication <c>K8S-SAT</c> (MQTT only).</summary>
    /// <param name="Audience">Audience of the token. Required.</param>
    public sealed record ServiceAccountToken(string? Audience = null) : Authentication
    {
        public override AuthenticationMethod Method => AuthenticationMethod.ServiceAccountToken;
    }

    /// <summary>No credentials.</summary>
    public sealed record Anonymous : Authentication
    {
        public override AuthenticationMethod Method => AuthenticationMethod.Anonymous;
    }

    /// <summary>The empty settings of a method.</summary>
    public static Authentication Of(AuthenticationMethod method) => method switch
    {
        AuthenticationMethod.SystemAssignedManagedIdentity => new SystemAssignedManagedIdentity(),
        AuthenticationMethod.UserAssignedManagedIdentity => new UserAssignedManagedIdentity(),
        AuthenticationMethod.Sasl => new Sasl(),
        AuthenticationMethod.X509Certificate => new X509Certificate(),
        AuthenticationMethod.ServiceAccountToken => new ServiceAccountToken(),
        AuthenticationMethod.Anonymous => new Anonymous(),
        _ => throw new ArgumentOutOfRangeException(nameof(method), method, null),
    };

    /// <summary>Name of the member of <c>authentication</c> that holds a method's settings.</summary>
    public static string SettingsMemberOf(AuthenticationMethod method) => method switch
    {
        AuthenticationMethod.SystemAssignedManagedIdentity => "systemAssignedManagedIdentitySettings",
        AuthenticationMethod.UserAssignedManagedIdentity => "userAssignedManagedIdentitySettings",
        AuthenticationMethod.Sasl => "saslSettings",
        AuthenticationMethod.X509Certificate => "x509CertificateSettings",
        AuthenticationMethod.ServiceAccountToken => "serviceAccountTokenSettings",
        AuthenticationMethod.Anonymous => "anonymousSettings",
        _ => throw new ArgumentOutOfRangeException(nameof(method), method, null),
    };
}
