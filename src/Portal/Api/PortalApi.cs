using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

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

    public static void MapPortalApi(this WebApplication app)
    {
        var api = app.MapGroup("/api/v1").DisableAntiforgery();
        ResourceApi.Map(api);
        TestApi.Map(api);
        TranslateApi.Map(api);
        MessagesApi.Map(api);
        FlowApi.Map(api);
        SecretApi.Map(api);
        ConfigMapApi.Map(api);
        ImportApi.Map(api);
        ExportApi.Map(api);
        app.Map("/api/{**rest}", (string? rest) => ApiProblem.NotFound("call", "/api/" + rest)).ExcludeFromDescription();
        app.MapOpenApi("/openapi/{documentName}.json");
    }

    private static Task Describe(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellation)
    {
        document.Info.Title = "Portal";
        document.Info.Description = "Dataflow endpoints between MQTT and Kafka: documents, connection tests, live traffic, secrets.";
        return Task.CompletedTask;
    }
}
