using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Identity;
using Azure.ResourceManager;
using Azure.Security.KeyVault.Secrets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Portal.Model.Documents;
using Portal.Model.Ports;
using Portal.Stores.Secrets;

namespace Portal.Stores.AzureResourceManager;

/// <summary>What an Azure target uses; everything has a default.</summary>
internal sealed record AzureTargetServices
{
    /// <summary>Signs in; null = as <see cref="AzureTargetOptions.SignIn"/> says.</summary>
    public TokenCredential? Credential { get; init; }

    /// <summary>Sends requests; null = the transport of the Azure client.</summary>
    public HttpPipelineTransport? Transport { get; init; }

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Where the log goes.</summary>
    public ILoggerFactory Logs { get; init; } = NullLoggerFactory.Instance;

    /// <summary>Waits between tries where the service asks for none.</summary>
    public DelayStrategy RetryDelay { get; init; } = DelayStrategy.CreateExponentialDelayStrategy();
}

/// <summary>An Azure IoT Operations instance.</summary>
/// <param name="Name">Its name.</param>
/// <param name="ResourceGroup">Its resource group.</param>
/// <param name="Location">Azure region.</param>
public sealed record AzureInstance(string Name, string ResourceGroup, string? Location);

/// <summary>An Azure IoT Operations instance as a target: its stores, kept up to date while it runs. Its state is that of <see cref="Resources"/>.</summary>
public sealed class AzureTarget : IAsyncDisposable
{
    // Tries of one request, apart from the first.
    private const int Retries = 3;

    // Longest wait for one answer; Azure Resource Manager itself ends requests after a minute.
    private static readonly TimeSpan NetworkTimeout = TimeSpan.FromSeconds(70);

    private readonly ArmConnection arm;
    private readonly ArmResourceStore store;
    private readonly AzureTargetOptions options;
    private readonly ILogger logger;
    private readonly CancellationTokenSource stopping = new();
    private Task running = Task.CompletedTask;

    private AzureTarget(AzureTargetOptions options, AzureTargetServices services)
    {
        (this.options, logger) = (options, services.Logs.CreateLogger<AzureTarget>());
        var credential = services.Credential ?? Credential(options);
        var environment = EnvironmentOf(options.Cloud);
        var client = Configure(new ArmClientOptions { Environment = environment }, services);
        arm = new ArmConnection(client, credential, services.Time);
        var instance = new ArmInstance(options.SubscriptionId, options.ResourceGroup, options.Instance);
        store = new ArmResourceStore(arm, instance, options.ApiVersion, options.RefreshInterval, services.Time, logger);
        Roles = new AzureRoles(arm, options.SubscriptionId, store.FactsAsync);
        if (options.KeyVault.Length == 0)
            return;
        var vault = new SecretClient(new Uri($"https://{options.KeyVault}.{VaultSuffixOf(options.Cloud)}"), credential, Configure(new SecretClientOptions(SecretClientOptions.ServiceVersion.V7_6), services));
        var synced = new ArmSyncedSecrets(arm, new ArmOperations(arm, services.Time), instance, options, store.FactsAsync, services.Time);
        Secrets = new KeyVaultSecretStore(vault, synced, store.NoteVault, store.NoteSynced, services.Time, logger);
        SecretReader = new KeyVaultReader(vault, synced);
    }

    /// <summary>Endpoints, dataflows and profiles of the instance, with the state of the target.</summary>
    public IResourceStore Resources => store;

    /// <summary>Whether the identities of endpoints have the roles that they need.</summary>
    public AzureRoles Roles { get; }

    /// <summary>Secrets of the key vault and synced secrets of the instance; null without <see cref="AzureTargetOptions.KeyVault"/>.</summary>
    public ISecretStore? Secrets { get; }

    /// <summary>Values for connection tests; null without a key vault.</summary>
    public ISecretReader? SecretReader { get; }

    /// <summary>Makes the target; nothing is asked of Azure before <see cref="Start"/>.</summary>
    /// <param name="options">Options that <see cref="AzureTargetChecks"/> finds nothing wrong with.</param>
    /// <param name="services">Gives <see cref="ILoggerFactory"/> and <see cref="TimeProvider"/>.</param>
    public static AzureTarget Create(AzureTargetOptions options, IServiceProvider services)
    {
        var given = services.GetService<AzureTargetServices>() ?? new AzureTargetServices { Time = services.GetService<TimeProvider>() ?? TimeProvider.System };
        return Create(options, given with { Logs = services.GetRequiredService<ILoggerFactory>() });
    }

    internal static AzureTarget Create(AzureTargetOptions options, AzureTargetServices services) => new(options, services);

    /// <summary>Begins to read everything at the interval of the options. An Azure that cannot be reached is a state, not a failure.</summary>
    public void Start() => running = Task.Run(RunAsync);

    /// <summary>Instances of a resource group, or of the whole subscription. What keeps the portal from it is an error of the second value.</summary>
    /// <exception cref="ArgumentException">No name that <see cref="AzureTargetChecks.CheckResourceGroup"/> takes.</exception>
    public async Task<(IReadOnlyList<AzureInstance> Instances, TargetState? Problem)> ListInstancesAsync(string? resourceGroup = null, CancellationToken cancellationToken = default)
    {
        if (resourceGroup is not null && AzureTargetChecks.CheckResourceGroup(resourceGroup) is { } wrong)
            throw new ArgumentException(wrong.Message, nameof(resourceGroup));
        var instances = new List<AzureInstance>();
        try
        {
            var path = ArmInstance.ListPath(options.SubscriptionId, resourceGroup);
            await foreach (var body in arm.ListAsync(path, DocumentOptions.DefaultApiVersion, null, cancellationToken).ConfigureAwait(false))
                instances.Add(new AzureInstance(ArmEntry.Text(body["name"]) ?? "", GroupOf(ArmEntry.Text(body["id"])) ?? resourceGroup ?? "", ArmEntry.Text(body["location"])));
            return ([.. instances.OrderBy(one => one.Name, StringComparer.OrdinalIgnoreCase)], null);
        }
        catch (ArmException e)
        {
            return ([], ArmConditions.Of(e.Error, new ArmInstance(options.SubscriptionId, resourceGroup ?? options.ResourceGroup, options.Instance)));
        }
    }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync().ConfigureAwait(false);
        await running.ConfigureAwait(false);
        store.Dispose();
        stopping.Dispose();
    }

    private async Task RunAsync()
    {
        try
        {
            await store.RunAsync(stopping.Token).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            logger.TargetStopped(exception, store.Target);
        }
    }

    private static string? GroupOf(string? id)
    {
        var parts = id?.Split('/') ?? [];
        var at = Array.FindIndex(parts, part => part.Equals("resourceGroups", StringComparison.OrdinalIgnoreCase));
        return at < 0 || at + 1 >= parts.Length ? null : parts[at + 1];
    }

    private static T Configure<T>(T options, AzureTargetServices services)
        where T : ClientOptions
    {
        if (services.Transport is { } transport)
            options.Transport = transport;
        options.Retry.NetworkTimeout = NetworkTimeout;
        options.RetryPolicy = new ArmRetryPolicy(Retries, services.RetryDelay);
        return options;
    }

    private static ArmEnvironment EnvironmentOf(AzureCloud cloud) => cloud switch
    {
        AzureCloud.UsGovernment => ArmEnvironment.AzureGovernment,
        AzureCloud.China => ArmEnvironment.AzureChina,
        _ => ArmEnvironment.AzurePublicCloud,
    };

    private static string VaultSuffixOf(AzureCloud cloud) => cloud switch
    {
        AzureCloud.UsGovernment => "vault.usgovcloudapi.net",
        AzureCloud.China => "vault.azure.cn",
        _ => "vault.azure.net",
    };

    private static TokenCredential Credential(AzureTargetOptions options)
    {
        var authority = options.Cloud switch
        {
            AzureCloud.UsGovernment => AzureAuthorityHosts.AzureGovernment,
            AzureCloud.China => AzureAuthorityHosts.AzureChina,
            _ => AzureAuthorityHosts.AzurePublicCloud,
        };
        var (tenant, client) = (NullIfEmpty(options.TenantId), NullIfEmpty(options.ClientId));
        return options.SignIn switch
        {
            AzureSignIn.WorkloadIdentity => new WorkloadIdentityCredential(new WorkloadIdentityCredentialOptions { AuthorityHost = authority, TenantId = tenant, ClientId = client }),
            AzureSignIn.ManagedIdentity => new ManagedIdentityCredential(new ManagedIdentityCredentialOptions(
                client is null ? ManagedIdentityId.SystemAssigned : ManagedIdentityId.FromUserAssignedClientId(client))
            { AuthorityHost = authority }),
            AzureSignIn.AzureCli => new AzureCliCredential(new AzureCliCredentialOptions { AuthorityHost = authority, TenantId = tenant }),
            _ => new DefaultAzureCredential(new DefaultAzureCredentialOptions
            {
                AuthorityHost = authority,
                TenantId = tenant,
                ManagedIdentityClientId = client,
                WorkloadIdentityClientId = client,
                ExcludeInteractiveBrowserCredential = true,
            }),
        };
    }

    private static string? NullIfEmpty(string text) => text.Length == 0 ? null : text;
}
