using Portal.Changes;
using Portal.Components;
using Portal.FlowHosts;
using Portal.Hosting;
using Portal.Messaging;
using Portal.Messaging.Identity;
using Portal.Messaging.Network;
using Portal.Messaging.Probes;
using Portal.Sandbox;
using Portal.Stores;

namespace Portal.Targets;

/// <summary>Composes the container of one target.</summary>
internal static class TargetServices
{
    public static Target Build(TargetSettings settings, PortalOptions options, IConfiguration configuration, IServiceProvider root)
    {
        // The stores and the counters of dataflows find their folder by the key that a portal alone has.
        var own = new ConfigurationBuilder().AddConfiguration(configuration)
            .AddInMemoryCollection([new($"{PortalOptions.Section}:{nameof(PortalOptions.DataDirectory)}", settings.DataDirectory)]).Build();
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(own);
        services.AddSingleton(root.GetRequiredService<ILoggerFactory>());
        services.AddLogging();
        services.AddSingleton(root.GetRequiredService<TimeProvider>());
        services.AddSingleton(options);
        services.AddSingleton(settings);
        if (settings.Azure is { } instance)
            services.AddAzureStores(own, instance, settings.Kubernetes, root, isRecorder: options.Role.HasPages);
        else if (settings.Kubernetes is { } cluster)
            services.AddKubernetesStores(own, cluster, isRecorder: options.Role.HasPages);
        else
            services.AddStores(own, isRecorder: options.Role.HasPages);
        var storeParts = services.Count(service => service.ServiceType == typeof(IHostedService));
        if (root.GetService<SandboxState>() is { } sandbox && string.IsNullOrEmpty(configuration["Portal:Identity:ServiceAccountTokenFile"]))
            services.AddSingleton<IServiceAccountTokens>(sandbox);
        services.AddMessaging(own, options.Role.Messaging with { Rule = settings.Rule });
        // One table of names for all: the sandbox writes its addresses there.
        services.AddSingleton(root.GetRequiredService<HostAliases>());
        // What the portal may test counts for all targets together. Asked for when the settings have been checked.
        services.AddSingleton(_ => root.GetRequiredService<TestGate>());
        services.AddRemoteFlows(options.Role, root);
        services.AddChanges();
        if (options.Role.HasPages)
            services.AddTargetUi();
        return new Target(settings, services.BuildServiceProvider(), storeParts);
    }
}
