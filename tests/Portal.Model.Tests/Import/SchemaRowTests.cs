using Portal.Model.Documents;
using Portal.Model.Documents.Import;
using Portal.Model.Endpoints;
using Portal.Model.Validation;

namespace Portal.Model.Tests.Import;

/// <summary>Where the documentation and the schema disagree: what the importer makes of each, row by row.</summary>
public sealed class SchemaRowTests
{
    private const string Secret = "Sasl, saslSettings: { saslType: Plain, secretRef: login }";

    /// <summary>Row, members of the settings, the code that names the repair or advice, and what the member is afterwards.</summary>
    [Theory]
    [InlineData(1, "kafka", "kafkaAcks: None, authentication: { method: Anonymous }", "acks-none", "spec.kafkaSettings.kafkaAcks", "Zero")]
    [InlineData(2, "mqtt", "CloudEventAttributes: Propagate, authentication: { method: Anonymous }", "member-case", "spec.mqttSettings.cloudEventAttributes", "Propagate")]
    [InlineData(3, "mqtt", "authentication: { method: UserAssignedManagedIdentity, userAssignedManagedIdentitySettings: { cliendId: 6e2d4c1a-0f3b-4d5e-8a7c-9b1f2e3d4c5a, tenantId: 72f988bf-86f1-41af-91ab-2d7cd011db47 } }", "member-typo", "spec.mqttSettings.authentication.userAssignedManagedIdentitySettings.clientId", "6e2d4c1a-0f3b-4d5e-8a7c-9b1f2e3d4c5a")]
    [InlineData(4, "kafka", "authentication: { method: SystemAssignedManagedIdentity, SystemAssignedManagedIdentitySettings: { audience: 'https://a' } }", "member-case", "spec.kafkaSettings.authentication.systemAssignedManagedIdentitySettings.audience", "https://a")]
    [InlineData(13, "kafka", "authentication: { method: UserAssignedManagedIdentity, userAssignedManagedIdentitySettings: { clientId: 6e2d4c1a-0f3b-4d5e-8a7c-9b1f2e3d4c5a, tenantId: 72f988bf-86f1-41af-91ab-2d7cd011db47, scope: 'https://a' } }", "scope-default-suffix", "spec.kafkaSettings.authentication.userAssignedManagedIdentitySettings.scope", "https://a")]
    [InlineData(19, "kafka", "partitionStrategy: Property, partitionKeyProperty: device-id, authentication: { method: Anonymous }", "partition-key-extension", "spec.kafkaSettings.partitionKeyProperty", "device-id")]
    [InlineData(19, "kafka", "partitionStrategy: Property, authentication: { method: Anonymous }", "partition-key-missing", "spec.kafkaSettings.partitionStrategy", "Property")]
    [InlineData(21, "kafka", "batching: { maxBytes: 4294967295 }, authentication: { method: Anonymous }", "above-int32", "spec.kafkaSettings.batching.maxBytes", "4294967295")]
    [InlineData(26, "kafka", "authentication: { method: ScramSha512, saslSettings: { secretRef: login } }", "method-sasl-type", "spec.kafkaSettings.authentication.saslSettings.saslType", "ScramSha512")]
    public void ARowIsRepairedOrAdvisedAndImported(int row, string family, string members, string code, string path, string after)
    {
        var document = One(family, members);
        Assert.True(document.Outcome is ImportOutcome.Imported, $"row {row}: {string.Join("\n", document.Findings)}");
        Assert.Contains(document.Findings, finding => finding.Code == code);
        Assert.Equal(after, JsonText.Plain(JsonPaths.Find(ResourceJson.Write(document.Resource!), path)));
    }

    [Theory]
    [InlineData(9, "mqtt", "host: broker.example.com.8883, authentication: { method: Anonymous }", "host-port-dot")]
    [InlineData(15, "mqtt", "authentication: { method: AccessToken }", "method-access-token")]
    [InlineData(25, "kafka", "authentication: ", "method-missing")]
    [InlineData(28, "kafka", "consumerGroupId: <GROUP ID>, authentication: { method: Anonymous }", "placeholder")]
    public void ARowThatNobodyCanRepairIsAnError(int row, string family, string members, string code)
    {
        var document = One(family, members);
        Assert.True(document.Outcome is ImportOutcome.Refused, $"row {row}");
        Assert.Equal([code], document.Findings.Where(finding => finding.Severity is Severity.Error).Select(finding => finding.Code));
        Assert.NotNull(document.Resource);
    }

    [Fact]
    public void HostBesideTheSettingsIsMovedInAndTwoThatDifferAreAnError()
    {
        var moved = Importer.Read(Text("Kafka", "host: kafka.example:9092\n  kafkaSettings: { authentication: { method: Anonymous } }")).Documents[0];
        Assert.Equal("kafka.example:9092", ((DataflowEndpoint)moved.Resource!).Kafka!.Host);
        Assert.Equal("host-moved", Assert.Single(moved.Findings).Code);
        var both = Importer.Read(Text("Kafka", "host: kafka.example:9092\n  kafkaSettings: { host: \"other.example:9092\", authentication: { method: Anonymous } }")).Documents[0];
        Assert.Equal((ImportOutcome.Refused, "member-twice"), (both.Outcome, both.Findings[0].Code));
    }

    /// <summary>Rows 6, 7 and 27: what stands in the pages' Bicep and is no Bicep.</summary>
    [Fact]
    public void WhatIsNoBicepIsRecovered()
    {
        var document = Importer.Read("""
            mqttSettings: {
              host: 'broker.example:8883'
              protocol: WebSockets
              retain: Keep // or Never
              authentication: {
                method: 'X509Certificate'
                  x509CertificateSettings:
                    secretRef: 'client-cert'
              }
              ...
            }
            """, new ImportOptions { FileName = "plant/line3.bicep" }).Documents[0];
        Assert.Equal(["bicep-bare-word", "bicep-bare-word", "bicep-elision", "bicep-no-braces", "fragment", "name-from-file"], document.Findings.Select(finding => finding.Code).Order(StringComparer.Ordinal));
        Assert.Equal(
            new DataflowEndpoint
            {
                Name = "line3",
                Settings = new MqttSettings { Host = "broker.example:8883", Protocol = MqttProtocol.WebSockets, Retain = RetainPolicy.Keep, Authentication = new Authentication.X509Certificate("client-cert") },
            },
            document.Resource! with { Kept = null });
    }

    [Theory]
    [InlineData("connectivity.iotoperations.azure.com/v1beta1", ImportOutcome.Imported, "api-version-beta")]
    [InlineData("Connectivity.IoTOperations.azure.com/v1", ImportOutcome.Imported, "value-case")]
    [InlineData("iotoperations.azure.com/v1", ImportOutcome.Refused, "api-version")]
    [InlineData("connectivity.iotoperations.azure.com/v2", ImportOutcome.Refused, "api-version")]
    [InlineData("apps/v1", ImportOutcome.Refused, "api-group")]
    public void VersionsAndGroupsAreTakenConvertedOrRefusedByName(string version, ImportOutcome outcome, string code)
    {
        var document = Importer.Read(Text("Mqtt", "mqttSettings: { host: \"b.example:8883\", authentication: { method: Anonymous } }").Replace(Resource.ApiVersion, version)).Documents[0];
        Assert.Equal((outcome, "DataflowEndpoint", "row"), (document.Outcome, document.Kind, document.Name));
        Assert.Contains(document.Findings, finding => finding.Code == code);
        Assert.True(document.Outcome is ImportOutcome.Refused || Manifest.Write(document.Resource!).StartsWith("apiVersion: connectivity.iotoperations.azure.com/v1\n", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("apiVersion: connectivity.iotoperations.azure.com", "api-group")]
    [InlineData("apiVersion: connectivity.iotoperations.azure.com/v1", "kind")]
    public void AResourceWithoutItsKindIsNoPart(string version, string code)
    {
        var text = Text("Mqtt", "mqttSettings: { host: \"b.example:8883\", authentication: { method: Anonymous } }");
        var document = Importer.Read(text.Replace($"apiVersion: {Resource.ApiVersion}\nkind: DataflowEndpoint", version)).Documents[0];
        Assert.Equal((ImportOutcome.Refused, code), (document.Outcome, Assert.Single(document.Findings).Code));
    }

    /// <summary>Row 18: the empty settings stay in YAML, and are added to what comes from Azure, which has none.</summary>
    [Fact]
    public void AnonymousSettingsStayAndAreAdded()
    {
        const string azure = """{ "name": "row", "properties": { "endpointType": "Mqtt", "mqttSettings": { "host": "b.example:8883", "authentication": { "method": "Anonymous" } } } }""";
        Assert.Contains("anonymousSettings: {}", Manifest.Write(Importer.Read(azure).Documents[0].Resource!));
        Assert.Contains("anonymousSettings: {}", Manifest.Write(One("mqtt", "authentication: { method: Anonymous, anonymousSettings: {} }").Resource!));
    }

    /// <summary>Row 22: nothing is written that was not there, and a full document stays full.</summary>
    [Fact]
    public void NoDefaultIsWritten()
    {
        var text = Text("Mqtt", "mqttSettings:\n    host: b.example:8883\n    authentication:\n      method: Anonymous\n      anonymousSettings: {}");
        var document = Importer.Read(text).Documents[0];
        Assert.Empty(document.Findings);
        Assert.Equal(text.Replace("metadata: { name: row }", "metadata:\n  name: row"), Manifest.Write(document.Resource!));
    }

    [Fact]
    public void WhatTheOldShapeLeftOutIsSaid()
    {
        var document = Importer.Read(Text("Kafka", "authentication: { method: " + Secret + " }\n  kafkaSettings: { host: \"kafka.example:9092\" }")).Documents[0];
        Assert.Equal(["old-default", "old-default"], document.Findings.Where(finding => finding.Code == "old-default").Select(finding => finding.Code));
    }

    private static ImportedDocument One(string family, string members) =>
        Importer.Read(Text(family == "kafka" ? "Kafka" : "Mqtt", family + "Settings: { " + (members.Contains("host:") ? "" : "host: \"broker.example:9092\", ") + members + " }")).Documents.Single();

    private static string Text(string type, string spec) => $"apiVersion: {Resource.ApiVersion}\nkind: DataflowEndpoint\nmetadata: {{ name: row }}\nspec:\n  endpointType: {type}\n  {spec}\n";
}
