using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Portal.Sandbox;

public static class SandboxServices
{
    /// <summary>
    /// Adds the sandbox and its <see cref="SandboxState"/>. Add it before every hosted service that dials: hosted services
    /// start in the order in which they were added.
    /// </summary>
    public static IServiceCollection AddSandbox(this IServiceCollection services, Action<SandboxOptions> configure)
    {
        services.AddOptions<SandboxOptions>().Configure(configure).ValidateOnStart();
        services.AddSingleton<IValidateOptions<SandboxOptions>, SandboxOptionsValidator>();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<SandboxState>();
        services.AddHostedService<SandboxHost>();
        return services;
    }
}
