using Portal.Model.Endpoints;
using Portal.Tests.Shared;

namespace Portal.Model.Tests.Endpoints;

public sealed class EndpointKindTests
{
    [Theory]
    [InlineData(Wire.Kafka, "my-namespace.servicebus.windows.net:9093", null, "eventhub")]
    [InlineData(Wire.Kafka, "MY-NAMESPACE.ServiceBus.Windows.NET:9093", null, "eventhub")]
    [InlineData(Wire.Kafka, "my-namespace.servicebus.usgovcloudapi.net:9093", null, "eventhub")]
    [InlineData(Wire.Kafka, "kafka.example:9092", null, "custom-kafka")]
    [InlineData(Wire.Kafka, "servicebus.windows.net.example:9092", null, "custom-kafka")]
    [InlineData(Wire.Kafka, null, null, "custom-kafka")]
    [InlineData(Wire.Kafka, "kafka.example:9092", "Eventhub", "eventhub")]
    [InlineData(Wire.Kafka, "kafka.example:9092", "LocalBroker", "custom-kafka")]
    [InlineData(Wire.Kafka, "kafka.example:9092", "FabricRT", "custom-kafka")]
    [InlineData(Wire.Mqtt, null, null, "local-mqtt")]
    [InlineData(Wire.Mqtt, "aio-broker:18883", null, "local-mqtt")]
    [InlineData(Wire.Mqtt, "aio-broker.azure-iot-operations:18883", null, "local-mqtt")]
    [InlineData(Wire.Mqtt, "aio-broker-insecure:1883", null, "local-mqtt")]
    [InlineData(Wire.Mqtt, "my.aio-broker.example:1883", null, "custom-mqtt")]
    [InlineData(Wire.Mqtt, "my-namespace.westeurope-1.ts.eventgrid.azure.net:8883", null, "eventgrid")]
    [InlineData(Wire.Mqtt, "my-namespace.westeurope-1.ts.eventgrid.azure.net:443/mqtt", null, "eventgrid")]
    [InlineData(Wire.Mqtt, "broker.example:8883", null, "custom-mqtt")]
    [InlineData(Wire.Mqtt, "", null, "custom-mqtt")]
    [InlineData(Wire.Mqtt, "aio-broker:18883", "CustomMqtt", "custom-mqtt")]
    [InlineData(Wire.Mqtt, "broker.example:8883", "EVENTGRID", "eventgrid")]
    public void TheKindIsInferred(Wire wire, string? host, string? hostType, string kind)
    {
        BrokerSettings settings = wire is Wire.Kafka ? new KafkaSettings() : new MqttSettings();
        Assert.Equal(kind, EndpointKind.Of(new DataflowEndpoint { Name = "line3", HostType = hostType, Settings = settings with { Host = host } })?.Id);
    }

    /// <summary>The methods that the documentation and the CLI offer; X.509 for Kafka is in the schema alone.</summary>
    [Theory]
    [InlineData("eventhub", "SystemAssignedManagedIdentity UserAssignedManagedIdentity Sasl", "X509Certificate")]
    [InlineData("custom-kafka", "Sasl SystemAssignedManagedIdentity UserAssignedManagedIdentity Anonymous", "X509Certificate")]
    [InlineData("local-mqtt", "ServiceAccountToken X509Certificate Anonymous", "")]
    [InlineData("eventgrid", "SystemAssignedManagedIdentity UserAssignedManagedIdentity X509Certificate", "")]
    [InlineData("custom-mqtt", "SystemAssignedManagedIdentity UserAssignedManagedIdentity ServiceAccountToken X509Certificate Anonymous", "")]
    public void EveryKindOffersItsMethods(string id, string methods, string schemaOnly)
    {
        var kind = EndpointKind.Find(id)!;
        Assert.Equal(methods, string.Join(' ', kind.Methods));
        Assert.Equal(schemaOnly, string.Join(' ', kind.SchemaOnlyMethods));
        var method = Portal.Model.Fields.EndpointFields.Find(kind.Wire, BrokerSettings.MemberOf(kind.Wire) + ".authentication.method")!;
        Assert.Equal(kind.AllMethods.Order(), method.ChoicesFor(kind).Select(choice => Enum.Parse<AuthenticationMethod>(choice.Value)).Order());
    }

    [Fact]
    public void AKindIsFoundByItsIdAndItsHostType() => Assert.All(EndpointKind.All, kind =>
    {
        Assert.Same(kind, EndpointKind.Find(kind.Id.ToUpperInvariant()));
        Assert.Same(kind, EndpointKind.Find(kind.HostType));
        Assert.Equal(kind.Wire, kind.Preset.Wire);
        Assert.Equal(kind.Id, ValidEndpoint.Of(kind).Name["my-".Length..]);
    });

    [Fact]
    public void NoKindHasAnUnknownName() => Assert.Null(EndpointKind.Find("kafka"));
}
