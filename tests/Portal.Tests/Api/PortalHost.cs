using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.DependencyInjection;
using Portal.Changes;
using Portal.Model.Ports;
using Portal.Targets;
using Portal.Tests.Shared;

namespace Portal.Tests.Api;

/// <summary>The whole portal in this process on a data folder of its own, without the sandbox, and a client for its API.</summary>
public sealed class PortalHost : IDisposable
{
    private readonly TemporaryFolder _folder;
    private readonly bool _ownsFolder;
    private readonly WebApplicationFactory<Program> _factory;

    public PortalHost()
        : this(null)
    {
    }

    private PortalHost(TemporaryFolder? folder, params (string Key, string Value)[] settings)
        : this(folder, _ => { }, settings)
    {
    }

    private PortalHost(TemporaryFolder? folder, Action<IServiceCollection> services, params (string Key, string Value)[] settings)
    {
        (_folder, _ownsFolder) = (folder ?? new TemporaryFolder(), folder is null);
        _factory = new WebApplicationFactory<Program>().WithWebHostBuilder(host =>
        {
            host.UseSetting("Portal:DataDirectory", _folder.Path);
            host.UseSetting("Portal:Sandbox:Enabled", "false");
            host.UseSetting("Portal:Network:Allow:0", "127.0.0.0/8");
            foreach (var (key, value) in settings)
                host.UseSetting(key, value);
            host.ConfigureServices(services);
        });
        Client = _factory.CreateClient();
    }

    public HttpClient Client { get; }

    public string Folder => _folder.Path;

    public ConnectionTests Tests => _factory.Services.GetRequiredService<TargetSet>().Default.Get<ConnectionTests>();

    internal TargetSet Targets => _factory.Services.GetRequiredService<TargetSet>();

    public IActivityLog Activity => _factory.Services.GetRequiredService<TargetSet>().Default.Get<IActivityLog>();

    public static PortalHost With(params (string Key, string Value)[] settings) => new(null, settings);

    /// <summary>A portal with services of the test.</summary>
    public static PortalHost With(Action<IServiceCollection> services, params (string Key, string Value)[] settings) => new(null, services, settings);

    /// <summary>A portal on a folder that outlives it.</summary>
    public static PortalHost On(TemporaryFolder folder) => new(folder);

    public async Task<(int Status, JsonNode? Body, HttpResponseMessage Answer)> SendAsync(
        HttpMethod method, string path, string? body = null, string mediaType = "application/yaml", params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, "/api/v1/" + path);
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, mediaType);
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        var answer = await Client.SendAsync(request, TestContext.Current.CancellationToken);
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        var isJson = answer.Content.Headers.ContentType?.MediaType is "application/json" or "application/problem+json";
        return ((int)answer.StatusCode, isJson && text.Length > 0 ? JsonNode.Parse(text) : JsonValue.Create(text), answer);
    }

    public void Dispose()
    {
        Client.Dispose();
        _factory.Dispose();
        if (_ownsFolder)
            _folder.Dispose();
    }
}
