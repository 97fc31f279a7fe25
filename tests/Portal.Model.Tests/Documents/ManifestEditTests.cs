using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using CsCheck;
using Portal.Model.Dataflows;
using Portal.Model.Documents;
using Portal.Model.Endpoints;

namespace Portal.Model.Tests.Documents;

/// <summary>A manifest that somebody wrote keeps its comments and formatting when the portal changes it.</summary>
public sealed class ManifestEditTests
{
    private const string Commented = """
        # Line 3, asked for by the plant on 2026-03-01
        apiVersion: connectivity.iotoperations.azure.com/v1
        kind: DataflowEndpoint
        metadata:
          name: line3   # do not rename
          labels: { team: 'plant', "shift": "2" }

        spec:
          endpointType: Mqtt

          # The broker in the hall.
          # Ask Ann before you change it.
          mqttSettings:
            host: 'mqtt.line3:8883' # from the inventory
            authentication:
                method: Anonymous
                anonymousSettings: {}
            keepAliveSeconds: 0x1E
            # TLS is a must here
            tls:
              mode: Enabled
              trustedCaCertificateConfigMapRef: line3-ca  # rotated in June
        # the end
        """;

    private static readonly DataflowEndpoint Read = Manifest.Read(Commented).Endpoint!;

    [Fact]
    public void AnUnchangedResourceIsTheTextItself() => Assert.Equal(Commented, Manifest.Write(Read, Commented));

    [Fact]
    public void AChangedValueKeepsItsQuotesItsCommentAndEveryOtherLine() =>
        Expect(Mqtt(mqtt => mqtt with { Host = "o'neill:1883" }), ("host: 'mqtt.line3:8883' # from", "host: 'o''neill:1883' # from"));

    [Fact]
    public void ANumberIsWrittenPlainly() => Expect(Mqtt(mqtt => mqtt with { KeepAliveSeconds = 45 }), ("keepAliveSeconds: 0x1E", "keepAliveSeconds: 45"));

    [Fact]
    public void ARemovedMemberTakesItsLineAndLeavesTheCommentAboveIt() =>
        Expect(Mqtt(mqtt => mqtt with { KeepAliveSeconds = null }), ("    keepAliveSeconds: 0x1E\n", ""));

    [Fact]
    public void ANewMemberStandsBelowTheOneBeforeIt() =>
        Expect(Mqtt(mqtt => mqtt with { ClientIdPrefix = "line3", Qos = 0 }), ("# rotated in June\n", "# rotated in June\n    clientIdPrefix: line3\n    qos: 0\n"));

    [Fact]
    public void ABlockThatLosesItsLastMemberGoes() =>
        Expect(
            Mqtt(mqtt => mqtt with { Tls = new TlsSettings() }),
            ("    tls:\n      mode: Enabled\n      trustedCaCertificateConfigMapRef: line3-ca  # rotated in June\n", ""));

    [Fact]
    public void AnotherMethodChangesOnlyTheAuthentication() =>
        Expect(
            Mqtt(mqtt => mqtt with { Authentication = new Authentication.X509Certificate("line3-cert") }),
            ("method: Anonymous\n        anonymousSettings: {}\n", "method: X509Certificate\n        x509CertificateSettings:\n          secretRef: line3-cert\n"));

    [Fact]
    public void LineEndsOfWindowsStay()
    {
        var windows = Commented.ReplaceLineEndings("\r\n");
        var written = Manifest.Write(Mqtt(mqtt => mqtt with { Host = "other:1883", ClientIdPrefix = "line3" }), windows);
        Assert.Equal(Commented.Replace("'mqtt.line3:8883'", "'other:1883'", StringComparison.Ordinal).Replace("June\n", "June\n    clientIdPrefix: line3\n", StringComparison.Ordinal).ReplaceLineEndings("\r\n"), written);
    }

    [Theory]
    [InlineData("{apiVersion: connectivity.iotoperations.azure.com/v1, kind: DataflowProfile, metadata: {name: p-1}, spec: {instanceCount: 2}}", "{apiVersion: connectivity.iotoperations.azure.com/v1, kind: DataflowProfile, metadata: {name: p-1}, spec: {instanceCount: 3}}")]
    [InlineData("apiVersion: connectivity.iotoperations.azure.com/v1\nkind: DataflowProfile # one\nmetadata: {name: p-1}\nspec: {}  # none\n", "apiVersion: connectivity.iotoperations.azure.com/v1\nkind: DataflowProfile # one\nmetadata: {name: p-1}\nspec:  # none\n  instanceCount: 3\n")]
    [InlineData("apiVersion: connectivity.iotoperations.azure.com/v1\nkind: DataflowProfile # one\nmetadata: {name: p-1}\nspec:\n", "apiVersion: connectivity.iotoperations.azure.com/v1\nkind: DataflowProfile # one\nmetadata: {name: p-1}\nspec:\n  instanceCount: 3\n")]
    [InlineData("---\napiVersion: connectivity.iotoperations.azure.com/v1\nkind: DataflowProfile # one\nmetadata: {name: p-1}\nspec: {diagnostics: {logs: {level: info}}}", "---\napiVersion: connectivity.iotoperations.azure.com/v1\nkind: DataflowProfile # one\nmetadata: {name: p-1}\nspec: {instanceCount: 3, diagnostics: {logs: {level: info}}}")]
    [InlineData("{\"apiVersion\":\"connectivity.iotoperations.azure.com/v1\",\"kind\":\"DataflowProfile\",\"metadata\":{\"name\":\"p-1\"}}", "{\"apiVersion\":\"connectivity.iotoperations.azure.com/v1\",\"kind\":\"DataflowProfile\",\"metadata\":{\"name\":\"p-1\"}, \"spec\": {\"instanceCount\":3}}")]
    [InlineData("{\n    \"apiVersion\" : \"connectivity.iotoperations.azure.com/v1\",\n    \"kind\": \"DataflowProfile\",\n    \"metadata\": { \"name\": \"p-1\" },\n    \"spec\": { \"instanceCount\": 2 }\n}\n", "{\n    \"apiVersion\" : \"connectivity.iotoperations.azure.com/v1\",\n    \"kind\": \"DataflowProfile\",\n    \"metadata\": { \"name\": \"p-1\" },\n    \"spec\": { \"instanceCount\": 3 }\n}\n")]
    public void OtherStylesStayToo(string text, string expected)
    {
        var profile = (DataflowProfile)Manifest.Read(text).Resource!;
        Assert.Equal(expected, Manifest.Write(profile with { InstanceCount = 3 }, text));
    }

    [Theory]
    [InlineData("description: old # why\nlist:\n- a # first\n- b\n- c # last\n", """{"description":"one\ntwo\n","list":["a","c"]}""", "description: | # why\n  one\n  two\nlist:\n- a # first\n- c # last\n")]
    [InlineData("description: |-\n  one\n  two\n\n# tail\nlast: 1\n", """{"description":"short","last":1}""", "description: short\n\n# tail\nlast: 1\n")]
    [InlineData("list:\n  - name: x # the first\n    value: 1\n  - name: y\n", """{"list":[{"name":"x","value":2},{"name":"z"},{"name":"y"}]}""", "list:\n  - name: x # the first\n    value: 2\n  - name: z\n  - name: y\n")]
    [InlineData("a: &x 1\nb: 2 # two\n", """{"a":1,"b":3}""", "a: 1\nb: 3\n")]
    [InlineData("? a\n: 1 # one\n", """{"a":2}""", "a: 2\n")]
    public void AnyDocumentIsEditedOrWrittenAnew(string text, string now, string expected) =>
        Assert.Equal(expected, Manifest.Write(JsonNode.Parse(now)!.AsObject(), text));

    /// <summary>A member that is in both documents keeps the comment above it, and its line when its value is the same.</summary>
    [Fact]
    public void WhatDidNotChangeKeepsItsLine() => Gen.Select(AnyEndpoint.Valid, AnyEndpoint.Valid, Gen.Bool, Gen.Int[0, 1000]).Where((a, b, _, _) => a.EndpointType == b.EndpointType).Sample(
        (endpoint, edited, isWindows, seed) =>
        {
            var text = Decorate(Manifest.Write(endpoint), new Random(seed));
            text = isWindows ? text.ReplaceLineEndings("\r\n") : text;
            var read = Manifest.Read(text).Endpoint!;
            var next = edited with { Kept = read.Kept };
            var written = Manifest.Write(next, text);
            var (old, now) = (Yaml.Read(text).Documents[0], Yaml.Read(written).Documents[0]);
            Assert.True(JsonNode.DeepEquals(ResourceJson.Write(next), now.Root));
            var (oldLines, newLines) = (text.Split('\n'), written.Split('\n'));
            foreach (var leaf in JsonLeaves.Of(old.Root).Where(leaf => leaf.Value is JsonValue && JsonPaths.Find(now.Root, leaf.Path) is { } same && JsonNode.DeepEquals(same, leaf.Value)))
            {
                var (was, at) = (old.Positions.Find(leaf.Path).Line - 1, now.Positions.Find(leaf.Path).Line - 1);
                Assert.Equal(oldLines[was], newLines[at]);
                Assert.Contains(oldLines[was - 1], newLines);
            }
        },
        iter: 2000);

    [Fact]
    public void AnyChangeIsReadBack() => Gen.Select(AnyEndpoint.Wild, AnyEndpoint.Wild, Gen.Int[0, 1000]).Sample(
        (endpoint, edited, seed) =>
        {
            foreach (var text in (string[])[Decorate(Manifest.Write(endpoint), new Random(seed)), EndpointDocuments.Write(endpoint, DocumentFormat.Json).Text, ResourceJson.Write(endpoint).ToJsonString()])
            {
                var written = Manifest.Write(edited, text);
                Assert.Equal(Manifest.IsJson(text), Manifest.IsJson(written));
                Assert.Equal(edited with { Kept = null }, Manifest.Read(written).Endpoint! with { Kept = null });
            }
        },
        iter: 1000);

    /// <summary>A comment above each line outside blocks of text, and behind some.</summary>
    private static string Decorate(string text, Random random)
    {
        var decorated = new StringBuilder();
        int? block = null;
        foreach (var (number, line) in text.TrimEnd('\n').Split('\n').Index())
        {
            var indent = line.Length - line.TrimStart(' ').Length;
            if (block is { } depth && (line.Length == 0 || indent > depth))
            {
                decorated.Append(line).Append('\n');
                continue;
            }
            block = line.TrimEnd('-', '+').EndsWith(": |", StringComparison.Ordinal) ? indent : null;
            decorated.Append(' ', indent).Append(CultureInfo.InvariantCulture, $"# above {number}\n").Append(line);
            decorated.Append(block is null && random.Next(3) == 0 ? "  # behind\n" : "\n");
        }
        return decorated.ToString();
    }

    private static DataflowEndpoint Mqtt(Func<MqttSettings, MqttSettings> change) => Read with { Settings = change(Read.Mqtt!) };

    private static void Expect(DataflowEndpoint next, (string Before, string After) change)
    {
        Assert.Contains(change.Before, Commented, StringComparison.Ordinal);
        var written = Manifest.Write(next, Commented);
        Assert.Equal(Commented.Replace(change.Before, change.After, StringComparison.Ordinal), written);
        Assert.Equal(ResourceJson.Write(next).ToJsonString(), ResourceJson.Write(Manifest.Read(written).Resource!).ToJsonString());
    }
}
