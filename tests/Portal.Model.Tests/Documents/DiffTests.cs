using CsCheck;
using Portal.Model.Documents;
using Portal.Model.Endpoints;
using Portal.Tests.Shared;

namespace Portal.Model.Tests.Documents;

public sealed class DiffTests
{
    [Fact]
    public void ChangedLinesAreMarkedWithTheirNumbers() => Assert.Equal(
        [
            new(LineMark.Same, "a", 1, 1), new(LineMark.Removed, "b", 2, null), new(LineMark.Added, "B", null, 2), new(LineMark.Same, "c", 3, 3), new(LineMark.Added, "d", null, 4),
        ],
        LineDiff.Compute("a\nb\nc\n", "a\nB\nc\nd"));

    [Fact]
    public void AnEmptyTextHasNoLines()
    {
        Assert.Empty(LineDiff.Compute("", ""));
        Assert.Equal([new(LineMark.Added, "a", null, 1)], LineDiff.Compute("", "a\n"));
        Assert.Equal([new(LineMark.Removed, "a", 1, null)], LineDiff.Compute("a\n", ""));
    }

    [Fact]
    public void BothTextsComeBackAndNoShorterWayExists()
    {
        var text = AnyEndpoint.Pick("a", "b", "c", "d").Array[0, 12];
        Gen.Select(text, text).Sample(
            (before, after) =>
            {
                var lines = LineDiff.Compute(string.Join('\n', before), string.Join('\n', after));
                Assert.Equal(before, lines.Where(line => line.Mark is not LineMark.Added).Select(line => line.Text));
                Assert.Equal(after, lines.Where(line => line.Mark is not LineMark.Removed).Select(line => line.Text));
                Assert.Equal(Enumerable.Range(1, before.Length), lines.Where(line => line.Before is not null).Select(line => line.Before!.Value));
                Assert.Equal(Enumerable.Range(1, after.Length), lines.Where(line => line.After is not null).Select(line => line.After!.Value));
                Assert.Equal(LongestCommon(before, after), lines.Count(line => line.Mark is LineMark.Same));
            },
            iter: 3000);
    }

    [Fact]
    public void ThousandsOfLinesAreCompared()
    {
        var before = Enumerable.Range(0, 20_000).Select(at => $"line {at}").ToArray();
        var after = before.Select((line, at) => at % 500 == 7 ? line + " changed" : line).ToArray();
        var lines = LineDiff.Compute(string.Join('\n', before), string.Join('\n', after));
        Assert.Equal((40, 40), (lines.Count(line => line.Mark is LineMark.Added), lines.Count(line => line.Mark is LineMark.Removed)));
        var other = LineDiff.Compute(string.Join('\n', before), string.Join('\n', before.Select(line => "x" + line)));
        Assert.Equal(40_000, other.Count);
    }

    [Fact]
    public void AFieldThatDiffersHasItsLabelAndTexts()
    {
        var before = ValidEndpoint.Of(EndpointKind.CustomMqtt, AuthenticationMethod.Anonymous);
        var after = before with { Settings = before.Mqtt! with { Host = "other.example:8883", Qos = 0, Tls = new TlsSettings(), Authentication = new Authentication.X509Certificate("c") } };
        Assert.Equal(
            [
                new("Host", "spec.mqttSettings.host", "broker.example:8883", "other.example:8883"),
                new("Authentication method", "spec.mqttSettings.authentication.method", "Anonymous", "X509Certificate"),
                new("Synced secret name", "spec.mqttSettings.authentication.x509CertificateSettings.secretRef", null, "c"),
                new("Quality of service (QoS)", "spec.mqttSettings.qos", null, "0"),
                new("TLS mode enabled", "spec.mqttSettings.tls.mode", "Enabled", null),
            ],
            FieldDiff.Compute(before, after));
        Assert.Empty(FieldDiff.Compute(before, before));
    }

    [Fact]
    public void ANewEndpointDiffersInEverything() => Assert.Equal(
        ["API version", "Kind", "Name", "Namespace", "Endpoint type", "Host", "Authentication method", "TLS mode enabled"],
        FieldDiff.Compute(null, ValidEndpoint.Of(EndpointKind.CustomMqtt, AuthenticationMethod.Anonymous)).Select(change => change.Label));

    [Fact]
    public void MembersThatTheFormDoesNotHaveAreComparedToo()
    {
        var endpoint = ValidEndpoint.Of(EndpointKind.CustomKafka);
        var text = Manifest.Write(endpoint);
        var before = Manifest.Read(text + "    future: 1\n").Endpoint!;
        var after = Manifest.Read(text + "    future: [1]\n").Endpoint!;
        Assert.Equal([new("spec.kafkaSettings.future", "spec.kafkaSettings.future", "1", "[1]")], FieldDiff.Compute(before, after));
    }

    private static int LongestCommon(string[] a, string[] b)
    {
        var length = new int[a.Length + 1, b.Length + 1];
        for (var i = a.Length - 1; i >= 0; i--)
            for (var j = b.Length - 1; j >= 0; j--)
                length[i, j] = a[i] == b[j] ? length[i + 1, j + 1] + 1 : Math.Max(length[i + 1, j], length[i, j + 1]);
        return length[0, 0];
    }
}
