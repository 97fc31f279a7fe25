using System.Text.Json.Nodes;
using Portal.Model.Endpoints;
using Portal.Model.Ports;
using Portal.Stores.AzureResourceManager;
using Portal.Tests.Shared;

namespace Portal.Stores.Tests.AzureResourceManager;

/// <summary>Errors and states in Azure's words, and what the portal makes of them.</summary>
public sealed class AzureErrorTests
{
    [Theory]
    [InlineData("properties.mqttSettings.host", "", "spec.mqttSettings.host")]
    [InlineData("Properties.MqttSettings.QoS", "", "spec.mqttSettings.qos")]
    [InlineData("/properties/mqttSettings/authentication/method", "", "spec.mqttSettings.authentication.method")]
    [InlineData("$.properties.operations[0].sourceSettings", "", "spec.operations[0].sourceSettings")]
    [InlineData("#/properties/operations/1/destinationSettings/endpointRef", "", "spec.operations[1].destinationSettings.endpointRef")]
    [InlineData("host", "", "spec.mqttSettings.host")]
    [InlineData("name", "", "metadata.name")]
    [InlineData("properties", "", "spec")]
    [InlineData("/subscriptions/x", "", "")]
    [InlineData(null, "Error converting value. Path 'properties.mqttSettings.qos', line 1, position 3.", "spec.mqttSettings.qos")]
    [InlineData(null, "It is wrong.", "")]
    public void A_target_becomes_the_path_of_the_field(string? target, string message, string path) =>
        Assert.Equal(path, ArmFindings.PathOf(new ArmError(400, "X", message, target, []), ValidEndpoint.Of(EndpointKind.CustomMqtt)));

    [Theory]
    [InlineData(403, "LinkedAuthorizationFailed", "The client 'a' with object id 'b' has permission to perform action 'M.IoT/x/write' on scope '/s/1'; however, it does not have permission to perform action(s) 'Microsoft.ExtendedLocation/customLocations/deploy/action' on the linked scope(s) '/s/2' (respectively) or the linked scope(s) are invalid.", "Microsoft.ExtendedLocation/customLocations/deploy/action on /s/2")]
    [InlineData(403, "RequestDisallowedByPolicy", "Resource 'x' was disallowed by policy.", "policy")]
    [InlineData(409, "ScopeLocked", "The scope cannot perform write operation because it is locked.", "lock")]
    [InlineData(401, "InvalidAuthenticationToken", "The token is wrong.", "sign-in")]
    public void A_refusal_says_what_is_refused_and_what_to_do(int status, string code, string message, string said)
    {
        var denied = Assert.IsType<StoreResult.Denied>(ArmFindings.ToResult(new ArmError(status, code, message, null, []), null));
        Assert.Contains(said, denied.Message, StringComparison.Ordinal);
        Assert.NotEmpty(denied.Fix);
    }

    [Fact]
    public void An_error_is_read_with_all_that_is_below_it_and_a_page_of_a_proxy_is_one_too()
    {
        var body = JsonNode.Parse("""{"error":{"code":"A","message":"one\r\ntwo","details":[{"code":"B","message":"b","target":"t","details":[{"code":"C"}]},7]}}""")!.AsObject();
        Assert.Equal([("A", "one two"), ("B", "b"), ("C", "")], ArmError.Of(400, body).All.Select(one => (one.Code, one.Message)));
        Assert.Equal("Http502", ArmError.Of(502, null).Code);
        Assert.True(ArmError.Of(502, null).IsUncertain);
    }

    [Theory]
    [InlineData("""{"provisioningState":"Succeeded"}""", ResourceHealth.Success)]
    [InlineData("""{"provisioningState":"Updating"}""", ResourceHealth.Warning)]
    [InlineData("""{"provisioningState":"Canceled"}""", ResourceHealth.Warning)]
    [InlineData("""{"provisioningState":"Failed"}""", ResourceHealth.Error)]
    [InlineData("""{"provisioningState":"Succeeded","healthState":"Available"}""", ResourceHealth.Success)]
    [InlineData("""{"provisioningState":"Succeeded","healthState":"Degraded"}""", ResourceHealth.Warning)]
    [InlineData("""{"provisioningState":"Succeeded","healthState":"Available","status":{"healthState":{"status":"Unavailable","reasonCode":"R","message":"m"}}}""", ResourceHealth.Error)]
    public void The_state_of_a_resource_is_the_worst_that_is_said(string properties, ResourceHealth health)
    {
        var status = ArmStatus.Of(new JsonObject { ["properties"] = JsonNode.Parse(properties) })!;
        Assert.Equal(health, status.Health);
        if (health is ResourceHealth.Error && status.Code is not null)
            Assert.Equal(("Unavailable", "R", "m"), (status.Runtime, status.Code, status.Message));
    }

    [Fact]
    public void A_resource_without_any_state_has_no_status() => Assert.Null(ArmStatus.Of(new JsonObject { ["properties"] = new JsonObject() }));

    [Fact]
    public void The_revision_is_that_of_the_content_not_of_its_order() =>
        Assert.Equal(
            ArmEntry.RevisionOf(JsonNode.Parse("""{"a":1,"b":{"c":[1,2],"d":"x"}}""")!.AsObject()),
            ArmEntry.RevisionOf(JsonNode.Parse("""{"b":{"d":"x","c":[1,2]},"a":1}""")!.AsObject()));
}
