using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.Options;
using Portal.Api;
using Portal.Changes;
using Portal.Components.Layout;
using Portal.Drafts;
using Portal.Messaging;
using Portal.Messaging.Flows;
using Portal.Messaging.Preview;
using Portal.Messaging.Probes;
using Portal.Model.Ports;

namespace Portal.Targets;

/// <summary>Gives pages and calls the services of the target that they work on.</summary>
internal static class TargetsSetup
{
    private const string Query = "target";

    /// <summary>Adds the targets, and the start of their stores.</summary>
    public static IServiceCollection AddTargets(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton<TargetSet>();
        services.AddScoped<TargetScope>();
        services.AddHostAliases(configuration);
        services.AddTestLimits(configuration);
        services.AddHostedService<TargetStores>();
        // Cookies and forms are protected with the keys of the default target.
        services.AddDataProtection().SetApplicationName("Portal");
        services.AddOptions<KeyManagementOptions>().Configure<TargetSet>((options, targets) => options.XmlRepository = targets.Default.Get<IOptions<KeyManagementOptions>>().Value.XmlRepository);
        return services.AddInterface<IResourceStore>().AddInterface<ISecretStore>().AddInterface<IConfigMapStore>().AddInterface<IActivityLog>()
            .AddInterface<IFlowService>().AddInterface<IPreviewService>()
            .AddWhole<ResourceChanges>().AddWhole<SecretChanges>().AddWhole<Exports>().AddWhole<Imports>().AddWhole<ConnectionTests>()
            .AddWhole<IOptions<TestOptions>>().AddWhole<DraftStore>().AddWhole<ShellInfo>();
    }

    /// <summary>Adds the start of what works on the targets: after all that it works with.</summary>
    public static IServiceCollection AddTargetWork(this IServiceCollection services) => services.AddHostedService<TargetWork>();

    /// <summary>Calls name their target, <c>?target=name</c>; the default one otherwise.</summary>
    public static void UseTargets(this WebApplication app) => app.Use(async (context, next) =>
    {
        if (!context.Request.Path.StartsWithSegments("/api") || context.Request.Query[Query].ToString() is not { Length: > 0 } name
            || context.RequestServices.GetRequiredService<TargetScope>().Choose(name))
        {
            await next(context);
            return;
        }
        var names = context.RequestServices.GetRequiredService<TargetSet>().All.Select(target => target.Name);
        await ApiProblem.Invalid(Query, "no-such-target", $"There is no target named '{name}'.", $"Write one of {string.Join(", ", names)}.").ExecuteAsync(context);
    });

    private static IServiceCollection AddInterface<T>(this IServiceCollection services)
        where T : class => services.AddScoped(provider => Forward.To(provider.GetRequiredService<TargetScope>().Target.Get<T>()));

    // Only for what has nothing to dispose.
    private static IServiceCollection AddWhole<T>(this IServiceCollection services)
        where T : class => services.AddScoped(provider => provider.GetRequiredService<TargetScope>().Target.Get<T>());
}
