using System.Diagnostics;
using System.Text;
using Portal.Model.Documents;
using Portal.Model.Documents.Import;
using Portal.Tests.Shared;

namespace Portal.Benchmarks;

/// <summary>
/// The importer on large, hostile and damaged texts. Wanted: 5,000 documents and 10 MB in a few seconds, and of 100,000 damaged texts none
/// that throws or takes long.
/// </summary>
internal static class ImporterBenchmark
{
    /// <summary>Damaged texts that are tried.</summary>
    public const int Inputs = 100_000;

    private const int Seed = 20241107;
    private const int TenMegabytes = 10_000_000;

    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    public static void Run(int inputs)
    {
        Large();
        Hostile();
        Damaged(inputs);
    }

    private static void Large()
    {
        Measure("5,000 documents as YAML", Many(5000, DocumentFormat.Yaml));
        var json = new StringBuilder("[");
        json.AppendJoin(",\n", Enumerable.Range(0, 5000).Select(at => Text(at, DocumentFormat.Json))).Append(']');
        Measure("5,000 documents as JSON", json.ToString());
        var bicep = new StringBuilder();
        for (var at = 0; at < 5000; at++)
            bicep.Append(System.Globalization.CultureInfo.InvariantCulture, $"resource r{at} 'Microsoft.IoTOperations/instances/dataflowEndpoints@2024-11-01' = {{\n  name: 'i/line-{at}'\n  properties: {{\n    endpointType: 'Mqtt'\n    mqttSettings: {{\n      host: 'broker.example:8883'\n      authentication: {{ method: 'Anonymous' }}\n    }}\n  }}\n}}\n");
        Measure("5,000 resources as Bicep", bicep.ToString());
        var padding = "# " + new string('x', 1600) + "\n";
        Measure("10 MB of YAML, 5,000 documents", string.Concat(Enumerable.Range(0, 5000).Select(at => "---\n" + padding + Text(at, DocumentFormat.Yaml)))[..TenMegabytes]);
    }

    private static void Hostile()
    {
        Measure("10 MB in one text", "a: " + new string('x', TenMegabytes));
        Measure("10 MB in one quoted text", "a: \"" + new string('x', TenMegabytes) + "\"");
        Measure("10 MB in one name", new string('x', TenMegabytes) + ": 1");
        Measure("10 MB of brackets", new string('[', TenMegabytes));
        Measure("10 MB of hyphens", Repeat("- ", TenMegabytes));
        Measure("10 MB of open texts", Repeat("'${", TenMegabytes));
        Measure("10 MB of members", Numbered("a{0}: 1\n"));
        Measure("10 MB of members of JSON in one line", "{" + Numbered("\"a{0}\":1,") + "\"b\":1}");
        Measure("10 MB of items", "[" + Repeat("1,", TenMegabytes) + "1]");
        Measure("10 MB of documents", Repeat("---\na: 1\n", TenMegabytes));
        Measure("10 MB of markers", Repeat("---\n...\n", TenMegabytes));
        Measure("10 MB of blank lines", Repeat("\n", TenMegabytes) + "a: 1");
        Measure("10 MB of comments", Repeat("# x\n", TenMegabytes));
        Measure("10 MB of a block", "a: |\n" + Repeat("  x\n", TenMegabytes));
        Measure("10 MB of anchors", Numbered("a{0}: &a{0} 1\n"));
        Measure("10 MB of placeholders", "kafkaSettings:\n  host: \"" + Repeat("<A", TenMegabytes) + "\"");
        Measure("10 MB of Bicep statements", Numbered("var a{0} = 1\n"));
        Measure("10 MB of Bicep blank lines", "param a string = ''\n" + Repeat("\n", TenMegabytes));
        Measure("10 MB of broken Bicep", "param a string = ''\n" + Repeat("] } : = ", TenMegabytes));
        Measure("10 MB of one kind broken", Repeat("---\nkind: Dataflow\nmetadata:\n    x: 1\n  y: 2\n", TenMegabytes));
        Measure("10 MB of one broken document", "kind: Dataflow\nmetadata:\n" + Repeat("    x1: 1\n", TenMegabytes) + "  y: 2\n");
    }

    private static void Damaged(int inputs)
    {
        var seeds = Seeds();
        var random = new Random(Seed);
        var (outcomes, longest, all) = (new Dictionary<string, int>(), TimeSpan.Zero, Stopwatch.StartNew());
        for (var at = 0; at < inputs; at++)
        {
            var text = TextMutation.Of(seeds[random.Next(seeds.Count)], random);
            var clock = Stopwatch.StartNew();
            var result = Importer.Read(text);
            longest = clock.Elapsed > longest ? clock.Elapsed : longest;
            if (clock.Elapsed > Longest)
                throw new InvalidOperationException($"Input {at} took {clock.Elapsed.TotalSeconds:F1} s.");
            var outcome = result.Refusal is { } refusal ? "text " + refusal : result.Documents.Count == 0 ? "no document"
                : result.Documents.All(document => document.Outcome is not ImportOutcome.Refused) ? result.AllFindings.Any() ? "taken with findings" : "taken" : "refused";
            outcomes[outcome] = outcomes.GetValueOrDefault(outcome) + 1;
        }
        Console.WriteLine($"{inputs} damaged texts: {all.Elapsed.TotalSeconds:F1} s, the longest {longest.TotalMilliseconds:F0} ms, none threw; {string.Join(", ", outcomes.OrderByDescending(one => one.Value).Select(one => $"{one.Key} {one.Value}"))}");
    }

    private static List<string> Seeds()
    {
        var seeds = ValidEndpoint.Cases.SelectMany(@case => new[] { DocumentFormat.Yaml, DocumentFormat.Json, DocumentFormat.Arm, DocumentFormat.Bicep }.Select(format => EndpointDocuments.Write(@case.Full, format).Text)).ToList();
        foreach (var file in Directory.EnumerateFiles(RepositoryRoot.Combine("tests", "Portal.Model.Tests", "Import", "Data"), "*.txt"))
            seeds.AddRange(File.ReadAllText(file).Split("%% ", StringSplitOptions.RemoveEmptyEntries).Select(part => part[(part.IndexOf('\n', StringComparison.Ordinal) + 1)..]));
        return seeds;
    }

    private static void Measure(string what, string text)
    {
        GC.Collect();
        var before = GC.GetTotalAllocatedBytes();
        var clock = Stopwatch.StartNew();
        var result = Importer.Read(text, new ImportOptions { MostCharacters = int.MaxValue });
        var elapsed = clock.Elapsed;
        var made = (GC.GetTotalAllocatedBytes() - before) / 1_000_000;
        Console.WriteLine($"{what} ({text.Length / 1_000_000.0:F1} MB): {elapsed.TotalMilliseconds:F0} ms, {made} MB allocated, {result.Documents.Count(document => document.Outcome is ImportOutcome.Imported)} of {result.Documents.Count} imported{(result.Refusal is { } refusal ? ", refused: " + refusal : "")}");
    }

    private static string Many(int count, DocumentFormat format) => string.Concat(Enumerable.Range(0, count).Select(at => "---\n" + Text(at, format)));

    private static string Text(int at, DocumentFormat format)
    {
        var @case = ValidEndpoint.Cases[at % ValidEndpoint.Cases.Count];
        return EndpointDocuments.Write((at % 2 == 0 ? @case.Full : @case.Basic) with { Name = $"line-{at}" }, format).Text;
    }

    private static string Repeat(string part, int length) => new StringBuilder(length + part.Length).Insert(0, part, length / part.Length).ToString();

    private static string Numbered(string format)
    {
        var text = new StringBuilder(TenMegabytes + 100);
        for (var at = 0; text.Length < TenMegabytes; at++)
            text.Append(format.Replace("{0}", at.ToString(System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal));
        return text.ToString();
    }
}
