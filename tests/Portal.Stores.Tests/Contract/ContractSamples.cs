using System.Text.Json.Nodes;
using Portal.Model.Dataflows;
using Portal.Model.Documents;
using Portal.Model.Endpoints;
using Portal.Model.Ports;

namespace Portal.Stores.Tests.Contract;

/// <summary>Resources that every target accepts.</summary>
internal static class ContractSamples
{
    public static DataflowEndpoint Endpoint(string name, string? clientIdPrefix = null) => new()
    {
        Name = name,
        Settings = new MqttSettings { Host = $"{name}.example:8883", Authentication = new Authentication.X509Certificate($"{name}-client"), ClientIdPrefix = clientIdPrefix },
    };

    public static DataflowProfile Profile(string name, long instances) => new() { Name = name, InstanceCount = instances };

    public static Dataflow Dataflow(string name) => (Dataflow)ResourceJson.Read(Parse($$"""
        {
          "apiVersion": "connectivity.iotoperations.azure.com/v1", "kind": "Dataflow", "metadata": { "name": "{{name}}" },
          "spec": {
            "profileRef": "default", "mode": "Disabled",
            "operations": [
              { "operationType": "Source", "sourceSettings": { "endpointRef": "line3", "dataSources": ["a/#", "b/#"], "serializationFormat": "Json" } },
              { "operationType": "Destination", "destinationSettings": { "endpointRef": "line3", "dataDestination": "out" } }
            ]
          }
        }
        """)).Resource!;

    /// <summary>An endpoint as others write it: an order of their own, a label, and members that no schema of today knows.</summary>
    public static JsonObject Foreign(string name, string host = "broker.example:8883") => Parse($$"""
        {
          "kind": "DataflowEndpoint", "apiVersion": "connectivity.iotoperations.azure.com/v1", "metadata": { "name": "{{name}}" },
          "spec": {
            "mqttSettings": { "futureMember": { "limits": [1, 2] }, "authentication": { "method": "X509Certificate", "x509CertificateSettings": { "secretRef": "c" } }, "host": "{{host}}" },
            "endpointType": "Mqtt"
          }
        }
        """);

    /// <summary>An endpoint that the target takes and the portal cannot read: a member in other case is not the member.</summary>
    public static JsonObject Unreadable(string name) => Parse($$"""
        {
          "apiVersion": "connectivity.iotoperations.azure.com/v1", "kind": "DataflowEndpoint", "metadata": { "name": "{{name}}" },
          "spec": { "endpointType": "Mqtt", "mqttSettings": { "authentication": { "method": "Anonymous" }, "Host": "broker.example:8883" } }
        }
        """);

    public static StoredResource Saved(StoreResult result) => Assert.IsType<StoreResult.Saved>(result).Stored!;

    public static string? Host(StoredResource? stored) => (stored?.Value as DataflowEndpoint)?.Mqtt?.Host;

    public static string? Prefix(StoredResource? stored) => (stored?.Value as DataflowEndpoint)?.Mqtt?.ClientIdPrefix;

    private static JsonObject Parse(string json) => JsonNode.Parse(json)!.AsObject();
}
