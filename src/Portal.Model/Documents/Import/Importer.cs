using System.Globalization;
using Portal.Model.Validation;

namespace Portal.Model.Documents.Import;

/// <summary>Reads what operators have: hand-written documents in any of the formats. Repairs are named, meaning is never changed silently.</summary>
public static class Importer
{
    /// <summary>
    /// Reads a text. The format is detected. Pure; takes time that grows with the length of the text, so call it off a page's thread.
    /// </summary>
    /// <param name="text">The text of a file, or what was pasted.</param>
    /// <param name="options">Limits; null = the documented ones.</param>
    /// <param name="progress">Told now and then how far it is.</param>
    /// <param name="cancellationToken">Ends the reading; <see cref="OperationCanceledException"/> is thrown.</param>
    public static ImportResult Read(string text, ImportOptions? options = null, IProgress<ImportProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        options ??= new ImportOptions();
        cancellationToken.ThrowIfCancellationRequested();
        if (text.Length > options.MostCharacters)
            return new ImportResult([], [Finding.Error("too-large", "", string.Create(CultureInfo.InvariantCulture, $"The text has {text.Length} characters; at most {options.MostCharacters} are read."), "Split it into several files.") with { Line = 1, Column = 1 }], ImportRefusal.TooLarge);
        var read = Yaml.Read(text);
        var documents = new List<ImportedDocument>();
        foreach (var document in read.Documents)
        {
            cancellationToken.ThrowIfCancellationRequested();
            documents.Add(ReadDocument(document));
            progress?.Report(new ImportProgress(documents.Count, text.Length, text.Length));
        }
        return new ImportResult(documents, read.Findings);
    }

    private static ImportedDocument ReadDocument(TextDocument document)
    {
        var read = ResourceJson.Read(document.Root);
        var (line, column) = document.Positions.Find("");
        return new ImportedDocument
        {
            Kind = read.Resource?.Kind.ToString() ?? "",
            Name = read.Resource?.Name ?? "",
            Outcome = read.Resource is null ? ImportOutcome.Refused : ImportOutcome.Imported,
            Resource = read.Resource,
            Findings = [.. read.Findings.Select(document.Positions.Place)],
            Line = line,
            Column = column,
        };
    }
}
