using Portal.Model.Validation;

namespace Portal.Model.Documents.Import;

/// <summary>Everything that one text gave.</summary>
/// <param name="Documents">Every document of the text in its order, refused ones too; empty when <paramref name="Refusal"/> says why.</param>
/// <param name="Findings">What is to be said of the text as a whole (syntax, modules that are not followed, ...); those of a document are with it.</param>
/// <param name="Refusal">Why the text was not read at all; null when it was.</param>
public sealed record ImportResult(IReadOnlyList<ImportedDocument> Documents, IReadOnlyList<Finding> Findings, ImportRefusal? Refusal = null)
{
    /// <summary>Every finding: those of the text, then those of each document.</summary>
    public IEnumerable<Finding> AllFindings => Findings.Concat(Documents.SelectMany(document => document.Findings));
}

/// <summary>Why a whole text is refused; <see cref="ImportResult.Findings"/> then holds the one finding that says where.</summary>
public enum ImportRefusal
{
    /// <summary>More characters, values or documents than are read, or aliases that stand for more (HTTP 413).</summary>
    TooLarge,

    /// <summary>Nested deeper than is read (HTTP 422).</summary>
    TooDeep,
}

/// <summary>What an import may do; the defaults are the documented limits.</summary>
public sealed record ImportOptions
{
    /// <summary>Longest text in characters: 10 MB.</summary>
    public int MostCharacters { get; init; } = 10 * 1024 * 1024;

    /// <summary>Most documents of one text.</summary>
    public int MostDocuments { get; init; } = 5000;

    /// <summary>Name of the file that the text is from: a text that names its endpoint nowhere, such as the file of <c>az ... apply</c>, is named after it.</summary>
    public string? FileName { get; init; }
}

/// <summary>How far an import is.</summary>
/// <param name="Documents">Documents read so far.</param>
/// <param name="Characters">Characters read so far.</param>
/// <param name="OfCharacters">Characters of the text.</param>
public readonly record struct ImportProgress(int Documents, int Characters, int OfCharacters);
