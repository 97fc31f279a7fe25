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
    public async Task Files_of_more_than_a_message_of_the_circuit_are_taken_whole_even_when_the_script_comes_after_them()
    {
        using var data = new TemporaryFolder();
        await using var portal = await PortalProcess.StartAsync(data.Path);
        var page = await chromium.OpenAsync(portal.Address, "/endpoints");
        var held = new TaskCompletionSource<IRoute>(TaskCreationOptions.RunContinuationsAsynchronously);
        await page.RouteAsync("**/js/import.js", held.SetResult);
        await page.GotoAsync("/import");
        var script = await Wait.ForAsync(held.Task, "the page asks for its script");
        await page.Locator("#import-drop-files").SetInputFilesAsync(
        [
            new FilePayload { Name = "many.yaml", MimeType = "application/yaml", Buffer = System.Text.Encoding.UTF8.GetBytes(Many(600)) },
            new FilePayload { Name = "one.yaml", MimeType = "application/yaml", Buffer = System.Text.Encoding.UTF8.GetBytes(Pasted) },
        ]);
        await script.ContinueAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("602 documents in 2 files");
        await page.GetByRole(AriaRole.Region, new() { Name = "Documents" }).EvaluateAsync("list => list.scrollTop = list.scrollHeight");
        await page.GetByRole(AriaRole.Button, new() { Name = "historian" }).ClickAsync();
        await Expect(page.Locator(".impcode h2")).ToHaveTextAsync("one.yaml");
    }

    [Fact]
    public async Task A_folder_is_taken_whether_dropped_or_chosen_and_much_text_is_taken_as_it_is_pasted()
    {
        using var data = new TemporaryFolder();
        using var folder = new TemporaryFolder();
        foreach (var (path, name) in new[] { ("plant/line-1/broker.yaml", "line-1"), ("plant/line-2/deep/broker.yaml", "line-2"), ("plant/.git/config", "not-this") })
        {
            Directory.CreateDirectory(Path.GetDirectoryName(folder.Combine(path))!);
            await File.WriteAllTextAsync(folder.Combine(path), One(name), TestContext.Current.CancellationToken);
        }
        await using var portal = await PortalProcess.StartAsync(data.Path);
        var page = await chromium.OpenAsync(portal.Address, "/import");
        var title = page.GetByRole(AriaRole.Heading, new() { Level = 1 });

        await DropAsync(page, folder.Combine("plant"));
        await Expect(title).ToHaveTextAsync("2 documents in 2 files");
        await page.GetByRole(AriaRole.Button, new() { Name = "line-2" }).ClickAsync();
        await Expect(page.Locator(".impcode h2")).ToHaveTextAsync("plant/line-2/deep/broker.yaml");

        await page.GetByRole(AriaRole.Button, new() { Name = "Import something else" }).ClickAsync();
        await page.Locator("#import-drop-folder").SetInputFilesAsync(folder.Combine("plant"));
        await Expect(title).ToHaveTextAsync("2 documents in 2 files");

        // More than the box takes: it goes straight on, without the button.
        await page.GetByRole(AriaRole.Button, new() { Name = "Import something else" }).ClickAsync();
        await page.GetByLabel("Text to import").EvaluateAsync(
            "(box, text) => { const data = new DataTransfer(); data.setData('text/plain', text); box.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true })); }",
            Many(1200));
        await Expect(title).ToHaveTextAsync("1,200 documents in pasted text");
    }

    // A drop as the system makes it, so that the browser itself opens the folder.
    private static async Task DropAsync(IPage page, string path)
    {
        var box = await page.Locator("#import-drop[aria-busy=false]").BoundingBoxAsync() ?? throw new InvalidOperationException("The drop area is not shown.");
        var browser = await page.Context.NewCDPSessionAsync(page);
        var (x, y) = (box.X + (box.Width / 2), box.Y + 20);
        foreach (var type in new[] { "dragEnter", "dragOver", "drop" })
        {
            await browser.SendAsync("Input.dispatchDragEvent", new Dictionary<string, object>
            {
                ["type"] = type,
                ["x"] = x,
                ["y"] = y,
                ["data"] = new { items = Array.Empty<object>(), files = new[] { path }, dragOperationsMask = 1 },
            });
        }
    }

    private static string One(string name) => Pasted[..Pasted.IndexOf("---", StringComparison.Ordinal)].Replace("line3-broker", name, StringComparison.Ordinal);

    private static string Many(int count) => string.Join("---\n", Enumerable.Range(0, count).Select(number => One($"line-{number:D4}")));
}
