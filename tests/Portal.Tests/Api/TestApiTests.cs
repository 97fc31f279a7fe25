using System.Text.Json.Nodes;
using Portal.Model.Ports;
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
    public async Task A_report_has_the_members_of_the_contract_and_no_others()
    {
        var (_, report, _) = await portal.SendAsync(HttpMethod.Post, "test", Document(FreePort.Next()), "application/json");
        Assert.Equal(["endpoint", "outcome", "vantagePoint", "stages"], report!.AsObject().Select(member => member.Key));
        Assert.All(report["stages"]!.AsArray(), stage => Assert.Equal(["stage", "verdict", "milliseconds", "summary", "evidence", "cause", "fix"], stage!.AsObject().Select(member => member.Key)));
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("application/x-ndjson")]
    public async Task Too_many_tests_are_answered_with_when_to_come_back(string accept)
    {
        using var busy = PortalHost.With(("Portal:Test:PerMinute", "1"));
        Assert.Equal(200, (await busy.SendAsync(HttpMethod.Post, "test", Document(FreePort.Next()), "application/json")).Status);

        var (status, body, answer) = await busy.SendAsync(HttpMethod.Post, "test", Document(FreePort.Next()), "application/json", ("Accept", accept));

        Assert.Equal(429, status);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        Assert.InRange(answer.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 60);
        Assert.Contains("Portal:Test:PerMinute", (string?)body!["detail"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refused_address_is_a_stage_and_an_activity()
    {
        await portal.SendAsync(HttpMethod.Post, "test", Document(1).Replace("127.0.0.1", "169.254.169.254", StringComparison.Ordinal), "application/json");

        var entry = (await portal.Activity.ReadAsync(new ActivityQuery("probe"), TestContext.Current.CancellationToken)).First(entry => entry.Action is ActivityAction.Refused);
        Assert.Contains("169.254.169.254:1 (cloud metadata", entry.Summary, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Results_of_a_stored_endpoint_are_kept_over_a_restart_until_it_is_deleted()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        using var folder = new TemporaryFolder();
        var closed = FreePort.Next();
        using (var first = PortalHost.On(folder))
        {
            Assert.Equal(201, (await first.SendAsync(HttpMethod.Put, "endpoints/probe", Document(broker.Port), "application/json")).Status);
            await first.SendAsync(HttpMethod.Post, "endpoints/probe/test");
            Assert.True((await first.SendAsync(HttpMethod.Put, "endpoints/probe", Document(closed), "application/json")).Status is 200);
            await first.SendAsync(HttpMethod.Post, "endpoints/probe/test");
        }

        using var second = PortalHost.On(folder);
        await Wait.UntilAsync(() => second.Tests.Of("probe").Count == 2, "the results were read");
        Assert.Equal(["tcp-refused", null], second.Tests.Of("probe").Select(report => report.FailedStage?.Cause));
        var kept = await second.Tests.KeptAsync("probe", TestContext.Current.CancellationToken);
        Assert.Equal(9, kept.Last!.Stages.Count);
        Assert.NotNull(kept.Green);
        Assert.NotNull(kept.Changes);

        await second.SendAsync(HttpMethod.Delete, "endpoints/probe");
        await Wait.UntilAsync(() => !File.Exists(folder.Combine("history/tests/probe.json")), "the results are gone");
        Assert.Empty(second.Tests.Of("probe"));
    }

    [Fact]
    public async Task An_endpoint_that_is_not_stored_is_not_found() =>
        Assert.Equal(404, (await portal.SendAsync(HttpMethod.Post, "endpoints/nowhere/test")).Status);
}
