using Microsoft.Net.Http.Headers;
using Portal.Changes;
using Portal.Model;
using Portal.Model.Dataflows;
using Portal.Model.Documents;
using Portal.Model.Endpoints;
using Portal.Model.Ports;

namespace Portal.Api;

/// <summary><c>/api/v1/endpoints</c>, <c>dataflows</c>, <c>profiles</c>: what is stored, in the custom resource form; endpoints in any document form.</summary>
internal static class ResourceApi
{
    public static void Map(RouteGroupBuilder api)
    {
        foreach (var (path, kind, noun) in new[] { ("/endpoints", ResourceKind.DataflowEndpoint, "Endpoint"), ("/dataflows", ResourceKind.Dataflow, "Dataflow"), ("/profiles", ResourceKind.DataflowProfile, "Profile") })
        {
            var group = api.MapGroup(path).WithTags(noun + "s");
            group.MapGet("", (IResourceStore store, CancellationToken cancellation) => ListAsync(store, kind, cancellation))
                .WithName($"List{noun}s").WithSummary("All of them, and what in the store cannot be read.").Produces<object>();
            group.MapGet("/{name}", (string name, HttpContext context, IResourceStore store) => GetAsync(name, kind, context, store))
                .WithName("Get" + noun).WithSummary(kind is ResourceKind.DataflowEndpoint ? "One endpoint as JSON or YAML; ?format=yaml|json|bicep|arm|az gives another document." : "One as JSON or YAML.")
                .WithQuery(("format", kind is ResourceKind.DataflowEndpoint ? "yaml, json, bicep, arm or az." : "yaml or json.")).Produces<object>().ProducesProblem(404);
            group.MapPut("/{name}", (string name, bool? dryRun, bool? takeOver, HttpContext context, IResourceStore store, ResourceChanges changes) =>
                PutAsync(name, kind, dryRun is true, takeOver is true, context, store, changes))
                .WithName("Put" + noun).WithSummary("Creates or replaces one from JSON or YAML; ?dryRun=true gives the difference and writes nothing, ?takeOver=true takes fields of other managers over.")
                .WithBody("application/json", "application/yaml").Produces<object>().Produces<object>(201).ProducesProblem(400).ProducesProblem(412);
            group.MapDelete("/{name}", (string name, bool? force, HttpContext context, ResourceChanges changes, IResourceStore store) => DeleteAsync(name, kind, force is true, context, changes, store))
                .WithName("Delete" + noun).WithSummary("Deletes one that no dataflow uses; ?force=true deletes it all the same.").Produces(204).ProducesProblem(404).ProducesProblem(409).ProducesProblem(412);
        }
    }

    private static async Task<IResult> ListAsync(IResourceStore store, ResourceKind kind, CancellationToken cancellation)
    {
        var listing = await store.ListAsync(cancellation);
        return Results.Json(new
        {
            items = listing.Of(kind).Select(stored => ResourceJson.Write(stored.Value)),
            problems = listing.Problems.Select(problem => new { problem.Location, problem.Name, problem.Finding.Code, problem.Finding.Message, problem.Finding.Fix, problem.Finding.Line, problem.Finding.Column }),
        });
    }

    private static async Task<IResult> GetAsync(string name, ResourceKind kind, HttpContext context, IResourceStore store)
    {
        if (await store.FindAsync(kind, name, context.RequestAborted) is not { } stored)
            return ApiProblem.NotFound(kind.ToString(), name);
        if (DocumentBody.Format(context.Request) is not { } format || (stored.Value is not DataflowEndpoint && format is not (DocumentFormat.Json or DocumentFormat.Yaml)))
            return ApiProblem.Invalid("format", "format", $"There is no format '{context.Request.Query["format"]}'.", "Ask for one of yaml, json, bicep, arm, az.");
        context.Response.Headers.ETag = Quote(stored.Revision);
        return Results.Text(Text(stored, format), DocumentBody.MediaType(format));
    }

    private static string Text(StoredResource stored, DocumentFormat format) => format switch
    {
        DocumentFormat.Json => ResourceJson.Write(stored.Value).ToJsonString(ApiJson.Indented),
        DocumentFormat.Yaml => stored.Yaml,
        _ => EndpointDocuments.Write((DataflowEndpoint)stored.Value, format, new DocumentOptions()).Text,
    };

    private static async Task<IResult> PutAsync(string name, ResourceKind kind, bool dryRun, bool takeOver, HttpContext context, IResourceStore store, ResourceChanges changes)
    {
        var (resource, problem) = await DocumentBody.ReadAsync(context.Request, kind, name, context.RequestAborted);
        if (problem is not null)
            return problem;
        if (Precondition(context.Request, out var precondition) is { } bad)
            return bad;
        var before = await store.FindAsync(kind, name, context.RequestAborted);
        if (dryRun)
            return await DryRunAsync(before, resource!, precondition with { TakeOver = takeOver }, store, context.RequestAborted);
        var result = await changes.SaveAsync(resource!, precondition with { TakeOver = takeOver }, context.RequestAborted);
        if (result is not StoreResult.Saved { Stored: { } stored })
            return ApiProblem.From(result);
        context.Response.Headers.ETag = Quote(stored.Revision);
        var text = Text(stored, DocumentFormat.Json);
        if (before is null)
            context.Response.Headers.Location = context.Request.Path.ToString();
        return Results.Text(text, "application/json", statusCode: before is null ? StatusCodes.Status201Created : StatusCodes.Status200OK);
    }

    private static async Task<IResult> DryRunAsync(StoredResource? before, Resource resource, Precondition precondition, IResourceStore store, CancellationToken cancellation)
    {
        var errors = ResourceValidation.Errors(resource, await store.ListAsync(cancellation));
        if (errors.Count > 0)
            return ApiProblem.Invalid(errors);
        // Where the store itself can tell, its word counts.
        var plan = await store.PlanAsync(resource, precondition, cancellation);
        if (plan is not (null or StoreResult.Saved))
            return ApiProblem.From(plan);
        var planned = (plan as StoreResult.Saved)?.Stored;
        resource = planned?.Value ?? resource;
        var was = before?.Document ?? "";
        var becomes = planned?.Document ?? Manifest.Write(resource, before?.Text);
        return Results.Json(new
        {
            state = before is null ? "new" : was == becomes ? "same" : "differs",
            revision = before?.Revision,
            fields = resource is DataflowEndpoint endpoint
                ? FieldDiff.Compute(before?.Value as DataflowEndpoint, endpoint).Select(field => new { path = field.Path, label = field.Label, before = field.Before, after = field.After })
                : null,
            diff = LineDiff.Compute(was, becomes).Select(line => new { change = line.Mark.ToString().ToLowerInvariant(), text = line.Text }),
        });
    }

    private static async Task<IResult> DeleteAsync(string name, ResourceKind kind, bool force, HttpContext context, ResourceChanges changes, IResourceStore store)
    {
        if (Precondition(context.Request, out var precondition) is { } bad)
            return bad;
        if (await store.FindAsync(kind, name, context.RequestAborted) is null)
            return ApiProblem.NotFound(kind.ToString(), name);
        IReadOnlyList<Dataflow> users = kind switch
        {
            ResourceKind.DataflowEndpoint => await changes.UsersOfAsync(name, context.RequestAborted),
            ResourceKind.DataflowProfile => await changes.RunByAsync(name, context.RequestAborted),
            _ => [],
        };
        if (users.Count > 0 && !force)
            return Results.Problem(
                title: $"The {(kind is ResourceKind.DataflowEndpoint ? "endpoint" : "profile")} is in use", statusCode: StatusCodes.Status409Conflict,
                detail: $"Dataflows use it: {string.Join(", ", users.Select(user => user.Name))}. Point them elsewhere first, or delete with ?force=true.");
        var result = await changes.DeleteAsync(kind, name, precondition, context.RequestAborted);
        return result is StoreResult.Saved ? Results.NoContent() : ApiProblem.From(result);
    }

    private static IResult? Precondition(HttpRequest request, out Precondition precondition)
    {
        precondition = Model.Ports.Precondition.None;
        var headers = request.GetTypedHeaders();
        if (headers.IfNoneMatch.Any(tag => tag.Equals(EntityTagHeaderValue.Any)))
            precondition = Model.Ports.Precondition.New;
        if (request.Headers.IfMatch.Count == 0 || headers.IfMatch.Any(tag => tag.Equals(EntityTagHeaderValue.Any)))
            return null;
        if (headers.IfMatch is not [{ } tag])
            return ApiProblem.Invalid("If-Match", "if-match", "If-Match is not one entity tag.", "Send the ETag that the GET gave, with its quotes.");
        precondition = Model.Ports.Precondition.At(tag.Tag.ToString().Trim('"'));
        return null;
    }

    private static string Quote(string revision) => $"\"{revision}\"";
}
