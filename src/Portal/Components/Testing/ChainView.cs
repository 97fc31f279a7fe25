using System.Globalization;
using System.Text.Json.Nodes;

namespace Portal.Components.Testing;

/// <summary>One certificate of the chain as a report's evidence holds it.</summary>
public sealed record ChainView(
    string Title, string Role, bool Received, bool Trusted, bool SelfSigned, string Subject, string Issuer, string Names, DateTimeOffset NotAfter, string Sha256, string? Pem)
{
    public bool IsAuthority => Role != "server";

    public static IReadOnlyList<ChainView> Of(JsonObject evidence) =>
        evidence["chain"] is JsonArray chain ? [.. chain.OfType<JsonObject>().Select(One)] : [];

    private static ChainView One(JsonObject node) => new(
        String(node["title"]), String(node["role"]), Bool(node["received"]), Bool(node["trusted"]), Bool(node["selfSigned"]), String(node["subject"]), String(node["issuer"]),
        node["names"] is JsonArray names ? string.Join(", ", names.Select(String)) : "",
        DateTimeOffset.TryParse(String(node["notAfter"]), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var notAfter) ? notAfter : default,
        CaFingerprint.Grouped(String(node["sha256"])), node["pem"]?.ToString());

    private static string String(JsonNode? node) => node is JsonValue value && value.TryGetValue<DateTime>(out var at) ? at.ToString("O", CultureInfo.InvariantCulture) : node?.ToString() ?? "";

    private static bool Bool(JsonNode? node) => node is JsonValue value && value.TryGetValue<bool>(out var yes) && yes;
}
