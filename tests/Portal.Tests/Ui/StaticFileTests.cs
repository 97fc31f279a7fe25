using System.Net;
using Microsoft.AspNetCore.Mvc.Testing;
using Portal.Tests.Shared;

namespace Portal.Tests.Ui;

public sealed class StaticFileTests : IDisposable
{
    private readonly TemporaryFolder _data = new();
    private readonly WebApplicationFactory<Program> _portal;

    public StaticFileTests() => _portal = new WebApplicationFactory<Program>().WithWebHostBuilder(host =>
    {
        host.UseSetting("Portal:DataDirectory", _data.Path);
        host.UseSetting("Portal:Sandbox:Enabled", "false");
    });

    [Theory]
    [MemberData(nameof(PublishedPortalTests.Files), MemberType = typeof(PublishedPortalTests))]
    public async Task A_file_is_served_with_its_content(string path, string contentType, string part)
    {
        using var client = _portal.CreateClient();
        using var response = await client.GetAsync(path, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(contentType, response.Content.Headers.ContentType?.MediaType);
        Assert.Contains(part, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_page_asks_the_internet_for_nothing()
    {
        using var client = _portal.CreateClient();
        var html = await client.GetStringAsync("/not-found", TestContext.Current.CancellationToken);
        Assert.Contains("<html lang=\"en\"", html);
        Assert.DoesNotContain("//fonts.", html);
        Assert.DoesNotMatch("(?:src|href)=\"(?:https?:)?//", html);
    }

    [Fact]
    public async Task An_unknown_address_is_404_with_a_page()
    {
        using var client = _portal.CreateClient();
        using var response = await client.GetAsync("/no/such/page", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Contains("blazor.web.js", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    public void Dispose()
    {
        _portal.Dispose();
        _data.Dispose();
    }
}
