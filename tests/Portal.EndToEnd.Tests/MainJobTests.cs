using System.Text.Json.Nodes;
using Microsoft.Playwright;
using Portal.Tests.Shared;
using static Microsoft.Playwright.Assertions;

namespace Portal.EndToEnd.Tests;

/// <summary>From an empty data folder to endpoints that pass and show messages, and again after a power cut, through the page alone.</summary>
[Collection(nameof(Chromium))]
public sealed class MainJobTests(Chromium chromium)
{
    [Fact]
    public async Task A_custom_broker_with_client_certificate_is_created_tested_watched_and_kept()
    {
        using var certificates = new TestCertificates();
        await using var broker = await MosquittoBroker.StartAsync(new MosquittoOptions
        {
            Listeners = [new MosquittoListener { Certificate = certificates.Server, ClientAuthority = certificates.Root }, new MosquittoListener()],
        });
        using var data = new TemporaryFolder();
        await using var portal = await PortalProcess.StartAsync(data.Path);
        var endpoint = new EndpointPageObject(await chromium.OpenAsync(portal.Address, "/endpoints"));

        await endpoint.CreateAsync("Custom MQTT Broker");
        await endpoint.FillAsync("Name", "line3-broker");
        await endpoint.FillAsync("Host", $"localhost:{broker.Port}");
        await endpoint.ChooseAsync("Authentication method", "X509 certificate");
        await endpoint.FillAsync("Synced secret name", "line3-client-cert");
        await endpoint.AddReferenceAsync("X509 client certificate", "line3-cert", certificates.Client.CertificatePem);
        await endpoint.AddReferenceAsync("X509 client key", "line3-key", certificates.Client.KeyPem);
        await endpoint.OpenTabAsync("Advanced");
        await endpoint.UploadCaAsync("line3-ca", certificates.Root.CertificatePem);
        await endpoint.TestAsync("Passed");
        await endpoint.ApplyAsync();

        await endpoint.OpenTabAsync("Live traffic");
        await PublishUntilSeenAsync(endpoint.Page, broker.Ports[1]);

        Assert.DoesNotContain(certificates.Client.KeyPem.Split('\n')[1], await endpoint.Page.ContentAsync(), StringComparison.Ordinal);
        Assert.DoesNotContain(certificates.Client.KeyPem.Split('\n')[1], portal.Output, StringComparison.Ordinal);

        await portal.KillAsync();
        await portal.StartAgainAsync();
        await AssertPassesAsync(portal, "line3-broker");
    }

    [Fact]
    public async Task A_custom_Kafka_endpoint_is_created_tested_watched_and_kept()
    {
        using var kafka = Sandbox.Kafka.MockKafkaCluster.Start();
        kafka.CreateTopic("line3-events", 3);
        using var data = new TemporaryFolder();
        await using var portal = await PortalProcess.StartAsync(data.Path);
        var endpoint = new EndpointPageObject(await chromium.OpenAsync(portal.Address, "/endpoints"));

        await endpoint.CreateAsync("Custom Kafka Broker");
        await endpoint.FillAsync("Name", "line3-kafka");
        await endpoint.FillAsync("Host", kafka.BootstrapServers);
        await endpoint.ChooseAsync("Authentication method", "None");
        await endpoint.OpenTabAsync("Advanced");
        await endpoint.Field("TLS mode enabled").UncheckAsync();
        await endpoint.TestAsync("Passed");
        await endpoint.ApplyAsync();

        await endpoint.OpenTabAsync("Live traffic");
        await endpoint.Page.GetByLabel("Topic", new() { Exact = true }).FillAsync("line3-events");
        await endpoint.Page.Keyboard.PressAsync("Enter");
        await Wait.UntilAsync(
            async () =>
            {
                (await ProcessRunner.RunAsync("kcat", ["-b", kafka.BootstrapServers, "-t", "line3-events", "-P", "-k", "press-07", "-H", "unit=degC"], input: "{\"temp_c\":71.4}")).MustSucceed();
                return await endpoint.Page.GetByText("temp_c").CountAsync() > 0;
            },
            "the record is on the page");
        await endpoint.Page.GetByText("temp_c").First.ClickAsync();
        await Expect(endpoint.Page.GetByText("press-07").First).ToBeVisibleAsync();
        await Expect(endpoint.Page.GetByText("degC").First).ToBeVisibleAsync();

        await portal.KillAsync();
        await portal.StartAgainAsync();
        await AssertPassesAsync(portal, "line3-kafka");
    }

    private static async Task PublishUntilSeenAsync(IPage page, int port)
    {
        var seen = "";
        await Wait.UntilAsync(
            async () =>
            {
                (await ProcessRunner.RunAsync(
                    "mosquitto_pub", "-V", "5", "-h", "127.0.0.1", "-p", $"{port}", "-t", "line3/press-07/telemetry", "-q", "1", "-m", "{\"temp_c\":71.4}",
                    "-D", "publish", "user-property", "unit", "degC", "-D", "publish", "content-type", "application/json")).MustSucceed();
                seen = await page.GetByRole(AriaRole.Main).InnerTextAsync();
                return seen.Contains("temp_c", StringComparison.Ordinal);
            },
            "the message is on the page", lastSeen: () => seen);
        await page.GetByText("temp_c").First.ClickAsync();
        await Expect(page.GetByText("degC").First).ToBeVisibleAsync();
        await Expect(page.GetByText("application/json").First).ToBeVisibleAsync();
    }

    private static async Task AssertPassesAsync(PortalProcess portal, string name)
    {
        using var client = new HttpClient { BaseAddress = new Uri(portal.Address) };
        using var answer = await client.PostAsync($"/api/v1/endpoints/{name}/test", null, TestContext.Current.CancellationToken);
        var report = JsonNode.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!;
        Assert.True((string?)report["outcome"] == "passed", report.ToJsonString());
    }
}
