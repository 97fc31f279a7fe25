using Portal.Tests.Shared;

namespace Portal.Tests.Ui;

/// <summary>What is published must serve its files in Production: an unpublished build answers there with empty bodies.</summary>
public sealed class PublishedPortalTests
{
    private static readonly TimeSpan PublishLimit = TimeSpan.FromMinutes(5);

    /// <summary>Path, content type, and a part of the body.</summary>
    public static TheoryData<string, string, string> Files => new()
    {
        { "/css/portal.css", "text/css", "--canvas:#F6F7F9" },
        { "/css/mud.css", "text/css", ".mud-button-root" },
        { "/css/pages.css", "text/css", ".tiles" },
        { "/_content/MudBlazor/MudBlazor.min.css", "text/css", ".mud-button" },
        { "/_content/MudBlazor/MudBlazor.min.js", "text/javascript", "mud" },
        { "/_framework/blazor.web.js", "text/javascript", "Blazor" },
        { "/js/theme.js", "text/javascript", "portal-theme" },
        { "/js/portal.js", "text/javascript", "export function start" },
        { "/js/reconnect.js", "text/javascript", "components-reconnect" },
        { "/fonts/inter.woff2", "font/woff2", "wOF2" },
        { "/favicon.svg", "image/svg+xml", "<svg" },
    };

    [Fact]
    public async Task Production_serves_every_file()
    {
        using var folder = new TemporaryFolder();
        // bin/<configuration>/net10.0: what was built with this test is what is published.
        var configuration = Path.GetFileName(Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)))!;
        var publish = await ProcessRunner.RunAsync(
            "dotnet", ["publish", RepositoryRoot.Combine("src", "Portal"), "-c", configuration, "--no-build", "--nologo", "-o", folder.Combine("app"), "-p:UseAppHost=false"], limit: PublishLimit);
        publish.MustSucceed();

        var address = $"http://127.0.0.1:{FreePort.Next()}";
        await using var portal = RunningProcess.Start(
            "dotnet",
            [folder.Combine("app", "Portal.dll"), "--urls", address, "--Portal:DataDirectory", folder.Combine("data"), "--Portal:Sandbox:Enabled", "false"],
            folder.Combine("app"),
            new Dictionary<string, string?> { ["ASPNETCORE_ENVIRONMENT"] = "Production", ["DOTNET_ENVIRONMENT"] = null });
        await portal.WaitForOutputAsync("Now listening on");

        using var client = new HttpClient { BaseAddress = new Uri(address) };
        foreach (var file in Files)
        {
            var (path, type, part) = file.Data;
            using var response = await client.GetAsync(path, TestContext.Current.CancellationToken);
            var body = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            Assert.True(response.IsSuccessStatusCode && body.Contains(part, StringComparison.Ordinal), $"{path}: {(int)response.StatusCode}, {body.Length} characters");
            Assert.Equal(type, response.Content.Headers.ContentType?.MediaType);
        }
    }
}
