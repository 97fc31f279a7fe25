using Portal.Model;
using Portal.Model.Documents;
using Portal.Model.Ports;

namespace Portal.Drafts;

/// <summary>The document of a draft in the language that it is stored in: byte for byte what the store will write.</summary>
internal static class StoredText
{
    /// <summary>YAML, unless it is stored as JSON.</summary>
    public static DocumentFormat FormatOf(StoredResource? stored) => stored?.Text is { } text && Manifest.IsJson(text) ? DocumentFormat.Json : DocumentFormat.Yaml;

    /// <summary>The formats with that of the store first.</summary>
    public static IReadOnlyList<DocumentFormat> Formats(IReadOnlyList<DocumentFormat> usual, StoredResource? stored) =>
        FormatOf(stored) is var first && usual[0] == first ? usual : [first, .. usual.Where(format => format != first)];

    /// <summary>The resource over what is stored; null in another format than the store's, or when it keeps no text.</summary>
    public static DocumentText? Over(StoredResource? stored, Resource current, DocumentFormat format) =>
        stored?.Text is { } text && format == FormatOf(stored) ? new DocumentText(Manifest.Write(current, text), []) : null;
}
