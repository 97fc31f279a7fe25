using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Portal.Model.Endpoints;
using Portal.Model.Validation;

namespace Portal.Model.Documents;

/// <summary>Reads an endpoint from ARM JSON: the resource as Azure gives it, or a deployment template with one endpoint.</summary>
public static partial class ArmDocument
{
    /// <summary>First day of the API versions with today's shape.</summary>
    internal const string OldestApiVersion = "2024-08-15";

    /// <summary>Members of <c>properties</c> that Azure adds and nobody writes.</summary>
    internal static readonly string[] ReadOnlyProperties = ["provisioningState", "healthState"];

    [GeneratedRegex("^[0-9]{4}-[0-9]{2}-[0-9]{2}(-preview)?\\z")]
    internal static partial Regex ApiVersion();

    /// <summary>Reads one endpoint; every finding has line and column. Expressions are taken where they only name a parameter or a variable.</summary>
    public static ReadResult Read(string json)
    {
        var text = JsonTextReader.Read(json);
        if (text.Findings.Count > 0)
            return new ReadResult(null, text.Findings);
        var (root, positions) = text.Documents[0];
        var findings = new List<Finding>();
        var (resource, path) = root["resources"] is null ? (root, "") : FindInTemplate(root, findings);
        if (resource is null)
            return new ReadResult(null, [.. findings.Select(positions.Place)]);
        ReadResult read;
        try
        {
            read = ReadResource(resource, new ArmExpressions(root), findings);
        }
        catch (Import.TextRefusedException refused)
        {
            return new ReadResult(null, [refused.Finding]);
        }
        return read with { Findings = [.. read.Findings.Select(finding => Place(finding, positions, path))] };
    }

    /// <summary>Reads the resource as Azure gives it.</summary>
    public static ReadResult Read(JsonObject resource) => ReadResource(resource, null, []);

    private static ReadResult ReadResource(JsonObject resource, ArmExpressions? expressions, List<Finding> findings)
    {
        var shape = new ShapeReader(resource, findings);
        if (shape.Text("type") is { } type && !type.Equals(ArmText.ResourceType, StringComparison.OrdinalIgnoreCase))
            findings.Add(Finding.Error("arm-type", "type", $"The type '{type}' is not a dataflow endpoint.", $"Give a resource of type {ArmText.ResourceType}."));
        if (shape.Text("apiVersion") is { } version && (!ApiVersion().IsMatch(version) || string.CompareOrdinal(version, OldestApiVersion) < 0))
            findings.Add(Finding.Error("arm-api-version", "apiVersion", $"The API version '{version}' is not taken: endpoints look different there.", $"Use {DocumentOptions.DefaultApiVersion}, or another from {OldestApiVersion}-preview on."));
        var name = Evaluate(shape.Find("name"), "name", expressions, findings);
        if (shape.Find("properties") is not JsonObject properties)
        {
            findings.Add(Finding.Error("arm-properties", "properties", "The resource has no properties.", "Write properties with endpointType and the settings."));
            return new ReadResult(null, findings);
        }
        var spec = (JsonObject)Evaluate(properties, "spec", expressions, findings)!;
        foreach (var member in ReadOnlyProperties)
            spec.Remove(member);
        AddAnonymousSettings(spec);
        var read = ResourceJson.Read(new JsonObject
        {
            ["apiVersion"] = Resource.ApiVersion,
            ["kind"] = nameof(ResourceKind.DataflowEndpoint),
            ["metadata"] = new JsonObject { ["name"] = LastSegment(name), ["namespace"] = Resource.DefaultNamespace },
            ["spec"] = spec,
        });
        Finding[] all = [.. findings, .. read.Findings];
        return read.Resource is null ? new ReadResult(null, all) : ReadResult.Of(read.Resource, all);
    }

    /// <summary>Azure has no such object; the custom resource is written with it.</summary>
    internal static void AddAnonymousSettings(JsonObject spec)
    {
        foreach (var wire in Enum.GetValues<Wire>())
            if (JsonPaths.Find(spec, BrokerSettings.MemberOf(wire) + ".authentication") is JsonObject authentication
                && JsonText.Plain(authentication["method"]) == nameof(AuthenticationMethod.Anonymous))
                JsonPaths.Ensure(authentication, Authentication.SettingsMemberOf(AuthenticationMethod.Anonymous));
    }

    private static (JsonObject? Resource, string Path) FindInTemplate(JsonObject root, List<Finding> findings)
    {
        // Language version 2 names the resources; before, they are a list.
        var all = root["resources"] switch
        {
            JsonArray list => list.Select((item, at) => (Item: item as JsonObject, Path: $"resources[{at}]")),
            JsonObject named => named.Select(member => (Item: member.Value as JsonObject, Path: "resources." + member.Key)),
            _ => [],
        };
        var endpoints = all.Where(resource => JsonText.Plain(resource.Item?["type"])?.Equals(ArmText.ResourceType, StringComparison.OrdinalIgnoreCase) is true
            && resource.Item!["existing"] is null).ToList();
        if (endpoints.Count == 1)
            return endpoints[0];
        findings.Add(endpoints.Count == 0
            ? Finding.Error("arm-no-endpoint", "resources", "The template holds no dataflow endpoint.", $"Give a template with a resource of type {ArmText.ResourceType}.")
            : Finding.Error("several-documents", endpoints[1].Path, $"The template holds {endpoints.Count} dataflow endpoints; one is expected.", "Give one endpoint at a time."));
        return (null, "");
    }

    private static JsonNode? Evaluate(JsonNode? node, string path, ArmExpressions? expressions, List<Finding> findings)
    {
        switch (node)
        {
            case JsonObject members:
                return new JsonObject(members.Select(member => KeyValuePair.Create(member.Key, Evaluate(member.Value, path + "." + member.Key, expressions, findings))));
            case JsonArray items:
                return new JsonArray([.. items.Select((item, at) => Evaluate(item, $"{path}[{at}]", expressions, findings))]);
            case JsonValue when expressions is not null && JsonText.Plain(node) is { } text && node.GetValueKind() is System.Text.Json.JsonValueKind.String:
                if (expressions.TryEvaluate(text, out var value))
                    return value;
                findings.Add(Finding.Error("arm-expression", path, $"The value of the expression {text} is not known here.", "Write the value itself, or give the parameter a default value."));
                return null;
            default:
                return node?.DeepClone();
        }
    }

    private static JsonNode? LastSegment(JsonNode? name) =>
        name is JsonValue && name.GetValueKind() is System.Text.Json.JsonValueKind.String ? JsonValue.Create(name.GetValue<string>().Split('/')[^1]) : name;

    private static Finding Place(Finding finding, TextPositions positions, string resource)
    {
        var below = finding.Path == "metadata.name" ? "name"
            : finding.Path == "spec" || finding.Path.StartsWith("spec.", StringComparison.Ordinal) ? "properties" + finding.Path[4..]
            : finding.Path;
        var (line, column) = positions.Find(resource.Length == 0 ? below : resource + "." + below);
        return finding with { Line = line, Column = column };
    }
}
