using Portal.Messaging.Connections;
using Portal.Model;
using Portal.Model.Dataflows;
using Portal.Model.Ports;

namespace Portal.Messaging.Flows;

/// <summary>Which dataflows of a store this portal runs. A dataflow has one runtime: two would send every message twice.</summary>
public enum FlowRule
{
    /// <summary>All: nobody else runs what the store holds, as in a folder.</summary>
    All,

    /// <summary>Those whose profile has the annotation <c>portal/runtime: portal</c>; the operator of Azure IoT Operations runs the others.</summary>
    Annotated,

    /// <summary>None: the service runs them.</summary>
    None,
}

/// <summary>Applies the rule.</summary>
public static class FlowRules
{
    /// <summary>Whether this portal is to run a dataflow.</summary>
    public static bool Takes(this FlowRule rule, Dataflow dataflow, StoreListing listing) => rule switch
    {
        FlowRule.All => true,
        FlowRule.Annotated => ProfileOf(dataflow, listing)?.Value is DataflowProfile { Runtime: DataflowProfile.PortalRuntime },
        _ => false,
    };

    /// <summary>Why a dataflow that this portal is to run cannot be run all the same; null when it can.</summary>
    internal static Problem? Conflict(this FlowRule rule, Dataflow dataflow, StoreListing listing) =>
        rule is FlowRule.Annotated && ProfileOf(dataflow, listing) is { Status: not null }
            ? new Problem(
                "runtime-both", $"The operator of Azure IoT Operations serves the profile '{dataflow.Profile}': it reports a status for it. Run here too, every message would be sent twice.",
                "Choose a profile that the operator does not serve, or take the annotation portal/runtime off this one.")
            : null;

    private static StoredResource? ProfileOf(Dataflow dataflow, StoreListing listing) =>
        listing.Of(ResourceKind.DataflowProfile).FirstOrDefault(stored => stored.Value.Name == dataflow.Profile);
}
