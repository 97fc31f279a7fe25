using Azure.Core;
using Azure.Identity;
using Portal.Messaging.Connections;

namespace Portal.Messaging.Identity;

/// <summary>An Entra token of a managed identity for one scope.</summary>
internal sealed class ManagedIdentityToken(TokenCredential credential, string scope, string identity, bool isWorkload = false) : ITokenSource
{
    public string Scope => scope;

    public async Task<BearerToken> GetAsync(CancellationToken cancellationToken = default)
    {
        try
        {
            var token = await credential.GetTokenAsync(new TokenRequestContext([scope]), cancellationToken);
            return new BearerToken(token.Token, token.ExpiresOn);
        }
        catch (CredentialUnavailableException e)
        {
            throw new ConnectionException(isWorkload ? Workload() : new Problem(
                "identity-unavailable", $"There is no managed identity here: {identity} needs an identity endpoint of Azure, Azure Arc or workload identity, and this machine has none.",
                "Run the portal where the identity exists (a cluster connected with Azure Arc, or with workload identity on its service account), or choose another authentication method for this test."), e);
        }
        catch (AuthenticationFailedException e)
        {
            throw new ConnectionException(IsFile(e) ? Workload() : Explain(e), e);
        }
    }

    private static bool IsFile(Exception failure) => failure.InnerException is IOException or UnauthorizedAccessException;

    private Problem Workload() => new(
        "identity-workload", $"Workload identity is not complete for {identity}: the portal's pod has no readable federated token, client ID or tenant ID.",
        "Label the pod with azure.workload.identity/use: \"true\", annotate its service account with the client ID, and check that the file that AZURE_FEDERATED_TOKEN_FILE names exists.");

    private Problem Explain(AuthenticationFailedException failure)
    {
        var text = failure.Message + failure.InnerException?.Message;
        bool Says(string code) => text.Contains(code, StringComparison.OrdinalIgnoreCase);
        return text switch
        {
            _ when Says("AADSTS500011") || Says("AADSTS65001") || Says("invalid_resource") || Says("invalid_scope") || Says("AADSTS70011") => new Problem(
                "identity-audience", $"Entra knows no service '{scope}' in the tenant of the identity.",
                "Check the audience or scope, for example https://eventgrid.azure.net/.default or https://my-namespace.servicebus.windows.net/.default."),
            _ when Says("AADSTS700016") || Says("AADSTS700027") || Says("Identity not found") => new Problem(
                "identity-unknown", $"Entra does not know {identity}.",
                "Check the client ID and the tenant ID of the user-assigned identity, and that it is assigned to this machine or cluster."),
            _ when Says("AADSTS90002") || Says("AADSTS900023") => new Problem(
                "identity-tenant", "The tenant ID of the identity is not known to Entra.", "Copy the tenant ID from the identity's page in the Azure portal."),
            _ when Says("AADSTS70021") || Says("AADSTS700213") || Says("AADSTS700211") || Says("AADSTS700212") => new Problem(
                "identity-federation", "The identity does not trust the service account of the portal: no federated credential matches its token.",
                "Add a federated credential to the identity with the cluster's issuer and the subject system:serviceaccount:<namespace>:<service account>."),
            _ when Says("ServiceUnavailable") || Says("TooManyRequests") || Says("InternalServerError") || Says("status 5") || Says("429") => new Problem(
                "identity-endpoint", $"The identity endpoint of this machine is there but gives no token for '{scope}' at the moment.",
                "Test again in a minute. If it stays so, look into the log of the Azure Arc agent or of the machine's identity service."),
            _ => new Problem(
                "identity-failed", $"No token for {identity} and '{scope}' could be had from the identity endpoint.",
                "Check that the identity is assigned to this machine or cluster and that the portal may reach the identity endpoint and login.microsoftonline.com."),
        };
    }
}
