using System.Text;
using System.Text.Json.Nodes;
using Portal.Tests.Shared;

namespace Portal.Tests.Api;

public sealed class ImportApiTests : IDisposable
{
    private readonly PortalHost portal = new();

    public void Dispose() => portal.Dispose();

    private static string Yaml(string name, string host = "10.20.4.17:1883") => $"""
        apiVersion: connectivity.iotoperations.azure.com/v1
        kind: DataflowEndpoint
        metadata:
          name: {name}
        spec:
          endpointType: Mqtt
          mqttSettings:
            host: {host}
            authentication:
              method: Anonymous
              anonymousSettings: {"{}"}
            tls:
              mode: Disabled

        """;

    private async Task<(int Status, JsonNode Body)> ImportAsync(string text, string query = "")
    {
        var (status, body, _) = await portal.SendAsync(HttpMethod.Post, "import" + query, text, "text/plain");
        return (status, body!);
    }

    [Fact]
    public async Task Documents_are_compared_saved_when_asked_and_recorded()
    {
        await portal.SendAsync(HttpMethod.Put, "endpoints/same", Yaml("same"));
        await portal.SendAsync(HttpMethod.Put, "endpoints/moves", Yaml("moves"));
        var text = string.Join("---\n", Yaml("same"), Yaml("moves", "10.20.4.18:1883"), Yaml("fresh"), Yaml("bad-host", "''"));

        var (status, body) = await ImportAsync(text);
        Assert.Equal(200, status);
        Assert.Equal(["same same", "moves differs", "fresh new", "bad-host refused"], States(body));
        Assert.Equal("10.20.4.18:1883", (string?)body["documents"]![1]!["document"]!["spec"]!["mqttSettings"]!["host"]);
        Assert.Contains(body["documents"]![3]!["findings"]!.AsArray(), finding => (string?)finding!["severity"] == "error" && (string?)finding["path"] == "spec.mqttSettings.host" && finding["line"] is not null);
        Assert.Equal(404, (await portal.SendAsync(HttpMethod.Get, "endpoints/fresh")).Status);

        (status, body) = await ImportAsync(text, "?apply=true");
        Assert.Equal(200, status);
        Assert.Equal([false, true, true, false], body["documents"]!.AsArray().Select(document => (bool)document!["applied"]!));
        Assert.Equal("10.20.4.18:1883", (string?)(await portal.SendAsync(HttpMethod.Get, "endpoints/moves")).Body!["spec"]!["mqttSettings"]!["host"]);
        Assert.Equal(404, (await portal.SendAsync(HttpMethod.Get, "endpoints/bad-host")).Status);
        var history = string.Concat(Directory.GetFiles(Path.Combine(portal.Folder, "history")).Select(Read));
        Assert.Contains("fresh created by import", history, StringComparison.Ordinal);
        Assert.Contains("moves changed by import", history, StringComparison.Ordinal);

        Assert.Equal(["same same", "moves same", "fresh same", "bad-host refused"], States((await ImportAsync(text)).Body));
    }

    [Fact]
    public async Task What_is_no_document_is_said_with_200()
    {
        var (status, body) = await ImportAsync("kind: [unclosed");
        Assert.Equal(200, status);
        Assert.DoesNotContain(States(body), state => !state.EndsWith(" refused", StringComparison.Ordinal));
        Assert.Contains(body["findings"]!.AsArray().Concat(body["documents"]!.AsArray().SelectMany(document => document!["findings"]!.AsArray())), finding => (string?)finding!["severity"] == "error");
    }

    [Fact]
    public async Task The_same_name_twice_is_refused_the_second_time()
    {
        var (_, body) = await ImportAsync(Yaml("twice") + "---\n" + Yaml("twice", "10.20.4.18:1883"));
        Assert.Equal(["twice new", "twice refused"], States(body));
        Assert.Contains(body["documents"]![1]!["findings"]!.AsArray(), finding => (string?)finding!["code"] == "document-twice" && (int?)finding["line"] > 10);
    }

    [Fact]
    public async Task Too_much_is_413_and_too_deep_422()
    {
        var large = await ImportAsync(new string('#', (10 * 1024 * 1024) + 1));
        Assert.Equal((413, "too-large"), (large.Status, (string?)large.Body["errors"]![0]!["code"]));
        Assert.Equal(413, (await ImportAsync(new string('#', (20 * 1024 * 1024) + 1))).Status);
        var deep = await ImportAsync("a: " + new string('[', 5000) + new string(']', 5000));
        Assert.Equal((422, "too-deep"), (deep.Status, (string?)deep.Body["errors"]![0]!["code"]));
    }

    [Fact]
    public async Task Values_of_a_secret_are_never_answered_and_stored_only_when_asked()
    {
        const string value = "s3cr3t-of-line3";
        var text = $"apiVersion: v1\nkind: Secret\nmetadata:\n  name: line3-sasl\ndata:\n  username: {Convert.ToBase64String(Encoding.UTF8.GetBytes("line3"))}\n  password: {Convert.ToBase64String(Encoding.UTF8.GetBytes(value))}\n";
        var (status, body) = await ImportAsync(text, "?apply=true");
        Assert.Equal(200, status);
        Assert.Equal(["line3-sasl new"], States(body));
        Assert.False((bool)body["documents"]![0]!["applied"]!);
        Assert.Equal(["username", "password"], body["documents"]![0]!["document"]!["keys"]!.AsArray().Select(key => (string?)key).Order(StringComparer.Ordinal).Reverse());
        Assert.Empty((await portal.SendAsync(HttpMethod.Get, "secrets")).Body!["vault"]!.AsArray());

        (_, body) = await ImportAsync(text, "?apply=true&secrets=true");
        Assert.True((bool)body["documents"]![0]!["applied"]!, body.ToJsonString());
        Assert.DoesNotContain(value, body.ToJsonString(), StringComparison.Ordinal);
        Assert.DoesNotContain(Convert.ToBase64String(Encoding.UTF8.GetBytes(value)), body.ToJsonString(), StringComparison.Ordinal);
        var secrets = (await portal.SendAsync(HttpMethod.Get, "secrets")).Body!;
        Assert.Equal(["line3-sasl-password", "line3-sasl-username"], secrets["vault"]!.AsArray().Select(secret => (string?)secret!["name"]).Order(StringComparer.Ordinal));
        Assert.DoesNotContain(value, string.Concat(Directory.GetFiles(portal.Folder, "*", SearchOption.AllDirectories).Select(Read)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_config_map_goes_to_the_config_maps()
    {
        using var authority = TestAuthority.CreateRoot("Plant root");
        var text = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: line3-ca\ndata:\n  ca.crt: |\n" + string.Concat(authority.CertificatePem.TrimEnd().Split('\n').Select(line => $"    {line}\n"));
        var (_, body) = await ImportAsync(text, "?apply=true");
        Assert.Equal(["line3-ca new"], States(body));
        Assert.True((bool)body["documents"]![0]!["applied"]!, body.ToJsonString());
        Assert.Equal(["line3-ca same"], States((await ImportAsync(text)).Body));
    }

    private static IEnumerable<string> States(JsonNode body) => body["documents"]!.AsArray().Select(document => $"{document!["name"]} {document["state"]}");

    private static string Read(string path)
    {
        using var reader = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
        return reader.ReadToEnd();
    }
}
