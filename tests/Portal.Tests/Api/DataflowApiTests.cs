using System.Text.Json.Nodes;

namespace Portal.Tests.Api;

public sealed class DataflowApiTests(PortalHost portal) : IClassFixture<PortalHost>
{
    private static string Mqtt(string name, string host = "10.20.4.17:1883") =>
        $"apiVersion: connectivity.iotoperations.azure.com/v1\nkind: DataflowEndpoint\nmetadata:\n  name: {name}\nspec:\n  endpointType: Mqtt\n  mqttSettings:\n    host: {host}\n    authentication:\n      method: {(host.Contains("eventgrid", StringComparison.Ordinal) ? "SystemAssignedManagedIdentity" : "Anonymous")}\n    tls:\n      mode: {(host.Contains("eventgrid", StringComparison.Ordinal) ? "Enabled" : "Disabled")}\n";

    private static string Kafka(string name, string more = "") =>
        $"apiVersion: connectivity.iotoperations.azure.com/v1\nkind: DataflowEndpoint\nmetadata:\n  name: {name}\nspec:\n  endpointType: Kafka\n  kafkaSettings:\n    host: 10.20.4.18:9092\n    authentication:\n      method: Anonymous\n    tls:\n      mode: Disabled\n{more}";

    private static string Flow(string name, string from = "from", string to = "target", string topic = "line3-telemetry", string profile = "default", string rules = "") => $"""
        apiVersion: connectivity.iotoperations.azure.com/v1
        kind: Dataflow
        metadata:
          name: {name}
        spec:
          note: kept
          operations:
            - operationType: Source
              sourceSettings:
                endpointRef: {from}
                dataSources:
                  - line3/+/telemetry
        {rules}    - operationType: Destination
              destinationSettings:
                dataDestination: {topic}
                endpointRef: {to}
          mode: Disabled
          profileRef: {profile}

        """;

    private static string Profile(string name, int count) => $"apiVersion: connectivity.iotoperations.azure.com/v1\nkind: DataflowProfile\nmetadata:\n  name: {name}\nspec:\n  instanceCount: {count}\n";

    private async Task<(int Status, JsonNode? Body, HttpResponseMessage Answer)> PutAsync(string path, string document, params (string, string)[] headers) =>
        await portal.SendAsync(HttpMethod.Put, path, document, "application/yaml", headers);

    private async Task EndpointsAsync()
    {
        await PutAsync("endpoints/from", Mqtt("from"));
        await PutAsync("endpoints/target", Kafka("target", "    partitionStrategy: Topic\n    cloudEventAttributes: CreateOrRemap\n"));
        await PutAsync("endpoints/grid", Mqtt("grid", "my-namespace.westeurope-1.ts.eventgrid.azure.net:8883"));
    }

    [Fact]
    public async Task A_dataflow_is_created_changed_and_deleted()
    {
        await EndpointsAsync();
        var (status, _, answer) = await PutAsync("dataflows/round-trip", Flow("round-trip"));
        Assert.Equal((201, "/api/v1/dataflows/round-trip"), (status, answer.Headers.Location?.ToString()));
        var yaml = await portal.SendAsync(HttpMethod.Get, "dataflows/round-trip", null, "", ("Accept", "application/yaml"));
        Assert.Equal(Flow("round-trip"), yaml.Body!.GetValue<string>());

        var first = answer.Headers.ETag!.ToString();
        var changed = await PutAsync("dataflows/round-trip", Flow("round-trip", topic: "other"), ("If-Match", first));
        Assert.Equal(200, changed.Status);
        Assert.Equal(412, (await PutAsync("dataflows/round-trip", Flow("round-trip"), ("If-Match", first))).Status);
        Assert.Equal(412, (await portal.SendAsync(HttpMethod.Delete, "dataflows/round-trip", null, "", ("If-Match", first))).Status);
        Assert.Equal("differs", (string?)(await PutAsync("dataflows/round-trip?dryRun=true", Flow("round-trip"))).Body!["state"]);
        Assert.Equal(204, (await portal.SendAsync(HttpMethod.Delete, "dataflows/round-trip")).Status);
        Assert.Equal(404, (await portal.SendAsync(HttpMethod.Delete, "dataflows/round-trip")).Status);
    }

    [Fact]
    public async Task An_invalid_dataflow_is_refused_with_every_problem()
    {
        await EndpointsAsync();
        const string rules = "    - operationType: BuiltInTransformation\n      builtInTransformationSettings:\n        map:\n          - inputs:\n              - temp ? $last\n            output: t\n            expression: nope($1)\n";
        var (status, body, answer) = await PutAsync("dataflows/bad-flow", Flow("bad-flow", "nowhere", topic: "a/b", profile: "none", rules: rules));
        Assert.Equal((400, "application/problem+json"), (status, answer.Content.Headers.ContentType?.MediaType));
        Assert.Equal(
            [
                ("profile-missing", "spec.profileRef"), ("endpoint-missing", "spec.operations[0].sourceSettings.endpointRef"),
                ("path-unsupported", "spec.operations[1].builtInTransformationSettings.map[0].inputs[0]"), ("expression-function", "spec.operations[1].builtInTransformationSettings.map[0].expression"),
                ("topic", "spec.operations[2].destinationSettings.dataDestination"),
            ],
            body!["errors"]!.AsArray().Select(error => ((string?)error!["code"], (string?)error["path"])));
        Assert.All(body["errors"]!.AsArray(), error => Assert.NotEmpty((string?)error!["fix"] ?? ""));
        Assert.Equal(404, (await portal.SendAsync(HttpMethod.Get, "dataflows/bad-flow")).Status);
        Assert.Equal(400, (await PutAsync("dataflows/bad-flow?dryRun=true", Flow("bad-flow", "nowhere"))).Status);
    }

    [Fact]
    public async Task A_kafka_source_without_consumer_group_has_the_one_wording()
    {
        await EndpointsAsync();
        var (status, body, _) = await PutAsync("dataflows/no-group", Flow("no-group", "target", "from", "out").Replace("line3/+/telemetry", "orders", StringComparison.Ordinal));
        Assert.Equal(400, status);
        Assert.Equal("Kafka type source endpoints must have a consumerGroupId defined", (string?)Assert.Single(body!["errors"]!.AsArray())!["message"]);
    }

    [Fact]
    public async Task The_consumer_group_that_a_dataflow_needs_stays_in_its_endpoint()
    {
        await EndpointsAsync();
        Assert.Equal(201, (await PutAsync("endpoints/orders", Kafka("orders", "    consumerGroupId: line3\n"))).Status);
        Assert.Equal(201, (await PutAsync("dataflows/reads-orders", Flow("reads-orders", "orders", "from", "out").Replace("line3/+/telemetry", "orders", StringComparison.Ordinal))).Status);
        foreach (var query in new[] { "", "?dryRun=true" })
        {
            var (status, body, _) = await PutAsync("endpoints/orders" + query, Kafka("orders"));
            Assert.Equal(400, status);
            var error = Assert.Single(body!["errors"]!.AsArray())!;
            Assert.Equal(("spec.kafkaSettings.consumerGroupId", "Kafka type source endpoints must have a consumerGroupId defined"), ((string?)error["path"], (string?)error["message"]));
            Assert.Contains("'reads-orders'", (string?)error["fix"], StringComparison.Ordinal);
        }

        Assert.Equal(204, (await portal.SendAsync(HttpMethod.Delete, "dataflows/reads-orders")).Status);
        Assert.Equal(200, (await PutAsync("endpoints/orders", Kafka("orders"))).Status);
    }

    [Fact]
    public async Task A_profile_is_kept_while_dataflows_use_it()
    {
        await EndpointsAsync();
        Assert.Equal(201, (await PutAsync("profiles/line3", Profile("line3", 1))).Status);
        Assert.Equal(201, (await PutAsync("dataflows/uses-profile", Flow("uses-profile", "grid", profile: "line3"))).Status);
        var (status, body, _) = await portal.SendAsync(HttpMethod.Delete, "profiles/line3");
        Assert.Equal(409, status);
        Assert.Contains("uses-profile", (string?)body!["detail"], StringComparison.Ordinal);

        // More instances would share a subscription, which the source of the dataflow does not know.
        var more = await PutAsync("profiles/line3", Profile("line3", 2));
        Assert.Equal((400, "event-grid-instances", "spec.instanceCount"), (more.Status, (string?)more.Body!["errors"]![0]!["code"], (string?)more.Body["errors"]![0]!["path"]));
        Assert.Equal(400, (await PutAsync("profiles/line3", Profile("line3", 21))).Status);

        Assert.Equal(204, (await portal.SendAsync(HttpMethod.Delete, "dataflows/uses-profile")).Status);
        Assert.Equal(200, (await PutAsync("profiles/line3", Profile("line3", 20))).Status);
        Assert.Equal(204, (await portal.SendAsync(HttpMethod.Delete, "profiles/line3")).Status);
    }

    private const string Message = """
        {"topic":"line3/press-07/telemetry","topicAlias":7,"qos":1,"retain":false,"contentType":"application/json","messageExpiryInterval":300,"correlationData":"jwI=",
        "properties":[{"name":"unit","value":"degC"},{"name":"Content Type","value":"text/plain"}],"payload":{"encoding":"json","value":{"temp_c":71.40}}}
        """;

    private async Task<(int Status, JsonNode? Body, HttpResponseMessage Answer)> TranslateAsync(string body) => await portal.SendAsync(HttpMethod.Post, "translate", body, "application/json");

    [Fact]
    public async Task A_message_is_translated_with_the_rule_of_every_property()
    {
        await EndpointsAsync();
        await PutAsync("dataflows/translate-me", Flow("translate-me"));
        var (status, body, _) = await TranslateAsync($$"""{"dataflow":"translate-me","message":{{Message}},"receivedAt":"2026-11-22T14:02:51.204Z","now":"2026-11-22T14:02:52.204Z","partitions":32}""");
        Assert.Equal((200, "translated"), (status, (string?)body!["outcome"]));
        var message = body["message"]!;
        Assert.Equal(("line3-telemetry", "line3/press-07/telemetry", "2026-11-22T14:02:51.204Z"), ((string?)message["topic"], (string?)message["key"], (string?)message["timestamp"]));
        Assert.Equal("""{"temp_c":71.40}""", message["payload"]!["value"]!.ToJsonString());
        var headers = message["properties"]!.AsArray().Select(header => $"{header!["name"]}={header["value"]}").ToList();
        Assert.Contains("Message Expiry Interval=299", headers);
        Assert.Contains("ce_specversion=1.0", headers);
        Assert.Equal(1, (int?)body["headersDropped"]!["name-taken"]);
        var steps = body["properties"]!.AsArray();
        Assert.Contains(steps, step => (string?)step!["change"] == "dropped" && (string?)step["input"]!["name"] == "Content Type" && (string?)step["rule"] == "User property named like a built-in" && (string?)step["counted"] == "name-taken");
        Assert.Contains(steps, step => (string?)step!["rule"] == "Remaining seconds, 1 s spent here" && (string?)step["output"]!["value"] == "299");
        Assert.Contains(steps, step => (string?)step!["rule"] == "murmur2 of the key, 32 partitions");
        Assert.Contains(steps, step => (string?)step!["change"] == "dropped" && (string?)step["input"]!["name"] == "Topic alias" && (string?)step["input"]!["value"] == "7" && (string?)step["rule"] == "Never forwarded");
        Assert.Contains(steps, step => (string?)step!["input"]?["value"] == "8F 02" && (string?)step["rule"] == "Raw bytes, not decoded");
    }

    [Fact]
    public async Task A_dataflow_that_is_not_stored_can_be_tried()
    {
        await EndpointsAsync();
        var document = $$$"""
            {"apiVersion":"connectivity.iotoperations.azure.com/v1","kind":"Dataflow","metadata":{"name":"draft"},"spec":{"operations":[
            {"operationType":"Source","sourceSettings":{"endpointRef":"from","dataSources":["a"]}},
            {"operationType":"BuiltInTransformation","builtInTransformationSettings":{"filter":[{"inputs":["temp_c"],"expression":"$1 > 100"}]}},
            {"operationType":"Destination","destinationSettings":{"endpointRef":"target","dataDestination":"out"}}]}}
            """;
        var (status, body, _) = await TranslateAsync($$"""{"dataflow":{{document}},"message":{{Message}}}""");
        Assert.Equal((200, "dropped", "filtered", null), (status, (string?)body!["outcome"], (string?)body["drop"], body["message"]));
        Assert.Equal("Transform rule 1, filter $1 > 100 is not true.", (string?)body["why"]);
    }

    [Theory]
    [InlineData("nonsense", "json")]
    [InlineData("[]", "json")]
    [InlineData("""{"message":{"topic":"a"}}""", "required")]
    [InlineData("""{"dataflow":"nowhere","message":{"topic":"a"}}""", "dataflow-missing")]
    [InlineData("""{"dataflow":{"kind":"Dataflow"},"message":{"topic":"a"}}""", "api-version")]
    [InlineData("""{"dataflow":"for-errors"}""", "required")]
    [InlineData("""{"dataflow":"for-errors","message":{}}""", "required")]
    [InlineData("""{"dataflow":"for-errors","message":{"topic":"a","qos":3}}""", "out-of-range")]
    [InlineData("""{"dataflow":"for-errors","message":{"topic":"a","correlationData":"%"}}""", "not-base64")]
    [InlineData("""{"dataflow":"for-errors","message":{"topic":"a","properties":[{"value":"x"}]}}""", "not-a-property")]
    [InlineData("""{"dataflow":"for-errors","message":{"topic":"a","payload":{"encoding":"yaml","value":"x"}}}""", "unknown-value")]
    [InlineData("""{"dataflow":"for-errors","message":{"topic":"a"},"partitions":0}""", "out-of-range")]
    [InlineData("""{"dataflow":"for-errors","message":{"topic":"a"},"now":"soon"}""", "not-a-time")]
    public async Task What_is_wrong_with_the_question_is_said(string body, string code)
    {
        await EndpointsAsync();
        await PutAsync("dataflows/for-errors", Flow("for-errors"));
        var (status, answer, _) = await TranslateAsync(body);
        Assert.Equal(400, status);
        Assert.Contains(answer!["errors"]!.AsArray(), error => (string?)error!["code"] == code);
    }
}
