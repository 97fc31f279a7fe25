using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Portal.Model.Documents.Import;

/// <summary>A resource of Azure: of <c>az ... show</c>, of a template, of a Bicep file, or the file of <c>az ... apply</c>.</summary>
internal static partial class ArmEnvelope
{
    [GeneratedRegex(@"^\[(parameters|variables|concat|format|resourceId|reference|toLower)\(.*\)\]\z")]
    private static partial Regex Expression();

    private const string Instances = "Microsoft.IoTOperations/instances/";
    private const string OldApiVersion = "2024-07-01-preview";

    /// <summary>Types by the end of their name.</summary>
    private static readonly (string Type, ResourceKind Kind)[] Types =
    [
        ("dataflowEndpoints", ResourceKind.DataflowEndpoint), ("dataflowProfiles", ResourceKind.DataflowProfile), ("dataflowProfiles/dataflows", ResourceKind.Dataflow),
    ];

    private static readonly (string Type, string Kind)[] ListedTypes = [("dataflowProfiles/dataflowGraphs", "DataflowGraph"), ("registryEndpoints", "RegistryEndpoint")];

    public static ImportedDocument Read(ImportSource source, ImportOptions options)
    {
        source = source.Format is ImportFormat.Json or ImportFormat.Yaml ? source with { Format = ImportFormat.ArmResource } : source;
        var root = source.Root;
        var tree = new ImportTree(root, source.Position, [.. source.Findings]);
        var id = ImportSource.Text(root, "id");
        var fullName = ImportSource.TextOf(Evaluated(source, ImportSource.Member(root, "name"))) ?? id;
        var name = fullName?.Split('/')[^1];
        var properties = ImportSource.Member(root, "properties") as JsonObject;
        var type = ImportSource.Text(root, "type") ?? TypeOfId(id);
        var below = type is not null && type.StartsWith(Instances, StringComparison.OrdinalIgnoreCase) ? type[Instances.Length..] : null;
        if (ListedTypes.FirstOrDefault(one => one.Type.Equals(below, StringComparison.OrdinalIgnoreCase)).Kind is { } listed)
            return DocumentReader.List(source, listed, Shown(name));
        var known = Types.Where(one => one.Type.Equals(below, StringComparison.OrdinalIgnoreCase)).Select(one => (ResourceKind?)one.Kind).FirstOrDefault();
        var kind = type is null && properties is not null ? DocumentReader.KindOf(properties) : known;
        if (kind is null)
            return type is null
                ? DocumentReader.Refuse(source, "", Shown(name), "not-recognised", "properties", "Nothing in the properties says what it is.", "Give the type of the resource, for example " + ArmText.ResourceType + ".")
                : DocumentReader.Refuse(source, type, Shown(name), "arm-type", "type", $"A resource of type '{type}' is not one of Azure IoT Operations dataflows.", "Deploy it with Azure Resource Manager; endpoints, dataflows and profiles are imported here.");
        if (properties is null)
            return DocumentReader.Refuse(source, kind.Value.ToString(), Shown(name), "arm-properties", "properties", "The resource has no properties.", "Write properties with its settings.");
        var isOld = Version(tree);
        CustomLocation(source, tree);
        foreach (var member in new[] { "copy", "condition" }.Where(root.ContainsKey))
            Conditional(tree, member);
        return Finish(source, tree, kind.Value, fullName, properties, options, isOld);
    }

    private static ImportedDocument Finish(ImportSource source, ImportTree arm, ResourceKind kind, string? fullName, JsonObject properties, ImportOptions options, bool isOld)
    {
        var spec = (JsonObject)Evaluated(source, properties)!;
        foreach (var member in ArmDocument.ReadOnlyProperties.Append("status"))
            spec.Remove(member);
        var names = fullName?.Split('/') ?? [];
        var root = DocumentReader.Envelope(kind, names.Length == 0 ? null : names[^1], Resource.DefaultNamespace, spec);
        var position = new TextPosition(source.Position.Line, source.Position.Column);
        var metadata = position.Add("metadata", source.Position.Line, source.Position.Column);
        metadata.Put("name", source.Position.Member(ImportSource.Key(source.Root, "name") ?? "name"));
        position.Put("spec", source.Position.Member(ImportSource.Key(source.Root, "properties")!));
        if (kind is ResourceKind.Dataflow && !spec.ContainsKey("profileRef") && Parent(source, names) is { } profile)
            spec.Insert(0, "profileRef", profile);
        var tree = new ImportTree(root, position, arm.Findings);
        return DocumentReader.Finish(source, kind, tree, options, isOld: isOld);
    }

    /// <summary>In Azure a dataflow stands below its profile: around it, before it in its name, or in its id.</summary>
    private static string? Parent(ImportSource source, string[] names) =>
        source.ParentName?.Split('/')[^1] ?? (names.Length >= 2 && !names.Contains("providers") ? names[^2] : ImportSource.Text(source.Root, "id")?.Split('/') is { Length: >= 3 } id ? id[^3] : null);

    private static JsonNode? Evaluated(ImportSource source, JsonNode? node)
    {
        switch (node)
        {
            case JsonObject members:
                return new JsonObject(members.Select(member => KeyValuePair.Create(member.Key, Evaluated(source, member.Value))));
            case JsonArray items:
                return new JsonArray([.. items.Select(item => Evaluated(source, item))]);
            case JsonValue when source.Expressions is not null && ImportSource.TextOf(node) is { } text:
                source.Expressions.TryEvaluate(text, out var value);
                return value;
            // A resource that was cut out of its template.
            case JsonValue when source.Format is ImportFormat.ArmResource && ImportSource.TextOf(node) is { } text && Expression().IsMatch(text):
                return JsonValue.Create(UnknownValue.Of(UnknownValue.Expression, text));
            default:
                return node?.DeepClone();
        }
    }

    /// <summary>Checks the API version; true for the old shape.</summary>
    private static bool Version(ImportTree tree)
    {
        if (ImportSource.Text(tree.Root, "apiVersion") is not { } version || UnknownValue.IsIn(version))
            return false;
        if (version.Equals(OldApiVersion, StringComparison.OrdinalIgnoreCase))
        {
            tree.Info("arm-api-version-old", "apiVersion", $"{OldApiVersion} has another shape: it is converted to today's.");
            return true;
        }
        if (!ArmDocument.ApiVersion().IsMatch(version) || string.CompareOrdinal(version, ArmDocument.OldestApiVersion) < 0)
            tree.Error("arm-api-version", "apiVersion", $"The API version '{version}' is not taken: endpoints look different there.", $"Use {DocumentOptions.DefaultApiVersion}, or another from {ArmDocument.OldestApiVersion}-preview on.", version);
        return false;
    }

    /// <summary>The custom location is not part of what is imported; a name in place of its id would fail at deployment.</summary>
    private static void CustomLocation(ImportSource source, ImportTree tree)
    {
        if (ImportSource.Member(tree.Root, "extendedLocation") is not JsonObject location || ImportSource.Text(location, "name") is not { } text)
            return;
        var name = ImportSource.TextOf(Evaluated(source, JsonValue.Create(text)));
        if (name is not null && !UnknownValue.IsIn(name) && !name.StartsWith("/subscriptions/", StringComparison.OrdinalIgnoreCase))
            tree.Warn("custom-location-id", "extendedLocation.name", "The name of the extended location is the resource id of the custom location, and this is none.", name.Length > 100 ? name[..100] : name, fix: "Write /subscriptions/.../customLocations/..., or the id of the custom location as an expression.");
    }

    private static void Conditional(ImportTree tree, string member)
    {
        if (member == "copy")
            tree.Error("loop", member, "The resource is made in a loop, which is not followed here.", "Write each resource itself.");
        else
            tree.Info("condition", member, "The resource depends on a condition; it is imported whatever that says.");
    }

    private static string? TypeOfId(string? id)
    {
        var parts = id?.Split('/', StringSplitOptions.RemoveEmptyEntries) ?? [];
        var provider = Array.FindIndex(parts, part => part.Equals("providers", StringComparison.OrdinalIgnoreCase));
        return provider < 0 || provider + 2 >= parts.Length ? null : parts[provider + 1] + "/" + string.Join('/', parts.Skip(provider + 2).Where((_, at) => at % 2 == 0));
    }

    private static string Shown(string? name) => name is null ? "" : UnknownValue.Show(name);
}
