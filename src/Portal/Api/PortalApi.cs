using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Portal.Hosting;
using Portal.Security;

namespace Portal.Api;

/// <summary>The REST API: <c>/api/v1</c>, described at <c>/openapi/v1.json</c>.</summary>
internal static class PortalApi
{
    public static IServiceCollection AddPortalApi(this IServiceCollection services)
    {
        services.AddProblemDetails();
        services.AddOpenApi("v1", options => options.AddDocumentTransformer(Describe));
        return services;
    }

    public static void MapPortalApi(this WebApplication app, RoleOptions role)
    {
        if (!role.HasPages)
            app.UseMiddleware<FlowHostGuard>();
        var api = app.MapGroup("/api/v1").DisableAntiforgery();
        TargetApi.Map(api);
        TestApi.Map(api);
        FlowApi.Map(api);
        if (role.HasPages)
            MapResources(api);
        else
            FlowHostApi.Map(api);
        app.Map("/api/{**rest}", (string? rest) => ApiProblem.NotFound("call", "/api/" + rest)).ExcludeFromDescription();
        app.MapOpenApi("/openapi/{documentName}.json");
    }

    private static void MapResources(RouteGroupBuilder api)
    {
        ResourceApi.Map(api);
        RoleApi.Map(api);
        TranslateApi.Map(api);
        MessagesApi.Map(api);
        SecretApi.Map(api);
        ConfigMapApi.Map(api);
        ImportApi.Map(api);
        ExportApi.Map(api);
    }

    private static Task Describe(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellation)
    {
        document.Info.Title = "Portal";
        document.Info.Description = "Dataflow endpoints between MQTT and Kafka: documents, connection tests, live traffic, secrets. Every call works on the target that ?target=name names, the default one without it.";
        return Task.CompletedTask;
    }
}
