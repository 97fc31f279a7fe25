using Portal.Model.Ports;
using Portal.Model.Validation;

namespace Portal.Model.Documents.Import;

/// <summary>What became of a document.</summary>
public enum ImportOutcome
{
    /// <summary>Read into <see cref="ImportedDocument.Resource"/> without an error; it may be stored.</summary>
    Imported,

    /// <summary>A kind that the portal knows but does not keep as a resource (DataflowGraph, RegistryEndpoint, Secret, ConfigMap).</summary>
    Listed,

    /// <summary>An error among its findings says why. What could be read of it may still be in <see cref="ImportedDocument.Resource"/>.</summary>
    Refused,
}

/// <summary>How a document was written.</summary>
public enum ImportFormat
{
    /// <summary>Custom resource as YAML, or a part of one.</summary>
    Yaml,

    /// <summary>Custom resource as JSON, or a part of one.</summary>
    Json,

    /// <summary>Resource as Azure gives it (<c>az ... show</c>), or the file of <c>az ... apply</c>.</summary>
    ArmResource,

    /// <summary>Resource of a deployment template.</summary>
    ArmTemplate,

    /// <summary>Resource of a Bicep file, or a part of one.</summary>
    Bicep,
}

/// <summary>One document of an imported text.</summary>
public sealed record ImportedDocument
{
    /// <summary>Kind as Kubernetes names it, for example <c>DataflowEndpoint</c>; of a kind that is refused as the text names it; empty when nothing tells.</summary>
    public required string Kind { get; init; }

    /// <summary>Name of the resource; empty when the text gives none.</summary>
    public string Name { get; init; } = "";

    /// <summary>Whether it may be stored.</summary>
    public required ImportOutcome Outcome { get; init; }

    /// <summary>
    /// The resource in today's form: for <see cref="ImportOutcome.Imported"/> what is to be stored, for <see cref="ImportOutcome.Refused"/>
    /// what could be read of it, to show and to open in the form. Null when nothing could be read and for other kinds.
    /// </summary>
    public Resource? Resource { get; init; }

    /// <summary>Every repair, advice and error with path, line and column, in the order of the text.</summary>
    public IReadOnlyList<Finding> Findings { get; init; } = [];

    /// <summary>Line on which the document starts, from 1.</summary>
    public int Line { get; init; } = 1;

    /// <summary>Column at which the document starts, from 1.</summary>
    public int Column { get; init; } = 1;

    /// <summary>How it was written.</summary>
    public ImportFormat Format { get; init; }

    /// <summary>Entries of a Kubernetes Secret, for the vault; null for other kinds.</summary>
    public ImportedSecret? Secret { get; init; }

    /// <summary>Files of a Kubernetes ConfigMap; null for other kinds.</summary>
    public ConfigMap? ConfigMap { get; init; }
}

/// <summary>A Kubernetes Secret of an imported text. Its values may go into the vault and are shown nowhere: no text form holds them.</summary>
/// <param name="Name">Name of the secret.</param>
/// <param name="Entries">Key to value, decoded.</param>
public sealed record ImportedSecret(string Name, IReadOnlyDictionary<string, SecretValue> Entries);
