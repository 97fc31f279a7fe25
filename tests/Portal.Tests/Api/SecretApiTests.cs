using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Portal.Components.Testing;
using Portal.Model.Ports;
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

    [Fact]
    public async Task A_value_that_a_test_used_is_in_no_report_ticket_history_or_activity()
    {
        // The system takes the connection; nobody ever answers.
        using var hangs = new TcpListener(IPAddress.Loopback, FreePort.Next());
        hangs.Start();
        await portal.SendAsync(HttpMethod.Put, "secrets/hunted", $$"""{ "entries": { "username": "plant", "password": "{{Value}}" } }""", "application/json");
        var written = new StringBuilder();
        foreach (var (name, port) in new[] { ("refused", FreePort.Next()), ("hanging", ((IPEndPoint)hangs.LocalEndpoint).Port) })
        {
            await portal.SendAsync(HttpMethod.Put, $"endpoints/{name}", $$"""
                { "apiVersion": "connectivity.iotoperations.azure.com/v1", "kind": "DataflowEndpoint", "metadata": { "name": "{{name}}" },
                  "spec": { "endpointType": "Kafka", "kafkaSettings": { "host": "127.0.0.1:{{port}}", "tls": { "mode": "Disabled" },
                    "authentication": { "method": "Sasl", "saslSettings": { "saslType": "Plain", "secretRef": "hunted" } } } } }
                """, "application/json");
            var (_, report, answer) = await portal.SendAsync(HttpMethod.Post, $"endpoints/{name}/test?timeLimitSeconds=2", null);
            Assert.Equal("failed", (string?)report!["outcome"]);
            Assert.Equal("passed", (string?)report["stages"]![1]!["verdict"]);
            written.AppendLine(report.ToJsonString()).AppendLine(answer.Headers.ToString()).AppendLine(TestWords.AsText(portal.Tests.Of(name)[^1]));
        }
        foreach (var entry in await portal.Activity.ReadAsync(new ActivityQuery(), TestContext.Current.CancellationToken))
            written.AppendLine(entry.ToString());
        foreach (var file in Directory.GetFiles(portal.Folder, "*", SearchOption.AllDirectories))
            written.AppendLine(await ReadAsync(file));
        var text = written.ToString();
        Assert.Contains("Connection test of hanging", text, StringComparison.Ordinal);
        foreach (var form in new[] { Value, Convert.ToBase64String(Encoding.UTF8.GetBytes(Value)), Convert.ToHexString(Encoding.UTF8.GetBytes(Value)) })
            Assert.DoesNotContain(form, text, StringComparison.OrdinalIgnoreCase);
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
