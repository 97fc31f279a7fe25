using System.Globalization;
using System.Text.Json.Nodes;

namespace Portal.Components.Testing;

/// <summary>One certificate of the chain as a report's evidence holds it.</summary>
public sealed record ChainView(
    string Title, string Role, bool Received, bool Trusted, bool SelfSigned, string Subject, string Issuer, string Names, DateTimeOffset NotBefore, DateTimeOffset NotAfter, string Key, string Sha256, string? Pem)
{
    public bool IsAuthority => Role != "server";

    public static IReadOnlyList<ChainView> Of(JsonObject evidence) =>
        evidence["chain"] is JsonArray chain ? [.. chain.OfType<JsonObject>().Select(One)] : [];

    private static ChainView One(JsonObject node) => new(
        String(node["title"]), String(node["role"]), Bool(node["received"]), Bool(node["trusted"]), Bool(node["selfSigned"]), String(node["subject"]), String(node["issuer"]),
        node["names"] is JsonArray names ? string.Join(", ", names.Select(String)) : "",
        Date(node["notBefore"]), Date(node["notAfter"]), string.Join(", ", new[] { String(node["key"]), String(node["signature"]) }.Where(part => part.Length > 0)),
        CaFingerprint.Grouped(String(node["sha256"])), node["pem"]?.ToString());

    private static string String(JsonNode? node) => node is JsonValue value && value.TryGetValue<DateTime>(out var at) ? at.ToString("O", CultureInfo.InvariantCulture) : node?.ToString() ?? "";

    private static DateTimeOffset Date(JsonNode? node) =>
        DateTimeOffset.TryParse(String(node), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date) ? date : default;

    private static bool Bool(JsonNode? node) => node is JsonValue value && value.TryGetValue<bool>(out var yes) && yes;
}
