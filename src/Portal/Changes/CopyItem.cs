using Portal.Model;
using Portal.Model.Documents;
using Portal.Model.Endpoints;
using Portal.Model.Ports;

namespace Portal.Changes;

/// <summary>How a resource here compares with the one of its name in another target.</summary>
public enum CopyState
{
    /// <summary>The other target has none of the name.</summary>
    OnlyHere,

    /// <summary>Only the other target has it.</summary>
    OnlyThere,

    /// <summary>Both say the same.</summary>
    Same,

    /// <summary>A member differs.</summary>
    Differs,
}

/// <summary>A resource beside the one of its name in another target.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Here">What is stored here; null when only the other target has it.</param>
/// <param name="There">What the other target holds; null when nothing.</param>
/// <param name="Fields">Members that differ: what is there, and what is here.</param>
public sealed record CopyItem(string Name, StoredResource? Here, StoredResource? There, IReadOnlyList<FieldChange> Fields)
{
    public CopyState State => (Here, There) switch
    {
        (_, null) => CopyState.OnlyHere,
        (null, _) => CopyState.OnlyThere,
        _ => Fields.Count == 0 ? CopyState.Same : CopyState.Differs,
    };

    public ResourceKind Kind => (Here ?? There)!.Value.Kind;

    /// <summary>The kind of an endpoint; null for one that the portal does not edit, and for what is no endpoint.</summary>
    public EndpointKind? EndpointKind => (Here ?? There)!.Value is DataflowEndpoint endpoint ? Model.Endpoints.EndpointKind.Of(endpoint) : null;

    /// <summary>What copying stores there; null when nothing is here.</summary>
    public Resource? Copy { get; init; }

    /// <summary>Secrets that an endpoint names and the other target does not have.</summary>
    public IReadOnlyList<string> MissingSecrets { get; init; } = [];

    /// <summary>Config maps likewise.</summary>
    public IReadOnlyList<string> MissingConfigMaps { get; init; } = [];

    /// <summary>Endpoints that a dataflow names, and that the other target neither has nor gets.</summary>
    public IReadOnlyList<string> MissingEndpoints { get; init; } = [];

    /// <summary>The profile of a dataflow likewise; null when it is there.</summary>
    public string? MissingProfile { get; init; }

    /// <summary>What came of copying it; null = not tried.</summary>
    public StoreResult? Outcome { get; init; }
}
