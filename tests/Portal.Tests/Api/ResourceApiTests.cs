using System.Text.Json.Nodes;
using Portal.Tests.Shared;

namespace Portal.Tests.Api;

public sealed class ResourceApiTests(PortalHost portal) : IClassFixture<PortalHost>
{
    private static string Yaml(string name, string host = "10.20.4.17:1883", string extra = "") => $"""
        apiVersion: connectivity.iotoperations.azure.com/v1
        kind: DataflowEndpoint
        metadata:
          name: {name}
        spec:
          mqttSettings:
            host: {host}
            authentication:
              method: Anonymous
            tls:
              mode: Disabled{extra}
          endpointType: Mqtt

        """;

    [Fact]
    public async Task What_goes_in_comes_back_sparse_and_in_its_order()
    {
        var (status, _, answer) = await portal.SendAsync(HttpMethod.Put, "endpoints/round-trip", Yaml("round-trip"));
        Assert.Equal(201, status);
        Assert.NotNull(answer.Headers.ETag);
        Assert.Equal("/api/v1/endpoints/round-trip", answer.Headers.Location?.ToString());

        var yaml = await portal.SendAsync(HttpMethod.Get, "endpoints/round-trip", null, "", ("Accept", "application/yaml"));
        Assert.Equal(Yaml("round-trip"), yaml.Body!.GetValue<string>());
        var json = await portal.SendAsync(HttpMethod.Get, "endpoints/round-trip");
        Assert.Equal("10.20.4.17:1883", (string?)json.Body!["spec"]!["mqttSettings"]!["host"]);
        Assert.Equal(["mqttSettings", "endpointType"], json.Body["spec"]!.AsObject().Select(member => member.Key));
        Assert.Contains(portal.Folder, Directory.GetFiles(Path.Combine(portal.Folder, "manifests"), "round-trip.yaml", SearchOption.AllDirectories).Single(), StringComparison.Ordinal);

        var list = await portal.SendAsync(HttpMethod.Get, "endpoints");
        Assert.Contains(list.Body!["items"]!.AsArray(), item => (string?)item!["metadata"]!["name"] == "round-trip");
    }

    [Fact]
    public async Task A_dry_run_shows_the_lines_that_the_file_will_have()
    {
        await portal.SendAsync(HttpMethod.Put, "endpoints/by-hand", Yaml("by-hand"));
        var file = Directory.GetFiles(Path.Combine(portal.Folder, "manifests"), "by-hand.yaml", SearchOption.AllDirectories).Single();
        var text = Yaml("by-hand").Replace("    host: 10.20.4.17:1883", "    host: \"10.20.4.17:1883\" # hall 3", StringComparison.Ordinal);
        await File.WriteAllTextAsync(file, text, TestContext.Current.CancellationToken);
        await Wait.UntilAsync(async () => (await portal.SendAsync(HttpMethod.Get, "endpoints/by-hand?format=yaml")).Body!.GetValue<string>() == text, "the edit is seen");

        var run = await portal.SendAsync(HttpMethod.Put, "endpoints/by-hand?dryRun=true", Yaml("by-hand", "10.20.4.18:1883"));
        Assert.Equal("differs", (string?)run.Body!["state"]);
        var lines = run.Body["diff"]!.AsArray().Where(line => (string?)line!["change"] != "removed").Select(line => (string?)line!["text"] + "\n");
        await portal.SendAsync(HttpMethod.Put, "endpoints/by-hand", Yaml("by-hand", "10.20.4.18:1883"));
        Assert.Equal(string.Concat(lines), await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));
        Assert.Equal(text.Replace("4.17", "4.18", StringComparison.Ordinal), await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("bicep", "Microsoft.IoTOperations/instances/dataflowEndpoints@2024-11-01")]
    [InlineData("arm", "\"Microsoft.IoTOperations/instances/dataflowEndpoints\"")]
    [InlineData("az", "az iot ops dataflow endpoint create custom-mqtt")]
    [InlineData("yaml", "apiVersion: connectivity.iotoperations.azure.com/v1")]
    [InlineData("json", "\"connectivity.iotoperations.azure.com/v1\"")]
    public async Task Every_document_is_to_be_had(string format, string part)
    {
        await portal.SendAsync(HttpMethod.Put, "endpoints/documents", Yaml("documents"));
        using var answer = await portal.Client.GetAsync($"/api/v1/endpoints/documents?format={format}", TestContext.Current.CancellationToken);
        Assert.True(answer.IsSuccessStatusCode);
        Assert.Contains(part, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_format_is_named()
    {
        await portal.SendAsync(HttpMethod.Put, "endpoints/documents", Yaml("documents"));
        var (status, body, _) = await portal.SendAsync(HttpMethod.Get, "endpoints/documents?format=xml");
        Assert.Equal(400, status);
        Assert.Contains("'xml'", (string?)body!["errors"]![0]!["message"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_problem_of_a_document_is_said_at_once()
    {
        var (status, body, answer) = await portal.SendAsync(HttpMethod.Put, "endpoints/bad-one", Yaml("bad-one", "10.20.4.17", "\n    keepAliveSeconds: 99999"));
        Assert.Equal(400, status);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal(["host-port-missing", "out-of-range"], body!["errors"]!.AsArray().Select(error => (string?)error!["code"]).Order());
        Assert.All(body["errors"]!.AsArray(), error =>
        {
            Assert.StartsWith("spec.mqttSettings.", (string?)error!["path"]);
            Assert.NotEmpty((string?)error["message"] ?? "");
            Assert.NotEmpty((string?)error["fix"] ?? "");
        });
        Assert.Equal(404, (await portal.SendAsync(HttpMethod.Get, "endpoints/bad-one")).Status);
    }

    [Fact]
    public async Task A_wrong_shape_does_not_hide_wrong_values()
    {
        var (status, body, _) = await portal.SendAsync(HttpMethod.Put, "endpoints/bad-two", Yaml("bad-two", "10.20.4.17", "\n    keepAliveSeconds: 99999\n    retain: Sometimes"));
        Assert.Equal(400, status);
        Assert.Equal(["host-port-missing", "out-of-range", "unknown-value"], body!["errors"]!.AsArray().Select(error => (string?)error!["code"]).Order());
    }

    [Fact]
    public async Task A_body_that_says_to_be_JSON_and_is_none_is_told_where()
    {
        var (status, body, _) = await portal.SendAsync(HttpMethod.Put, "endpoints/bad-three", "{\n  \"kind\": DataflowEndpoint }", "application/json");
        Assert.Equal(400, status);
        var error = Assert.Single(body!["errors"]!.AsArray())!;
        Assert.Equal(("json", 2, 11), ((string?)error["code"], (int?)error["line"], (int?)error["column"]));
    }

    [Fact]
    public async Task A_document_of_another_name_is_refused()
    {
        var (status, body, _) = await portal.SendAsync(HttpMethod.Put, "endpoints/one-name", Yaml("other-name"));
        Assert.Equal(400, status);
        Assert.Equal("metadata.name", (string?)body!["errors"]![0]!["path"]);
    }

    [Fact]
    public async Task An_old_revision_does_not_overwrite_a_new_one()
    {
        var first = await portal.SendAsync(HttpMethod.Put, "endpoints/revised", Yaml("revised"));
        var second = await portal.SendAsync(HttpMethod.Put, "endpoints/revised", Yaml("revised", "10.20.4.18:1883"), "application/yaml", ("If-Match", first.Answer.Headers.ETag!.ToString()));
        Assert.Equal(200, second.Status);
        var stale = await portal.SendAsync(HttpMethod.Put, "endpoints/revised", Yaml("revised", "10.20.4.19:1883"), "application/yaml", ("If-Match", first.Answer.Headers.ETag!.ToString()));
        Assert.Equal(412, stale.Status);
        Assert.Equal(412, (await portal.SendAsync(HttpMethod.Put, "endpoints/revised", Yaml("revised"), "application/yaml", ("If-None-Match", "*"))).Status);
        Assert.Equal(412, (await portal.SendAsync(HttpMethod.Delete, "endpoints/revised", null, "", ("If-Match", first.Answer.Headers.ETag!.ToString()))).Status);
        var stored = await portal.SendAsync(HttpMethod.Get, "endpoints/revised");
        Assert.Equal("10.20.4.18:1883", (string?)stored.Body!["spec"]!["mqttSettings"]!["host"]);
        Assert.Equal(second.Answer.Headers.ETag, stored.Answer.Headers.ETag);
    }

    [Fact]
    public async Task A_dry_run_gives_the_difference_and_writes_nothing()
    {
        var (_, fresh, _) = await portal.SendAsync(HttpMethod.Put, "endpoints/dry?dryRun=true", Yaml("dry"));
        Assert.Equal("new", (string?)fresh!["state"]);
        Assert.Equal(404, (await portal.SendAsync(HttpMethod.Get, "endpoints/dry")).Status);
        await portal.SendAsync(HttpMethod.Put, "endpoints/dry", Yaml("dry"));
        Assert.Equal("same", (string?)(await portal.SendAsync(HttpMethod.Put, "endpoints/dry?dryRun=true", Yaml("dry"))).Body!["state"]);
        var differs = (await portal.SendAsync(HttpMethod.Put, "endpoints/dry?dryRun=true", Yaml("dry", "10.20.4.20:1883"))).Body!;
        Assert.Equal("differs", (string?)differs["state"]);
        var field = Assert.Single(differs["fields"]!.AsArray());
        Assert.Equal(("spec.mqttSettings.host", "10.20.4.17:1883", "10.20.4.20:1883"), ((string?)field!["path"], (string?)field["before"], (string?)field["after"]));
    }

    [Fact]
    public async Task An_endpoint_in_use_is_not_deleted_without_force()
    {
        await portal.SendAsync(HttpMethod.Put, "endpoints/in-use", Yaml("in-use"));
        await File.WriteAllTextAsync(Path.Combine(portal.Folder, "manifests", "flow-one.yaml"), """
            apiVersion: connectivity.iotoperations.azure.com/v1
            kind: Dataflow
            metadata:
              name: flow-one
            spec:
              profileRef: default
              operations:
                - operationType: Source
                  sourceSettings:
                    endpointRef: in-use
                    dataSources: [a/b]
                - operationType: Destination
                  destinationSettings:
                    endpointRef: elsewhere
                    dataDestination: c
            """, TestContext.Current.CancellationToken);
        await Wait.UntilAsync(async () => (await portal.SendAsync(HttpMethod.Get, "dataflows/flow-one")).Status == 200, "the dataflow is read");
        var (status, body, _) = await portal.SendAsync(HttpMethod.Delete, "endpoints/in-use");
        Assert.Equal(409, status);
        Assert.Contains("flow-one", (string?)body!["detail"], StringComparison.Ordinal);
        Assert.Equal(204, (await portal.SendAsync(HttpMethod.Delete, "endpoints/in-use?force=true")).Status);
        Assert.Equal(404, (await portal.SendAsync(HttpMethod.Delete, "endpoints/in-use")).Status);
    }

    [Fact]
    public async Task A_broken_file_is_listed_with_line_and_column_and_kept()
    {
        var path = Path.Combine(portal.Folder, "manifests", "broken.yaml");
        const string text = "apiVersion: connectivity.iotoperations.azure.com/v1\nkind: DataflowEndpoint\nmetadata:\n  name: broken-one\nspec:\n  mqttSettings: [\n";
        await File.WriteAllTextAsync(path, text, TestContext.Current.CancellationToken);
        JsonNode? problem = null;
        await Wait.UntilAsync(
            async () => (problem = (await portal.SendAsync(HttpMethod.Get, "endpoints")).Body!["problems"]!.AsArray().FirstOrDefault(one => ((string?)one!["location"])?.Contains("broken.yaml", StringComparison.Ordinal) is true)) is not null,
            "the broken file is listed");
        Assert.NotNull((int?)problem!["line"]);
        Assert.NotNull((int?)problem["column"]);
        Assert.NotEmpty((string?)problem["message"] ?? "");
        Assert.Equal(text, await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken));
        File.Delete(path);
    }

    [Fact]
    public async Task The_default_profile_exists_from_the_first_start()
    {
        var (status, body, _) = await portal.SendAsync(HttpMethod.Get, "profiles/default");
        Assert.Equal(200, status);
        Assert.Equal(1, (int?)body!["spec"]!["instanceCount"]);
    }

    [Fact]
    public async Task An_unknown_call_is_a_problem_not_a_page()
    {
        var (status, _, answer) = await portal.SendAsync(HttpMethod.Get, "nothing-here");
        Assert.Equal(404, status);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
    }
}
