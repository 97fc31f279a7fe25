using System.Text.RegularExpressions;
using Portal.Model.Endpoints;
using Portal.Model.Ports;
using Portal.Model.Validation;

namespace Portal.Model.Documents.Export;

/// <summary>
/// Any selection of resources as one file: YAML with a document each, a Bicep module or a deployment template. What a format
/// cannot say is left out, said in the notes and written into the file itself.
/// </summary>
public static partial class ResourceExport
{
    /// <summary>The formats that a selection can be exported as.</summary>
    public static IReadOnlyList<DocumentFormat> Formats { get; } = [DocumentFormat.Yaml, DocumentFormat.Bicep, DocumentFormat.Arm];

    [GeneratedRegex(@"^(---|\.\.\.|%)", RegexOptions.Multiline)]
    private static partial Regex DocumentMark();

    /// <summary>The file.</summary>
    /// <param name="resources">The selection; at least one.</param>
    /// <param name="format">One of <see cref="Formats"/>.</param>
    /// <param name="options">API version and names for Azure; null = the defaults.</param>
    public static DocumentText Write(IReadOnlyList<StoredResource> resources, DocumentFormat format, DocumentOptions? options = null)
    {
        ArgumentOutOfRangeException.ThrowIfZero(resources.Count);
        options ??= new DocumentOptions();
        return format switch
        {
            DocumentFormat.Yaml => new DocumentText(string.Join("---\n", resources.Select(Part)), []),
            DocumentFormat.Bicep => BicepModule.Write(AzureModule.Of(resources, options), options),
            DocumentFormat.Arm => ArmModule.Write(AzureModule.Of(resources, options), options),
            _ => throw new ArgumentOutOfRangeException(nameof(format), format, null),
        };
    }

    /// <summary>Usual name of the file, for example <c>line3.bicep</c> or <c>dataflow-endpoints.yaml</c>.</summary>
    public static string FileName(IReadOnlyList<StoredResource> resources, DocumentFormat format)
    {
        var name = resources is [var one] && NameRules.CheckResourceName(one.Value.Name) is null ? one.Value.Name
            : resources.All(stored => stored.Value is DataflowEndpoint) ? "dataflow-endpoints"
            : "dataflow-resources";
        return name + format switch
        {
            DocumentFormat.Yaml => ".yaml",
            DocumentFormat.Bicep => ".bicep",
            _ => ".json",
        };
    }

    /// <summary>With its comments, unless it brings marks of its own that would end a document in the middle.</summary>
    private static string Part(StoredResource stored)
    {
        var text = stored.Yaml.ReplaceLineEndings("\n");
        if (DocumentMark().IsMatch(text))
            text = Manifest.Write(stored.Value);
        return text.EndsWith('\n') ? text : text + "\n";
    }
}
