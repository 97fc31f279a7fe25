using Portal.Model;
using Portal.Model.Documents;
using Portal.Model.Endpoints;
using Portal.Model.Ports;
using Portal.Stores.Tests.Support;
using Portal.Tests.Shared;

namespace Portal.Stores.Tests;

/// <summary>What people wrote into a manifest stays when the portal changes it, and what is announced is what is written.</summary>
public sealed class CommentTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("line3.yaml", "\n")]
    [InlineData("line3.yml", "\r\n")]
    public async Task An_edit_changes_the_lines_of_what_it_changes(string file, string newline)
    {
        var text = Sample.Text("line3").ReplaceLineEndings(newline);
        folder.Write("manifests/" + file, text);
        await using var portal = await TestPortal.StartAsync(folder.Path);
        var stored = (await portal.Resources.FindAsync(ResourceKind.DataflowEndpoint, "line3"))!;
        Assert.Equal((text, text, text), (stored.Text, stored.Document, stored.Yaml));

        var endpoint = (DataflowEndpoint)stored.Value;
        var next = endpoint with { Settings = endpoint.Mqtt! with { Host = "other.example:8883", KeepAliveSeconds = 30 } };
        var announced = Manifest.Write(next, stored.Text);
        var saved = Sample.Saved(await portal.Resources.SaveAsync(next, Precondition.At(stored.Revision)));
        var written = File.ReadAllText(folder.Combine("manifests/" + file));

        Assert.Equal(text.Replace("'broker.example:8883'", "'other.example:8883'").Replace("{mode: Enabled}}", "{mode: Enabled}, keepAliveSeconds: 30}"), written);
        Assert.Equal((announced, announced), (written, saved.Text));
        Assert.Equal(saved.Value, (await portal.Resources.FindAsync(ResourceKind.DataflowEndpoint, "line3"))!.Value);

        var back = Sample.Saved(await portal.Resources.SaveAsync(endpoint, Precondition.At(saved.Revision)));
        Assert.Equal((text, stored.Revision), (File.ReadAllText(folder.Combine("manifests/" + file)), back.Revision));
    }

    [Fact]
    public async Task A_manifest_in_JSON_stays_JSON_in_its_own_layout()
    {
        const string text = "{ \"apiVersion\": \"connectivity.iotoperations.azure.com/v1\",\n  \"kind\": \"DataflowProfile\",\n  \"metadata\": { \"name\": \"night\" }, \"spec\": { \"instanceCount\": 2 } }\n";
        folder.Write("manifests/night.json", text);
        await using var portal = await TestPortal.StartAsync(folder.Path);
        Sample.Saved(await portal.Resources.SaveAsync(new Model.Dataflows.DataflowProfile { Name = "night", InstanceCount = 3 }, Precondition.None));
        Assert.Equal(text.Replace(": 2", ": 3"), File.ReadAllText(folder.Combine("manifests/night.json")));
    }

    [Fact]
    public async Task A_config_map_keeps_its_comments_too()
    {
        using var authority = TestAuthority.CreateRoot("Plant root");
        using var other = TestAuthority.CreateRoot("Other root");
        string Text(TestAuthority root) => $"# who signs in hall 3\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: line3-ca # see the wiki\ndata:\n  ca.crt: |\n{string.Concat(root.CertificatePem.TrimEnd().Split('\n').Select(line => $"    {line.TrimEnd()}\n"))}";
        folder.Write("manifests/line3-ca.yaml", Text(authority));
        await using var portal = await TestPortal.StartAsync(folder.Path);
        Assert.IsType<StoreResult.Saved>(await portal.ConfigMaps.SaveAsync(new ConfigMap("line3-ca", new Dictionary<string, string> { ["ca.crt"] = other.CertificatePem })));
        Assert.Equal(Text(other), File.ReadAllText(folder.Combine("manifests/line3-ca.yaml")));
    }
}
