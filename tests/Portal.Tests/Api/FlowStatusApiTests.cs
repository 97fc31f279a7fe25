namespace Portal.Tests.Api;

public sealed class FlowStatusApiTests(PortalHost portal) : IClassFixture<PortalHost>
{
    private const string Flow = """
        apiVersion: connectivity.iotoperations.azure.com/v1
        kind: Dataflow
        metadata:
          name: press-telemetry
        spec:
          mode: Disabled
          operations:
            - operationType: Source
              sourceSettings:
                endpointRef: status-mqtt
                dataSources:
                  - line3/+/telemetry
            - operationType: Destination
              destinationSettings:
                endpointRef: status-mqtt
                dataDestination: copy

        """;

    private const string Endpoint = "apiVersion: connectivity.iotoperations.azure.com/v1\nkind: DataflowEndpoint\nmetadata:\n  name: status-mqtt\nspec:\n  endpointType: Mqtt\n  mqttSettings:\n    host: 127.0.0.1:1\n    authentication:\n      method: Anonymous\n    tls:\n      mode: Disabled\n";

    [Fact]
    public async Task A_stopped_dataflow_has_a_status_with_every_member_of_the_contract()
    {
        Assert.Equal(201, (await portal.SendAsync(HttpMethod.Put, "endpoints/status-mqtt", Endpoint)).Status);
        Assert.Equal(201, (await portal.SendAsync(HttpMethod.Put, "dataflows/press-telemetry", Flow)).Status);
        var (status, body, _) = await portal.SendAsync(HttpMethod.Get, "dataflows/press-telemetry/status");
        Assert.Equal(200, status);
        Assert.Equal(
            ["name", "state", "instances", "ledger", "since", "headersDropped", "reconnects", "latencyMilliseconds", "lastDelivery", "lastError", "bytesIn", "bytesOut"],
            body!.AsObject().Select(member => member.Key));
        Assert.Equal(["received", "delivered", "inFlight", "dropped"], body["ledger"]!.AsObject().Select(member => member.Key));
        Assert.Equal(["expired", "filtered", "untranslatable", "rejected"], body["ledger"]!["dropped"]!.AsObject().Select(member => member.Key));
        Assert.Equal(["p50", "p95", "p99"], body["latencyMilliseconds"]!.AsObject().Select(member => member.Key));
        Assert.Equal("press-telemetry", (string?)body["name"]);
        Assert.Equal("Stopped", (string?)body["state"]);
        Assert.Equal(0, (int)body["ledger"]!["received"]!);
    }

    [Fact]
    public async Task A_name_that_nothing_has_is_not_found()
    {
        var (status, body, _) = await portal.SendAsync(HttpMethod.Get, "dataflows/gone/status");
        Assert.Equal(404, status);
        Assert.Contains("gone", (string?)body!["detail"]);
    }
}
