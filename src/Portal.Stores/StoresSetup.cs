using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Portal.Model.Ports;
using Portal.Stores.Activity;
using Portal.Stores.AzureResourceManager;
using Portal.Stores.Files;
using Portal.Stores.Kubernetes;
using Portal.Stores.Secrets;

namespace Portal.Stores;

/// <summary>Puts the stores into a host.</summary>
public static class StoresSetup
{
    /// <summary>
    /// Adds <see cref="IResourceStore"/>, <see cref="IConfigMapStore"/>, <see cref="ISecretStore"/>, <see cref="ISecretReader"/>,
    /// <see cref="IActivityLog"/>, <see cref="ITestHistoryStore"/> and data protection with its keys, all on the folder <c>Portal:DataDirectory</c>.
    /// </summary>
    /// <param name="isRecorder">Whether this process writes outside changes into the activity log: one does of those that share a folder.</param>
    public static IServiceCollection AddStores(this IServiceCollection services, IConfiguration configuration, bool isRecorder = true)
    {
        services.AddOwnData(configuration);
        services.AddSingleton<LocalVault>();
        services.AddSingleton<ISecretStore>(provider => provider.GetRequiredService<LocalVault>());
        services.AddSingleton<ISecretReader>(provider => provider.GetRequiredService<LocalVault>());
        services.AddSingleton<ManifestFolder>();
        services.AddSingleton<IResourceStore, FileResourceStore>();
        services.AddSingleton<IConfigMapStore, FileConfigMapStore>();

        // In this order: the folder is ready before it is watched, and nothing outside is missed by the recorder.
        services.AddHostedService<StoresStartup>();
        if (isRecorder)
            services.AddHostedService<ActivityRecorder>();
        services.AddHostedService<ManifestWatch>();
        return services;
    }

    /// <summary>
    /// Adds a cluster as the stores; the folder <c>Portal:DataDirectory</c> then holds only what is the portal's own:
    /// <see cref="IActivityLog"/>, <see cref="ITestHistoryStore"/>, keys.
    /// </summary>
    /// <param name="options">Options that <see cref="KubernetesOptions.Check"/> finds nothing wrong with.</param>
    /// <param name="isRecorder">Whether this process writes outside changes into the activity log.</param>
    public static IServiceCollection AddKubernetesStores(this IServiceCollection services, IConfiguration configuration, KubernetesOptions options, bool isRecorder = true)
    {
        services.AddOwnData(configuration);
        services.AddSingleton(provider => KubernetesTarget.Create(options, provider));
        services.AddSingleton(provider => provider.GetRequiredService<KubernetesTarget>().Resources);
        services.AddSingleton(provider => provider.GetRequiredService<KubernetesTarget>().Secrets);
        services.AddSingleton(provider => provider.GetRequiredService<KubernetesTarget>().SecretReader);
        services.AddSingleton(provider => provider.GetRequiredService<KubernetesTarget>().ConfigMaps);
        services.AddHostedService<OwnDataStartup>();
        if (isRecorder)
            services.AddHostedService<ActivityRecorder>();
        services.AddHostedService<KubernetesStartup>();
        return services;
    }

    /// <summary>Adds an Azure IoT Operations instance as the stores, with the portal's own data as for a cluster.</summary>
    /// <param name="options">Options that <see cref="AzureTargetChecks"/> finds nothing wrong with.</param>
    /// <param name="cluster">The cluster behind the instance, for config maps; null = they are not to be reached.</param>
    /// <param name="host">Services of the host: clock, log, and what Azure is reached by where somebody put that there.</param>
    /// <param name="isRecorder">Whether this process writes outside changes into the activity log.</param>
    public static IServiceCollection AddAzureStores(
        this IServiceCollection services, IConfiguration configuration, AzureTargetOptions options, KubernetesOptions? cluster, IServiceProvider host, bool isRecorder = true)
    {
        services.AddOwnData(configuration);
        services.AddSingleton(_ => AzureTarget.Create(options, host));
        services.AddSingleton(provider => provider.GetRequiredService<AzureTarget>().Resources);
        services.AddSingleton(provider => provider.GetRequiredService<AzureTarget>().Secrets ?? new AzureWithoutVault());
        services.AddSingleton(provider => provider.GetRequiredService<AzureTarget>().SecretReader ?? new AzureWithoutValues());
        if (cluster is null)
            services.AddSingleton<IConfigMapStore, AzureConfigMaps>();
        else
            services.AddSingleton(provider => KubernetesTarget.Create(cluster, provider)).AddSingleton<IConfigMapStore>(
                provider => new PatientConfigMaps(provider.GetRequiredService<KubernetesTarget>().ConfigMaps, provider.GetRequiredService<TimeProvider>()));
        services.AddHostedService<OwnDataStartup>();
        if (isRecorder)
            services.AddHostedService<ActivityRecorder>();
        services.AddHostedService<AzureStartup>();
        return services;
    }

    private static void AddOwnData(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<StoreOptions>().Bind(configuration.GetSection(StoreOptions.Section)).ValidateOnStart();
        services.AddSingleton<IValidateOptions<StoreOptions>, StoreOptionsValidator>();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<DataFolder>();
        services.AddSingleton<FileWriter>();

        // The name is fixed: keys and values stay usable when the program moves to another folder.
        services.AddDataProtection().SetApplicationName("Portal");
        services.AddSingleton<KeyFiles>();
        services.AddOptions<KeyManagementOptions>().Configure<KeyFiles>((options, keys) => options.XmlRepository = keys);

        services.AddSingleton<IActivityLog, FileActivityLog>();
        services.AddSingleton<ITestHistoryStore, FileTestHistory>();
    }
}
