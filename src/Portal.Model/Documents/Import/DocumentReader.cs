using System.Text.Json.Nodes;
using Portal.Model.Dataflows;
using Portal.Model.Endpoints;
using Portal.Model.Validation;

namespace Portal.Model.Documents.Import;

/// <summary>Makes a document of a source: sees what it is, repairs it, and reads it with the strict reader.</summary>
internal static class DocumentReader
{
    /// <summary>Codes that only say again that a part is no whole.</summary>
    private static readonly string[] OfWholes = ["name-missing", "host-missing", "method-missing"];

    /// <summary>Codes after which nothing more is to be said of the same member.</summary>
    private static readonly string[] Repaired = ["placeholder", "parameter-unset", "expression-unknown", "name-undeclared", "text-long", "secret-in-document", "method-access-token", "method-sasl-type", "duplicate-member"];

    public static ImportedDocument Read(ImportSource source, ImportOptions options)
    {
        var root = source.Root;
        // An apiVersion beside a spec is a custom resource's too, whatever it says: without its kind it is no part of one.
        if (ImportSource.Key(root, "kind") is not null || ImportSource.Text(root, "apiVersion")?.Contains('/', StringComparison.Ordinal) is true
            || (ImportSource.Key(root, "apiVersion") is not null && ImportSource.Key(root, "spec") is not null))
            return KubernetesEnvelope.Read(source, options);
        if (ImportSource.Key(root, "properties") is not null || ImportSource.Text(root, "type")?.Contains('/', StringComparison.Ordinal) is true)
            return ArmEnvelope.Read(source, options);
        return Part(source, options);
    }

    /// <summary>A part of a resource: a spec, the file of <c>az ... apply</c> without <c>properties</c>, or settings alone.</summary>
    private static ImportedDocument Part(ImportSource source, ImportOptions options)
    {
        var key = ImportSource.Key(source.Root, "spec");
        var spec = key is null ? source.Root : source.Root[key] as JsonObject;
        if (ImportSource.Text(source.Root, "$schema")?.Contains("deploymentParameters", StringComparison.OrdinalIgnoreCase) is true)
            return Refuse(source, "", "", "parameters-file", "$schema", "The file holds the parameters of a template, and no resource.", "Import the template, with the values as defaults of its parameters.");
        if (spec is null || KindOf(spec) is not { } kind)
            return Refuse(source, "", "", "not-recognised", "", "Nothing here says what it is.", $"Write apiVersion: {Resource.ApiVersion}, kind, metadata and spec; a type with properties; or the settings of an endpoint such as mqttSettings.");
        var position = new TextPosition(source.Position.Line, source.Position.Column);
        if (key is not null)
            source.Root.Remove(key);
        position.Put("spec", key is null ? source.Position : source.Position.Take(key));
        var root = Envelope(kind, null, null, spec);
        if (key is not null)
            KeepMetadata(source, root, position);
        // The file of the command holds a whole spec; what names no type, or is indented below spec, is a part.
        var isFile = key is null && ImportSource.Key(spec, "endpointType") is not null && source.Format is ImportFormat.Json or ImportFormat.ArmResource;
        return Finish(source with { Format = isFile ? ImportFormat.ArmResource : source.Format }, kind, new ImportTree(root, position, [.. source.Findings]), options, isFragment: !isFile);
    }

    private static void KeepMetadata(ImportSource source, JsonObject root, TextPosition position)
    {
        if (ImportSource.Key(source.Root, "metadata") is not { } key || source.Root[key] is not JsonObject metadata)
            return;
        source.Root.Remove(key);
        root["metadata"] = metadata;
        position.Put("metadata", source.Position.Take(key));
    }

    /// <summary>What a spec is by its members; null when they do not tell.</summary>
    public static ResourceKind? KindOf(JsonObject spec)
    {
        bool Has(string name) => ImportSource.Key(spec, name) is not null;
        return Has("endpointType") || Has("kafkaSettings") || Has("mqttSettings") || EndpointJson.OtherTypes.Values.Any(Has) ? ResourceKind.DataflowEndpoint
            : Has("operations") ? ResourceKind.Dataflow
            : Has("instanceCount") ? ResourceKind.DataflowProfile
            : null;
    }

    public static JsonObject Envelope(ResourceKind kind, JsonNode? name, string? @namespace, JsonObject spec)
    {
        var metadata = new JsonObject();
        if (name is not null)
            metadata["name"] = name;
        if (@namespace is not null)
            metadata["namespace"] = @namespace;
        return new JsonObject { ["apiVersion"] = Resource.ApiVersion, ["kind"] = kind.ToString(), ["metadata"] = metadata, ["spec"] = spec.Parent is null ? spec : spec.DeepClone() };
    }

    /// <summary>Repairs a custom resource, reads it strictly, and checks it.</summary>
    public static ImportedDocument Finish(ImportSource source, ResourceKind kind, ImportTree tree, ImportOptions options, bool isFragment = false, bool isOld = false)
    {
        var repair = new ShapeRepair(tree, KnownShape.Of(kind));
        repair.Names();
        if (kind is ResourceKind.DataflowEndpoint)
        {
            new EndpointRepair(tree, isFragment, isOld).Repair();
            if (source.Format is not (ImportFormat.Yaml or ImportFormat.Json) && tree.Find("spec") is JsonObject spec)
                ArmDocument.AddAnonymousSettings(spec);
        }
        if (isFragment || source.Format is ImportFormat.ArmResource)
            NameFromFile(tree, options);
        repair.Values();
        var repaired = tree.Findings.Where(finding => Repaired.Contains(finding.Code)).Select(finding => finding.Path).ToHashSet();
        var findings = new List<Finding>();
        var resource = ResourceJson.ReadLoosely(tree.Root, findings);
        if (resource is not null)
            findings.AddRange(Check(resource, findings, isFragment));
        if (isFragment)
            Fragment(tree, findings);
        foreach (var finding in findings.Where(finding => !repaired.Contains(finding.Path)))
            tree.Add(finding);
        return Document(source, kind.ToString(), resource?.Name ?? tree.Text("metadata.name") ?? "", tree.Findings) with { Resource = resource };
    }

    private static IEnumerable<Finding> Check(Resource resource, List<Finding> found, bool isFragment)
    {
        var checks = resource switch
        {
            // An MQTT endpoint without a host is the built-in broker's; a part without one may be of any kind.
            DataflowEndpoint { Mqtt.Host: null } endpoint when isFragment => EndpointValidator.Validate(endpoint, EndpointKind.CustomMqtt),
            DataflowEndpoint endpoint => EndpointValidator.Validate(endpoint),
            DataflowProfile profile => DataflowValidator.Validate(profile),
            _ => NameRules.CheckResourceName(resource.Name) is { } name ? [name] : [],
        };
        return [.. checks.Where(check => !found.Exists(finding => finding.Path == check.Path && finding.Severity is Severity.Error))];
    }

    private static void NameFromFile(ImportTree tree, ImportOptions options)
    {
        var name = Path.GetFileNameWithoutExtension(options.FileName)?.ToLowerInvariant();
        if (tree.Find("metadata.name") is not null || NameRules.CheckResourceName(name) is not null || tree.Find("metadata") is not JsonObject metadata)
            return;
        metadata["name"] = name;
        tree.Warn("name-from-file", "metadata.name", "The text gives no name: it is taken from the file.", null, name);
    }

    /// <summary>One finding says what a part lacks to be a whole.</summary>
    private static void Fragment(ImportTree tree, List<Finding> findings)
    {
        var missing = findings.Where(finding => OfWholes.Contains(finding.Code)).Select(finding => finding.Code switch
        {
            "name-missing" => "a name",
            "host-missing" => "the host",
            _ => "the authentication method",
        }).Distinct().ToList();
        findings.RemoveAll(finding => OfWholes.Contains(finding.Code));
        findings.Add(missing.Count == 0
            ? Finding.Info("fragment", "", "The text is a part of an endpoint; the rest of its form is added.")
            : Finding.Error("fragment", "", $"The text is a part of an endpoint: {string.Join(", ", missing)} {(missing.Count == 1 ? "is" : "are")} missing.", "Open it in the form and fill in what is missing."));
    }

    public static ImportedDocument Refuse(ImportSource source, string kind, string name, string code, string path, string message, string fix)
    {
        var tree = new ImportTree(source.Root, source.Position, [.. source.Findings]);
        tree.Error(code, path, message, fix);
        return Document(source, kind, name, tree.Findings);
    }

    public static ImportedDocument Document(ImportSource source, string kind, string name, List<Finding> findings) => new()
    {
        Kind = kind,
        Name = name,
        Outcome = findings.Exists(finding => finding.Severity is Severity.Error) ? ImportOutcome.Refused : ImportOutcome.Imported,
        Findings = [.. findings.OrderBy(finding => finding.Line).ThenBy(finding => finding.Column)],
        Line = source.Position.Line,
        Column = source.Position.Column,
        Format = source.Format,
    };

    public static ImportedDocument List(ImportSource source, string kind, string name) =>
        Document(source, kind, name, [.. source.Findings, Finding.Info("listed-only", "kind", $"The portal does not keep a {kind}: it is listed here and changes nothing.") with { Line = source.Position.Line, Column = source.Position.Column }]) is var document
        && document.Outcome is ImportOutcome.Imported ? document with { Outcome = ImportOutcome.Listed } : document;
}
