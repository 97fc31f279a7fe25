using System.Security.Cryptography;
using Portal.Model.Ports;
using Portal.Stores.Tests.Support;
using Portal.Tests.Shared;

namespace Portal.Stores.Tests;

public sealed class ConfigMapTests : IDisposable
{
    private const string Map = "manifests/configmaps/line3-ca.yaml";

    private readonly TemporaryFolder folder = new();
    private readonly TestAuthority authority = TestAuthority.CreateRoot("Plant root");

    public void Dispose()
    {
        authority.Dispose();
        folder.Dispose();
    }

    [Fact]
    public async Task Certificates_are_stored_as_a_block_that_kubectl_takes()
    {
        await using var portal = await TestPortal.StartAsync(folder.Path);
        var told = 0;
        portal.ConfigMaps.Changed += () => told++;
        Saved(await portal.ConfigMaps.SaveAsync(new ConfigMap("line3-ca", Data(authority.CertificatePem.ReplaceLineEndings("\r\n") + "\r\n\r\n"))));

        var block = string.Concat(authority.CertificatePem.TrimEnd().Split('\n').Select(line => $"    {line}\n"));
        Assert.Equal($"apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: line3-ca\n  namespace: azure-iot-operations\ndata:\n  ca.crt: |\n{block}", File.ReadAllText(folder.Combine(Map)));
        Assert.Equal(authority.CertificatePem, Assert.Single((await portal.ConfigMaps.FindAsync("line3-ca"))!.Data).Value);
        Assert.Equal(1, told);
        await using var again = await TestPortal.StartAsync(folder.Path);
        Assert.Equal("line3-ca", Assert.Single(await again.ConfigMaps.ListAsync()).Name);
        Assert.Empty((await again.Resources.ListAsync()).Problems);
    }

    [Fact]
    public async Task Saving_the_same_writes_nothing_and_a_change_keeps_the_labels()
    {
        var text = $"# trusted in hall 3\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: line3-ca\n  labels:\n    hall: \"3\"\ndata:\n  ca.crt: |\n{string.Concat(authority.CertificatePem.TrimEnd().Split('\n').Select(line => $"      {line}\n"))}";
        folder.Write("manifests/hall3/ca.yaml", text);
        await using var portal = await TestPortal.StartAsync(folder.Path);
        Saved(await portal.ConfigMaps.SaveAsync(new ConfigMap("line3-ca", Data(authority.CertificatePem))));
        Assert.Equal(text, File.ReadAllText(folder.Combine("manifests/hall3/ca.yaml")));

        using var second = TestAuthority.CreateRoot("Second root");
        var stored = (await portal.ConfigMaps.FindAsync("line3-ca"))!;
        Saved(await portal.ConfigMaps.SaveAsync(stored with { Data = Data(authority.CertificatePem + second.CertificatePem) }));
        var changed = File.ReadAllText(folder.Combine("manifests/hall3/ca.yaml"));
        Assert.Contains("hall: \"3\"", changed);
        Assert.Equal(2, changed.Split("BEGIN CERTIFICATE").Length - 1);
        Assert.IsType<StoreResult.Conflict>(await portal.ConfigMaps.SaveAsync(stored with { Data = Data(second.CertificatePem) }));
    }

    [Fact]
    public async Task Each_part_that_is_no_certificate_is_named()
    {
        await using var portal = await TestPortal.StartAsync(folder.Path);
        var good = authority.CertificatePem;
        var lines = good.TrimEnd().Split('\n');
        var cut = string.Join('\n', lines[..^1]) + "\n";
        var invalid = Assert.IsType<StoreResult.Invalid>(await portal.ConfigMaps.SaveAsync(new ConfigMap("Line3", new Dictionary<string, string>
        {
            ["cut.crt"] = good + cut,
            ["typed.crt"] = good + "-----BEGIN CERTIFICATE-----\nMIIB!\n-----END CERTIFICATE-----\n",
            ["other.crt"] = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
            ["empty.crt"] = "",
            ["key.pub"] = "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n",
            ["../up"] = good,
        })));
        Assert.Equal(
            [("config-map-name", null), ("certificate-broken", lines.Length + 1), ("certificate-broken", lines.Length + 1), ("certificate-broken", 1), ("certificate-missing", null), ("certificate-missing", null), ("config-map-file-name", null)],
            invalid.Findings.Select(finding => (finding.Code, finding.Line)));
        Assert.Contains("Certificate 2 of 'cut.crt'", invalid.Findings[1].Message);
        Assert.Contains("has no end", invalid.Findings[1].Message);
        Assert.Contains("base64", invalid.Findings[2].Message);
        Assert.Contains("not an X.509 certificate", invalid.Findings[3].Message);
        Assert.Contains("PUBLIC KEY", invalid.Findings[5].Message);
        Assert.Equal("config-map-empty", Assert.Single(Assert.IsType<StoreResult.Invalid>(await portal.ConfigMaps.SaveAsync(new ConfigMap("line3-ca", new Dictionary<string, string>()))).Findings).Code);
        Assert.Empty(await portal.ConfigMaps.ListAsync());
    }

    [Fact]
    public async Task A_private_key_is_refused_and_repeated_nowhere()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var pem = key.ExportPkcs8PrivateKeyPem();
        folder.Write("manifests/theirs.yaml", $"apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: theirs\ndata:\n  key.pem: |\n{string.Concat(pem.Split('\n').Select(line => $"    {line}\n"))}");
        await using var portal = await TestPortal.StartAsync(folder.Path);

        var invalid = Assert.IsType<StoreResult.Invalid>(await portal.ConfigMaps.SaveAsync(new ConfigMap("line3-ca", Data(authority.CertificatePem + pem))));
        var finding = Assert.Single(invalid.Findings);
        Assert.Equal("private-key-in-config-map", finding.Code);
        var problem = Assert.Single((await portal.Resources.ListAsync()).Problems);
        Assert.Equal(("theirs", "private-key-in-config-map", 6), (problem.Name, problem.Finding.Code, problem.Finding.Line));
        Assert.Empty(await portal.ConfigMaps.ListAsync());
        Assert.DoesNotContain(pem.Split('\n')[1], $"{finding}{problem}{portal.Log.Text}", StringComparison.Ordinal);
        Assert.IsType<StoreResult.Denied>(await portal.ConfigMaps.SaveAsync(new ConfigMap("theirs", Data(authority.CertificatePem))));
    }

    [Fact]
    public async Task Outside_edits_and_deletions_are_seen()
    {
        await using var portal = await TestPortal.StartAsync(folder.Path);
        Saved(await portal.ConfigMaps.SaveAsync(new ConfigMap("line3-ca", Data(authority.CertificatePem))));
        var told = 0;
        portal.ConfigMaps.Changed += () => Interlocked.Increment(ref told);
        File.AppendAllText(folder.Combine(Map), "  more.crt: not yet\n");
        await Wait.UntilAsync(async () => (await portal.ConfigMaps.FindAsync("line3-ca"))?.Data.Count == 2, "the edit is seen");
        await Wait.UntilAsync(() => Volatile.Read(ref told) > 0, "the edit is told");
        await Wait.UntilAsync(async () => (await portal.Activity.ReadAsync(new ActivityQuery("line3-ca", "ConfigMap"))).Count == 1, "the edit is written down");
        Assert.Equal(1, told);
        var entry = Assert.Single(await portal.Activity.ReadAsync(new ActivityQuery()));
        Assert.DoesNotContain("more.crt", entry.Before);
        Assert.Contains("more.crt", entry.After);
        Saved(await portal.ConfigMaps.DeleteAsync("line3-ca"));
        Assert.IsType<StoreResult.Conflict>(await portal.ConfigMaps.DeleteAsync("line3-ca"));
        Assert.IsType<StoreResult.Conflict>(await portal.ConfigMaps.DeleteAsync("../../x"));
        Assert.False(File.Exists(folder.Combine(Map)));
    }

    private static Dictionary<string, string> Data(string text) => new() { ["ca.crt"] = text };

    private static void Saved(StoreResult result) => Assert.IsType<StoreResult.Saved>(result);
}
