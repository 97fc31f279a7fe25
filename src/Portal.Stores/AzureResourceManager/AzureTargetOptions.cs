using Portal.Model.Documents;

namespace Portal.Stores.AzureResourceManager;

/// <summary>Azure's clouds.</summary>
public enum AzureCloud { Public, UsGovernment, China }

/// <summary>How the portal signs in to Azure.</summary>
public enum AzureSignIn
{
    /// <summary>Whatever works of the others, workload identity first.</summary>
    Default,

    /// <summary>A federated token of the pod's service account.</summary>
    WorkloadIdentity,

    /// <summary>The managed identity of the machine.</summary>
    ManagedIdentity,

    /// <summary>The one who is signed in with az login.</summary>
    AzureCli,
}

/// <summary>An Azure IoT Operations instance as a target: one entry of <c>Portal:Targets</c>.</summary>
public sealed class AzureTargetOptions
{
    /// <summary>Tenant of the subscription, a GUID; empty = that of the sign-in.</summary>
    public string TenantId { get; set; } = "";

    /// <summary>Subscription, a GUID. Required.</summary>
    public string SubscriptionId { get; set; } = "";

    /// <summary>Resource group of the instance. Required.</summary>
    public string ResourceGroup { get; set; } = "";

    /// <summary>Name of the instance. Required.</summary>
    public string Instance { get; set; } = "";

    /// <summary>Cloud: Public, UsGovernment or China.</summary>
    public AzureCloud Cloud { get; set; }

    /// <summary>API version of the dataflow resources, one of <see cref="DocumentOptions.ApiVersions"/>.</summary>
    public string ApiVersion { get; set; } = DocumentOptions.DefaultApiVersion;

    /// <summary>How to sign in.</summary>
    public AzureSignIn SignIn { get; set; }

    /// <summary>Client ID of the user-assigned or workload identity, a GUID; empty = the system-assigned one, or that of the pod.</summary>
    public string ClientId { get; set; } = "";

    /// <summary>Time between two readings of everything, 5 s to 1 h: Azure tells nobody of changes.</summary>
    public TimeSpan RefreshInterval { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Name of the key vault for references; empty = secrets are not kept there.</summary>
    public string KeyVault { get; set; } = "";

    /// <summary>SecretProviderClass that synced secrets use; empty = that of the instance, or the one for the vault in the same custom location.</summary>
    public string SecretProviderClass { get; set; } = "";

    /// <summary>Service account in the cluster that fetches synced secrets.</summary>
    public string SecretSyncServiceAccount { get; set; } = "aio-ssc-sa";
}
