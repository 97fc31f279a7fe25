using System.Text.Json.Nodes;

namespace Portal.Messaging.Probes;

/// <summary>What differs between the last good run of an endpoint and a later one, as sentences. Pure.</summary>
public static class TestComparison
{
    private const int MostShown = 8;

    // Stage, where the fact stands in its evidence, and how it is called.
    private static readonly (TestStage Stage, string Path, string Name)[] _facts =
    [
        (TestStage.Name, "host", "The host"),
        (TestStage.Name, "addresses", "What the name leads to"),
        (TestStage.Secrets, "clientCertificate.subject", "The client certificate"),
        (TestStage.Secrets, "clientCertificate.notAfter", "The last day of the client certificate"),
        (TestStage.Secrets, "trustedCas", "The trusted CAs"),
        (TestStage.Tls, "protocol", "The TLS version"),
        (TestStage.Tls, "trust", "What is trusted"),
        (TestStage.Tls, "clientCertificateRequested", "Whether the server asks for a client certificate"),
        (TestStage.WebSocket, "path", "The WebSocket path"),
        (TestStage.SignIn, "method", "The authentication method"),
        (TestStage.SignIn, "mechanism", "The SASL mechanism"),
        (TestStage.SignIn, "reasonCode", "The broker's answer to the sign-in"),
        (TestStage.Broker, "clusterId", "The Kafka cluster"),
        (TestStage.Topic, "topic", "The topic"),
        (TestStage.Topic, "partitions", "The number of partitions"),
    ];

    /// <summary>The differences; empty when nothing that a test sees has changed.</summary>
    public static IReadOnlyList<string> Changes(TestReport good, TestReport later)
    {
        var changes = new List<string>();
        foreach (var (stage, path, name) in _facts)
        {
            if (Fact(good, stage, path) is { } before && Fact(later, stage, path) is { } after && before != after)
                changes.Add($"{name}: {before} before, now {after}.");
        }
        AddChain(good, later, changes);
        AddRows(good, later, "facts", "name", "granted", changes);
        AddRows(good, later, "brokers", "id", "address", changes);
        return changes;
    }

    private static void AddChain(TestReport good, TestReport later, List<string> changes)
    {
        if (Chain(good) is not { Count: > 0 } before || Chain(later) is not { Count: > 0 } after)
            return;
        if (before[^1]["sha256"]?.ToString() != after[^1]["sha256"]?.ToString())
            changes.Add($"The end of the server's chain: '{before[^1]["title"]}' before, now '{after[^1]["title"]}'.");
        if (before[0]["sha256"]?.ToString() != after[0]["sha256"]?.ToString())
            changes.Add($"The server's certificate is another one: '{after[0]["title"]}', valid to {Text(after[0]["notAfter"])}.");
    }

    private static void AddRows(TestReport good, TestReport later, string list, string key, string value, List<string> changes)
    {
        var before = Rows(good, list, key, value);
        var after = Rows(later, list, key, value);
        if (before.Count == 0 || after.Count == 0)
            return;
        foreach (var name in before.Keys.Union(after.Keys).Take(MostShown))
        {
            var (old, now) = (before.GetValueOrDefault(name), after.GetValueOrDefault(name));
            if (old != now)
                changes.Add($"{(list == "brokers" ? $"Broker {name}" : name)}: {old ?? "not there"} before, now {now ?? "not there"}.");
        }
    }

    private static Dictionary<string, string> Rows(TestReport report, string list, string key, string value) =>
        Stage(report, TestStage.Broker)?.Evidence[list] is JsonArray rows
            ? rows.OfType<JsonObject>().DistinctBy(row => Text(row[key])).ToDictionary(row => Text(row[key]), row => Text(row[value]))
            : [];

    private static List<JsonObject>? Chain(TestReport report) =>
        Stage(report, TestStage.Tls)?.Evidence["chain"] is JsonArray chain ? [.. chain.OfType<JsonObject>()] : null;

    private static string? Fact(TestReport report, TestStage stage, string path)
    {
        JsonNode? node = Stage(report, stage)?.Evidence;
        foreach (var part in path.Split('.'))
            node = (node as JsonObject)?[part];
        return node is null ? null : Text(node);
    }

    private static StageResult? Stage(TestReport report, TestStage stage) => report.Stages.FirstOrDefault(one => one.Stage == stage);

    private static string Text(JsonNode? node) => node switch
    {
        null => "",
        JsonArray list => string.Join(", ", list.Select(Text)),
        JsonValue value when value.TryGetValue<DateTime>(out var date) => date.ToString("d MMM yyyy", System.Globalization.CultureInfo.InvariantCulture),
        JsonValue value when value.TryGetValue<bool>(out var yes) => yes ? "yes" : "no",
        _ => node.ToString(),
    };
}
