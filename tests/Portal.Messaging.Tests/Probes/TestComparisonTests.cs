using Portal.Messaging.Probes;
using Portal.Messaging.Tests.Support;
using Portal.Tests.Shared;

namespace Portal.Messaging.Tests.Probes;

public sealed class TestComparisonTests
{
    [Fact]
    public async Task What_changed_since_the_last_good_run_is_told_and_survives_being_kept()
    {
        await using var fixture = new ProbeFixture();
        using var other = TestAuthority.CreateRoot("New plant root");
        using var renewed = other.CreateServer();
        fixture.ConfigMaps.Add(ProbeFixture.CaName, fixture.Certificates.Root.CertificatePem);
        await using var before = await BrokerAsync(fixture.Certificates.Server);
        await using var after = await BrokerAsync(new TestCertificate(renewed.Certificate, other.CertificatePem));

        var good = await fixture.RunAsync(ProbeFixture.Mqtt($"localhost:{before.Port}"));
        var bad = await fixture.RunAsync(ProbeFixture.Mqtt($"localhost:{after.Port}"));
        ReportAssert.Green(good);
        var kept = TestReportJson.FromFull(System.Text.Json.Nodes.JsonNode.Parse(TestReportJson.ToFull(good).ToJsonString()))!;
        var changes = TestComparison.Changes(kept, bad);

        Assert.Equal(TestReportJson.ToFull(good).ToJsonString(), TestReportJson.ToFull(kept).ToJsonString());
        Assert.Contains("The end of the server's chain: 'Test Root CA' before, now 'New plant root'.", changes);
        Assert.Contains(changes, change => change.StartsWith("The server's certificate is another one", StringComparison.Ordinal));
        Assert.Empty(TestComparison.Changes(kept, good));
    }

    private static Task<MosquittoBroker> BrokerAsync(TestCertificate certificate) =>
        MosquittoBroker.StartAsync(new MosquittoOptions { Listeners = [new MosquittoListener { Certificate = certificate }] });
}
