using System.Text.RegularExpressions;
using Portal.Model.Ports;
using Portal.Stores.AzureResourceManager;

namespace Portal.Stores.Secrets;

/// <summary>What an error of Key Vault means and what to do about it.</summary>
internal static partial class KeyVaultErrors
{
    [GeneratedRegex("Action: '(?<action>[^']+)'")]
    private static partial Regex Action();

    public static StoreResult ToResult(ArmError error, string vault) => error switch
    {
        { Code: "ObjectIsDeletedButRecoverable" or "ObjectIsBeingDeleted" } => new StoreResult.Denied(
            "A deleted secret in the key vault still holds this name.",
            $"Choose another name, or bring it back with az keyvault secret recover --vault-name {vault} --name <NAME> and set it again."),
        { Status: 403, Code: "ForbiddenByRbac" or "ForbiddenByPolicy" or "Forbidden" } when Action().Match(error.Message) is { Success: true } match => new StoreResult.Denied(
            $"You have no right to {match.Groups["action"].Value} in the key vault '{vault}'.",
            "Ask for the role Key Vault Secrets Officer on the key vault; after it is assigned it takes some minutes."),
        { Status: 403, Code: "ForbiddenByFirewall" or "ForbiddenByConnection" } => new StoreResult.Denied(
            $"The firewall of the key vault '{vault}' lets this machine not in.", "Allow the address of the portal in the networking settings of the key vault, or use a private endpoint."),
        { Status: 404, Code: "VaultNotFound" } => new StoreResult.Unavailable($"The key vault '{vault}' does not exist.", "Check KeyVault of the target."),
        { IsUncertain: true } => new StoreResult.Unavailable(
            $"Nobody knows whether the change is done; the answer of Azure did not come: {error.Message}", "Reload the list to see what is stored, and check the way to the key vault."),
        _ => ArmFindings.ToResult(error, null),
    };

    /// <summary>Why a value cannot be read for a connection test, and what to do.</summary>
    public static (string Message, string Fix) OfReading(ArmError error, string vault) => error switch
    {
        { Status: 403 } when Action().Match(error.Message) is { Success: true } match => (
            $"The portal has no right to {match.Groups["action"].Value} in the key vault '{vault}'.",
            "For tests of endpoints with secrets give the identity of the portal the role Key Vault Secrets User on the key vault, or test from a portal in the cluster."),
        _ => ToResult(error, vault) switch
        {
            StoreResult.Denied(var message, var fix) => (message, fix),
            StoreResult.Unavailable(_, var fix) => ($"The key vault '{vault}' cannot be read: {error.Message}", fix),
            _ => ($"The key vault '{vault}' cannot be read: {error.Message}", "Look at the secret in the Azure portal."),
        },
    };

    /// <summary>The state of a target whose key vault cannot be read; everything else of it works.</summary>
    public static TargetState ToState(ArmError error, string vault) => ToResult(error, vault) switch
    {
        StoreResult.Denied(var message, var fix) => new TargetState(TargetCondition.ReadOnly, "vault-rights-missing", message, fix),
        StoreResult.Unavailable(_, var fix) => new TargetState(TargetCondition.ReadOnly, "vault-unavailable", $"The key vault '{vault}' cannot be read: {error.Message}", fix),
        _ => new TargetState(TargetCondition.ReadOnly, "vault-unavailable", $"The key vault '{vault}' cannot be read: {error.Message}", "Look at the key vault in the Azure portal."),
    };
}
