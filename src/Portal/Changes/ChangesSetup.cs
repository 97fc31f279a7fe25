namespace Portal.Changes;

internal static class ChangesSetup
{
    /// <summary>Adds what pages and API change things with.</summary>
    public static IServiceCollection AddChanges(this IServiceCollection services) => services
        .AddSingleton<ResourceChanges>()
        .AddSingleton<SecretChanges>()
        .AddSingleton<Exports>()
        .AddSingleton<Imports>()
        .AddSingleton<ConnectionTests>()
        .AddHostedService<TestHistoryLoading>();
}
