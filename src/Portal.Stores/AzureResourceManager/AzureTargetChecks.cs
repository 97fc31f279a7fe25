using System.Globalization;
using System.Text.RegularExpressions;
using Portal.Model.Documents;
using Portal.Model.Validation;

namespace Portal.Stores.AzureResourceManager;

/// <summary>What an Azure target needs before the portal starts with it.</summary>
public static partial class AzureTargetChecks
{
    private static readonly TimeSpan ShortestInterval = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestInterval = TimeSpan.FromHours(1);

    private const string ResourceGroupRule = "1 to 90 letters, digits, '_', '-', '.', '(' and ')', not ending with '.'";

    [GeneratedRegex(@"^[\w().-]{0,89}[\w()-]\z")]
    private static partial Regex ResourceGroup();

    [GeneratedRegex("^[a-zA-Z](?!.*--)[a-zA-Z0-9-]{1,22}[a-zA-Z0-9]\\z")]
    private static partial Regex VaultName();

    /// <summary>Every problem, with key, value and what is allowed.</summary>
    /// <param name="options">The options.</param>
    /// <param name="section">Where they stand, for example <c>Portal:Targets:1:Azure</c>.</param>
    public static IEnumerable<string> Check(AzureTargetOptions options, string section)
    {
        string Problem(string key, object value, string fix) => string.Create(CultureInfo.InvariantCulture, $"{section}:{key} is '{value}'. {fix}");
        const string guid = "Give a GUID, for example 00000000-0000-0000-0000-000000000000";
        if (!IsGuid(options.SubscriptionId))
            yield return Problem(nameof(options.SubscriptionId), options.SubscriptionId, guid + "; az account show --query id shows it.");
        if (options.TenantId.Length > 0 && !IsGuid(options.TenantId))
            yield return Problem(nameof(options.TenantId), options.TenantId, guid + "; az account show --query tenantId shows it.");
        if (options.ClientId.Length > 0 && !IsGuid(options.ClientId))
            yield return Problem(nameof(options.ClientId), options.ClientId, guid + ", or leave it out.");
        if (options.ClientId.Length > 0 && options.SignIn is AzureSignIn.AzureCli)
            yield return Problem(nameof(options.ClientId), options.ClientId, "Leave it out: az login decides who signs in.");
        if (!ResourceGroup().IsMatch(options.ResourceGroup))
            yield return Problem(nameof(options.ResourceGroup), options.ResourceGroup, "Give the name of the resource group of the instance: " + ResourceGroupRule + ".");
        if (NameRules.CheckResourceName(options.Instance) is not null)
            yield return Problem(nameof(options.Instance), options.Instance, "Give the name of an Azure IoT Operations instance: 3 to 63 of a-z, 0-9 and hyphen.");
        if (!DocumentOptions.ApiVersions.Contains(options.ApiVersion))
            yield return Problem(nameof(options.ApiVersion), options.ApiVersion, $"Choose one of {string.Join(", ", DocumentOptions.ApiVersions)}.");
        if (!Enum.IsDefined(options.Cloud))
            yield return Problem(nameof(options.Cloud), options.Cloud, $"Choose one of {string.Join(", ", Enum.GetNames<AzureCloud>())}.");
        if (!Enum.IsDefined(options.SignIn))
            yield return Problem(nameof(options.SignIn), options.SignIn, $"Choose one of {string.Join(", ", Enum.GetNames<AzureSignIn>())}.");
        if (options.RefreshInterval < ShortestInterval || options.RefreshInterval > LongestInterval)
            yield return Problem(nameof(options.RefreshInterval), options.RefreshInterval, "Give 00:00:05 to 01:00:00.");
        if (options.KeyVault.Length > 0 && !VaultName().IsMatch(options.KeyVault))
            yield return Problem(nameof(options.KeyVault), options.KeyVault, "Give the name of a key vault, not its address: 3 to 24 letters, digits and single hyphens, starting with a letter.");
        if (options.SecretProviderClass.Length > 0 && !NameRules.IsKubernetesName(options.SecretProviderClass))
            yield return Problem(nameof(options.SecretProviderClass), options.SecretProviderClass, "Give the name of a SecretProviderClass, or leave it out.");
        if (!NameRules.IsKubernetesName(options.SecretSyncServiceAccount))
            yield return Problem(nameof(options.SecretSyncServiceAccount), options.SecretSyncServiceAccount, "Give the name of a service account, for example aio-ssc-sa.");
    }

    /// <summary>What is wrong with a name of a resource group; null = nothing.</summary>
    public static Finding? CheckResourceGroup(string name) => ResourceGroup().IsMatch(name)
        ? null
        : Finding.Error("resource-group-name", "resourceGroup", $"'{name}' is no name of a resource group.", $"Give {ResourceGroupRule}, or nothing for the whole subscription.");

    private static bool IsGuid(string text) => Guid.TryParseExact(text, "D", out _);
}
