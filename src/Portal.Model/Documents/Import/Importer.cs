using System.Globalization;
using System.Text.RegularExpressions;
using Portal.Model.Documents.Import.Bicep;
using Portal.Model.Validation;

namespace Portal.Model.Documents.Import;

/// <summary>Reads what operators have: hand-written documents in any of the formats. Repairs are named, meaning is never changed silently.</summary>
public static partial class Importer
{
    /// <summary>A document is reported after so many.</summary>
    private const int ProgressStep = 25;

    [GeneratedRegex(@"^kind:[ \t]*[""']?(\w+)", RegexOptions.Multiline)]
    private static partial Regex Kind();

    [GeneratedRegex(@"^metadata:[ \t\r]*\n(?:[ \t].*\n)*?[ \t]+name:[ \t]*[""']?([\w.-]+)", RegexOptions.Multiline)]
    private static partial Regex Name();

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
        if (TextCheck.Find(text) is { } noText)
            return new ImportResult([], [noText]);
        try
        {
            return ReadAll(text, options, progress, cancellationToken);
        }
        catch (TextRefusedException refused)
        {
            return new ImportResult([], [refused.Finding], refused.Refusal);
        }
    }

    private static ImportResult ReadAll(string text, ImportOptions options, IProgress<ImportProgress>? progress, CancellationToken cancellationToken)
    {
        var findings = new List<Finding>();
        var documents = new List<ImportedDocument>();
        var budget = new ReadingBudget(cancellationToken);
        var evaluating = new ReadingBudget(cancellationToken);
        foreach (var (document, characters) in Documents(text, options, budget, evaluating, findings, cancellationToken))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (documents.Count == options.MostDocuments)
                throw new TextRefusedException(ImportRefusal.TooLarge, Finding.Error(
                    "too-many-documents", "", string.Create(CultureInfo.InvariantCulture, $"The text holds more than {options.MostDocuments} documents."), "Split it into several files.") with
                { Line = document.Line, Column = document.Column });
            documents.Add(document);
            if (documents.Count % ProgressStep == 0)
                progress?.Report(new ImportProgress(documents.Count, characters, text.Length));
        }
        if (documents.Count == 0 && findings.Count == 0)
            findings.Add(Finding.Error("empty", "", "The text holds no resource.", $"Write apiVersion: {Resource.ApiVersion}, kind, metadata and spec.") with { Line = 1, Column = 1 });
        progress?.Report(new ImportProgress(documents.Count, text.Length, text.Length));
        return new ImportResult(TogetherChecks.Check(documents), findings);
    }

    private static IEnumerable<(ImportedDocument Document, int Characters)> Documents(
        string text, ImportOptions options, ReadingBudget budget, ReadingBudget evaluating, List<Finding> findings, CancellationToken cancellationToken)
    {
        switch (FormatDetector.Detect(text))
        {
            case TextFormat.Bicep:
                var (sources, ofFile) = BicepReader.Read(text, cancellationToken);
                findings.AddRange(ofFile);
                return sources.Select(source => (DocumentReader.Read(source, options), source.Position.Line));
            case TextFormat.Json:
                var json = JsonTextReader.Read(text, budget);
                // What is said of JSON holds for the whole text, unless it holds one document.
                var isOne = json.Documents.Count == 1;
                findings.AddRange(isOne ? [] : json.Findings);
                return json.Documents.SelectMany(document => Unfolded(document, ImportFormat.Json, isOne ? json.Findings : [], options, evaluating)).Select(document => (document, 0));
            default:
                return YamlParts.Split(text).SelectMany(part => Yaml(part, options, budget, evaluating, findings).Select(document => (document, part.End)));
        }
    }

    private static IEnumerable<ImportedDocument> Yaml(YamlPart part, ImportOptions options, ReadingBudget budget, ReadingBudget evaluating, List<Finding> findings)
    {
        var read = new YamlTextReader(budget, part.LinesBefore).Read(part.Text);
        if (read.Documents.Count == 0 && read.Findings.Count > 0)
            return [Broken(part, read.Findings)];
        return read.Documents.SelectMany((document, at) => Unfolded(document, ImportFormat.Yaml, at == 0 ? read.Findings : [], options, evaluating));
    }

    private static IEnumerable<ImportedDocument> Unfolded(TextDocument document, ImportFormat format, IReadOnlyList<Finding> findings, ImportOptions options, ReadingBudget evaluating) =>
        SourceLists.Unfold(new ImportSource(document.Root, document.Positions.Root, format) { Findings = findings }, evaluating).Select(source => DocumentReader.Read(source, options));

    /// <summary>A document whose syntax is broken; kind and name are what its lines seem to say.</summary>
    private static ImportedDocument Broken(YamlPart part, IReadOnlyList<Finding> findings) => new()
    {
        Kind = Kind().Match(part.Text).Groups[1].Value,
        Name = Name().Match(part.Text).Groups[1].Value,
        Outcome = ImportOutcome.Refused,
        Findings = findings,
        Line = part.LinesBefore + 1,
    };
}
