using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Portal.Messaging.Connections;
using Portal.Messaging.Flows;
using Portal.Messaging.Identity;
using Portal.Messaging.Kafka;
using Portal.Messaging.Mqtt;
using Portal.Messaging.Network;
using Portal.Messaging.Preview;
using Portal.Messaging.Probes;

namespace Portal.Messaging;

/// <summary>Registers what connects to brokers. The stores' ports (secrets, config maps) are registered elsewhere.</summary>
public static class MessagingServices
{
    /// <summary>Key of the <see cref="IConnectionTester"/> that tests from this process, also where another one is the default.</summary>
    public const string FromHere = "here";

    /// <param name="role">What this process does of it; null = all.</param>
    public static IServiceCollection AddMessaging(this IServiceCollection services, IConfiguration configuration, MessagingRole? role = null)
    {
        role ??= MessagingRole.Alone;
        services.AddSingleton(role);
        services.TryAddSingleton(TimeProvider.System);
        services.AddOptions<NetworkOptions>().Bind(configuration.GetSection(NetworkOptions.Section)).ValidateOnStart();
        services.AddSingleton<IValidateOptions<NetworkOptions>, NetworkOptionsValidator>();
        services.AddOptions<IdentityOptions>().Bind(configuration.GetSection(IdentityOptions.Section));
        services.AddSingleton(provider => new NetworkPolicy(provider.GetRequiredService<IOptions<NetworkOptions>>().Value)
        {
            IsSandboxOn = configuration.GetValue("Portal:Sandbox:Enabled", defaultValue: true),
        });
        services.AddHostAliases(configuration);
        services.TryAddSingleton<IServiceAccountTokens>(provider => new ServiceAccountTokenFiles(provider.GetRequiredService<IOptions<IdentityOptions>>().Value));
        services.TryAddSingleton<IHostLookup, SystemHostLookup>();
        services.AddSingleton<TcpDialer>();
        services.AddSingleton<TlsHandshake>();
        services.AddSingleton<BrokerDialer>();
        services.AddSingleton<MaterialResolver>();
        services.AddSingleton<MqttConnector>();
        services.AddSingleton<KafkaConnector>();
        services.AddSingleton<PreviewDiagnosis>();
        services.AddSingleton<IPreviewService, PreviewService>();
        services.AddConnectionTester(configuration);
        return role.Flows is { } share ? services.AddFlows(configuration, role, share) : services;
    }

    /// <summary>Adds the table of addresses that are mapped before names are looked up.</summary>
    public static IServiceCollection AddHostAliases(this IServiceCollection services, IConfiguration configuration) =>
        services.AddSingleton(_ => HostAliasOptions.Read(configuration));

    /// <summary>Adds the limits of connection tests, to be shared by all that test.</summary>
    public static IServiceCollection AddTestLimits(this IServiceCollection services, IConfiguration configuration) => services.AddSingleton(provider => new TestGate(
        Options.Create(configuration.GetSection(TestOptions.Section).Get<TestOptions>() ?? new TestOptions()), provider.GetRequiredService<TimeProvider>()));

    private static IServiceCollection AddFlows(this IServiceCollection services, IConfiguration configuration, MessagingRole role, FlowShare share)
    {
        var data = configuration["Portal:DataDirectory"];
        services.AddMetrics();
        services.AddSingleton(share);
        services.TryAddSingleton(new FlowLimits());
        services.AddSingleton(new FlowSnapshots(string.IsNullOrEmpty(data) ? null : Path.Combine(data, "history", role.Counters)));
        services.AddSingleton<FlowFactory>();
        services.AddSingleton<FlowSupervisor>();
        services.AddSingleton<IFlowService>(provider => provider.GetRequiredService<FlowSupervisor>());
        services.AddHostedService(provider => provider.GetRequiredService<FlowSupervisor>());
        return services;
    }

    private static IServiceCollection AddConnectionTester(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<TestOptions>().Bind(configuration.GetSection(TestOptions.Section)).ValidateOnStart();
        services.AddSingleton<IValidateOptions<TestOptions>, TestOptionsValidator>();
        services.AddSingleton<TestGate>();
        services.AddSingleton<SecondLook>();
        services.AddSingleton<MqttSignIn>();
        services.AddSingleton<KafkaSasl>();
        services.AddSingleton<KafkaSignIn>();
        services.AddSingleton<KafkaBrokers>();
        services.AddSingleton<MqttTopic>();
        services.AddSingleton<KafkaTopic>();
        services.AddSingleton<ProbeStage, SettingsStage>();
        services.AddSingleton<ProbeStage, SecretsStage>();
        services.AddSingleton<ProbeStage, NameStage>();
        services.AddSingleton<ProbeStage, TcpStage>();
        services.AddSingleton<ProbeStage, TlsStage>();
        services.AddSingleton<ProbeStage, WebSocketStage>();
        services.AddSingleton<ProbeStage, SignInStage>();
        services.AddSingleton<ProbeStage, BrokerStage>();
        services.AddSingleton<ProbeStage, TopicStage>();
        services.AddKeyedSingleton<IConnectionTester, ConnectionTester>(FromHere);
        services.AddSingleton(provider => provider.GetRequiredKeyedService<IConnectionTester>(FromHere));
        return services;
    }
}
