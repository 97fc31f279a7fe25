using Portal.Model.Ports;
using Portal.Stores.AzureResourceManager;
using Portal.Targets;

namespace Portal.Api;

/// <summary><c>/api/v1/targets</c>: where resources can be applied to, and what else could be a target.</summary>
internal static class TargetApi
{
    public static void Map(RouteGroupBuilder api)
    {
        api.MapGet("/targets", List).WithTags("Targets").WithName("ListTargets")
            .WithSummary("All targets, the default one first, with what can be done with each now. Every other call takes ?target=name.").Produces<object>();
        api.MapGet("/targets/{name}/instances", InstancesAsync).WithTags("Targets").WithName("ListInstances")
            .WithSummary("Azure IoT Operations instances of the subscription of an Azure target, or of one resource group: which are targets, and the settings that make the others one.")
            .Produces<object>().ProducesProblem(400).ProducesProblem(404).ProducesProblem(409).ProducesProblem(503);
    }

    private static IResult List(TargetSet targets) => Results.Json(new
    {
        items = targets.All.Select(target => new
        {
            name = target.Name,
            kind = target.Kind.ToString(),
            place = target.Place,
            address = target.Address,
            condition = target.Resources.State.Condition.ToString(),
            cause = target.Resources.State.Cause,
            message = target.Resources.State.Message,
            fix = target.Resources.State.Fix,
        }),
    });

    private static async Task<IResult> InstancesAsync(string name, string? resourceGroup, TargetSet targets, CancellationToken cancellation)
    {
        if (targets.Find(name) is not { } target)
            return ApiProblem.NotFound("target", name);
        var settings = target.Get<TargetSettings>();
        if (settings.Azure is not { } azure)
            return ApiProblem.From(new StoreResult.Denied($"The target '{name}' is of kind {target.Kind}; only a target of kind Azure has instances beside it.", "Name a target of kind Azure."));
        var group = string.IsNullOrWhiteSpace(resourceGroup) ? null : resourceGroup.Trim();
        if (group is not null && AzureTargetChecks.CheckResourceGroup(group) is { } wrong)
            return ApiProblem.Wrong("The resource group cannot be looked up", wrong);
        var (instances, problem) = await target.Get<AzureTarget>().ListInstancesAsync(group, cancellation);
        if (problem is not null)
            return Results.Problem(title: problem.Message, detail: problem.Fix, statusCode: StatusCodes.Status503ServiceUnavailable, extensions: new Dictionary<string, object?> { ["cause"] = problem.Cause });
        var all = targets.All.Select(one => one.Get<TargetSettings>()).ToList();
        return Results.Json(new { items = instances.Select(instance => Shown(instance, azure, all)) });
    }

    private static object Shown(AzureInstance instance, AzureTargetOptions azure, IReadOnlyList<TargetSettings> all)
    {
        var target = TargetConfiguration.Find(all, azure.SubscriptionId, instance);
        return new
        {
            name = instance.Name,
            resourceGroup = instance.ResourceGroup,
            location = instance.Location,
            target = target?.Name,
            settings = target is null ? TargetConfiguration.For(instance, azure, all).ToDictionary(setting => setting.Key, setting => setting.Value) : null,
        };
    }
}
