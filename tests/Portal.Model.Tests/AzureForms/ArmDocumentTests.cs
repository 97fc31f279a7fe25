using System.Text.Json.Nodes;
using Portal.Model.Documents;
using Portal.Model.Endpoints;
using Portal.Tests.Shared;

namespace Portal.Model.Tests.AzureForms;

public sealed class ArmDocumentTests
{
    [Fact]
    public void TheResourceAsAzureGivesItIsRead()
    {
        var read = ArmDocument.Read("""
            {
              "id": "/subscriptions/s/resourceGroups/g/providers/Microsoft.IoTOperations/instances/i/dataflowEndpoints/line3",
              "name": "line3",
              "type": "microsoft.iotoperations/instances/dataflowendpoints",
              "systemData": { "createdBy": "someone" },
              "extendedLocation": { "name": "/subscriptions/s/x", "type": "CustomLocation" },
              "properties": {
                "endpointType": "Mqtt",
                "mqttSettings": { "host": "broker.example:8883", "authentication": { "method": "Anonymous" } },
                "provisioningState": "Succeeded",
                "healthState": "Available"
              }
            }
            """);
        Assert.Empty(read.Findings);
        Assert.Equal(
            new DataflowEndpoint { Name = "line3", Namespace = Resource.DefaultNamespace, Settings = new MqttSettings { Host = "broker.example:8883", Authentication = new Authentication.Anonymous() } },
            read.Endpoint);
    }

    [Fact]
    public void UnknownMembersOfTheResourceAreKept()
    {
        var resource = JsonNode.Parse("""{ "name": "line3", "properties": { "endpointType": "Kafka", "kafkaSettings": { "host": "a:1", "future": [1.50] }, "provisioningState": "Succeeded" } }""")!.AsObject();
        var endpoint = ArmDocument.Read(resource).Endpoint!;
        Assert.Contains("future:\n      - 1.50\n", Manifest.Write(endpoint));
        Assert.Contains("future: [\n        json('1.50')\n      ]", EndpointDocuments.Write(endpoint, DocumentFormat.Bicep).Text);
        Assert.DoesNotContain("provisioningState", Manifest.Write(endpoint));
    }

    [Fact]
    public void ParametersAndVariablesOfATemplateAreFilledIn()
    {
        var read = ArmDocument.Read(Template(
            """{ "host": "[parameters('host')]", "clientIdPrefix": "[concat('it''s ', variables('site'))]", "sessionExpirySeconds": "[parameters('expiry')]", "authentication": { "method": "[variables('method')]" } }""",
            """{ "host": { "type": "string", "defaultValue": "[format('{0}:{1}', variables('site'), '8883')]" }, "expiry": { "type": "int", "defaultValue": 60 } }""",
            """{ "site": "line3.example", "method": "Anonymous" }"""));
        Assert.Empty(read.Findings);
        var mqtt = read.Endpoint!.Mqtt!;
        Assert.Equal(("endpoint-a", "line3.example:8883", "it's line3.example", 60L), (read.Endpoint.Name, mqtt.Host, mqtt.ClientIdPrefix, mqtt.SessionExpirySeconds));
    }

    [Theory]
    [InlineData("[parameters('missing')]")]
    [InlineData("[parameters('noDefault')]")]
    [InlineData("[reference('x').host]")]
    [InlineData("[format('{0}')]")]
    [InlineData("[variables('loop')]")]
    [InlineData("[concat('open]")]
    public void AnExpressionThatOnlyAzureKnowsIsNamedAtItsPlace(string expression)
    {
        var read = ArmDocument.Read(Template("{\n\"host\": \"" + expression + "\" }", """{ "noDefault": { "type": "string" } }""", """{ "loop": "[variables('loop')]" }"""));
        Assert.Null(read.Resource);
        var finding = Assert.Single(read.Findings);
        Assert.Equal(("arm-expression", "spec.mqttSettings.host", 2, 1), (finding.Code, finding.Path, finding.Line, finding.Column));
    }

    [Theory]
    [InlineData("""{ "name": "a", "type": "Microsoft.IoTOperations/instances/brokers", "properties": { "endpointType": "Mqtt" } }""", "arm-type")]
    [InlineData("""{ "name": "a", "apiVersion": "2024-07-01-preview", "properties": { "endpointType": "Mqtt" } }""", "arm-api-version")]
    [InlineData("""{ "name": "a", "apiVersion": "latest", "properties": { "endpointType": "Mqtt" } }""", "arm-api-version")]
    [InlineData("""{ "name": "a" }""", "arm-properties")]
    [InlineData("""{ "properties": { "endpointType": "Mqtt" } }""", "name-missing")]
    [InlineData("""{ "name": "a", "properties": { "endpointType": "Mqtt", "mqttSettings": { "Host": "a:1" } } }""", "member-case")]
    [InlineData("""{ "name": "a", "properties": { "endpointType": "Mqtt", "mqttSettings": { "qos": "1" } } }""", "not-a-number")]
    [InlineData("""{ "resources": [] }""", "arm-no-endpoint")]
    [InlineData("""{ "resources": [ { "type": "Microsoft.IoTOperations/instances/dataflowEndpoints" }, { "type": "Microsoft.IoTOperations/instances/dataflowEndpoints" } ] }""", "several-documents")]
    [InlineData("""{ "name": "a", }""", "json-syntax")]
    [InlineData("""[]""", "not-an-object")]
    [InlineData("""{ "name": "a", "name": "b", "properties": { "endpointType": "Mqtt" } }""", "duplicate-member")]
    public void WhatIsNoEndpointIsAnErrorWithItsPlace(string text, string code)
    {
        var read = ArmDocument.Read(text);
        Assert.Null(read.Resource);
        var finding = Assert.Single(read.Findings);
        Assert.Equal(code, finding.Code);
        Assert.True(finding.Line >= 1 && finding.Column >= 1);
        Assert.False(string.IsNullOrWhiteSpace(finding.Fix));
    }

    [Fact]
    public void EveryEndpointComesBackFromItsTemplate() => Assert.All(ValidEndpoint.Cases, @case =>
    {
        var read = ArmDocument.Read(EndpointDocuments.Write(@case.Basic, DocumentFormat.Arm).Text);
        Assert.Empty(read.Findings);
        Assert.Equal(@case.Basic, read.Endpoint);
    });

    [Fact]
    public void WhatAzureLacksIsNoted()
    {
        var endpoint = Manifest.Read("""
            apiVersion: connectivity.iotoperations.azure.com/v1
            kind: DataflowEndpoint
            metadata: { name: line3, namespace: plant, labels: { a: b } }
            spec:
              endpointType: Kafka
              hostType: CustomKafka
              kafkaSettings:
                host: kafka.example:9092
                partitionKeyProperty: device-id
                authentication: { method: Anonymous, anonymousSettings: {} }
                batching: { maxBytes: 4294967295 }
            status: { health: good }
            """).Endpoint!;
        Assert.All(new[] { DocumentFormat.Arm, DocumentFormat.Bicep }, format =>
        {
            var document = EndpointDocuments.Write(endpoint, format);
            Assert.Equal(
                [
                    "metadata.namespace", "metadata.labels", "status", "spec.kafkaSettings.partitionKeyProperty", "spec.kafkaSettings.authentication.anonymousSettings", "spec.hostType", "spec.kafkaSettings.batching.maxBytes",
                ],
                document.Notes.Select(note => note.Path));
            Assert.DoesNotContain("device-id", document.Text);
            Assert.DoesNotContain("anonymousSettings", document.Text);
            Assert.Contains("4294967295", document.Text);
        });
    }

    private static string Template(string settings, string parameters, string variables) => $$"""
        { "parameters": {{parameters}}, "variables": {{variables}}, "resources": [ { "type": "Microsoft.IoTOperations/instances", "apiVersion": "2024-11-01", "name": "i" },
          { "type": "Microsoft.IoTOperations/instances/dataflowEndpoints", "apiVersion": "2024-11-01", "name": "instance/endpoint-a", "properties": { "endpointType": "Mqtt", "mqttSettings": {{settings}} } } ] }
        """.ReplaceLineEndings("").Replace("{\"host\"", "{\n\"host\"");
}
