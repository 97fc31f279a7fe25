using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Portal.Model.Ports;

namespace Portal.Stores.Tests.Support;

/// <summary>A host with the stores alone, on a data folder.</summary>
internal sealed class TestPortal : IAsyncDisposable
{
    private readonly IHost host;

    private TestPortal(string dataFolder, Action<IServiceCollection>? change)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection([new("Portal:DataDirectory", dataFolder)]);
        builder.Logging.SetMinimumLevel(LogLevel.Trace).AddProvider(Log);
        builder.Services.AddStores(builder.Configuration);
        change?.Invoke(builder.Services);
        host = builder.Build();
        DataFolder = dataFolder;
    }

    public string DataFolder { get; }

    /// <summary>Everything that was logged.</summary>
    public CollectedLog Log { get; } = new();

    public ISecretStore Secrets => Get<ISecretStore>();

    public ISecretReader SecretReader => Get<ISecretReader>();

    public IActivityLog Activity => Get<IActivityLog>();

    public IResourceStore Resources => Get<IResourceStore>();

    public IConfigMapStore ConfigMaps => Get<IConfigMapStore>();

    public static async Task<TestPortal> StartAsync(string dataFolder, Action<IServiceCollection>? change = null)
    {
        var portal = new TestPortal(dataFolder, change);
        await portal.host.StartAsync(CancellationToken.None);
        return portal;
    }

    /// <summary>The stores without what runs beside them: nothing watches the folder.</summary>
    public static TestPortal Open(string dataFolder, Action<IServiceCollection>? change = null) => new(dataFolder, change);

    public T Get<T>()
        where T : notnull => host.Services.GetRequiredService<T>();

    public async ValueTask DisposeAsync()
    {
        await host.StopAsync(CancellationToken.None);
        await ((IAsyncDisposable)host).DisposeAsync();
    }
}
