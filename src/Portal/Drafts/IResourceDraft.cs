using Portal.Model;
using Portal.Model.Documents;
using Portal.Model.Ports;
using Portal.Model.Validation;

namespace Portal.Drafts;

/// <summary>A resource while somebody changes it, as the parts that all forms share see it.</summary>
public interface IResourceDraft
{
    /// <summary>The resource as it would be stored.</summary>
    Resource Current { get; }

    /// <summary>What was stored when the draft began, with its revision; null for a new resource.</summary>
    StoredResource? Base { get; }

    bool IsNew => Base is null;

    /// <summary>True when leaving would lose something.</summary>
    bool HasChanges { get; }

    /// <summary>Every finding, in the order of the form.</summary>
    IReadOnlyList<Finding> Findings { get; }

    /// <summary>The findings to show: what was not filled in yet is no problem before somebody tried to apply.</summary>
    IEnumerable<Finding> ShownFindings { get; }

    /// <summary>Members that differ from what is stored; none for a new resource.</summary>
    IReadOnlyList<FieldChange> Changes { get; }

    /// <summary>Formats in which it can be shown, the usual one first.</summary>
    IReadOnlyList<DocumentFormat> Formats { get; }

    /// <summary>The language that it is stored in, or would be.</summary>
    DocumentFormat StoredFormat => StoredText.FormatOf(Base);

    /// <summary>Usual name of a file with the document.</summary>
    string FileName(DocumentFormat format);

    DocumentText Document(DocumentFormat format, string apiVersion = DocumentOptions.DefaultApiVersion);

    /// <summary>The same document of what is stored; null for a new resource.</summary>
    DocumentText? BaseDocument(DocumentFormat format, string apiVersion = DocumentOptions.DefaultApiVersion);
}

/// <summary>The changes that every draft knows; each gives a new draft.</summary>
public interface IResourceDraft<out TSelf> : IResourceDraft
{
    /// <summary>Somebody tried to apply: what is missing is a problem from now on.</summary>
    TSelf Attempt();

    /// <summary>The same work on top of what is stored now; null when nothing is.</summary>
    TSelf On(StoredResource? stored);
}
