using System.Text.Json.Nodes;
using Portal.Tests.Shared;

namespace Portal.Tests.Api;

public sealed class TestApiTests(PortalHost portal) : IClassFixture<PortalHost>
{
    private static readonly string[] Stages = ["settings", "secrets", "name", "tcp", "tls", "webSocket", "signIn", "broker", "topic"];

    private static string Document(int port) => $$"""
        { "apiVersion": "connectivity.iotoperations.azure.com/v1", "kind": "DataflowEndpoint", "metadata": { "name": "probe" },
          "spec": { "endpointType": "Mqtt", "mqttSettings": { "host": "127.0.0.1:{{port}}", "authentication": { "method": "Anonymous" }, "tls": { "mode": "Disabled" } } } }
        """;

    [Fact]
    public async Task A_report_has_all_stages_in_order()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        var (status, report, _) = await portal.SendAsync(HttpMethod.Post, "test", Document(broker.Port), "application/json");
        Assert.Equal(200, status);
        Assert.Equal("passed", (string?)report!["outcome"]);
        Assert.Equal("probe", (string?)report["endpoint"]);
        Assert.Equal(Stages, report["stages"]!.AsArray().Select(stage => (string?)stage!["stage"]));
        Assert.Equal("skipped", (string?)report["stages"]![4]!["verdict"]);
    }

    [Fact]
    public async Task A_failure_is_a_report_with_cause_and_fix()
    {
        var (status, report, _) = await portal.SendAsync(HttpMethod.Post, "test", Document(FreePort.Next()), "application/json");
        Assert.Equal(200, status);
        Assert.Equal("failed", (string?)report!["outcome"]);
        var failed = Assert.Single(report["stages"]!.AsArray(), stage => (string?)stage!["verdict"] == "failed");
        Assert.Equal("tcp", (string?)failed!["stage"]);
        Assert.Equal("tcp-refused", (string?)failed["cause"]);
        Assert.NotEmpty((string?)failed["fix"] ?? "");
    }

    [Fact]
    public async Task Stages_stream_one_line_each_and_the_report_comes_last()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        var (_, text, answer) = await portal.SendAsync(HttpMethod.Post, "test", Document(broker.Port), "application/json", ("Accept", "application/x-ndjson"));
        Assert.Equal("application/x-ndjson", answer.Content.Headers.ContentType?.MediaType);
        var lines = text!.GetValue<string>().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!).ToList();
        Assert.Equal(Stages, lines[..^1].Select(line => (string?)line["stage"]));
        Assert.Equal("passed", (string?)lines[^1]["outcome"]);
    }

    [Theory]
    [InlineData("timeLimitSeconds=0", "timeLimitSeconds")]
    [InlineData("timeLimitSeconds=soon", "timeLimitSeconds")]
    [InlineData("topic=a&read=perhaps", "read")]
    [InlineData("write=true", "topic")]
    public async Task A_bad_parameter_is_named(string query, string path)
    {
        var (status, body, _) = await portal.SendAsync(HttpMethod.Post, "test?" + query, Document(1), "application/json");
        Assert.Equal(400, status);
        Assert.Equal(path, (string?)body!["errors"]![0]!["path"]);
    }

    [Fact]
    public async Task An_endpoint_that_is_not_stored_is_not_found() =>
        Assert.Equal(404, (await portal.SendAsync(HttpMethod.Post, "endpoints/nowhere/test")).Status);
}
