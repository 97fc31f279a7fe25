using Portal.Model.Endpoints;
using Portal.Model.Validation;

namespace Portal.Model.Dataflows;

/// <summary>Checks a dataflow or a profile. Gives every finding, never only the first; errors block, the rest does not.</summary>
public static class DataflowValidator
{
    /// <summary>All findings of a dataflow, in the order of its document.</summary>
    /// <param name="dataflow">The dataflow.</param>
    /// <param name="endpoints">All endpoints that are stored.</param>
    /// <param name="profiles">All profiles that are stored.</param>
    public static IReadOnlyList<Finding> Validate(Dataflow dataflow, IEnumerable<DataflowEndpoint> endpoints, IEnumerable<DataflowProfile> profiles)
    {
        var findings = new List<Finding>();
        if (NameRules.CheckResourceName(dataflow.Name) is { } name)
            findings.Add(name);
        return findings;
    }

    /// <summary>All findings of a profile.</summary>
    public static IReadOnlyList<Finding> Validate(DataflowProfile profile)
    {
        var findings = new List<Finding>();
        if (NameRules.CheckResourceName(profile.Name) is { } name)
            findings.Add(name);
        if (profile.InstanceCount is < DataflowProfile.LeastInstances or > DataflowProfile.MostInstances)
            findings.Add(Finding.Error("out-of-range", "spec.instanceCount", $"The instance count is {profile.InstanceCount}; from 1 to 20 is allowed.", "Write a number from 1 to 20."));
        return findings;
    }
}
