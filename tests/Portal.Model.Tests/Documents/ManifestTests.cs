using Portal.Model.Documents;
using Portal.Model.Endpoints;
using Portal.Tests.Shared;

namespace Portal.Model.Tests.Documents;

public sealed class ManifestTests
{
    private const string Default = """
        apiVersion: connectivity.iotoperations.azure.com/v1
        kind: DataflowEndpoint
        metadata:
          name: default
          namespace: azure-iot-operations
        spec:
          endpointType: Mqtt
          mqttSettings:
            host: aio-broker:18883
            authentication:
              method: ServiceAccountToken
              serviceAccountTokenSettings:
                audience: aio-internal
            tls:
              mode: Enabled
              trustedCaCertificateConfigMapRef: azure-iot-operations-aio-ca-trust-bundle

        """;

    [Fact]
    public void TheDefaultEndpointIsWrittenAsTheDocumentationDoes() => Assert.Equal(Default, Manifest.Write(EndpointKind.LocalMqtt.New("default")));

    [Fact]
    public void OurOwnTextGivesTheRecordAlone()
    {
        var read = Manifest.Read(Default);
        Assert.Empty(read.Findings);
        Assert.Equal(EndpointKind.LocalMqtt.New("default"), read.Endpoint);
        Assert.Null(read.Resource!.Kept);
    }

    [Fact]
    public void EveryKindAndMethodComesBack() => Assert.All(ValidEndpoint.Cases, @case => Assert.All([@case.Basic, @case.Full], endpoint =>
        Assert.Equal(endpoint, Manifest.Read(Manifest.Write(endpoint)).Resource)));

    [Fact]
    public void OddQuotingByHandIsUnderstood()
    {
        var read = Manifest.Read("""
            # written by hand
            "apiVersion": 'connectivity.iotoperations.azure.com/v1'
            kind:   DataflowEndpoint   # the kind
            metadata: {name: "line3", 'namespace': azure-iot-operations}
            spec:
              endpointType: "Kafka"
              kafkaSettings:
                host: >-
                  kafka.example:9092
                consumerGroupId: '0123'
                authentication:
                  method: Anonymous
                  anonymousSettings:
                    {}
                batching:
                    latencyMs: +0020
                    mode: 'Enabled'
                tls: {mode: "Dis\x61bled"}
            """);
        Assert.Empty(read.Findings);
        var kafka = read.Endpoint!.Kafka!;
        Assert.Equal(
            ("kafka.example:9092", "0123", 20L, OperationalMode.Disabled, AuthenticationMethod.Anonymous),
            (kafka.Host, kafka.ConsumerGroupId, kafka.Batching.LatencyMs, kafka.Tls.Mode, kafka.Authentication?.Method));
    }

    [Fact]
    public void JsonAndFlowStyleAreReadToo()
    {
        var endpoint = ValidEndpoint.Of(EndpointKind.CustomKafka);
        Assert.Equal(endpoint, Manifest.Read(EndpointDocuments.Write(endpoint, DocumentFormat.Json).Text.ReplaceLineEndings("\r\n\t")).Resource);
        Assert.Equal("line3", Manifest.Read("{apiVersion: connectivity.iotoperations.azure.com/v1, kind: DataflowProfile, metadata: {name: line3}}").Resource?.Name);
    }

    [Theory]
    [InlineData("{ \"a\": 1,\n  \"a\": 2 }", "duplicate-member", 2, 3)]
    [InlineData("{ \"a\": 1,\n\t\"b\" 2 }", "json-syntax", 2, 6)]
    [InlineData("{ \"ä\": \"\\ud800\" }", "json-text", 1, 8)]
    [InlineData("", "empty", 1, 1)]
    [InlineData("# only a comment\n", "empty", 1, 1)]
    [InlineData("a: 1\n---\nb: 2\n", "several-documents", 3, 1)]
    public void ATextThatIsNoDocumentIsNamedWithLineAndColumn(string text, string code, int line, int column)
    {
        var read = Manifest.Read(text);
        Assert.Null(read.Resource);
        var finding = Assert.Single(read.Findings);
        Assert.Equal((code, line, column), (finding.Code, finding.Line, finding.Column));
    }

    [Fact]
    public void EveryProblemOfShapeIsNamedAtItsPlace()
    {
        var read = Manifest.Read("""
            apiVersion: iotoperations.azure.com/v1
            kind: DataflowEndpoint
            metadata:
              name: 123
            spec:
              endpointType: Mqtt
              mqttSettings:
                Host: broker.example:8883
                qos: "1"
                retain: keep
                sessionExpirySeconds: 1.5
                tls: Enabled
                authentication:
                  method: Kubernetes
            """);
        Assert.Null(read.Resource);
        Assert.Equal(
            [
                ("api-version", "apiVersion", 1, 1), ("not-a-text", "metadata.name", 4, 3), ("member-case", "spec.mqttSettings.Host", 8, 5), ("unknown-value", "spec.mqttSettings.authentication.method", 14, 7),
                ("not-an-object", "spec.mqttSettings.tls", 12, 5), ("not-a-number", "spec.mqttSettings.qos", 9, 5), ("unknown-value", "spec.mqttSettings.retain", 10, 5), ("not-a-number", "spec.mqttSettings.sessionExpirySeconds", 11, 5),
            ],
            read.Findings.Select(finding => (finding.Code, finding.Path, finding.Line!.Value, finding.Column!.Value)));
        Assert.All(read.Findings, finding => Assert.False(string.IsNullOrWhiteSpace(finding.Fix)));
        Assert.Equal("Write host.", read.Findings[2].Fix);
    }
}
