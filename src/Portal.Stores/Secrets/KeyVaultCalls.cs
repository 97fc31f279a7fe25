using System.Text.Json;
using System.Text.Json.Nodes;
using Azure;
using Azure.Identity;
using Portal.Stores.AzureResourceManager;

namespace Portal.Stores.Secrets;

/// <summary>Asks a key vault.</summary>
internal static class KeyVaultCalls
{
    /// <summary>Errors of the vault in the form of Azure's others.</summary>
    /// <exception cref="ArmException">The vault said no, or nothing.</exception>
    public static async Task<T> AskAsync<T>(Func<Task<T>> ask, CancellationToken cancellationToken)
    {
        try
        {
            return await ask().ConfigureAwait(false);
        }
        catch (AuthenticationFailedException e)
        {
            throw new ArmException(ArmError.Without(ArmError.SignIn, e.Message), e);
        }
        catch (RequestFailedException e) when (e.Status != 0)
        {
            throw new ArmException(ArmError.Of(e.Status, Body(e)), e);
        }
        catch (Exception e) when (ArmConnection.IsNoAnswer(e, cancellationToken))
        {
            throw new ArmException(ArmError.Without(ArmError.NoAnswer, ArmConnection.Innermost(e).Message), e);
        }
    }

    private static JsonObject? Body(RequestFailedException failure)
    {
        try
        {
            return failure.GetRawResponse() is { } response && !response.Content.ToMemory().IsEmpty ? JsonNode.Parse(response.Content) as JsonObject : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
