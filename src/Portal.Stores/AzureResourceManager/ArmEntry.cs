using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Portal.Model;
using Portal.Model.Documents;
using Portal.Model.Ports;
using Portal.Model.Validation;

namespace Portal.Stores.AzureResourceManager;

/// <summary>What a resource is called in the store.</summary>
internal readonly record struct ArmKey(ResourceKind Kind, string Name);

/// <summary>One resource as Azure gave it: readable, or a problem.</summary>
internal sealed record ArmEntry(ArmKey Key, string? Profile, JsonObject Body, string Revision, string? ETag, StoredResource? Resource, StoreProblem? Problem)
{
    /// <summary>State of its last change.</summary>
    public string? State => ArmOperations.StateOf(Body);

    /// <param name="kind">Its kind.</param>
    /// <param name="body">The resource as Azure gives it.</param>
    /// <param name="profile">The profile of a dataflow.</param>
    /// <param name="eTag">Its ETag; null when the service gives none.</param>
    public static ArmEntry Read(ResourceKind kind, JsonObject body, string? profile, string? eTag = null)
    {
        var (id, name) = (Text(body["id"]) ?? "", Text(body["name"]) ?? "");
        var read = ArmResource.Read(kind, body, profile);
        var revision = RevisionOf(ArmResource.Written(body));
        var stored = read.Resource is { } resource
            ? new StoredResource(resource, revision, Modified(body), id) { Status = ArmStatus.Of(body) }
            : null;
        var problem = stored is null ? new StoreProblem(id, name, read.Findings.First(finding => finding.Severity is Severity.Error)) : null;
        return new ArmEntry(new ArmKey(kind, name), profile, body, revision, Text(body["etag"]) ?? eTag, stored, problem);
    }

    /// <summary>
    /// A revision of what people write. The service's ETag also changes with its own state, which would make every save after
    /// a change of that a conflict; it guards the write itself instead.
    /// </summary>
    public static string RevisionOf(JsonObject written)
    {
        var text = new StringBuilder();
        Sorted(written, text);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())))[..16];
    }

    internal static string? Text(JsonNode? node) => node?.GetValueKind() is JsonValueKind.String ? node.GetValue<string>() : null;

    private static void Sorted(JsonNode? node, StringBuilder text)
    {
        switch (node)
        {
            case JsonObject members:
                text.Append('{');
                foreach (var (name, value) in members.OrderBy(member => member.Key, StringComparer.Ordinal))
                {
                    text.Append(JsonSerializer.Serialize(name)).Append(':');
                    Sorted(value, text);
                    text.Append(',');
                }
                text.Append('}');
                break;
            case JsonArray items:
                text.Append('[');
                foreach (var item in items)
                {
                    Sorted(item, text);
                    text.Append(',');
                }
                text.Append(']');
                break;
            default:
                text.Append(node?.ToJsonString() ?? "null");
                break;
        }
    }

    private static DateTimeOffset Modified(JsonObject body)
    {
        var system = body["systemData"] as JsonObject;
        return DateTimeOffset.TryParse(Text(system?["lastModifiedAt"]) ?? Text(system?["createdAt"]), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : default;
    }
}
