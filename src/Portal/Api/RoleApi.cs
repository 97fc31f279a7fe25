using Portal.Changes;
using Portal.Model;
using Portal.Model.Endpoints;
using Portal.Model.Ports;
using Portal.Roles;
using Portal.Stores.AzureResourceManager;
using Portal.Targets;

namespace Portal.Api;

/// <summary><c>GET /api/v1/endpoints/{name}/roles</c>: the Azure roles that the endpoint's identity needs.</summary>
internal static class RoleApi
{
    public static void Map(RouteGroupBuilder api) => api.MapGet("/endpoints/{name}/roles", GetAsync).WithTags("Endpoints").WithName("GetEndpointRoles")
        .WithSummary("For an endpoint with a managed identity at Event Hubs or Event Grid: role, principal and scope of each direction, whether it is assigned, and what assigns it. Only an Azure target can tell whether; elsewhere names in angle brackets stand for what is not known.")
        .Produces<object>().ProducesProblem(404);

    private static async Task<IResult> GetAsync(string name, IResourceStore store, ResourceChanges changes, TargetScope scope, CancellationToken cancellation)
    {
        if (await store.FindAsync(ResourceKind.DataflowEndpoint, name, cancellation) is not { Value: DataflowEndpoint endpoint })
            return ApiProblem.NotFound(nameof(ResourceKind.DataflowEndpoint), name);
        var lines = RoleLine.Of(endpoint, await changes.UsersOfAsync(name, cancellation));
        if (scope.Target.Services.GetService<AzureTarget>() is { } azure)
            lines = await RoleLine.AskAsync(lines, azure.Roles, cancellation);
        return Results.Json(new
        {
            items = lines.Select(line => new
            {
                direction = line.IsSource ? "source" : "destination",
                dataflows = line.Users,
                role = new { name = line.Need.Role.Name, id = line.Need.Role.Id },
                principal = new { kind = line.Need.Principal.ToString(), clientId = line.Need.ClientId, objectId = line.Answer?.PrincipalId },
                scope = line.Scope,
                isAssigned = line.Answer?.IsAssigned,
                problem = line.Answer?.Problem is { } problem ? new { cause = problem.Cause, message = problem.Message, fix = problem.Fix } : null,
                command = line.Command,
                bicep = line.Bicep,
                placeholders = line.Placeholders.Select(one => new { name = one.Placeholder, find = one.FindCommand }),
            }),
        });
    }
}
