using Azure.Core;
using Azure.Identity;
using Portal.Model.Endpoints;
using Portal.Model.Fields;

namespace Portal.Messaging.Identity;

/// <summary>Finds the credential of a managed identity on this machine.</summary>
internal static class ManagedIdentities
{
    private const string FederatedTokenFileVariable = "AZURE_FEDERATED_TOKEN_FILE";
    private const string DefaultSuffix = "/.default";

    // A connection test has seconds, not the minutes that the client library would retry by itself.
    private const int Retries = 1;
    private static readonly TimeSpan _limit = TimeSpan.FromSeconds(5);

    /// <summary>The source of an endpoint's tokens; null when its method uses no managed identity.</summary>
    public static ITokenSource? For(DataflowEndpoint endpoint) => endpoint.Settings?.Authentication switch
    {
        Authentication.SystemAssignedManagedIdentity system =>
            new ManagedIdentityToken(SystemAssigned(), ScopeOf(system.Audience ?? TokenDefaults.Audience(endpoint)), "the system-assigned identity"),
        Authentication.UserAssignedManagedIdentity user =>
            new ManagedIdentityToken(UserAssigned(user), ScopeOf(user.Scope ?? TokenDefaults.Scope(endpoint)), $"the identity with the client ID {user.ClientId}", FederatedTokenFile is not null),
        _ => null,
    };

    private static string ScopeOf(string? audience) =>
        audience is null ? "" : audience.EndsWith(DefaultSuffix, StringComparison.Ordinal) ? audience : audience.TrimEnd('/') + DefaultSuffix;

    private static ManagedIdentityCredential SystemAssigned() => new(WithLimits(new ManagedIdentityCredentialOptions(ManagedIdentityId.SystemAssigned)));

    private static string? FederatedTokenFile => Environment.GetEnvironmentVariable(FederatedTokenFileVariable) is { Length: > 0 } file ? file : null;

    // On Kubernetes a webhook gives the pod a federated token; elsewhere the machine's identity endpoint knows the identity.
    private static TokenCredential UserAssigned(Authentication.UserAssignedManagedIdentity identity) =>
        FederatedTokenFile is { } file
            ? new WorkloadIdentityCredential(WithLimits(new WorkloadIdentityCredentialOptions { ClientId = identity.ClientId, TenantId = identity.TenantId, TokenFilePath = file }))
            : new ManagedIdentityCredential(WithLimits(new ManagedIdentityCredentialOptions(ManagedIdentityId.FromUserAssignedClientId(identity.ClientId))));

    private static T WithLimits<T>(T options)
        where T : TokenCredentialOptions
    {
        options.Retry.MaxRetries = Retries;
        options.Retry.NetworkTimeout = _limit;
        return options;
    }
}
