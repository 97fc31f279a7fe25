using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Portal.AzureServer;

/// <summary>What the resource provider refuses in the body of a PUT: what the published schema requires, and its ranges.</summary>
internal static partial class ArmChecks
{
    [GeneratedRegex("^[a-z0-9][a-z0-9-]*[a-z0-9]\\z")]
    private static partial Regex Name();

    [GeneratedRegex("^/subscriptions/[^/]+/resourceGroups/[^/]+/providers/Microsoft.ExtendedLocation/customLocations/[^/]+\\z", RegexOptions.IgnoreCase)]
    private static partial Regex CustomLocation();

    private static readonly (string Path, long Least, long Most)[] Ranges =
    [
        ("kafkaSettings.batching.latencyMs", 0, 65535), ("kafkaSettings.batching.maxBytes", 0, int.MaxValue), ("kafkaSettings.batching.maxMessages", 0, int.MaxValue),
        ("mqttSettings.qos", 0, 1), ("mqttSettings.keepAliveSeconds", 0, int.MaxValue), ("mqttSettings.maxInflightMessages", 0, int.MaxValue),
        ("mqttSettings.sessionExpirySeconds", 0, int.MaxValue), ("instanceCount", 1, 20), ("diagnostics.metrics.prometheusPort", 0, 65535),
    ];

    private static readonly (string Type, string Path)[] Required =
    [
        (ArmType.Endpoints, "endpointType"), (ArmType.Dataflows, "operations"),
        (ArmType.ProviderClasses, "clientId"), (ArmType.ProviderClasses, "keyvaultName"), (ArmType.ProviderClasses, "tenantId"),
        (ArmType.SecretSyncs, "kubernetesSecretType"), (ArmType.SecretSyncs, "objectSecretMapping"), (ArmType.SecretSyncs, "secretProviderClassName"), (ArmType.SecretSyncs, "serviceAccountName"),
    ];

    public static Reply? Problem(ArmId id, ArmType type, JsonObject body, JsonObject? was)
    {
        if (type.Name.StartsWith(ArmType.Instances + "/", StringComparison.Ordinal) && (id.Name.Length is < 3 or > 63 || !Name().IsMatch(id.Name)))
            return Reply.Error(400, "InvalidResourceName", $"The resource name '{id.Name}' is not valid: 3 to 63 characters of a-z, 0-9 and hyphen.", "name");
        foreach (var member in new[] { "location", "tags" }.Where(body.ContainsKey))
            if (!type.IsTracked)
                return Reply.Error(400, "InvalidRequestContent", $"The request content was invalid: could not find member '{member}' on object of type '{type.Name}'.", member);
        if (type.IsTracked && body["location"] is null)
            return Reply.Error(400, "LocationRequired", "The location property is required for this definition.", "location");
        if (type.IsExtended && Extended(body, was) is { } extended)
            return extended;
        if (body["properties"] is not JsonObject properties)
            return Reply.Error(400, "InvalidRequestContent", "The request content was invalid: 'properties' is missing.", "properties");
        var details = Details(type, properties).ToArray();
        return details.Length == 0 ? null
            : Reply.Error(400, "ValidationError", "The resource is not valid. See details.", null, details);
    }

    private static Reply? Extended(JsonObject body, JsonObject? was)
    {
        if (body["extendedLocation"] is not JsonObject given)
            return was is null ? Reply.Error(400, "ExtendedLocationRequired", "The property 'extendedLocation' is required to create this resource.", "extendedLocation")
                : Reply.Error(400, "PropertyChangeNotAllowed", "Changing property 'extendedLocation' is not allowed.", "extendedLocation");
        if (Text(given["type"]) != "CustomLocation" || Text(given["name"]) is not { } name || !CustomLocation().IsMatch(name))
            return Reply.Error(400, "InvalidExtendedLocation", "The extended location is not the resource id of a custom location.", "extendedLocation.name");
        return was is not null && !name.Equals(Text(was["extendedLocation"]?["name"]), StringComparison.OrdinalIgnoreCase)
            ? Reply.Error(400, "PropertyChangeNotAllowed", "Changing property 'extendedLocation.name' is not allowed.", "extendedLocation")
            : null;
    }

    private static IEnumerable<JsonObject> Details(ArmType type, JsonObject properties)
    {
        foreach (var (_, path) in Required.Where(one => one.Type == type.Name))
            if (Find(properties, path) is null)
                yield return Missing(path);
        if (Settings(properties) is { } settings)
        {
            if (settings == "kafkaSettings" && Find(properties, settings + ".host") is null)
                yield return Missing(settings + ".host");
            if (Find(properties, settings + ".authentication.method") is null)
                yield return Missing(settings + ".authentication.method");
        }
        foreach (var (path, least, most) in Ranges)
            if (Find(properties, path) is JsonValue number && (number.GetValueKind() is not JsonValueKind.Number || (decimal)number < least || (decimal)number > most))
                yield return Reply.ErrorOf("InvalidPropertyValue", string.Create(CultureInfo.InvariantCulture, $"The value {number.ToJsonString()} of '{path}' is not between {least} and {most}."), "properties." + path);
    }

    private static string? Settings(JsonObject properties) => Text(properties["endpointType"]) switch
    {
        "Kafka" => "kafkaSettings",
        "Mqtt" => "mqttSettings",
        _ => null,
    };

    private static JsonObject Missing(string path) => Reply.ErrorOf("MissingRequiredProperty", $"The required property '{path}' is missing.", "properties." + path);

    private static JsonNode? Find(JsonObject root, string path)
    {
        JsonNode? node = root;
        foreach (var name in path.Split('.'))
            node = (node as JsonObject)?[name];
        return node;
    }

    private static string? Text(JsonNode? node) => node?.GetValueKind() is JsonValueKind.String ? (string?)node : null;
}
