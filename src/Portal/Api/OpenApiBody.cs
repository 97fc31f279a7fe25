using Microsoft.OpenApi;

namespace Portal.Api;

/// <summary>Describes a body that a call reads itself. Accepts() would also refuse every other content type, and curl's default is another.</summary>
internal static class OpenApiBody
{
    public static RouteHandlerBuilder WithBody(this RouteHandlerBuilder call, params string[] mediaTypes) =>
        call.AddOpenApiOperationTransformer((operation, _, _) =>
        {
            operation.RequestBody = new OpenApiRequestBody
            {
                Required = true,
                Content = mediaTypes.ToDictionary(type => type, _ => new OpenApiMediaType { Schema = new OpenApiSchema() }),
            };
            return Task.CompletedTask;
        });
}
