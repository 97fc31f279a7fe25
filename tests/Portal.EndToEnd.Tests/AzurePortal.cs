using Azure.Core;
using Azure.Core.Pipeline;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Portal.AzureServer;
using Portal.Stores.AzureResourceManager;
using Portal.Tests.Shared;

namespace Portal.EndToEnd.Tests;

/// <summary>The whole portal in this process, on a free port, with an instance of <see cref="TestAzure"/> as its target.</summary>
internal sealed class AzurePortal : IAsyncDisposable
{
    private readonly TemporaryFolder _data = new();
    private readonly WebApplicationFactory<Program> _factory;

    private AzurePortal(TestAzure azure, IEnumerable<(string Key, string Value)> settings)
    {
        Azure = azure;
        Credential = new TestCredential(azure.Tokens);
        TestPlant.Fill(azure);
        _factory = new WebApplicationFactory<Program>().WithWebHostBuilder(host =>
        {
            host.UseSetting("Portal:DataDirectory", _data.Path);
            host.UseSetting("Portal:Network:Allow:0", "127.0.0.0/8");
            foreach (var (key, value) in settings)
                host.UseSetting(key, value);
            host.ConfigureLogging(logging => logging.AddProvider(Log));
            host.ConfigureServices(services => services.AddSingleton(new AzureTargetServices
            {
                Credential = Credential,
                Transport = new HttpClientTransport(azure.CreateHandler()),
                RetryDelay = DelayStrategy.CreateFixedDelayStrategy(TimeSpan.FromMilliseconds(50)),
            }));
        });
        _factory.UseKestrel(0);
        _factory.StartServer();
        Address = _factory.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
    }

    public TestAzure Azure { get; }

    public TestCredential Credential { get; }

    public string Address { get; }

    public LogText Log { get; } = new();

    public static async Task<AzurePortal> StartAsync(params (string Key, string Value)[] more) => new(await TestAzure.StartAsync(), [.. TestPlant.Settings(), .. more]);

    public async ValueTask DisposeAsync()
    {
        await _factory.DisposeAsync();
        await Azure.DisposeAsync();
        _data.Dispose();
    }

    /// <summary>Everything that was logged.</summary>
    internal sealed class LogText : ILoggerProvider, ILogger
    {
        private readonly System.Collections.Concurrent.ConcurrentQueue<string> _lines = new();

        public string Text => string.Join('\n', _lines);

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            _lines.Enqueue($"{logLevel} {formatter(state, exception)} {exception}");

        public void Dispose()
        {
        }
    }
}
