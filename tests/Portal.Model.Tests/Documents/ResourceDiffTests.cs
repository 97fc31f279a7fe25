using Portal.Model.Dataflows;
using Portal.Model.Documents;

namespace Portal.Model.Tests.Documents;

public sealed class ResourceDiffTests
{
    private static readonly Dataflow Flow = new()
    {
        Name = "press-telemetry",
        Source = new DataflowSource { EndpointRef = "line3-broker", DataSources = ["line3/#"] },
        Destination = new DataflowDestination { EndpointRef = "historian", DataDestination = "line3" },
    };

    [Fact]
    public void ADataflowDiffersInItsPartsAndInMembersThatTheFormDoesNotHave()
    {
        Assert.Empty(ResourceDiff.Compute(Flow, Flow));
        var text = Manifest.Write(Flow);
        var before = Read(text + "  future: 1\n");
        var after = Read(text.Replace("line3/#", "line4/#", StringComparison.Ordinal) + "  future: 2\n");
        Assert.Equal([new("Topics", "sourceSettings.dataSources", "line3/#", "line4/#"), new("spec.future", "spec.future", "1", "2")], ResourceDiff.Compute(before, after));
    }

    [Fact]
    public void AProfileDiffersByTheLabelsOfItsForm()
    {
        var profile = new DataflowProfile { Name = "line3", InstanceCount = 1 };
        Assert.Equal(
            [new("Run by", "metadata.annotations.portal/runtime", null, "portal"), new("Instances", "spec.instanceCount", "1", "4")],
            ResourceDiff.Compute(profile, profile with { InstanceCount = 4, Runtime = DataflowProfile.PortalRuntime }));
        Assert.Throws<ArgumentException>(() => ResourceDiff.Compute(profile, Flow));
    }

    private static Dataflow Read(string text) => (Dataflow)Manifest.Read(text).Resource!;
}
