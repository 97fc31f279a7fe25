using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
using Portal.Drafts;
using Portal.Model.Documents;
using Portal.Model.Documents.Import;
using Portal.Model.Endpoints;
using Portal.Tests.Shared;

namespace Portal.Benchmarks;

/// <summary>10 MB of 5,000 documents: read by the importer, through the API, and drawn by the page's parts.</summary>
internal static class ImportBenchmark
{
    private const int Documents = 5_000;
    private const int Characters = 10 * 1024 * 1024;
    private const int Runs = 3;

    public static async Task RunAsync()
    {
        var text = Text();
        Console.WriteLine($"import: {text.Length:N0} characters, {Documents:N0} documents");
        Report("Importer.Read", () => Importer.Read(text).Documents.Count);
        Report("lines of the page, secrets looked for", () => new ImportText("all.yaml", SecretMask.Apply(text, [])).Numbers.Count);

        using var folder = new TemporaryFolder();
        await PublishedPortal.PublishAsync(folder.Combine("portal"));
        var (process, address, _) = await PublishedPortal.StartAsync(folder.Combine("portal"), folder.Combine("data"), "/healthz/ready");
        await using (process)
        {
            using var client = new HttpClient { BaseAddress = address, Timeout = TimeSpan.FromMinutes(20) };
            await PostAsync(client, text, "", "API, compared only");
            await PostAsync(client, text, "?apply=true", "API, all saved");
            await PostAsync(client, text, "?apply=true", "API, all the same again");
            await process.TerminateAsync();
        }
    }

    private static async Task PostAsync(HttpClient client, string text, string query, string what)
    {
        var clock = Stopwatch.StartNew();
        using var answer = await client.PostAsync("/api/v1/import" + query, new StringContent(text, Encoding.UTF8, "text/plain"));
        var body = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
        var states = body["documents"]!.AsArray().CountBy(document => (string)document!["state"]!).Select(state => $"{state.Value:N0} {state.Key}");
        Console.WriteLine($"{what}: {clock.Elapsed.TotalSeconds:F2} s, {string.Join(", ", states)}");
    }

    private static void Report(string what, Func<int> run)
    {
        for (var at = 0; at < Runs; at++)
        {
            var before = GC.GetTotalAllocatedBytes();
            var clock = Stopwatch.StartNew();
            var count = run();
            Console.WriteLine($"{what}: {clock.Elapsed.TotalSeconds:F2} s, {count:N0}, {(GC.GetTotalAllocatedBytes() - before) / 1048576:N0} MB allocated");
        }
    }

    /// <summary>Documents with comments until the text is as long as is read.</summary>
    private static string Text()
    {
        var text = new StringBuilder(Characters);
        var each = (Characters - (64 * Documents)) / Documents;
        for (var number = 0; number < Documents; number++)
        {
            var kind = EndpointKind.All[number % EndpointKind.All.Length];
            var endpoint = kind.New($"import-{number:D5}");
            endpoint = endpoint with { Settings = endpoint.Settings! with { Host = kind.HostExample, Authentication = endpoint.Settings.Authentication ?? new Authentication.Anonymous() } };
            var start = text.Length;
            text.Append(number == 0 ? "" : "---\n").Append(Manifest.Write(endpoint));
            while (text.Length - start < each)
                text.Append("# what somebody wanted to remember about this endpoint and its plant\n");
        }
        return text.ToString();
    }
}
