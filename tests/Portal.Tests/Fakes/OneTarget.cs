using Microsoft.Extensions.DependencyInjection;
using Portal.Targets;

namespace Portal.Tests.Fakes;

/// <summary>Targets of a page under test: the stores of a page come from its own container, so that these hold none.</summary>
internal static class OneTarget
{
    public static IServiceCollection AddOneTarget(this IServiceCollection services) => services
        .AddSingleton(new TargetSet([new Target(new TargetSettings("folder", TargetKind.Folder, "data", "/data", TargetSettings.Section) { IsImplied = true }, new ServiceCollection().BuildServiceProvider(), 0)]))
        .AddScoped<TargetScope>();
}
