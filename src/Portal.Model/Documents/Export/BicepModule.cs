using System.Globalization;
using System.Text;

namespace Portal.Model.Documents.Export;

/// <summary>A selection as a Bicep module.</summary>
internal static class BicepModule
{
    public static DocumentText Write(AzureModule module, DocumentOptions options)
    {
        var text = new StringBuilder();
        foreach (var note in module.Notes)
            text.Append("// ").Append(OneLine(note.Message)).Append('\n');
        if (module.Notes.Count > 0)
            text.Append('\n');
        text.Append(CultureInfo.InvariantCulture, $"param aioInstanceName string = {BicepText.Text(options.Instance)}\nparam customLocationName string = {BicepText.Text(options.CustomLocation)}\n\n");
        BicepText.Surroundings(text, options);
        foreach (var resource in module.Resources)
            Write(text, resource, options);
        return new DocumentText(text.ToString(), module.Notes);
    }

    private static void Write(StringBuilder text, AzureResource resource, DocumentOptions options)
    {
        text.Append(CultureInfo.InvariantCulture, $"\nresource {resource.Symbol} {BicepText.Text($"{resource.Type}@{options.ApiVersion}")} {(resource.Exists ? "existing = {" : "= {")}\n");
        text.Append(CultureInfo.InvariantCulture, $"  parent: {resource.Profile?.Symbol ?? "aioInstance"}\n  name: {BicepText.Text(resource.Name)}\n");
        if (resource.Properties is { } properties)
        {
            text.Append("  extendedLocation: {\n    name: customLocation.id\n    type: 'CustomLocation'\n  }\n  properties: ");
            BicepText.Value(text, properties, 2);
            text.Append('\n');
        }
        if (resource.DependsOn.Count > 0)
        {
            text.Append("  dependsOn: [\n");
            foreach (var needed in resource.DependsOn)
                text.Append("    ").Append(needed.Symbol).Append('\n');
            text.Append("  ]\n");
        }
        text.Append("}\n");
    }

    private static string OneLine(string message) => string.Concat(message.Select(c => char.IsControl(c) || c is '\u2028' or '\u2029' ? ' ' : c));
}
