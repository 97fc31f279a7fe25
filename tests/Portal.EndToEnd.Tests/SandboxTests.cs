using System.Text.Json.Nodes;
using Portal.Tests.Shared;

namespace Portal.EndToEnd.Tests;

/// <summary>What a first start on a laptop offers.</summary>
public sealed class SandboxTests
{
    [Theory]
    [InlineData("default")]
    [InlineData("sandbox-kafka")]
    public async Task The_sandbox_endpoints_test_green(string name)
    {
        using var data = new TemporaryFolder();
        await using var portal = await PortalProcess.StartAsync(data.Path);
        using var client = new HttpClient { BaseAddress = new Uri(portal.Address) };
        using var answer = await client.PostAsync($"/api/v1/endpoints/{name}/test", null, TestContext.Current.CancellationToken);
        var report = JsonNode.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!;
        Assert.True((string?)report["outcome"] == "passed", report.ToJsonString());
    }

    [Theory]
    [InlineData("default", "%23", "specversion")]
    [InlineData("sandbox-kafka", "plant-events", "ce_specversion")]
    public async Task Simulated_devices_send_CloudEvents(string name, string topic, string property)
    {
        using var data = new TemporaryFolder();
        await using var portal = await PortalProcess.StartAsync(data.Path);
        using var client = new HttpClient { BaseAddress = new Uri(portal.Address) };
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(60));
        using var answer = await client.GetAsync($"/api/v1/endpoints/{name}/messages?topic={topic}", HttpCompletionOption.ResponseHeadersRead, limit.Token);
        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType?.MediaType);
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync(limit.Token));
        var isMessage = false;
        while (await reader.ReadLineAsync(limit.Token) is { } line)
        {
            isMessage = line.StartsWith("id:", StringComparison.Ordinal) || (isMessage && line.Length > 0);
            if (!isMessage || !line.StartsWith("data: ", StringComparison.Ordinal))
                continue;
            var message = JsonNode.Parse(line[6..])!;
            if (!message["properties"]!.AsArray().Any(one => (string?)one!["name"] == property))
                continue;
            Assert.Equal("json", (string?)message["payload"]!["encoding"]);
            return;
        }
        Assert.Fail("The stream ended without a CloudEvent.");
    }
}
