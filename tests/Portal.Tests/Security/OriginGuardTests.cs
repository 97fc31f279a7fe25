using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Portal.Security;

namespace Portal.Tests.Security;

public sealed class OriginGuardTests
{
    [Theory]
    [InlineData("127.0.0.1:5080")]
    [InlineData("localhost:5080")]
    [InlineData("[::1]:5080")]
    public async Task A_loopback_name_is_served(string host) => Assert.Equal(200, await AskAsync(host));

    [Theory]
    [InlineData("attacker.example")]
    [InlineData("localhost.attacker.example:5080")]
    [InlineData("192.0.2.1:5080")]
    public async Task Another_host_is_refused(string host) => Assert.Equal(403, await AskAsync(host));

    [Fact]
    public async Task Allowed_hosts_replace_the_loopback_names()
    {
        Assert.Equal(200, await AskAsync("portal.example", allowed: "portal.example;*.plant.example"));
        Assert.Equal(200, await AskAsync("a.plant.example", allowed: "portal.example;*.plant.example"));
        Assert.Equal(403, await AskAsync("plant.example", allowed: "portal.example;*.plant.example"));
        Assert.Equal(403, await AskAsync("localhost", allowed: "portal.example;*.plant.example"));
    }

    [Theory]
    [InlineData("Origin", "http://attacker.example")]
    [InlineData("Origin", "http://127.0.0.1:9999")]
    [InlineData("Origin", "null")]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    [InlineData("Sec-Fetch-Site", "same-site")]
    public async Task A_request_of_another_page_is_refused(string header, string value)
    {
        Assert.Equal(403, await AskAsync("127.0.0.1:5080", "/api/v1/endpoints", (header, value)));
        Assert.Equal(403, await AskAsync("127.0.0.1:5080", "/_blazor", (header, value)));
    }

    [Theory]
    [InlineData("Origin", "http://127.0.0.1:5080")]
    [InlineData("Sec-Fetch-Site", "same-origin")]
    [InlineData("Sec-Fetch-Site", "none")]
    public async Task A_request_of_an_own_page_is_served(string header, string value) =>
        Assert.Equal(200, await AskAsync("127.0.0.1:5080", "/api/v1/endpoints", (header, value)));

    [Theory]
    [InlineData("/healthz/live", 200)]
    [InlineData("/healthz/ready", 200)]
    [InlineData("/healthz-not", 403)]
    [InlineData("/metrics", 403)]
    public async Task A_probe_may_ask_for_health_by_any_address(string path, int status) =>
        Assert.Equal(status, await AskAsync("10.1.2.3:5080", path));

    private static async Task<int> AskAsync(string host, string path = "/", (string Name, string Value)? header = null, string? allowed = null)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new("AllowedHosts", allowed)]).Build();
        var guard = new OriginGuard(_ => Task.CompletedTask, configuration);
        var context = new DefaultHttpContext { Request = { Method = "GET", Scheme = "http", Host = new HostString(host), Path = path } };
        if (header is { } given)
            context.Request.Headers[given.Name] = given.Value;
        await guard.InvokeAsync(context);
        return context.Response.StatusCode;
    }
}
