namespace Portal.Components.Lists;

internal static class ListsSetup
{
    /// <summary>Adds what the pages with lists need beside stores and changes.</summary>
    public static IServiceCollection AddLists(this IServiceCollection services) => services
        .AddScoped<BulkTests>()
        .AddScoped<EndpointActions>()
        .AddScoped<SlowNotice>()
        .AddScoped<FlowActions>()
        .AddScoped<Activity.ActivityUndo>();
}
