using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using Portal.Tests.Shared;
using static Microsoft.Playwright.Assertions;

namespace Portal.EndToEnd.Tests;

/// <summary>What somebody copied from a page comes into the portal: pasted, found faulty, seen, applied, listed.</summary>
[Collection(nameof(Chromium))]
public sealed class ImportTests(Chromium chromium)
{
    // In the manner of hand-written documents: a name in another case, a value that no enum has, a comment, two documents.
    private const string Pasted = """
        # copied from the wiki
        apiVersion: connectivity.iotoperations.azure.com/v1
        kind: DataflowEndpoint
        metadata:
          name: line3-broker
          namespace: azure-iot-operations
        spec:
          endpointType: Mqtt
          mqttSettings:
            host: "mqtt.line3.example:8883"
            authentication:
              method: Anonymous
              anonymousSettings: {}
            CloudEventAttributes: Propagate
            tls:
              mode: Enabled
        ---
        apiVersion: connectivity.iotoperations.azure.com/v1
        kind: DataflowEndpoint
        metadata:
          name: historian
        spec:
          endpointType: Kafka
          kafkaSettings:
            host: "<KAFKA-HOST>:9092"
            authentication:
              method: Anonymous
              anonymousSettings: {}

        """;

    [Fact]
    public async Task Pasted_documents_are_found_faulty_shown_applied_and_listed()
    {
        using var data = new TemporaryFolder();
        await using var portal = await PortalProcess.StartAsync(data.Path);
        var page = await chromium.OpenAsync(portal.Address, "/import");
        await page.GetByLabel("Text to import").FillAsync(Pasted);
        await page.GetByRole(AriaRole.Button, new() { Name = "Read", Exact = true }).ClickAsync();

        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("2 documents in pasted text");
        await page.GetByRole(AriaRole.Button, new() { Name = "line3-broker" }).ClickAsync();
        await page.Locator(".impf").Filter(new() { HasText = "cloudEventAttributes" }).First.ClickAsync();
        await Expect(page.Locator(".impcode .ln.cur")).ToContainTextAsync("CloudEventAttributes: Propagate");
        await Expect(page.Locator(".impcode .ln.cur")).ToBeInViewportAsync();

        await page.GetByRole(AriaRole.Button, new() { Name = "Apply 1 document" }).ClickAsync();
        await Expect(page.GetByText("1 document applied")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Dataflow endpoints" }).First.ClickAsync();
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "line3-broker" })).ToBeVisibleAsync();
        Assert.Contains("cloudEventAttributes: Propagate", await File.ReadAllTextAsync(data.Combine("manifests/dataflowendpoints/line3-broker.yaml"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.False(File.Exists(data.Combine("manifests/dataflowendpoints/historian.yaml")));
    }

    [Theory]
    [InlineData(ColorScheme.Light, 1280)]
    [InlineData(ColorScheme.Dark, 400)]
    public async Task Axe_finds_nothing_in_the_result(ColorScheme scheme, int width)
    {
        using var data = new TemporaryFolder();
        await using var portal = await PortalProcess.StartAsync(data.Path);
        var page = await chromium.OpenAsync(portal.Address, "/import", width, scheme);
        await page.GetByLabel("Text to import").FillAsync(Pasted);
        await page.GetByRole(AriaRole.Button, new() { Name = "Read", Exact = true }).ClickAsync();
        await page.Locator(".impf").First.WaitForAsync();
        var result = await page.RunAxe(new AxeRunOptions { RunOnly = new RunOnlyOptions { Type = "tag", Values = [.. AccessibilityTests.Tags] } });
        Assert.Equal([], result.Violations.SelectMany(violation => violation.Nodes.Select(node => $"{violation.Id}: {violation.Help}: {node.Html}")));
    }

    [Fact]
    public async Task Files_of_more_than_a_message_of_the_circuit_are_taken_whole()
    {
        using var data = new TemporaryFolder();
        await using var portal = await PortalProcess.StartAsync(data.Path);
        var page = await chromium.OpenAsync(portal.Address, "/import");
        var text = string.Join("---\n", Enumerable.Range(0, 600).Select(number => Pasted[..Pasted.IndexOf("---", StringComparison.Ordinal)].Replace("line3-broker", $"line-{number:D4}", StringComparison.Ordinal)));
        await page.Locator("#import-drop-files").SetInputFilesAsync(
        [
            new FilePayload { Name = "many.yaml", MimeType = "application/yaml", Buffer = System.Text.Encoding.UTF8.GetBytes(text) },
            new FilePayload { Name = "one.yaml", MimeType = "application/yaml", Buffer = System.Text.Encoding.UTF8.GetBytes(Pasted) },
        ]);
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("602 documents in 2 files");
        await page.GetByRole(AriaRole.Region, new() { Name = "Documents" }).EvaluateAsync("list => list.scrollTop = list.scrollHeight");
        await page.GetByRole(AriaRole.Button, new() { Name = "historian" }).ClickAsync();
        await Expect(page.Locator(".impcode h2")).ToHaveTextAsync("one.yaml");
    }
}
