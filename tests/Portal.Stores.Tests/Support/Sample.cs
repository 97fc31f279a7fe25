using System.Text.Json.Nodes;
using Portal.Model.Endpoints;
using Portal.Model.Ports;

namespace Portal.Stores.Tests.Support;

/// <summary>Endpoints to store.</summary>
internal static class Sample
{
    public static DataflowEndpoint Endpoint(string name, string? clientIdPrefix = null) => new()
    {
        Name = name,
        Settings = new MqttSettings
        {
            Host = $"{name}.example:8883",
            Authentication = new Authentication.X509Certificate($"{name}-client"),
            ClientIdPrefix = clientIdPrefix,
        },
    };

    /// <summary>A manifest as a person writes it.</summary>
    public static string Text(string name, string host = "broker.example:8883") => $"""
        # The broker of hall 3. Ask Ada before you change it.
        apiVersion: connectivity.iotoperations.azure.com/v1
        kind: DataflowEndpoint
        metadata:
            name: "{name}"   # as on the sign
        spec:
            endpointType: Mqtt
            mqttSettings: {"{"}host: '{host}', authentication: {"{"}method: Anonymous, anonymousSettings: {"{}"}{"}"}, tls: {"{"}mode: Enabled{"}"}{"}"}

        """;

    /// <summary>The properties of an MQTT endpoint in Azure.</summary>
    public static JsonObject Arm(string host) => new()
    {
        ["endpointType"] = "Mqtt",
        ["mqttSettings"] = new JsonObject { ["host"] = host, ["authentication"] = new JsonObject { ["method"] = "Anonymous" } },
    };

    public static StoredResource Saved(StoreResult result) => Assert.IsType<StoreResult.Saved>(result).Stored!;

    public static string? HostOf(StoredResource? stored) => (stored?.Value as DataflowEndpoint)?.Mqtt?.Host;
}
