using System.Text.Json.Nodes;
using Portal.Model.Dataflows;
using Portal.Model.Documents;
using Portal.Model.Endpoints;
using Portal.Model.Validation;

namespace Portal.Model.Tests.Documents;

public sealed class ResourceJsonTests
{
    [Fact]
    public void TheOldVersionIsKeptUntilSomethingChanges()
    {
        const string old = """{"apiVersion":"connectivity.iotoperations.azure.com/v1beta1","kind":"DataflowEndpoint","metadata":{"name":"line3"},"spec":{"endpointType":"Mqtt","mqttSettings":{"host":"broker.example:8883","authentication":{"method":"Anonymous"}}}}""";
        var read = Read(old);
        Assert.Equal(old, Text(read));
        Assert.Equal(
            """{"apiVersion":"connectivity.iotoperations.azure.com/v1","kind":"DataflowEndpoint","metadata":{"name":"line3"},"spec":{"endpointType":"Mqtt","mqttSettings":{"host":"other.example:8883","authentication":{"method":"Anonymous"}}}}""",
            Text(read with { Settings = read.Settings! with { Host = "other.example:8883" } }));
    }

    [Fact]
    public void SparseStaysSparse()
    {
        var read = Spec("""{"endpointType":"Kafka","kafkaSettings":{"host":"kafka.example:9092","authentication":{}}}""");
        Assert.Null(read.Kafka!.Authentication);
        Assert.Equal("""{"endpointType":"Kafka","kafkaSettings":{"host":"kafka.example:9092","authentication":{}}}""", SpecText(read));
    }

    [Fact]
    public void AnUnsetFieldGoesWithTheObjectThatItLeavesEmpty()
    {
        var read = Spec("""{"endpointType":"Kafka","kafkaSettings":{"host":"kafka.example:9092","authentication":{"method":"Anonymous"},"batching":{"latencyMs":5},"tls":{"mode":"Disabled","note":"kept"}}}""");
        var changed = read with { Settings = read.Kafka! with { Batching = new BatchingSettings(), Tls = new TlsSettings() } };
        Assert.Equal("""{"endpointType":"Kafka","kafkaSettings":{"host":"kafka.example:9092","authentication":{"method":"Anonymous"},"tls":{"note":"kept"}}}""", SpecText(changed));
        var empty = read with { Settings = new KafkaSettings() };
        Assert.Equal("""{"endpointType":"Kafka","kafkaSettings":{"tls":{"note":"kept"}}}""", SpecText(empty));
        Assert.Equal("""{"endpointType":"Mqtt","mqttSettings":{}}""", SpecText(Spec("""{"endpointType":"Mqtt","mqttSettings":{"host":"a:1"}}""") with { Settings = new MqttSettings() }));
    }

    [Fact]
    public void AnotherMethodDropsTheSettingsOfTheOldOne()
    {
        var read = Spec("""{"endpointType":"Kafka","kafkaSettings":{"authentication":{"method":"Sasl","saslSettings":{"saslType":"Plain","secretRef":"s","more":1}},"host":"kafka.example:9092"}}""");
        Assert.Equal(
            """{"endpointType":"Kafka","kafkaSettings":{"authentication":{"method":"SystemAssignedManagedIdentity","systemAssignedManagedIdentitySettings":{}},"host":"kafka.example:9092"}}""",
            SpecText(read with { Settings = read.Settings! with { Authentication = new Authentication.SystemAssignedManagedIdentity() } }));
        Assert.Equal(
            """{"endpointType":"Kafka","kafkaSettings":{"authentication":{"method":"X509Certificate","x509CertificateSettings":{"secretRef":"c"}},"host":"kafka.example:9092"}}""",
            SpecText(read with { Settings = read.Settings! with { Authentication = new Authentication.X509Certificate("c") } }));
        Assert.Equal(
            """{"endpointType":"Kafka","kafkaSettings":{"host":"kafka.example:9092"}}""",
            SpecText(read with { Settings = read.Settings! with { Authentication = null } }));
    }

    [Fact]
    public void TheEmptySettingsOfAMethodStayWhenItsOnlyMemberGoes()
    {
        var read = Spec("""{"endpointType":"Mqtt","mqttSettings":{"authentication":{"method":"SystemAssignedManagedIdentity","systemAssignedManagedIdentitySettings":{"audience":"a"}}}}""");
        Assert.Equal(
            """{"endpointType":"Mqtt","mqttSettings":{"authentication":{"method":"SystemAssignedManagedIdentity","systemAssignedManagedIdentitySettings":{}}}}""",
            SpecText(read with { Settings = read.Settings! with { Authentication = new Authentication.SystemAssignedManagedIdentity() } }));
    }

    [Fact]
    public void SettingsOfAMethodThatIsNotChosenAreLeftAlone()
    {
        const string spec = """{"endpointType":"Mqtt","mqttSettings":{"authentication":{"saslSettings":{"secretRef":5},"method":"Anonymous"},"host":"a:1"}}""";
        Assert.Equal(spec, SpecText(Spec(spec)));
        Assert.Equal(
            """{"endpointType":"Mqtt","mqttSettings":{"authentication":{"saslSettings":{"secretRef":5},"method":"Anonymous"},"host":"b:1"}}""",
            SpecText(Spec(spec) with { Settings = Spec(spec).Settings! with { Host = "b:1" } }));
    }

    [Fact]
    public void ExplicitNullsAndOddNumbersAreNotTouched()
    {
        const string spec = """{"endpointType":"Mqtt","mqttSettings":{"host":null,"authentication":null,"tls":null,"qos":-0}}""";
        Assert.Equal(spec, SpecText(Spec(spec)));
        Assert.Equal(0, Spec(spec).Mqtt!.Qos);
    }

    [Theory]
    [InlineData("DataExplorer")]
    [InlineData("DataLakeStorage")]
    [InlineData("FabricOneLake")]
    [InlineData("LocalStorage")]
    [InlineData("OpenTelemetry")]
    public void ATypeThatIsNotEditedSurvivesUntouched(string type)
    {
        var spec = """{"endpointType":"TYPE","someSettings":{"host":"x","authentication":{"method":"AccessToken"}}}""".Replace("TYPE", type);
        var read = Spec(spec);
        Assert.Equal((true, type, type), (read.IsReadOnly, read.OtherType, read.EndpointType));
        Assert.Null(EndpointKind.Of(read));
        Assert.Equal(spec, SpecText(read));
        Assert.DoesNotContain(EndpointValidator.Validate(read), finding => finding.Severity is Severity.Error);
    }

    [Theory]
    [InlineData("""{"endpointType":"kafka"}""", "endpoint-type", "spec.endpointType")]
    [InlineData("""{"endpointType":"EventStream"}""", "endpoint-type", "spec.endpointType")]
    [InlineData("""{"mqttSettings":{}}""", "endpoint-type", "spec.endpointType")]
    [InlineData("""{"endpointType":"Mqtt","hosttype":"CustomMqtt"}""", "member-case", "spec.hosttype")]
    [InlineData("""{"endpointType":"Mqtt","MqttSettings":{}}""", "member-case", "spec.MqttSettings")]
    [InlineData("""{"endpointType":"Mqtt","mqttSettings":{"CloudEventAttributes":"Propagate"}}""", "member-case", "spec.mqttSettings.CloudEventAttributes")]
    [InlineData("""{"endpointType":"Mqtt","mqttSettings":{"authentication":{"AnonymousSettings":{}}}}""", "member-case", "spec.mqttSettings.authentication.AnonymousSettings")]
    [InlineData("""{"endpointType":"Kafka","kafkaSettings":[]}""", "not-an-object", "spec.kafkaSettings")]
    [InlineData("""{"endpointType":"Kafka","kafkaSettings":{"host":9092}}""", "not-a-text", "spec.kafkaSettings.host")]
    [InlineData("""{"endpointType":"Kafka","kafkaSettings":{"kafkaAcks":"all"}}""", "unknown-value", "spec.kafkaSettings.kafkaAcks")]
    [InlineData("""{"endpointType":"Kafka","kafkaSettings":{"kafkaAcks":true}}""", "unknown-value", "spec.kafkaSettings.kafkaAcks")]
    [InlineData("""{"endpointType":"Kafka","kafkaSettings":{"batching":{"maxBytes":"1000"}}}""", "not-a-number", "spec.kafkaSettings.batching.maxBytes")]
    [InlineData("""{"endpointType":"Kafka","hostType":5}""", "not-a-text", "spec.hostType")]
    public void AWrongShapeIsAnError(string spec, string code, string path)
    {
        var read = ResourceJson.Read(Envelope(spec));
        Assert.Null(read.Resource);
        var finding = Assert.Single(read.Findings);
        Assert.Equal((code, path, Severity.Error), (finding.Code, finding.Path, finding.Severity));
        Assert.False(string.IsNullOrWhiteSpace(finding.Fix));
    }

    [Fact]
    public void ValuesAreNotJudgedHere() =>
        Assert.Equal(-7, Spec("""{"endpointType":"Mqtt","mqttSettings":{"host":"no port","qos":-7}}""").Mqtt!.Qos);

    [Fact]
    public void AnotherNameAndNamespaceAreWrittenInPlace()
    {
        var read = Spec("""{"endpointType":"Mqtt"}""");
        Assert.Equal("""{"name":"copy","namespace":"plant"}""", ResourceJson.Write(read with { Name = "copy", Namespace = "plant" })["metadata"]!.ToJsonString());
    }

    [Fact]
    public void ADataflowKeepsItsOperationsAndTellsWhatItUses()
    {
        const string text = """{"apiVersion":"connectivity.iotoperations.azure.com/v1","kind":"Dataflow","metadata":{"name":"flow"},"spec":{"mode":"Enabled","operations":[{"operationType":"Source","sourceSettings":{"endpointRef":"default","dataSources":["a/#"]}},{"operationType":"BuiltInTransformation","builtInTransformationSettings":{}},{"operationType":"Destination","destinationSettings":{"endpointRef":"kafka","dataDestination":"topic"}}]}}""";
        var flow = Assert.IsType<Dataflow>(ResourceJson.Read(Parse(text)).Resource);
        Assert.Equal([new EndpointUse("default", true), new EndpointUse("kafka", false)], flow.Uses);
        Assert.Equal(text, Text(flow));
        Assert.Equal(text.Replace("\"mode\":\"Enabled\"", "\"mode\":\"Disabled\""), Text(flow with { Mode = OperationalMode.Disabled }));
    }

    [Fact]
    public void ADataflowMadeFromARecordComesBack()
    {
        var flow = new Dataflow { Name = "flow", ProfileRef = "default", Source = new DataflowSource { EndpointRef = "a", DataSources = ["a/#"] }, Destination = new DataflowDestination { EndpointRef = "b", DataDestination = "c" } };
        Assert.Equal(flow, ResourceJson.Read(ResourceJson.Write(flow)).Resource);
    }

    [Fact]
    public void AProfileComesBackAndKeepsItsDiagnostics()
    {
        var profile = new DataflowProfile { Name = "default", Namespace = Resource.DefaultNamespace, InstanceCount = 1 };
        Assert.Equal(profile, ResourceJson.Read(ResourceJson.Write(profile)).Resource);
        var read = (DataflowProfile)ResourceJson.Read(Parse("""{"apiVersion":"connectivity.iotoperations.azure.com/v1","kind":"DataflowProfile","metadata":{"name":"default"},"spec":{"diagnostics":{"logs":{"level":"debug"}},"instanceCount":2}}""")).Resource!;
        Assert.Equal("""{"diagnostics":{"logs":{"level":"debug"}},"instanceCount":3}""", ResourceJson.Write(read with { InstanceCount = 3 })["spec"]!.ToJsonString());
        Assert.Equal("""{"diagnostics":{"logs":{"level":"debug"}}}""", ResourceJson.Write(read with { InstanceCount = null })["spec"]!.ToJsonString());
    }

    [Theory]
    [InlineData("""{"kind":"DataflowProfile","metadata":{"name":"a"}}""", "api-version")]
    [InlineData("""{"apiVersion":"connectivity.iotoperations.azure.com/v2","kind":"DataflowProfile","metadata":{"name":"a"}}""", "api-version")]
    [InlineData("""{"apiVersion":"connectivity.iotoperations.azure.com/v1","kind":"DataflowGraph","metadata":{"name":"a"}}""", "kind")]
    [InlineData("""{"apiVersion":"connectivity.iotoperations.azure.com/v1","metadata":{"name":"a"}}""", "kind")]
    [InlineData("""{"apiVersion":"connectivity.iotoperations.azure.com/v1","kind":"DataflowProfile"}""", "name-missing")]
    [InlineData("""{"apiVersion":"connectivity.iotoperations.azure.com/v1","kind":"DataflowProfile","metadata":[]}""", "not-an-object")]
    [InlineData("""{"apiVersion":"connectivity.iotoperations.azure.com/v1","kind":"DataflowProfile","metadata":{"name":"a"},"spec":{"instanceCount":"2"}}""", "not-a-number")]
    [InlineData("""{"apiVersion":"connectivity.iotoperations.azure.com/v1","kind":"Dataflow","metadata":{"name":"a"},"spec":{"operations":{}}}""", "not-a-list")]
    [InlineData("""{"apiVersion":"connectivity.iotoperations.azure.com/v1","kind":"Dataflow","metadata":{"name":"a"},"spec":{"mode":"on"}}""", "unknown-value")]
    [InlineData("""{"apiVersion":"connectivity.iotoperations.azure.com/v1","kind":"Dataflow","metadata":{"name":"a"},"spec":{"operations":[{"operationType":"Source","sourceSettings":{"endpointRef":1}}]}}""", "not-a-text")]
    public void AWrongEnvelopeIsAnError(string text, string code)
    {
        var read = ResourceJson.Read(Parse(text));
        Assert.Null(read.Resource);
        Assert.Equal(code, Assert.Single(read.Findings).Code);
    }

    private static JsonObject Parse(string text) => JsonNode.Parse(text)!.AsObject();

    private static JsonObject Envelope(string spec) => new()
    {
        ["apiVersion"] = "connectivity.iotoperations.azure.com/v1",
        ["kind"] = "DataflowEndpoint",
        ["metadata"] = new JsonObject { ["name"] = "line3" },
        ["spec"] = Parse(spec),
    };

    private static DataflowEndpoint Read(string text)
    {
        var read = ResourceJson.Read(Parse(text));
        Assert.Empty(read.Findings);
        return read.Endpoint!;
    }

    private static DataflowEndpoint Spec(string spec) => Read(Envelope(spec).ToJsonString());

    private static string Text(Resource resource) => ResourceJson.Write(resource).ToJsonString();

    private static string SpecText(DataflowEndpoint endpoint) => ResourceJson.Write(endpoint)["spec"]!.ToJsonString();
}
