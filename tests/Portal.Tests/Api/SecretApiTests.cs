using System.Text;
using System.Text.Json.Nodes;
using Portal.Tests.Shared;

namespace Portal.Tests.Api;

public sealed class SecretApiTests(PortalHost portal) : IClassFixture<PortalHost>
{
    private const string Value = "s3cr3t-Wert-4711";

    [Fact]
    public async Task A_value_goes_in_and_never_comes_out()
    {
        var (status, body, answer) = await portal.SendAsync(
            HttpMethod.Put, "secrets/kafka-login", $$"""{ "entries": { "username": "plant", "password": "{{Value}}" }, "activationDate": "2026-01-01T00:00:00Z", "expirationDate": "2036-01-01T00:00:00Z" }""", "application/json");
        Assert.Equal(200, status);
        Assert.DoesNotContain(Value, body!.ToJsonString(), StringComparison.Ordinal);
        Assert.DoesNotContain(Value, answer.Headers.ToString(), StringComparison.Ordinal);

        var list = (await portal.SendAsync(HttpMethod.Get, "secrets")).Body!;
        Assert.DoesNotContain(Value, list.ToJsonString(), StringComparison.Ordinal);
        var item = Assert.Single(list["items"]!.AsArray(), one => (string?)one!["name"] == "kafka-login")!;
        Assert.Equal(["password", "username"], item["entries"]!.AsArray().Select(entry => (string?)entry!["key"]).Order());
        Assert.Equal(DateTimeOffset.Parse("2036-01-01T00:00:00Z"), (DateTimeOffset?)item["expirationDate"]);
        Assert.Contains(list["vault"]!.AsArray(), one => (string?)one!["name"] == "kafka-login-password");

        foreach (var file in Directory.GetFiles(portal.Folder, "*", SearchOption.AllDirectories))
            Assert.DoesNotContain(Value, await ReadAsync(file), StringComparison.Ordinal);
        Assert.Equal(204, (await portal.SendAsync(HttpMethod.Delete, "secrets/kafka-login")).Status);
    }

    [Theory]
    [InlineData("""{ "entries": { "password": "s3cr3t-Wert-4711" } """, "json")]
    [InlineData("""{ "entries": { "password": 4711 } }""", "json")]
    [InlineData("""{ }""", "required")]
    [InlineData("""{ "entries": { "pass word": "s3cr3t-Wert-4711" } }""", "key")]
    [InlineData("""{ "entries": { "a": "s3cr3t-Wert-4711" }, "activationDate": "2030-01-01T00:00:00Z", "expirationDate": "2029-01-01T00:00:00Z" }""", "dates")]
    public async Task A_bad_secret_is_explained_without_its_value(string text, string code)
    {
        var (status, body, _) = await portal.SendAsync(HttpMethod.Put, "secrets/bad-login", text, "application/json");
        Assert.Equal(400, status);
        Assert.Equal(code, (string?)body!["errors"]![0]!["code"]);
        Assert.DoesNotContain(Value, body.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_config_map_is_written_as_PEM_or_JSON()
    {
        using var certificates = new TestCertificates();
        var pem = certificates.Root.CertificatePem;
        Assert.Equal(201, (await portal.SendAsync(HttpMethod.Put, "configmaps/plant-ca", pem, "application/x-pem-file")).Status);
        var stored = (await portal.SendAsync(HttpMethod.Get, "configmaps/plant-ca")).Body!;
        Assert.Equal(pem.Trim(), ((string?)stored["data"]!["ca.crt"])!.Trim());
        var text = await portal.SendAsync(HttpMethod.Get, "configmaps/plant-ca", null, "", ("Accept", "application/x-pem-file"));
        Assert.Equal(pem.Trim() + "\n", text.Body!.GetValue<string>());
        var json = new JsonObject { ["data"] = new JsonObject { ["root_ca.crt"] = pem } }.ToJsonString();
        Assert.Equal(200, (await portal.SendAsync(HttpMethod.Put, "configmaps/plant-ca", json, "application/json")).Status);
        Assert.Equal(["root_ca.crt"], (await portal.SendAsync(HttpMethod.Get, "configmaps/plant-ca")).Body!["data"]!.AsObject().Select(file => file.Key));
    }

    [Fact]
    public async Task What_is_no_certificate_is_no_config_map()
    {
        var (status, body, _) = await portal.SendAsync(HttpMethod.Put, "configmaps/no-ca", "not a certificate", "application/x-pem-file");
        Assert.Equal(400, status);
        Assert.NotEmpty((string?)body!["errors"]![0]!["fix"] ?? "");
        Assert.Equal(404, (await portal.SendAsync(HttpMethod.Get, "configmaps/no-ca")).Status);
    }

    private static async Task<string> ReadAsync(string file)
    {
        await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var reader = new StreamReader(stream, Encoding.Latin1);
        return await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
    }
}
