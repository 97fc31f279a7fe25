using System.Text.Json.Nodes;
using Portal.Components.Shared;
using Portal.Resources;

namespace Portal.Components.Testing;

/// <summary>A list in a stage's evidence as a table, and the rest as pairs and checks: a new fact needs no new markup.</summary>
internal sealed record EvidenceTable(IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<string>> Rows)
{
    // Shown in another way: the chain by TlsChain, problems as cause and fix, checks as a line.
    private static readonly string[] _elsewhere = ["chain", "problems", "checks"];

    public static IReadOnlyList<EvidenceTable> Of(JsonObject evidence) =>
        [.. Own(evidence).Select(member => member.Value).OfType<JsonArray>().Where(HoldsObjects).Select(Of)];

    public static IReadOnlyList<(string Name, string Value)> Pairs(JsonObject evidence) =>
        [.. Own(evidence).Where(member => member.Value is not null and not JsonArray { Count: 0 } && !(member.Value is JsonArray list && HoldsObjects(list)))
            .Select(member => (Title(member.Key), Value(member.Value)))];

    /// <summary>The lines of a check: of TLS with <c>ok</c>, of a topic with <c>result</c>.</summary>
    public static IReadOnlyList<(UiState State, string Text)> Checks(JsonObject evidence) =>
        evidence["checks"] is JsonArray checks ? [.. checks.OfType<JsonObject>().Select(check => (StateOf(check), Value(check["text"])))] : [];

    private static IEnumerable<KeyValuePair<string, JsonNode?>> Own(JsonObject evidence) => evidence.Where(member => !_elsewhere.Contains(member.Key));

    private static bool HoldsObjects(JsonArray list) => list.Count > 0 && list.All(item => item is JsonObject);

    private static EvidenceTable Of(JsonArray list)
    {
        var rows = list.OfType<JsonObject>().ToList();
        var columns = rows.SelectMany(row => row.Where(member => member.Value is not null).Select(member => member.Key)).Distinct().ToList();
        return new EvidenceTable([.. columns.Select(Title)], [.. rows.Select(IReadOnlyList<string> (row) => [.. columns.Select(column => Value(row[column]))])]);
    }

    private static UiState StateOf(JsonObject check) =>
        check["ok"] is JsonValue ok && ok.TryGetValue<bool>(out var good)
            ? good ? UiState.Passed : UiState.Failed
            : check["result"]?.ToString() switch { "failed" => UiState.Failed, "warning" => UiState.Warning, "skipped" => UiState.Skipped, _ => UiState.Passed };

    private static string Value(JsonNode? node) => node switch
    {
        null => "",
        JsonArray list => string.Join(", ", list.Select(Value)),
        JsonValue value when value.TryGetValue<bool>(out var yes) => yes ? Text.Evidence_Yes : Text.Evidence_No,
        _ => node.ToString(),
    };

    // clientId -> Client id
    private static string Title(string key) => Text.ResourceManager.GetString("Evidence_" + key, System.Globalization.CultureInfo.InvariantCulture)
        ?? string.Concat(key.Select((c, i) => i == 0 ? char.ToUpperInvariant(c).ToString() : char.IsUpper(c) ? " " + char.ToLowerInvariant(c) : c.ToString()));
}
