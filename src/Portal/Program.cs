using Portal.Api;
using Portal.Changes;
using Portal.Components;
using Portal.FlowHosts;
using Portal.Hosting;
using Portal.Messaging;
using Portal.Security;
using Portal.Stores;

var builder = WebApplication.CreateBuilder(args);
if (args.Contains(HealthCommand.Argument))
    return await HealthCommand.RunAsync(builder.Configuration);
try
{
    var options = builder.AddPortalOptions();
    builder.Services.AddStores(builder.Configuration, isRecorder: options.Role.HasPages);
    if (options.SandboxEnabled)
        SandboxComposition.Add(builder.Services, builder.Configuration, options.DataDirectory);
    builder.Services.AddMessaging(builder.Configuration, options.Role.Messaging);
    builder.Services.AddFlowHosts(options.Role);
    builder.Services.AddChanges();
    builder.Services.AddPortalApi();
    builder.Services.AddPortalHealth(builder.Configuration);
    if (options.Role.HasPages)
        builder.Services.AddPortalUi();

    var app = builder.Build();
    app.UseMiddleware<OriginGuard>();
    app.MapPortalHealth();
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
