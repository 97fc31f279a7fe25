using System.Collections.Immutable;
using Portal.Model;
using Portal.Model.Dataflows;
using Portal.Model.Endpoints;
using Portal.Model.Ports;
using Portal.Model.Validation;

namespace Portal.Drafts;

/// <summary>What a dataflow can be made of: the endpoints and profiles that are stored.</summary>
public sealed class FlowSurroundings
{
    private readonly Dictionary<string, DataflowEndpoint> _endpoints;

    public FlowSurroundings(IEnumerable<DataflowEndpoint> endpoints, IEnumerable<DataflowProfile> profiles)
    {
        Endpoints = [.. endpoints.OrderBy(endpoint => endpoint.Name, StringComparer.Ordinal)];
        Profiles = [.. profiles.OrderBy(profile => profile.Name, StringComparer.Ordinal)];
        _endpoints = Endpoints.DistinctBy(endpoint => endpoint.Name).ToDictionary(endpoint => endpoint.Name, StringComparer.Ordinal);
    }

    public static FlowSurroundings None { get; } = new([], []);

    public ImmutableArray<DataflowEndpoint> Endpoints { get; }

    public ImmutableArray<DataflowProfile> Profiles { get; }

    public static FlowSurroundings Of(StoreListing listing) => new(
        listing.Of(ResourceKind.DataflowEndpoint).Select(stored => (DataflowEndpoint)stored.Value), listing.Of(ResourceKind.DataflowProfile).Select(stored => (DataflowProfile)stored.Value));

    public DataflowEndpoint? Find(string? endpoint) => endpoint is null ? null : _endpoints.GetValueOrDefault(endpoint);

    public DataflowProfile? FindProfile(string profile) => Profiles.FirstOrDefault(one => one.Name == profile);

    /// <summary>Why an endpoint cannot be one end of a dataflow: the errors that the validator would give; empty when it fits.</summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="asSource">As source, else as destination.</param>
    /// <param name="flow">The dataflow whose other settings stay, for example the profile.</param>
    public IReadOnlyList<Finding> Obstacles(DataflowEndpoint endpoint, bool asSource, Dataflow flow)
    {
        // The end alone with the profile: what is wrong elsewhere is no fault of the endpoint.
        var alone = new Dataflow { Name = "any-name", ProfileRef = flow.ProfileRef };
        var with = asSource
            ? alone with { Source = new DataflowSource { EndpointRef = endpoint.Name, DataSources = ["any"] } }
            : alone with { Destination = new DataflowDestination { EndpointRef = endpoint.Name, DataDestination = "any" } };
        var before = Errors(alone, []);
        return [.. Errors(with, [endpoint]).Where(error => !before.Any(other => other.Code == error.Code && other.Path == error.Path))];
    }

    private List<Finding> Errors(Dataflow flow, IReadOnlyList<DataflowEndpoint> endpoints) =>
        [.. DataflowValidator.Validate(flow, endpoints, Profiles).Where(finding => finding.Severity is Severity.Error)];
}
