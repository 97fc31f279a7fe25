using Portal.Model.Endpoints;

namespace Portal.Model.Documents;

/// <summary>An endpoint as text in every format. A half-filled form gives a half-filled document; nothing throws.</summary>
public static class EndpointDocuments
{
    /// <summary>The document.</summary>
    /// <param name="endpoint">The endpoint, valid or not.</param>
    /// <param name="format">What to write.</param>
    /// <param name="options">API version and names for Azure; null = the defaults.</param>
    public static DocumentText Write(DataflowEndpoint endpoint, DocumentFormat format, DocumentOptions? options = null)
    {
        options ??= new DocumentOptions();
        return format switch
        {
            DocumentFormat.Yaml => new DocumentText(Manifest.Write(endpoint), []),
            DocumentFormat.Json => new DocumentText(JsonText.Indented(ResourceJson.Write(endpoint)) + "\n", []),
            DocumentFormat.Bicep => BicepText.Write(endpoint, options),
            DocumentFormat.Arm => ArmText.Write(endpoint, options),
            DocumentFormat.Az => AzText.Write(endpoint, options),
            _ => throw new ArgumentOutOfRangeException(nameof(format), format, null),
        };
    }

    /// <summary>Usual name of a file with the document, for example <c>line3.bicep</c>.</summary>
    public static string FileName(DataflowEndpoint endpoint, DocumentFormat format)
    {
        var name = Validation.NameRules.CheckResourceName(endpoint.Name) is null ? endpoint.Name : "endpoint";
        return name + format switch
        {
            DocumentFormat.Yaml => ".yaml",
            DocumentFormat.Bicep => ".bicep",
            DocumentFormat.Az => ".sh",
            _ => ".json",
        };
    }
}
