namespace Portal.AzureServer;

/// <summary>Errors in the words of ARM.</summary>
internal static class ArmErrors
{
    public static Reply NotFound(ArmId id) => Reply.Error(
        404, "ResourceNotFound",
        $"The Resource '{id.Type}/{string.Join('/', id.Names)}' under resource group '{id.ResourceGroup}' was not found. For more details please go to https://aka.ms/ARMResourceNotFoundFix");

    public static Reply NotAuthorized(string action, string scope) => Reply.Error(
        403, "AuthorizationFailed",
        $"The client '{ServerTokens.ObjectId}' with object id '{ServerTokens.ObjectId}' does not have authorization to perform action '{action}' over scope '{scope}' or the scope is invalid. If access was recently granted, please refresh your credentials.");
}
