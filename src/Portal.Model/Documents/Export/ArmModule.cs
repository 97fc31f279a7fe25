using System.Text.Json.Nodes;

namespace Portal.Model.Documents.Export;

/// <summary>A selection as a deployment template, as the Bicep compiler would write it of the module.</summary>
internal static class ArmModule
{
    private const string Instance = "parameters('aioInstanceName')";

    public static DocumentText Write(AzureModule module, DocumentOptions options)
    {
        var template = new JsonObject
        {
            ["$schema"] = ArmText.Schema,
            ["contentVersion"] = "1.0.0.0",
        };
        if (module.Notes.Count > 0)
            template["metadata"] = new JsonObject { ["notes"] = new JsonArray([.. module.Notes.Select(note => JsonValue.Create(ArmText.Escape(note.Message)))]) };
        template["parameters"] = new JsonObject { ["aioInstanceName"] = ArmText.Parameter(options.Instance), ["customLocationName"] = ArmText.Parameter(options.CustomLocation) };
        template["resources"] = new JsonArray([.. module.Resources.Where(resource => !resource.Exists).Select(resource => Write(resource, options))]);
        return new DocumentText(JsonText.Indented(template) + "\n", module.Notes);
    }

    private static JsonObject Write(AzureResource resource, DocumentOptions options)
    {
        string[] names = [Instance, .. resource.Profile is { } profile ? [Literal(profile.Name)] : Array.Empty<string>(), Literal(resource.Name)];
        var json = new JsonObject
        {
            ["type"] = resource.Type,
            ["apiVersion"] = options.ApiVersion,
            ["name"] = $"[format('{string.Join('/', names.Select((_, at) => $"{{{at}}}"))}', {string.Join(", ", names)})]",
            ["extendedLocation"] = ArmText.ExtendedLocation(),
            ["properties"] = ArmText.Escape(resource.Properties),
        };
        AzureResource[] needed = [.. resource.DependsOn, .. resource.Profile is { Exists: false } own ? [own] : Array.Empty<AzureResource>()];
        if (needed.Length > 0)
            json["dependsOn"] = new JsonArray([.. needed.OrderBy(one => one.Symbol, StringComparer.Ordinal).Select(one => JsonValue.Create($"[resourceId('{one.Type}', {Instance}, {Literal(one.Name)})]"))]);
        return json;
    }

    private static string Literal(string text) => "'" + text.Replace("'", "''", StringComparison.Ordinal) + "'";
}
