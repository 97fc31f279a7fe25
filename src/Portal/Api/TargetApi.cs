using Portal.Targets;

namespace Portal.Api;

/// <summary><c>GET /api/v1/targets</c>: where resources can be applied to.</summary>
internal static class TargetApi
{
    public static void Map(RouteGroupBuilder api) =>
        api.MapGet("/targets", List).WithTags("Targets").WithName("ListTargets")
            .WithSummary("All targets, the default one first, with what can be done with each now. Every other call takes ?target=name.").Produces<object>();

    private static IResult List(TargetSet targets) => Results.Json(new
    {
        items = targets.All.Select(target => new
        {
            name = target.Name,
            kind = target.Kind.ToString(),
            place = target.Place,
            condition = target.Resources.State.Condition.ToString(),
            cause = target.Resources.State.Cause,
            message = target.Resources.State.Message,
            fix = target.Resources.State.Fix,
        }),
    });
}
