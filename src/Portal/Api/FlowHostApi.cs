using Portal.FlowHosts;
using Portal.Hosting;
using Portal.Messaging.Flows;

namespace Portal.Api;

/// <summary><c>GET /api/v1/flows</c> of a flow host: everything that a portal shows of the dataflows there, in one answer.</summary>
internal static class FlowHostApi
{
    public static void Map(RouteGroupBuilder api) =>
        api.MapGet("/flows", Answer).WithTags("Flow hosts").WithName("GetFlows")
            .WithSummary("How every dataflow stands on this flow host; with the shared token only.").WithQuery(("after", "Only points of the charts that are newer than this moment."))
            .Produces<FlowHostAnswer>();

    private static IResult Answer(DateTimeOffset? after, PortalOptions options, IFlowService flows) => Results.Json(
        new FlowHostAnswer(
            options.Role.InstanceId, options.Role.Hosts, Environment.MachineName,
            [.. flows.All().Select(status => new FlowHostItem(status, [.. flows.HistoryOf(status.Name).Where(point => after is null || point.At > after)]))]),
        FlowHostAnswer.Json);
}
