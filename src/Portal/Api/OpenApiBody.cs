using Microsoft.OpenApi;

namespace Portal.Api;

/// <summary>Describes what a call reads itself: its body and its query. Accepts() would also refuse every other content type, and curl's default is another.</summary>
internal static class OpenApiBody
{
    public static RouteHandlerBuilder WithQuery(this RouteHandlerBuilder call, params (string Name, string Meaning)[] queries) =>
        call.AddOpenApiOperationTransformer((operation, _, _) =>
        {
            operation.Parameters = [.. operation.Parameters ?? [], .. queries.Select(query => new OpenApiParameter
            {
                Name = query.Name,
                In = ParameterLocation.Query,
                Description = query.Meaning,
                Schema = new OpenApiSchema { Type = JsonSchemaType.String },
            })];
            return Task.CompletedTask;
        });

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
