using System.Text.Json.Nodes;
using Portal.Messaging.Connections;

namespace Portal.Messaging.Probes;

/// <summary>The requests that flows need, and the versions of them that a broker takes. Pure.</summary>
internal static class KafkaVersions
{
    // Headers came with version 3 of Produce and 4 of Fetch (Kafka 0.11), https://kafka.apache.org/protocol#protocol_api_keys
    private static readonly (short Key, string Name, short Needed)[] _needed =
    [
        (0, "Produce", 3), (1, "Fetch", 4), (2, "ListOffsets", 1), (3, "Metadata", 1), (8, "OffsetCommit", 2), (9, "OffsetFetch", 1),
        (10, "FindCoordinator", 0), (11, "JoinGroup", 0), (17, "SaslHandshake", 0), (18, "ApiVersions", 0), (22, "InitProducerId", 0), (36, "SaslAuthenticate", 0),
    ];

    public static JsonArray Evidence(IReadOnlyDictionary<short, (short Least, short Most)> versions) =>
    [
        .. _needed.Where(api => versions.ContainsKey(api.Key)).Select(JsonNode? (api) => new JsonObject
        {
            ["request"] = api.Name,
            ["versions"] = $"{versions[api.Key].Least} to {versions[api.Key].Most}",
        }),
    ];

    /// <summary>Why flows cannot work with a broker of these versions; null when they can.</summary>
    public static Problem? Check(IReadOnlyDictionary<short, (short Least, short Most)> versions) =>
        _needed.FirstOrDefault(api => api.Key <= 1 && versions.TryGetValue(api.Key, out var range) && range.Most < api.Needed) is { Name: { } name } old
            ? new Problem(
                "kafka-version", $"The broker takes {name} up to version {versions[old.Key].Most}, messages with headers need {old.Needed}: it is older than Kafka 0.11.",
                "Use Apache Kafka 1.0 or newer; for old brokers raise log.message.format.version too.")
            { Summary = "The broker is too old" }
            : null;
}
