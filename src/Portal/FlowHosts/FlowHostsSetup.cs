using Portal.Hosting;
using Portal.Messaging.Flows;
using Portal.Messaging.Probes;

namespace Portal.FlowHosts;

/// <summary>The flow hosts that a portal knows.</summary>
internal sealed class FlowHostClients(PortalOptions options) : IDisposable
{
    /// <summary>By ordinal.</summary>
    public IReadOnlyList<FlowHostClient> All { get; } = [.. options.Role.FlowHosts.Select((_, ordinal) => new FlowHostClient(ordinal, options.Role))];

    public void Dispose()
    {
        foreach (var client in All)
            client.Dispose();
    }
}

internal static class FlowHostsSetup
{
    /// <summary>Adds what a role needs beside the services of a portal that is alone.</summary>
    public static IServiceCollection AddFlowHosts(this IServiceCollection services, RoleOptions role)
    {
        switch (role.Role)
        {
            case PortalRole.Flows:
                services.AddSingleton(role.Token!);
                services.AddHostedService<InstanceLock>();
                break;
            case PortalRole.Portal:
                services.AddSingleton<FlowHostClients>();
                break;
        }
        return services;
    }

    /// <summary>Adds to a target of a portal what reads its dataflows from the flow hosts.</summary>
    public static IServiceCollection AddRemoteFlows(this IServiceCollection services, RoleOptions role, IServiceProvider root)
    {
        if (role.Role is not PortalRole.Portal)
            return services;
        services.AddSingleton(root.GetRequiredService<FlowHostClients>());
        services.AddSingleton<RemoteFlows>();
        services.AddSingleton<IFlowService>(provider => provider.GetRequiredService<RemoteFlows>());
        services.AddHostedService(provider => provider.GetRequiredService<RemoteFlows>());
        services.AddSingleton<IConnectionTester, FlowHostTester>();
        return services;
    }
}
