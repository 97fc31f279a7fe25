using Portal.Model;
using Portal.Model.Dataflows;
using Portal.Model.Endpoints;
using Portal.Model.Ports;
using Portal.Model.Validation;

namespace Portal.Changes;

/// <summary>Which findings keep a resource from being saved.</summary>
internal static class ResourceValidation
{
    /// <summary>Findings that only say that another resource is not there.</summary>
    private static readonly string[] Missing = ["endpoint-missing", "profile-missing"];

    /// <summary>The errors of a resource.</summary>
    /// <param name="resource">The resource.</param>
    /// <param name="listing">What is stored; null = the resource is looked at alone, as before an import.</param>
    public static IReadOnlyList<Finding> Errors(Resource resource, StoreListing? listing = null)
    {
        IEnumerable<Finding> findings = resource switch
        {
            DataflowEndpoint endpoint => EndpointValidator.Validate(endpoint, dataflows: listing?.Of(ResourceKind.Dataflow).Select(stored => (Dataflow)stored.Value)),
            Dataflow dataflow => Validate(dataflow, listing),
            DataflowProfile profile => [.. DataflowValidator.Validate(profile), .. ValidateFlows(profile, listing)],
            _ => [],
        };
        return [.. findings.Where(finding => finding.Severity is Severity.Error)];
    }

    private static IEnumerable<Finding> Validate(Dataflow dataflow, StoreListing? listing) => listing is null
        ? DataflowValidator.Validate(dataflow, [], []).Where(finding => !Missing.Contains(finding.Code))
        : DataflowValidator.Validate(
            dataflow, listing.Of(ResourceKind.DataflowEndpoint).Select(stored => (DataflowEndpoint)stored.Value), listing.Of(ResourceKind.DataflowProfile).Select(stored => (DataflowProfile)stored.Value));

    /// <summary>What more instances would break in the dataflows that the profile runs.</summary>
    private static IEnumerable<Finding> ValidateFlows(DataflowProfile profile, StoreListing? listing)
    {
        if (listing is null || profile.Instances == 1)
            return [];
        var endpoints = listing.Of(ResourceKind.DataflowEndpoint).Select(stored => (DataflowEndpoint)stored.Value).ToList();
        return listing.Of(ResourceKind.Dataflow).Select(stored => (Dataflow)stored.Value).Where(dataflow => dataflow.Profile == profile.Name)
            .SelectMany(dataflow => DataflowValidator.Validate(dataflow, endpoints, [profile])
                .Where(finding => finding.Code is "event-grid-instances" or "event-grid-shared" or "shared-twice")
                .Select(finding => finding with { Path = "spec.instanceCount", Message = $"The dataflow '{dataflow.Name}': {finding.Message}", Fix = "Write 1, or move the dataflow to another profile." }));
    }
}
