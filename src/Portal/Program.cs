using Portal.Api;
using Portal.Components;
using Portal.FlowHosts;
using Portal.Hosting;
using Portal.Security;
using Portal.Targets;

var builder = WebApplication.CreateBuilder(args);
if (args.Contains(HealthCommand.Argument))
    return await HealthCommand.RunAsync(builder.Configuration);
try
{
    var options = builder.AddPortalOptions();
    builder.Services.AddTargets(builder.Configuration);
    if (options.SandboxEnabled)
        SandboxComposition.Add(builder.Services, builder.Configuration, options.DataDirectory);
    builder.Services.AddFlowHosts(options.Role);
    builder.Services.AddTargetWork();
    builder.Services.AddPortalApi();
    builder.Services.AddPortalHealth(builder.Configuration);
    if (options.Role.HasPages)
        builder.Services.AddPortalUi();

    var app = builder.Build();
    app.UseMiddleware<OriginGuard>();
    app.MapPortalHealth();
    app.UseTargets();
    app.MapPortalApi(options.Role);
    if (options.Role.HasPages)
        app.MapPortalUi();
    await app.RunAsync();
    return 0;
}
catch (Exception failure) when (StartFailure.Explain(failure) is { } explanation)
{
    await Console.Error.WriteLineAsync(explanation);
    return 1;
}

/// <summary>Named so that tests can start the whole host.</summary>
internal sealed partial class Program;
